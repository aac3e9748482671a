// Does a confidence of 0.8 mean being right eight times of ten?

import Foundation

/// The Brier score: the mean squared distance of confidence and outcome.
///
/// - *Range*: [0, 1]. *Reads as*: lower means better calibrated and sharper.
/// - *Undefined when*: there are no answers (throws).
/// - Throws: ``MetricsError`` for no answers, lists of different length, confidences outside [0, 1].
///
/// Source: Brier 1950; as `sklearn.metrics.brier_score_loss`.
public func brierScore(confidences: [Double], correct: [Bool]) throws -> Double {
  try check(confidences, correct, op: "brier")
  let sum = zip(confidences, correct).reduce(0) {
    $0 + ($1.0 - ($1.1 ? 1 : 0)) * ($1.0 - ($1.1 ? 1 : 0))
  }
  return sum / Double(confidences.count)
}

/// The expected calibration error: how far confidence and accuracy lie apart, bin by bin.
///
/// Bins have equal width; bin b of B holds confidences in (b/B, (b + 1)/B], and 0 falls into the
/// first.
///
/// - *Range*: [0, 1]. *Reads as*: lower means better calibrated. It grows with the number of bins on
///   the same data: compare equal numbers only.
/// - *Undefined when*: there are no answers (throws).
/// - Throws: ``MetricsError`` for no answers, lists of different length, confidences outside [0, 1],
///   fewer than 1 or more than 10,000 bins.
///
/// Source: Naeini et al. 2015; Guo et al. 2017.
public func expectedCalibrationError(
  confidences: [Double], correct: [Bool], bins: Int = 10
) throws -> Double {
  let op = "expected calibration error"
  try check(confidences, correct, op: op)
  guard (1...10_000).contains(bins) else {
    throw MetricsError.outOfRange(op: op, what: "bins", got: "\(bins)", expected: "in 1 … 10000")
  }
  var surplus = [Double](repeating: 0, count: bins)
  for (confidence, isRight) in zip(confidences, correct) {
    let bin = max(0, Int((confidence * Double(bins)).rounded(.up)) - 1)
    surplus[min(bin, bins - 1)] += confidence - (isRight ? 1 : 0)
  }
  return surplus.reduce(0) { $0 + abs($1) } / Double(confidences.count)
}

private func check(_ confidences: [Double], _ correct: [Bool], op: String) throws {
  guard !confidences.isEmpty else { throw MetricsError.empty(op: op, what: "answers") }
  try check(lengths: confidences.count, correct.count, op: op)
  for confidence in confidences { try check(share: confidence, "a confidence", op: op) }
}
