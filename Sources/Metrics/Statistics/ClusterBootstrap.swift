// Intervals of any statistic by resampling whole personas. Prompts and views of one persona stay
// together: they are not independent, and resampling them makes intervals too narrow.

import Foundation
import Repro

/// The percentile or BCa bootstrap over clusters of values.
///
/// *Determinism*: resample r uses `stream.fork(r)` and nothing else.
public struct ClusterBootstrap: Sendable {
  /// How the ends are read from the resamples.
  public enum Method: String, Sendable, CaseIterable {
    /// Bias-corrected and accelerated (Efron 1987).
    case bca
    /// Plain percentiles.
    case percentile
  }

  /// What a bootstrap found.
  public struct Result: Equatable, Sendable {
    /// The statistic on the data.
    public let value: Double
    /// Where it may lie; `nil` when all resamples agree, when there is one cluster, or when no
    /// resample lies on one side of the value (BCa has no bias correction then).
    public let interval: Interval?
    /// The spread of the resamples.
    public let standardError: Double
    /// The mean of the resamples minus the value.
    public let bias: Double
    /// How many clusters were resampled.
    public let clusters: Int
  }

  /// How many resamples are drawn.
  public var resamples: Int
  /// The share of repeated studies whose interval should hold the truth.
  public var level: Double
  /// How the ends are read.
  public var method: Method

  /// Creates a bootstrap.
  ///
  /// - Throws: ``MetricsError`` for fewer than 100 resamples or a level outside (0, 1).
  public init(resamples: Int = 10_000, level: Double = 0.95, method: Method = .bca) throws {
    try check(level: level, op: "bootstrap")
    try check(count: resamples, atLeast: 100, "resamples", op: "bootstrap")
    (self.resamples, self.level, self.method) = (resamples, level, method)
  }

  /// Bootstraps a statistic of the values of all clusters.
  ///
  /// - *Unit*: the statistic's. *Undefined when*: see ``Result/interval``.
  /// - Parameters:
  ///   - clusters: The values of each persona; one value each gives the ordinary bootstrap.
  ///   - stream: All randomness.
  ///   - statistic: From the values of some clusters, in order, to a finite number.
  /// - Throws: ``MetricsError`` when there are no values or a statistic is not finite; what the
  ///   statistic throws.
  ///
  /// Source: Efron & Tibshirani 1993, ch. 14; as `scipy.stats.bootstrap(method="BCa")`.
  public func interval(
    of clusters: [[Double]], stream: RandomStream, statistic: ([Double]) throws -> Double
  ) throws -> Result {
    guard clusters.contains(where: { !$0.isEmpty }) else {
      throw MetricsError.empty(op: "bootstrap", what: "values")
    }
    let parts = clusters.filter { !$0.isEmpty }
    let value = try finite(statistic(parts.flatMap { $0 }))
    guard parts.count > 1 else {
      return Result(value: value, interval: nil, standardError: 0, bias: 0, clusters: 1)
    }
    var values: [Double] = []
    let replicates = try (0..<resamples).map { index in
      var draws = Draws(stream.fork(index))
      values.removeAll(keepingCapacity: true)
      for _ in parts { values += parts[draws.index(below: parts.count)] }
      return try finite(statistic(values))
    }
    let left =
      method == .percentile
      ? []
      : try parts.indices.map { gone in
        try finite(statistic(parts.indices.flatMap { $0 == gone ? [] : parts[$0] }))
      }
    let center = PersonaTable.mean(of: replicates)
    return Result(
      value: value, interval: ends(value: value, replicates: replicates, leftOut: left),
      standardError: PersonaTable.variance(of: replicates).squareRoot(), bias: center - value,
      clusters: parts.count)
  }

  /// The interval from its ingredients.
  ///
  /// - Parameters:
  ///   - value: The statistic on the data.
  ///   - replicates: The statistic on each resample.
  ///   - leftOut: The statistic without each cluster; not read by plain percentiles.
  /// - Returns: `nil` when all replicates agree, or, for BCa, all lie on one side of `value`.
  package func ends(value: Double, replicates: [Double], leftOut: [Double]) -> Interval? {
    let sorted = replicates.sorted()
    guard sorted.count > 1, sorted[0] < sorted[sorted.count - 1] else { return nil }
    let tail = (1 - level) / 2
    guard method == .bca else {
      return Interval(
        low: HierarchicalBootstrap.quantile(tail, sorted),
        high: HierarchicalBootstrap.quantile(1 - tail, sorted))
    }
    let below = Double(sorted.count { $0 < value }) + Double(sorted.count { $0 <= value })
    let share = below / 2 / Double(sorted.count)
    guard share > 0, share < 1 else { return nil }
    let bias = Normal.quantile(share)
    let a = acceleration(leftOut)
    func percentile(_ p: Double) -> Double {
      let z = bias + Normal.quantile(p)
      let moved = Normal.cdf(bias + z / (1 - a * z))
      return HierarchicalBootstrap.quantile(min(1, max(0, moved)), sorted)
    }
    return Interval(low: percentile(tail), high: percentile(1 - tail))
  }

  /// A sixth of the skewness of the jackknife values; 0 when they agree.
  private func acceleration(_ leftOut: [Double]) -> Double {
    let center = PersonaTable.mean(of: leftOut)
    let squares = leftOut.reduce(0) { $0 + (center - $1) * (center - $1) }
    let cubes = leftOut.reduce(0) { $0 + (center - $1) * (center - $1) * (center - $1) }
    return squares > 0 ? cubes / (6 * squares * squares.squareRoot()) : 0
  }

  private func finite(_ value: Double) throws -> Double {
    try check(finite: [value], "the statistic", op: "bootstrap")
    return value
  }
}
