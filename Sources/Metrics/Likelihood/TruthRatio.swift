// Does the model prefer wrong answers over the true one? Paper and code of its peers average
// differently; here each form has its name.

import Foundation

/// TOFU's truth ratio of one question.
public struct TruthRatio: Equatable, Sendable {
  /// The paper's form: the mean probability of wrong answers over that of the true paraphrase.
  ///
  /// - *Range*: ≥ 0. *Reads as*: below 1 the truth is preferred, near 1 nothing is known.
  public let arithmetic: Double
  /// open-unlearning's form: the geometric mean of the probabilities of wrong answers over it.
  ///
  /// - *Range*: ≥ 0, at most ``arithmetic``.
  public let geometric: Double

  /// Paraphrase over paraphrase plus wrong, from ``geometric``: open-unlearning's `prob_mean`.
  ///
  /// - *Range*: [0, 1]. *Reads as*: higher means that the truth is preferred.
  public var geometricShare: Double { 1 / (1 + geometric) }
  /// Paraphrase over paraphrase plus wrong, from ``arithmetic``.
  public var arithmeticShare: Double { 1 / (1 + arithmetic) }

  /// Compares length-normalised probabilities.
  ///
  /// - *Undefined when*: there is no wrong answer (throws).
  /// - Parameters:
  ///   - paraphrase: The mean negative log-likelihood of the paraphrased true answer, nats per token.
  ///   - perturbed: The same of each wrong answer.
  /// - Throws: ``MetricsError`` for no wrong answers or values that are not finite.
  ///
  /// Source: Maini et al. 2024, arXiv:2401.06121, equation 1.
  public init(paraphrase: Double, perturbed: [Double]) throws {
    let op = "truth ratio"
    guard !perturbed.isEmpty else { throw MetricsError.empty(op: op, what: "wrong answers") }
    try check(finite: perturbed + [paraphrase], "mean losses", op: op)
    let n = Double(perturbed.count)
    arithmetic = perturbed.reduce(0) { $0 + exp(paraphrase - $1) } / n
    geometric = exp(paraphrase - perturbed.reduce(0, +) / n)
    // Losses of a thousand nats per token overflow here; no model of probabilities gives them.
    try check(finite: [arithmetic, geometric], "the ratio", op: op)
  }

  /// The mean of min(R, 1/R) over questions, for a forget set.
  ///
  /// - *Range*: [0, 1]. *Reads as*: higher means that truth and error are told apart less.
  /// - Throws: ``MetricsError`` for no ratios or a negative one.
  public static func forgetScore(_ ratios: [Double]) throws -> Double {
    try mean(ratios) { $0 == 0 ? 0 : min($0, 1 / $0) }
  }

  /// The mean of max(0, 1 − R) over questions, for a retain set.
  ///
  /// - *Range*: [0, 1]. *Reads as*: higher means that the truth is preferred.
  /// - Throws: ``MetricsError`` for no ratios or a negative one.
  public static func retainScore(_ ratios: [Double]) throws -> Double {
    try mean(ratios) { max(0, 1 - $0) }
  }

  private static func mean(_ ratios: [Double], _ score: (Double) -> Double) throws -> Double {
    guard !ratios.isEmpty else { throw MetricsError.empty(op: "truth ratio", what: "ratios") }
    if let bad = ratios.first(where: { !($0 >= 0) || $0.isInfinite }) {
      throw MetricsError.outOfRange(
        op: "truth ratio", what: "ratios", got: "\(bad)", expected: "of 0 or more")
    }
    return ratios.reduce(0) { $0 + score($1) } / Double(ratios.count)
  }
}
