// The least likely tokens give members away: a text that was seen has few surprises.

import Foundation

/// Min-K %: the mean of the lowest ⌈k L⌉ log-probabilities, at least one.
///
/// - *Range*: ≤ 0. *Unit*: nats per token. *Reads as*: higher means more likely a member.
/// - *Undefined when*: there are no tokens (throws). Peers round k L down and give NaN for names of
///   up to four tokens at k = 0.2.
/// - Throws: ``MetricsError`` for no tokens, values that are no log-probabilities, or a share outside
///   (0, 1].
///
/// Source: Shi et al. 2024, arXiv:2310.16789.
public func minKScore(_ logProbabilities: [Double], share: Double = 0.2) throws -> Double {
  try check(logProbabilities: logProbabilities, op: "min k")
  return try meanOfLowest(logProbabilities, share: share, op: "min k")
}

/// Min-K %++: the mean of the lowest ⌈k L⌉ standardised log-probabilities, at least one.
///
/// Each token's log-probability is taken against mean and deviation of the log-probability under the
/// model's own distribution at that position.
///
/// - *Range*: any. *Unit*: standard deviations. *Reads as*: higher means more likely a member.
/// - *Undefined when*: there are no tokens (throws). Where the distribution has no spread (uniform, or
///   certain) the token counts 0.
/// - Parameters:
///   - distributions: The log-probabilities of the whole vocabulary at each position.
///   - tokens: The position of the true token in each, from 0.
///   - share: k.
/// - Throws: ``MetricsError`` for no tokens, lists of different length, an index outside the
///   vocabulary, rows that do not sum to probability 1, or a share outside (0, 1].
///
/// Source: Zhang et al. 2024, arXiv:2404.02936.
public func minKPlusPlusScore(
  distributions: [[Double]], tokens: [Int], share: Double = 0.2
) throws -> Double {
  let op = "min k plus plus"
  try check(lengths: distributions.count, tokens.count, op: op)
  guard !tokens.isEmpty else { throw MetricsError.empty(op: op, what: "tokens") }
  let scores = try zip(distributions, tokens).map { row, token in
    guard row.indices.contains(token) else {
      throw MetricsError.outOfRange(
        op: op, what: "tokens", got: "\(token)", expected: "in 0 … \(row.count - 1)")
    }
    return try standardised(row[token], in: row, op: op)
  }
  return try meanOfLowest(scores, share: share, op: op)
}

/// (ℓ − μ) / σ of one token; 0 where the distribution has no spread.
private func standardised(_ value: Double, in row: [Double], op: String) throws -> Double {
  let (mean, deviation) = try surprise(row, op: op)
  guard deviation > 1e-9 else { return 0 }
  try check(finite: [value], "the log-probability of a token", op: op)
  return (value - mean) / deviation
}

/// Mean and standard deviation of the log-probability of a token drawn from the distribution.
package func surprise(_ row: [Double], op: String) throws -> (mean: Double, deviation: Double) {
  var (total, mean) = (0.0, 0.0)
  for value in row where value > -.infinity {
    total += exp(value)
    mean += exp(value) * value
  }
  guard abs(total - 1) < 1e-3 else {
    throw MetricsError.outOfRange(
      op: op, what: "log-probabilities of a whole vocabulary", got: "a sum of \(total)",
      expected: "with probabilities that sum to 1")
  }
  var variance = 0.0
  for value in row where value > -.infinity {
    variance += exp(value) * (value - mean) * (value - mean)
  }
  return (mean, variance.squareRoot())
}

private func meanOfLowest(_ values: [Double], share: Double, op: String) throws -> Double {
  guard share > 0, share <= 1 else {
    throw MetricsError.outOfRange(op: op, what: "k", got: "\(share)", expected: "in (0, 1]")
  }
  // 0.1 · 30 is 3.0000000000000004: the share was meant as a count.
  let count = max(1, Int((share * Double(values.count) - 1e-9).rounded(.up)))
  return values.sorted().prefix(count).reduce(0, +) / Double(count)
}
