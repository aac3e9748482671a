// What does a model score because it was trained on an example, beyond what models score that were
// not? The definition of memorization itself, affordable where models retrain in seconds.

import Foundation

/// The effect of training on one example, from models with and without it.
public struct CounterfactualEffect: Equatable, Sendable {
  /// The mean score of models trained with the example.
  public let inside: Double
  /// The mean score of models trained without it.
  public let outside: Double
  /// How many models were trained with it.
  public let insideCount: Int
  /// How many models were trained without it.
  public let outsideCount: Int
  /// Welch's standard error of ``value``; `nil` with fewer than two models on a side.
  public let standardError: Double?

  /// Inside minus outside.
  ///
  /// - *Unit*: the score's. *Reads as*: higher means that the score is owed to having seen it; 0 means
  ///   that the example would be answered anyway.
  public var value: Double { inside - outside }

  /// - Returns: `nil` when no model was trained with it, or none without it.
  init?(_ scores: [Double], included: [Bool]) {
    let (on, off) = split(scores, included)
    guard !on.isEmpty, !off.isEmpty else { return nil }
    (inside, outside) = (PersonaTable.mean(of: on), PersonaTable.mean(of: off))
    (insideCount, outsideCount) = (on.count, off.count)
    standardError =
      on.count < 2 || off.count < 2
      ? nil
      : (PersonaTable.variance(of: on) / Double(on.count)
        + PersonaTable.variance(of: off) / Double(off.count)).squareRoot()
  }
}

/// Counterfactual memorization of each example.
///
/// - *Range* and *unit*: differences of the score. *Reads as*: see ``CounterfactualEffect/value``.
/// - *Undefined when*: an example was in all or in no training sets (`nil` in its place).
/// - Parameters:
///   - scores: Of each model on each example, higher is better: `[model][example]`.
///   - included: Whether the model was trained on the example.
/// - Throws: ``MetricsError`` for no models, tables of different shape, scores that are not finite.
///
/// Source: Zhang et al. 2023, arXiv:2112.12938, definition 2.
public func counterfactualMemorization(
  scores: [[Double]], included: [[Bool]]
) throws -> [CounterfactualEffect?] {
  try check(scores: scores, included, op: "counterfactual memorization")
  try check(
    lengths: scores[0].count, included[0].count, op: "counterfactual memorization")
  return scores[0].indices.map { example in
    CounterfactualEffect(scores.map { $0[example] }, included: included.map { $0[example] })
  }
}

/// Counterfactual influence of every training example on every test question.
///
/// With pictures of persona i as examples and texts about persona j as questions the diagonal is the
/// causal form of cross-modal transfer.
///
/// - *Unit*: the score's. *Reads as*: higher means that training on the example raises the score.
/// - *Undefined when*: an example was in all or in no training sets (`nil` in its row).
/// - Returns: `[example][question]`.
/// - Throws: ``MetricsError`` for no models, tables of different shape, scores that are not finite.
///
/// Source: Zhang et al. 2023, arXiv:2112.12938, definition 3; Feldman & Zhang 2020.
public func counterfactualInfluence(
  scores: [[Double]], included: [[Bool]]
) throws -> [[CounterfactualEffect?]] {
  try check(scores: scores, included, op: "influence")
  return included[0].indices.map { example in
    let flags = included.map { $0[example] }
    return scores[0].indices.map { question in
      CounterfactualEffect(scores.map { $0[question] }, included: flags)
    }
  }
}

/// Feldman and Zhang's memorization of one example, from right and wrong answers.
public struct LabelMemorization: Equatable, Sendable {
  /// P(right | trained on it) − P(right | not trained on it). *Range* [−1, 1]; higher is memorized.
  public let value: Double
  /// Newcombe's interval, which knows spread where all models agree.
  public let interval: Interval
  /// √(p(1 − p)(1/m_in + 1/m_out)) with the pooled share p; 0 when all models agree.
  public let standardError: Double
  /// How many models were trained with it.
  public let insideCount: Int
  /// How many models were trained without it.
  public let outsideCount: Int
}

/// Feldman and Zhang's memorization of each example.
///
/// - *Undefined when*: an example was in all or in no training sets (`nil` in its place).
/// - Parameters:
///   - correct: Whether each model answers each example right: `[model][example]`.
///   - included: Whether the model was trained on the example.
/// - Throws: ``MetricsError`` for no models, tables of different shape, or a level outside (0, 1).
///
/// Source: Feldman & Zhang 2020, arXiv:2008.03703, the subset estimator.
public func labelMemorization(
  correct: [[Bool]], included: [[Bool]], level: Double = 0.95
) throws -> [LabelMemorization?] {
  let op = "label memorization"
  try check(scores: correct.map { $0.map { $0 ? 1 : 0 } }, included, op: op)
  try check(lengths: correct[0].count, included[0].count, op: op)
  try check(level: level, op: op)
  return try correct[0].indices.map { example in
    let (on, off) = split(correct.map { $0[example] }, included.map { $0[example] })
    guard !on.isEmpty, !off.isEmpty else { return nil }
    let (a, b) = (on.count { $0 }, off.count { $0 })
    let (m, n) = (Double(on.count), Double(off.count))
    let pooled = Double(a + b) / (m + n)
    return LabelMemorization(
      value: Double(a) / m - Double(b) / n,
      interval: try newcombeInterval(first: (a, on.count), second: (b, off.count), level: level),
      standardError: (pooled * (1 - pooled) * (1 / m + 1 / n)).squareRoot(),
      insideCount: on.count, outsideCount: off.count)
  }
}

private func split<T>(_ values: [T], _ included: [Bool]) -> (on: [T], off: [T]) {
  let pairs = zip(values, included)
  return (pairs.filter { $0.1 }.map { $0.0 }, pairs.filter { !$0.1 }.map { $0.0 })
}

private func check(scores: [[Double]], _ included: [[Bool]], op: String) throws {
  guard let first = scores.first, !first.isEmpty, included.first?.isEmpty == false else {
    throw MetricsError.empty(op: op, what: "models and examples")
  }
  try check(lengths: scores.count, included.count, op: op)
  for row in scores {
    try check(lengths: first.count, row.count, op: op)
    try check(finite: row, "scores", op: op)
  }
  for row in included { try check(lengths: included[0].count, row.count, op: op) }
}
