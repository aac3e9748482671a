// Correlation of two columns of numbers, of the values or of their ranks.

import Foundation

/// Ranks from 1, the lowest value first; tied values share the mean of their ranks.
///
/// - *Range*: 1 … n. Source: as `scipy.stats.rankdata(method="average")`.
public func midranks(_ values: [Double]) -> [Double] {
  let order = values.indices.sorted { values[$0] < values[$1] }
  var ranks = [Double](repeating: 0, count: values.count)
  var start = 0
  while start < order.count {
    var end = start + 1
    while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
    for index in order[start..<end] { ranks[index] = Double(start + 1 + end) / 2 }
    start = end
  }
  return ranks
}

/// A correlation with its uncertainty.
public struct Correlation: Equatable, Sendable {
  /// The coefficient. *Range* [−1, 1]; higher means that both rise together.
  public let value: Double
  /// Where it may lie, within [−1, 1]; `nil` for fewer than four pairs.
  public let interval: Interval?
  /// The two-sided p-value of no correlation, by the t distribution; `nil` for two pairs.
  public let p: Double?
  /// How many pairs it rests on.
  public let count: Int
}

/// Pearson's correlation of paired values.
///
/// - *Undefined when*: there are fewer than two pairs or a column is constant (`nil`).
/// - Throws: ``MetricsError`` for lists of different length or values that are not finite.
///
/// Source: Fisher 1921 for the interval (tanh(artanh r ± z / √(n − 3))); as `scipy.stats.pearsonr`.
public func pearson(_ x: [Double], _ y: [Double], level: Double = 0.95) throws -> Correlation? {
  try check(correlated: x, y, level: level, op: "pearson")
  guard let r = correlation(x, y) else { return nil }
  return Correlation(r, x.count, level, spread: 1)
}

/// Spearman's rank correlation of paired values, with midranks for ties.
///
/// - *Undefined when*: there are fewer than two pairs or a column is constant (`nil`).
/// - Throws: ``MetricsError`` for lists of different length or values that are not finite.
///
/// Source: Spearman 1904; interval of Bonett & Wright 2000 (tanh(artanh r ± z √((1 + r²/2) / (n − 3)));
/// value and p as `scipy.stats.spearmanr`.
public func spearman(_ x: [Double], _ y: [Double], level: Double = 0.95) throws -> Correlation? {
  try check(correlated: x, y, level: level, op: "spearman")
  guard let r = correlation(midranks(x), midranks(y)) else { return nil }
  return Correlation(r, x.count, level, spread: 1 + r * r / 2)
}

private func check(correlated x: [Double], _ y: [Double], level: Double, op: String) throws {
  try check(lengths: x.count, y.count, op: op)
  try check(finite: x, "values", op: op)
  try check(finite: y, "values", op: op)
  try check(level: level, op: op)
}

/// Pearson's coefficient; `nil` when undefined.
func correlation(_ x: [Double], _ y: [Double]) -> Double? {
  guard x.count > 1, let low = x.min(), let high = x.max(), low < high,
    let bottom = y.min(), let top = y.max(), bottom < top
  else { return nil }
  let (a, b) = (PersonaTable.mean(of: x), PersonaTable.mean(of: y))
  var (xx, yy, xy) = (0.0, 0.0, 0.0)
  for (u, v) in zip(x, y) {
    xx += (u - a) * (u - a)
    yy += (v - b) * (v - b)
    xy += (u - a) * (v - b)
  }
  // One root: of equal columns it is exact. Two roots where the product leaves the range of doubles.
  let product = xx * yy
  let scale =
    product.isNormal ? product.squareRoot() : xx.squareRoot() * yy.squareRoot()
  return scale > 0 && scale.isFinite ? max(-1, min(1, xy / scale)) : nil
}

extension Correlation {
  fileprivate init(_ r: Double, _ n: Int, _ level: Double, spread: Double) {
    let free = Double(n - 2)
    if n < 3 {
      p = nil
    } else if abs(r) == 1 {
      p = 0
    } else {
      p = StudentT.twoSidedTail(r * (free / (1 - r * r)).squareRoot(), degreesOfFreedom: free)
    }
    if n < 4 {
      interval = nil
    } else {
      let half = -Normal.quantile((1 - level) / 2) * (spread / Double(n - 3)).squareRoot()
      let center = atanh(r)
      interval = Interval(low: tanh(center - half), high: tanh(center + half))
    }
    (value, count) = (r, n)
  }
}
