// Has the model forgotten what it should, and kept the rest? A retrained model without the data is
// the reference wherever there is one.

import Foundation

/// TOFU's forget quality: do truth ratios of the unlearned and of the retrained model come from one
/// distribution?
///
/// - *Range*: see ``KolmogorovSmirnov``. *Reads as*: a higher p means that the models are told apart
///   less; the statistic is the size of the difference, p only its luck.
/// - *Undefined when*: there are no questions (throws).
/// - Throws: ``MetricsError`` for an empty list or values that are not finite.
///
/// Source: Maini et al. 2024, arXiv:2401.06121.
public func forgetQuality(unlearned: [Double], retained: [Double]) throws -> KolmogorovSmirnov {
  try KolmogorovSmirnov(unlearned, retained)
}

/// TOFU's model utility: the harmonic mean of scores.
///
/// - *Range*: [0, 1] for scores in [0, 1]. *Reads as*: higher means that more works; 0 if any is 0.
/// - *Undefined when*: there are no scores (throws).
/// - Throws: ``MetricsError`` for no scores or a negative one.
///
/// Source: Maini et al. 2024, arXiv:2401.06121; as `scipy.stats.hmean`.
public func modelUtility(_ scores: [Double]) throws -> Double {
  let op = "model utility"
  guard !scores.isEmpty else { throw MetricsError.empty(op: op, what: "scores") }
  if let bad = scores.first(where: { !($0 >= 0) || $0.isInfinite }) {
    throw MetricsError.outOfRange(op: op, what: "scores", got: "\(bad)", expected: "of 0 or more")
  }
  if scores.contains(0) { return 0 }
  return Double(scores.count) / scores.reduce(0) { $0 + 1 / $1 }
}

/// MUSE's PrivLeak: how far the membership attack on the unlearned model is from that on the retrained
/// one, in percent of the latter.
///
/// Both areas separate the forget set from held-out data, and higher means that the forget set still
/// looks like a member: see ``AreaUnderCurve``.
///
/// - *Range*: −100 … ∞. *Unit*: percent. *Reads as*: 0 is like retrained, above it too little was
///   unlearned, below it too much.
/// - *Undefined when*: the retrained model's area is 0 (`nil`).
/// - Throws: ``MetricsError`` for areas outside [0, 1].
///
/// Source: Shi et al. 2024, arXiv:2407.06460, with Min-40 % scores. Its code counts the other way.
public func privLeak(unlearned: Double, retained: Double) throws -> Double? {
  try check(share: unlearned, "an area", op: "privleak")
  try check(share: retained, "an area", op: "privleak")
  return retained == 0 ? nil : (unlearned - retained) / retained * 100
}

/// How much of the recall beyond chance is left in one modality.
///
/// - *Range*: about 0 … 1. *Reads as*: lower means better forgotten; compare modalities to see where
///   the fact still leaks.
/// - *Undefined when*: recall before was not above chance: nothing was there to forget (`nil`).
/// - Throws: ``MetricsError`` for shares outside [0, 1].
///
/// Source: as the chance-corrected ``Transfer``, over time instead of modalities.
public func residualLeak(before: Double, after: Double, chance: Double = 0) throws -> Double? {
  for share in [before, after, chance] { try check(share: share, "a share", op: "residual leak") }
  return before > chance ? (after - chance) / (before - chance) : nil
}

/// How much of a metric a model keeps after stress such as quantization, min(after / before, 1).
///
/// - *Range*: [0, 1]. *Reads as*: higher means more robust.
/// - *Undefined when*: the metric was 0 before (`nil`).
/// - Throws: ``MetricsError`` for negative values.
///
/// Source: Dorna et al. 2025 (open-unlearning), robustness Q.
public func stressRetention(before: Double, after: Double) throws -> Double? {
  for value in [before, after] where !(value >= 0) || value.isInfinite {
    throw MetricsError.outOfRange(
      op: "stress retention", what: "metrics", got: "\(value)", expected: "of 0 or more")
  }
  return before > 0 ? min(after / before, 1) : nil
}
