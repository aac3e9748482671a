// The same seeds trained with and without one persona: the plainest counterfactual.

import Foundation

/// What leaving a persona out of training costs its score, paired by seed.
public struct LeaveOneOut: Equatable, Sendable {
  /// The mean of with − without over seeds.
  ///
  /// - *Unit*: the score's. *Reads as*: higher means that the score is owed to having seen it.
  public let value: Double
  /// The t interval over seeds; `nil` for one seed.
  public let interval: Interval?
  /// The standard error over seeds; `nil` for one seed.
  public let standardError: Double?
  /// How many seeds.
  public let seeds: Int

  /// Compares the scores of models that differ in one persona only.
  ///
  /// - *Undefined when*: there are no seeds (throws).
  /// - Parameters:
  ///   - with: The score on the persona of the model trained on everyone, per seed.
  ///   - without: The score on the persona of the model trained without it, same seeds.
  /// - Throws: ``MetricsError`` for no seeds, lists of different length, values that are not finite.
  ///
  /// Source: Feldman 2020, definition of mem(A, S, i), with seeds paired.
  public init(with: [Double], without: [Double], level: Double = 0.95) throws {
    let op = "leave one out"
    guard !with.isEmpty else { throw MetricsError.empty(op: op, what: "seeds") }
    try check(lengths: with.count, without.count, op: op)
    try check(finite: with + without, "scores", op: op)
    try check(level: level, op: op)
    let differences = zip(with, without).map { $0 - $1 }
    seeds = differences.count
    value = PersonaTable.mean(of: differences)
    guard seeds > 1 else {
      (interval, standardError) = (nil, nil)
      return
    }
    let n = Double(seeds)
    let error = (PersonaTable.variance(of: differences) / n).squareRoot()
    let half = error * StudentT.quantile(1 - (1 - level) / 2, degreesOfFreedom: n - 1)
    interval = Interval(low: value - half, high: value + half)
    standardError = error
  }
}
