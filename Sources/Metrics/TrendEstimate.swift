// A curve over doses with its uncertainty, seeds and personas random, as every other interval.

import Repro

/// A logistic curve through the cells of several doses.
public struct TrendEstimate: Sendable {
  /// One place on the curve.
  public struct Point: Equatable, Sendable {
    /// The dose, in the unit of the fit.
    public let dose: Double
    /// The share on the curve.
    public let share: Double
    /// Where the curve may lie there, not jointly with other places.
    public let interval: Interval?
  }

  /// What one unit of dose adds to the log odds.
  public let slope: Estimate
  /// The curve, at the places asked for.
  public let curve: [Point]
}

extension HierarchicalBootstrap {
  /// How shares change with a dose: the curve of ``LogisticTrend`` through cells, paired.
  ///
  /// Only seeds and personas that have a value at every dose count. Intervals are those of
  /// ``mean(_:bounds:stream:)``, about the curve linearized in the cells' means.
  ///
  /// - Parameters:
  ///   - cells: A dose and its cell, of values 0 … 1; at least three doses.
  ///   - places: Doses at which the curve is wanted.
  ///   - stream: All randomness.
  /// - *Undefined when*: fewer than three doses, no persona at all of them, or no spread between
  ///   personas at any (`nil`).
  public func trend(
    _ cells: [(dose: Double, cell: PersonaTable)], at places: [Double], stream: RandomStream
  ) -> TrendEstimate? {
    guard cells.count > 2, let tables = PersonaTable.shared(cells.map(\.cell)) else { return nil }
    let doses = cells.map(\.dose), means = tables.map(\.mean)
    let count = Double(tables[0].count)
    func fit(_ shares: [Double]) -> LogisticTrend? {
      LogisticTrend(doses: doses, shares: shares, countPerDose: count)
    }
    guard let trend = fit(means) else { return nil }

    func influence(_ weights: [Double], _ value: Double) -> StandardError? {
      let terms = zip(weights, tables).map { (weight: $0, cell: $1) }
      let offset = zip(weights, means).reduce(0) { $0 + $1.0 * $1.1 } - value
      return PersonaTable.weightedSum(terms, minus: offset)
        .flatMap { StandardError(of: $0, design: design) }
    }
    guard let spread = influence(trend.slopeSensitivity(), trend.slope), spread.value > 1e-12
    else { return nil }
    var fits: [LogisticTrend] = []
    fits.reserveCapacity(resamples)
    let slopes = Resampler(tables, design).replicates(resamples, stream) { shares in
      guard let one = fit(shares) else { return .nan }
      fits.append(one)
      return one.slope
    }
    guard fits.count == resamples else { return nil }
    let kind: IntervalKind =
      tables[0].seeds.count > 1 ? .seedPersonaBootstrap : .personaBootstrap
    return TrendEstimate(
      slope: Estimate(
        value: trend.slope, interval: calibrated(slopes.sorted(), trend.slope, spread, nil),
        kind: kind, standardError: spread.value, degreesOfFreedom: spread.degreesOfFreedom,
        count: tables[0].count * tables.count),
      curve: places.map { dose in
        let share = trend.share(at: dose)
        let interval = influence(trend.sensitivity(at: dose), share).flatMap { error in
          error.value > 1e-12
            ? calibrated(fits.map { $0.share(at: dose) }.sorted(), share, error, 0...1) : nil
        }
        return TrendEstimate.Point(dose: dose, share: share, interval: interval)
      })
  }
}
