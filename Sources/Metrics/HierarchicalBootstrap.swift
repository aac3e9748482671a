// Intervals for means, differences and ratios of cells, by resampling seeds and personas.
//
// Why neither plain percentiles nor BCa: with five seeds, percentiles of the hierarchical bootstrap
// are too narrow for the spread between seeds (factor √(4/5), and normal instead of t quantiles)
// and count the spread within seeds twice (Davison & Hinkley 1997, §3.8). BCa corrects skewness and
// bias, not these. So the percentile *levels* are moved until a normal statistic would get exactly
// its t interval (Hesterberg 2015, "expanded percentile", generalized to two levels): shape and
// range come from the resamples, width from the analysis of variance. Coverage is tested.

import Foundation
import Repro

/// How an interval was made.
public enum IntervalKind: String, Sendable, Hashable, CaseIterable {
  /// Seeds, then personas were resampled.
  case seedPersonaBootstrap = "bootstrap_seed_persona"
  /// Only personas were resampled: one seed tells nothing about other seeds.
  case personaBootstrap = "bootstrap_persona"
  /// All answers agree, so resampling sees no spread: Wilson's bound for the number of personas.
  case unanimousWilson = "wilson_unanimous"
  /// Too few values for any interval.
  case none
}

/// A number with its uncertainty.
public struct Estimate: Equatable, Sendable {
  /// The statistic on the data.
  public let value: Double
  /// Where it may lie; `nil` for ``IntervalKind/none``.
  public let interval: Interval?
  /// How the interval was made.
  public let kind: IntervalKind
  /// The standard error; 0 when all values agree.
  public let standardError: Double
  /// The degrees of freedom of the standard error.
  public let degreesOfFreedom: Double
  /// How many values, for a comparison pairs, it rests on.
  public let count: Int

  /// The two-sided p-value of a t test against `null`.
  ///
  /// - *Range*: [0, 1]. *Reads as*: lower means that `null` explains the data less well.
  /// - *Undefined when*: all values agree, so the standard error is 0 (`nil`).
  public func pValue(null: Double = 0) -> Double? {
    guard standardError > 0 else { return nil }
    return StudentT.twoSidedTail(
      (value - null) / standardError, degreesOfFreedom: degreesOfFreedom)
  }
}

/// Paired persona × seed bootstrap of statistics of cell means.
///
/// Seeds are drawn with replacement, then personas: anew inside each drawn seed when every seed has
/// its own people, once for all seeds when they share them (Owen 2007, "The pigeonhole bootstrap").
/// Cells that are compared share every draw, so the comparison is paired.
///
/// *Determinism*: resample r uses `stream.fork(r)` and nothing else; the same stream gives the same
/// numbers in any thread, and more resamples keep the earlier ones.
public struct HierarchicalBootstrap: Sendable {
  /// How many resamples are drawn.
  public var resamples: Int
  /// The share of repeated studies whose interval should hold the truth.
  public var level: Double
  /// Whether seeds share their people.
  public var design: PersonaDesign

  /// Creates a bootstrap.
  ///
  /// - Throws: ``MetricsError`` for fewer than 100 resamples or a level outside (0, 1).
  public init(design: PersonaDesign, resamples: Int = 10_000, level: Double = 0.95) throws {
    try check(level: level, op: "bootstrap")
    guard resamples >= 100 else {
      throw MetricsError.outOfRange(
        op: "bootstrap", what: "resamples", got: "\(resamples)", expected: "of at least 100")
    }
    (self.design, self.resamples, self.level) = (design, resamples, level)
  }

  /// The mean of a cell.
  ///
  /// - *Unit*: the metric's. *Reads as*: as the metric.
  /// - *Undefined when*: a seed has only one persona and there is no other seed (interval `nil`).
  /// - Parameters:
  ///   - table: The cell.
  ///   - bounds: The metric's range, `nil` for an unbounded one; the interval stays inside.
  ///   - stream: All randomness.
  /// - Returns: The mean with its interval.
  public func mean(
    _ table: PersonaTable, bounds: ClosedRange<Double>?, stream: RandomStream
  ) -> Estimate {
    estimate([table], influence: table, bounds: bounds, stream) { $0[0] }
  }

  /// The paired difference of two cells, `a` − `b`, over the personas that both have.
  ///
  /// - *Unit*: the metric's. *Reads as*: above 0 means that `a` is higher.
  /// - *Undefined when*: no persona of one seed is in both (`nil`).
  public func difference(
    _ a: PersonaTable, _ b: PersonaTable, bounds: ClosedRange<Double>?, stream: RandomStream
  ) -> Estimate? {
    guard let (a, b) = PersonaTable.paired(a, b) else { return nil }
    let differences = PersonaTable.combining(a, b) { $0 - $1 }
    return estimate([differences], influence: differences, bounds: bounds, stream) { $0[0] }
  }

  /// A weighted sum of cells, Σ wᵢ·cellᵢ − `offset`, persona by persona over those that all have.
  ///
  /// Weights 1 and −1 give a paired difference, 1 −1 −1 1 a difference of differences; an `offset`
  /// is a level to be exceeded, such as chance.
  ///
  /// - *Unit*: the metric's. *Reads as*: above 0 means that the positive terms outweigh.
  /// - *Undefined when*: there are no terms, or no persona of one seed is in all cells (`nil`).
  public func contrast(
    _ terms: [(weight: Double, cell: PersonaTable)], minus offset: Double = 0,
    bounds: ClosedRange<Double>?, stream: RandomStream
  ) -> Estimate? {
    guard let sum = PersonaTable.weightedSum(terms, minus: offset) else { return nil }
    return estimate([sum], influence: sum, bounds: bounds, stream) { $0[0] }
  }

  /// The chance-corrected transfer ratio, (target − chance) / (source − chance), paired.
  ///
  /// With `chance` 0 it is the plain ratio.
  ///
  /// - *Unit*: share of the source. *Reads as*: higher means more transfer.
  /// - *Undefined when*: source ≤ chance or nothing is paired (`nil`); without an interval when the
  ///   source is at or below chance in some resample, for then the ratio has no upper end.
  public func ratio(
    target: PersonaTable, source: PersonaTable, chance: Double, stream: RandomStream
  ) -> Estimate? {
    guard let (b, a) = PersonaTable.paired(target, source), a.mean > chance else { return nil }
    let ratio = (b.mean - chance) / (a.mean - chance)
    let scale = a.mean - chance
    let influence = PersonaTable.combining(b, a) {
      (($0 - chance) - ratio * ($1 - chance)) / scale + ratio
    }
    // No recall is below 0, whatever the extrapolation for two seeds says.
    return estimate(
      [b, a], influence: influence, bounds: -chance / scale...Double.infinity, stream
    ) {
      $0[1] > chance ? ($0[0] - chance) / ($0[1] - chance) : .nan
    }
  }

  /// `influence` is the statistic as a mean of one number per persona, exact or to first order; it
  /// gives value and standard error.
  private func estimate(
    _ tables: [PersonaTable], influence: PersonaTable, bounds: ClosedRange<Double>?,
    _ stream: RandomStream, statistic: ([Double]) -> Double
  ) -> Estimate {
    let value = statistic(tables.map(\.mean))
    let error = StandardError(of: influence, design: design)
    func result(_ interval: Interval?, _ kind: IntervalKind, spread: Double) -> Estimate {
      Estimate(
        value: value, interval: interval, kind: interval == nil ? .none : kind,
        standardError: spread, degreesOfFreedom: error?.degreesOfFreedom ?? 0,
        count: influence.count)
    }
    guard let error else { return result(nil, .none, spread: 0) }
    // Rounding leaves 1e-17 where there is no spread; that is no standard error.
    if error.value < 1e-12 * max(1, abs(value)) {
      return result(unanimous(value, influence, bounds), .unanimousWilson, spread: 0)
    }
    var replicates = Resampler(tables, design).replicates(resamples, stream, statistic)
    guard !replicates.contains(where: \.isNaN) else {
      return result(nil, .none, spread: error.value)
    }
    replicates.sort()
    return result(
      calibrated(replicates, value, error, bounds),
      influence.seeds.count > 1 ? .seedPersonaBootstrap : .personaBootstrap, spread: error.value)
  }

  /// Bounds what no resample can: a share of 1/n of the personas may still be different.
  private func unanimous(
    _ value: Double, _ table: PersonaTable, _ bounds: ClosedRange<Double>?
  ) -> Interval? {
    let perSeed = table.count / table.seeds.count
    let room = try? wilsonInterval(successes: 0, trials: perSeed, level: level).high
    // Only where the range is known is it known how far a single persona can move the mean.
    guard let bounds, bounds.upperBound.isFinite, bounds.lowerBound.isFinite, let room else {
      return nil
    }
    let reach = room * max(1, (bounds.upperBound - bounds.lowerBound) / 2)
    return Interval(
      low: max(bounds.lowerBound, value - reach), high: min(bounds.upperBound, value + reach))
  }

  /// Reads the percentiles at the levels that give a normal statistic its t interval. Levels beyond
  /// what the resamples resolve are extrapolated along the normal scale: two seeds need t = 12.7.
  func calibrated(
    _ sorted: [Double], _ value: Double, _ error: StandardError, _ bounds: ClosedRange<Double>?
  ) -> Interval {
    let spread = PersonaTable.variance(of: sorted).squareRoot()
    let t = StudentT.quantile(1 - (1 - level) / 2, degreesOfFreedom: error.degreesOfFreedom)
    let wanted = t * error.value / spread
    let resolved = min(wanted, -Normal.quantile(5 / Double(sorted.count)))
    let tail = Normal.cdf(-resolved)
    let stretch = wanted / resolved
    let low = value - (value - Self.quantile(tail, sorted)) * stretch
    let high = value + (Self.quantile(1 - tail, sorted) - value) * stretch
    return Interval(
      low: max(bounds?.lowerBound ?? -.infinity, min(low, value)),
      high: min(bounds?.upperBound ?? .infinity, max(high, value)))
  }

  /// The quantile by linear interpolation of order statistics (Hyndman & Fan 1996, type 7).
  static func quantile(_ p: Double, _ sorted: [Double]) -> Double {
    let position = p * Double(sorted.count - 1)
    let below = min(Int(position), sorted.count - 2)
    return sorted[below] + (position - Double(below)) * (sorted[below + 1] - sorted[below])
  }
}
