// Shares of right answers: their interval, and the paired comparison of two of them.

import Foundation

/// A range of values that the data do not rule out.
public struct Interval: Hashable, Sendable {
  /// The lower end.
  public var low: Double
  /// The upper end.
  public var high: Double

  /// Creates an interval from its ends.
  public init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }

  /// Whether `value` lies between the ends, ends included.
  public func contains(_ value: Double) -> Bool { low <= value && value <= high }
}

/// Wilson's score interval of a share of independent successes.
///
/// - *Range*: within [0, 1], never empty, contains `successes / trials`.
/// - *Unit*: share. *Reads as*: wider means less certain.
/// - *Undefined when*: there are no trials (throws). Answers of one model are not independent of
///   each other, so over several seeds this is too narrow; ``HierarchicalBootstrap`` is not.
/// - Throws: ``MetricsError`` unless 0 ≤ `successes` ≤ `trials`, `trials` > 0 and `level` in (0, 1).
///
/// Source: Wilson 1927, without continuity correction, as `statsmodels.proportion_confint`.
public func wilsonInterval(successes: Int, trials: Int, level: Double = 0.95) throws -> Interval {
  let op = "wilson interval"
  guard trials > 0 else { throw MetricsError.empty(op: op, what: "trials") }
  guard (0...trials).contains(successes) else {
    throw MetricsError.outOfRange(
      op: op, what: "successes", got: "\(successes)", expected: "in 0 … \(trials)")
  }
  try check(level: level, op: op)
  let n = Double(trials)
  let p = Double(successes) / n
  let z = -Normal.quantile((1 - level) / 2)
  let scale = 1 + z * z / n
  let center = (p + z * z / (2 * n)) / scale
  let half = z / scale * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
  // At 0 and n the end is exactly 0 or 1; rounding would leave 1e-18.
  return Interval(
    low: successes == 0 ? 0 : max(0, min(p, center - half)),
    high: successes == trials ? 1 : min(1, max(p, center + half)))
}

func check(level: Double, op: String) throws {
  guard level > 0, level < 1 else {
    throw MetricsError.outOfRange(op: op, what: "level", got: "\(level)", expected: "in (0, 1)")
  }
}

/// The same personas asked twice: how often both, one or none of the answers was right.
public struct PairedTable: Equatable, Sendable {
  /// Right both times.
  public var both: Int
  /// Right only the first time.
  public var firstOnly: Int
  /// Right only the second time.
  public var secondOnly: Int
  /// Wrong both times.
  public var neither: Int

  /// Creates a table from its counts.
  public init(both: Int = 0, firstOnly: Int = 0, secondOnly: Int = 0, neither: Int = 0) {
    (self.both, self.firstOnly) = (both, firstOnly)
    (self.secondOnly, self.neither) = (secondOnly, neither)
  }

  /// Counts one persona's two answers.
  public mutating func add(first: Bool, second: Bool) {
    switch (first, second) {
    case (true, true): both += 1
    case (true, false): firstOnly += 1
    case (false, true): secondOnly += 1
    case (false, false): neither += 1
    }
  }

  /// How many pairs were counted.
  public var count: Int { both + firstOnly + secondOnly + neither }

  /// The exact two-sided McNemar p-value: is one of the two answers right more often?
  ///
  /// Binomial with probability ½ on the pairs that disagree.
  ///
  /// - *Range*: (0, 1]. *Reads as*: lower means a difference that chance explains less well; it is
  ///   no measure of its size. 1 when no pair disagrees.
  /// - *Undefined when*: never. Pairs must be independent: within one seed, not over seeds.
  ///
  /// Source: McNemar 1947; as `statsmodels.mcnemar(exact=True)`.
  public var mcnemarP: Double {
    let fewer = Double(min(firstOnly, secondOnly))
    let more = Double(max(firstOnly, secondOnly))
    guard fewer < more else { return 1 }
    // P(X ≤ k) of Binomial(n, ½) is I_½(n − k, k + 1).
    return min(1, 2 * regularizedBeta(more, fewer + 1, 0.5))
  }

  /// P(second right | first right): transfer among those who were learned at all.
  ///
  /// - *Range*: [0, 1]. *Reads as*: higher means more transfer.
  /// - *Undefined when*: the first answer was never right (`nil`).
  public var secondGivenFirst: Double? {
    both + firstOnly == 0 ? nil : Double(both) / Double(both + firstOnly)
  }

  /// P(second right | first wrong).
  ///
  /// - *Range*: [0, 1]. *Undefined when*: the first answer was always right (`nil`).
  public var secondGivenNotFirst: Double? {
    secondOnly + neither == 0 ? nil : Double(secondOnly) / Double(secondOnly + neither)
  }

  /// The φ coefficient: correlation of the two answers over personas.
  ///
  /// - *Range*: [−1, 1]. *Reads as*: higher means the same personas are right both times.
  /// - *Undefined when*: an answer was always right or always wrong (`nil`).
  public var phi: Double? {
    let (a, b) = (Double(both), Double(firstOnly))
    let (c, d) = (Double(secondOnly), Double(neither))
    let scale = ((a + b) * (c + d) * (a + c) * (b + d)).squareRoot()
    return scale == 0 ? nil : (a * d - b * c) / scale
  }
}
