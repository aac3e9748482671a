// The relative attack: how much likelier did training make this example than it made examples of the
// population?

/// How much likelier an example is under the model than in general, P_θ(x) / P(x).
///
/// - *Range*: ≥ 0. *Reads as*: higher means that this model favours it.
/// - *Undefined when*: the probability in general is 0 (`nil`).
/// - Parameters:
///   - probability: Under the model under attack.
///   - outside: Under models trained without the example.
///   - inside: Under models trained with it; `nil` for the offline form.
///   - a: Offline only: how much training raises the probability. P(x) = ½((1 + a)·out + 1 − a).
/// - Throws: ``MetricsError`` for no reference models, or probabilities or `a` outside [0, 1].
///
/// Source: Zarifzadeh et al. 2024, arXiv:2312.03262; online P(x) = ½(in + out).
public func rmiaRatio(
  probability: Double, outside: [Double], inside: [Double]? = nil, a: Double = 0.3
) throws -> Double? {
  let op = "rmia ratio"
  for value in [probability] + outside + (inside ?? []) {
    try check(share: value, "a probability", op: op)
  }
  try check(share: a, "a", op: op)
  guard !outside.isEmpty, inside?.isEmpty != true else {
    throw MetricsError.empty(op: op, what: "reference models")
  }
  let out = outside.reduce(0, +) / Double(outside.count)
  let general =
    inside.map { ($0.reduce(0, +) / Double($0.count) + out) / 2 } ?? ((1 + a) * out + 1 - a) / 2
  return general > 0 ? probability / general : nil
}

/// RMIA: the share of the population that the example dominates by more than γ.
///
/// - *Range*: [0, 1]. *Reads as*: higher means more likely a member.
/// - *Undefined when*: the population is empty (throws). An example of the population with ratio 0 is
///   dominated by every positive ratio.
/// - Parameters:
///   - ratio: The example's ``rmiaRatio(probability:outside:inside:a:)``.
///   - population: The ratios of population examples.
///   - gamma: At least 1.
/// - Throws: ``MetricsError`` for an empty population, negative ratios, or γ below 1.
///
/// Source: Zarifzadeh et al. 2024, arXiv:2312.03262, definition 1; strict, as its published code.
public func rmiaScore(ratio: Double, population: [Double], gamma: Double = 1) throws -> Double {
  let op = "rmia"
  guard !population.isEmpty else { throw MetricsError.empty(op: op, what: "population ratios") }
  if let bad = (population + [ratio]).first(where: { !($0 >= 0) || $0.isInfinite }) {
    throw MetricsError.outOfRange(op: op, what: "ratios", got: "\(bad)", expected: "of 0 or more")
  }
  guard gamma >= 1, gamma.isFinite else {
    throw MetricsError.outOfRange(op: op, what: "gamma", got: "\(gamma)", expected: "of at least 1")
  }
  return Double(population.count { ratio > gamma * $0 }) / Double(population.count)
}

/// The share of a dataset that was trained on, from how many of its examples an attack flags.
///
/// - *Range*: about 0 … 1; sampling carries it beyond. *Reads as*: higher means more was used.
/// - *Undefined when*: the attack does not separate at all, its two rates being equal (`nil`).
/// - Throws: ``MetricsError`` for rates outside [0, 1].
///
/// Source: Tong et al. 2025, dataset usage cardinality inference (DUCI), (flagged − FPR)/(TPR − FPR).
public func datasetUsage(
  flagged: Double, truePositiveRate: Double, falsePositiveRate: Double
) throws -> Double? {
  for rate in [flagged, truePositiveRate, falsePositiveRate] {
    try check(share: rate, "a rate", op: "dataset usage")
  }
  let power = truePositiveRate - falsePositiveRate
  return power == 0 ? nil : (flagged - falsePositiveRate) / power
}
