// How far one distribution is from another. The order of the arguments matters, and peers confuse it:
// the first one is what is true, the second what is believed.

import Foundation

/// The Kullback-Leibler divergence KL(p ‖ q) = Σ p ln(p/q) of two distributions over the same kinds.
///
/// - *Range*: ≥ 0. *Unit*: nats. *Reads as*: higher means that q explains samples of p less well.
/// - *Undefined when*: q gives probability 0 to a kind that p has: it is infinite (`nil`).
/// - Parameters:
///   - p: Probabilities or counts; brought to a sum of 1.
///   - q: The same kinds in the same order.
/// - Throws: ``MetricsError`` for lists of different length, negative numbers, or a sum of 0.
///
/// Source: Kullback & Leibler 1951; as `scipy.stats.entropy(p, q)`. PyTorch's `kl_div(input, target)` is
/// KL(target ‖ input).
public func klDivergence(_ p: [Double], _ q: [Double]) throws -> Double? {
  let (p, q) = (try distribution(p), try distribution(q))
  try check(lengths: p.count, q.count, op: "kl divergence")
  var sum = 0.0
  for (a, b) in zip(p, q) where a > 0 {
    guard b > 0 else { return nil }
    sum += a * log(a / b)
  }
  return max(0, sum)
}

/// The Jensen-Shannon divergence: the mean KL of both distributions to their mean.
///
/// - *Range*: 0 … ln 2. *Unit*: nats. *Reads as*: higher means more different; symmetric.
/// - *Undefined when*: never.
/// - Throws: ``MetricsError`` as ``klDivergence(_:_:)``.
///
/// Source: Lin 1991; the square of `scipy.spatial.distance.jensenshannon`.
public func jensenShannonDivergence(_ p: [Double], _ q: [Double]) throws -> Double {
  let (p, q) = (try distribution(p), try distribution(q))
  try check(lengths: p.count, q.count, op: "jensen shannon divergence")
  let middle = zip(p, q).map { ($0 + $1) / 2 }
  return ((try klDivergence(p, middle) ?? 0) + (try klDivergence(q, middle) ?? 0)) / 2
}

private func distribution(_ values: [Double]) throws -> [Double] {
  let op = "divergence"
  if let bad = values.first(where: { !($0 >= 0 && $0 < 1e300) }) {
    throw MetricsError.outOfRange(op: op, what: "numbers", got: "\(bad)", expected: "of 0 or more")
  }
  let total = values.reduce(0, +)
  guard total > 0, total.isFinite else { throw MetricsError.empty(op: op, what: "kinds above 0") }
  return values.map { $0 / total }
}
