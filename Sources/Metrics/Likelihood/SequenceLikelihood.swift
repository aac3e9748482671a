// What a model thinks of an answer, token by token.

import Foundation

/// The likelihood of an answer from the log-probabilities of its tokens.
public struct SequenceLikelihood: Equatable, Sendable {
  /// The log-probability of the whole answer. *Range* ≤ 0, *unit* nats; higher means more likely.
  /// Longer answers have lower ones.
  public let logProbability: Double
  /// How many tokens, the end of the answer included when its log-probability is.
  public let tokens: Int

  /// The negative log-likelihood. *Range* ≥ 0, *unit* nats; lower means more likely.
  public var nll: Double { -logProbability }
  /// The log-probability per token. *Range* ≤ 0, *unit* nats per token.
  public var mean: Double { logProbability / Double(tokens) }
  /// The perplexity, exp of the mean negative log-likelihood. *Range* ≥ 1; lower means more likely.
  public var perplexity: Double { exp(-mean) }
  /// TOFU's probability, P(answer)^(1/tokens). *Range* [0, 1]; higher means more likely.
  public var answerProbability: Double { exp(mean) }

  /// Adds up tokens.
  ///
  /// - *Undefined when*: there are no tokens (throws).
  /// - Throws: ``MetricsError`` for no tokens, or a log-probability that is not finite or above 0.
  ///
  /// Source: Maini et al. 2024, arXiv:2401.06121, for the length-normalised probability.
  public init(_ logProbabilities: [Double]) throws {
    try check(logProbabilities: logProbabilities, op: "likelihood")
    logProbability = logProbabilities.reduce(0, +)
    tokens = logProbabilities.count
  }
}

/// The probability of the first of several choices, p₁ / Σ pᵢ.
///
/// - *Range*: [0, 1]; 1/n is chance. *Reads as*: higher means that the right choice is preferred.
/// - *Undefined when*: there are no choices (throws).
/// - Parameter logScores: Log-probabilities or mean log-probabilities, the right choice first.
/// - Throws: ``MetricsError`` for no choices or scores that are not finite.
///
/// Source: Maini et al. 2024, arXiv:2401.06121 (real authors, world facts).
public func choiceProbability(_ logScores: [Double]) throws -> Double {
  guard let first = logScores.first else {
    throw MetricsError.empty(op: "choice probability", what: "choices")
  }
  try check(finite: logScores, "scores", op: "choice probability")
  return 1 / logScores.reduce(0) { $0 + exp($1 - first) }
}

/// Log-probabilities are what a logarithm of a softmax gives; rounding may leave them above 0.
func check(logProbabilities values: [Double], op: String) throws {
  guard !values.isEmpty else { throw MetricsError.empty(op: op, what: "tokens") }
  if let bad = values.first(where: { !($0 > -1e100 && $0 <= 1e-4) }) {
    throw MetricsError.outOfRange(
      op: op, what: "log-probabilities", got: "\(bad)", expected: "finite and at most 0")
  }
}
