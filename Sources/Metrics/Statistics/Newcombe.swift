// Intervals for the difference of two shares, from Wilson's intervals of each.

import Foundation

/// Newcombe's interval of the difference of two independent shares, first minus second.
///
/// - *Range*: within [−1, 1], contains the observed difference. *Unit*: share.
/// - *Reads as*: without 0 inside, the shares differ.
/// - *Undefined when*: a group has no trials (throws). Personas asked twice are not independent: see
///   ``newcombePairedInterval(_:level:)``.
/// - Throws: ``MetricsError`` as ``wilsonInterval(successes:trials:level:)`` does.
///
/// Source: Newcombe 1998, Statistics in Medicine 17:873, method 10; as
/// `statsmodels.confint_proportions_2indep(method="newcomb")`.
public func newcombeInterval(
  first: (successes: Int, trials: Int), second: (successes: Int, trials: Int),
  level: Double = 0.95
) throws -> Interval {
  let a = try wilsonInterval(successes: first.successes, trials: first.trials, level: level)
  let b = try wilsonInterval(successes: second.successes, trials: second.trials, level: level)
  let p = Double(first.successes) / Double(first.trials)
  let q = Double(second.successes) / Double(second.trials)
  return squareAndAdd(p, a, q, b, correlation: 0)
}

/// Newcombe's interval of the difference of two shares of the same personas, first minus second.
///
/// - *Range*: within [−1, 1], contains the observed difference. *Unit*: share.
/// - *Reads as*: without 0 inside, one of the two answers is right more often.
/// - *Undefined when*: the table is empty (throws).
/// - Throws: ``MetricsError`` for an empty table or a level outside (0, 1).
///
/// Source: Newcombe 1998, Statistics in Medicine 17:2635, method 10 (with the correction of φ).
public func newcombePairedInterval(_ table: PairedTable, level: Double = 0.95) throws -> Interval {
  let n = table.count
  let firsts = table.both + table.firstOnly
  let seconds = table.both + table.secondOnly
  let a = try wilsonInterval(successes: firsts, trials: n, level: level)
  let b = try wilsonInterval(successes: seconds, trials: n, level: level)
  return squareAndAdd(
    Double(firsts) / Double(n), a, Double(seconds) / Double(n), b,
    correlation: table.correctedPhi)
}

/// How far the difference may lie from the observed one when each share lies at an end of its own
/// interval, the two being correlated.
private func squareAndAdd(
  _ p: Double, _ a: Interval, _ q: Double, _ b: Interval, correlation: Double
) -> Interval {
  func reach(_ x: Double, _ y: Double) -> Double {
    max(0, x * x - 2 * correlation * x * y + y * y).squareRoot()
  }
  let difference = p - q
  return Interval(
    low: max(-1, difference - reach(p - a.low, b.high - q)),
    high: min(1, difference + reach(a.high - p, q - b.low)))
}

extension PairedTable {
  /// φ, drawn towards 0 by half a persona when positive; 0 where φ is undefined.
  fileprivate var correctedPhi: Double {
    let (a, b, c, d) = (Double(both), Double(firstOnly), Double(secondOnly), Double(neither))
    let scale = ((a + b) * (c + d) * (a + c) * (b + d)).squareRoot()
    let product = a * d - b * c
    let n = a + b + c + d
    guard scale > 0 else { return 0 }
    return (product > n / 2 ? product - n / 2 : product > 0 ? 0 : product) / scale
  }
}
