// SVCCA: after the noise directions are cut off, how well do the directions of one representation
// predict those of the other?

import Foundation

/// The mean canonical correlation of the leading directions of two representations.
///
/// - *Range*: [0, 1]. *Reads as*: higher means more alike; invariant to any linear map of what is kept.
/// - *Undefined when*: a representation is constant (`nil`). With as many directions as items it is 1
///   for anything: read the null.
public struct CanonicalCorrelation: PairedMeasure {
  /// How many directions are kept.
  public enum Kept: Equatable, Sendable {
    /// The fewest that hold this share of the variance.
    case variance(Double)
    /// So many, or fewer where the rank is lower.
    case directions(Int)
  }

  private let a: FeatureMatrix?
  private let b: FeatureMatrix?
  /// How many items.
  public let count: Int
  /// How many directions of each are kept.
  public let kept: (first: Int, second: Int)
  /// Higher means more alike.
  public var higherIsCloser: Bool { true }

  /// Finds the leading directions of two representations.
  ///
  /// - Throws: ``MetricsError`` for different numbers of items, fewer than 2, or nothing to keep.
  ///
  /// Source: Raghu et al. 2017, arXiv:1706.05806. A peer adds unseeded noise before the decomposition;
  /// nothing is added here.
  public init(_ x: FeatureMatrix, _ y: FeatureMatrix, keeping: Kept = .variance(0.99)) throws {
    try check(paired: x, y, atLeast: 2, op: "svcca")
    count = x.rows
    a = try Self.leading(x, keeping)
    b = try Self.leading(y, keeping)
    kept = (a?.columns ?? 0, b?.columns ?? 0)
  }

  /// The mean correlation under a pairing.
  public func value(pairing order: [Int]) throws -> Double? {
    guard let a, let b else { return nil }
    let product = try a.transposed.products(with: b.rows(at: order).transposed)
    let correlations = try product.leftSingular().values
    return correlations.reduce(0) { $0 + min(1, $1) } / Double(correlations.count)
  }

  private static func leading(_ x: FeatureMatrix, _ keeping: Kept) throws -> FeatureMatrix? {
    guard let centered = x.centered else { return nil }
    let (vectors, values) = try centered.leftSingular()
    let rank = values.count { $0 > 1e-10 * values[0] }
    switch keeping {
    case .directions(let wanted):
      try check(count: wanted, atLeast: 1, "directions", op: "svcca")
      return vectors.firstColumns(min(wanted, rank))
    case .variance(let share):
      guard share > 0, share <= 1 else {
        throw MetricsError.outOfRange(
          op: "svcca", what: "variance", got: "\(share)", expected: "in (0, 1]")
      }
      let total = values.reduce(0) { $0 + $1 * $1 }
      var (sum, needed) = (0.0, 0)
      while needed < rank, sum < share * total * (1 - 1e-12) {
        sum += values[needed] * values[needed]
        needed += 1
      }
      return vectors.firstColumns(max(1, needed))
    }
  }
}
