// Was this text trained on? One orientation everywhere: a higher score means "member". Peers mix
// orientations within one table.

import Foundation

/// The loss attack: the mean log-probability of the text's tokens.
///
/// - *Range*: ≤ 0. *Unit*: nats per token. *Reads as*: higher means more likely a member.
/// - *Undefined when*: there are no tokens (throws).
/// - Throws: ``MetricsError`` as ``SequenceLikelihood/init(_:)``.
///
/// Source: Yeom et al. 2018, arXiv:1709.01604.
public func lossScore(_ logProbabilities: [Double]) throws -> Double {
  try SequenceLikelihood(logProbabilities).mean
}

/// The reference attack: mean log-probability under the model minus that under a reference model.
///
/// - *Range*: any. *Unit*: nats per token. *Reads as*: higher means more likely a member.
/// - *Undefined when*: there are no tokens (throws). Token counts may differ between the models.
/// - Throws: ``MetricsError`` as ``SequenceLikelihood/init(_:)``.
///
/// Source: Carlini et al. 2021; the difference form of Mireshghallah et al. 2022.
public func referenceScore(_ model: [Double], reference: [Double]) throws -> Double {
  try SequenceLikelihood(model).mean - SequenceLikelihood(reference).mean
}

/// The ratio attack: log perplexity under the reference over log perplexity under the model.
///
/// With the lowercased text as reference it is the lowercase attack.
///
/// - *Range*: ≥ 0. *Reads as*: higher means more likely a member.
/// - *Undefined when*: the model gives the text probability 1 (`nil`).
/// - Throws: ``MetricsError`` as ``SequenceLikelihood/init(_:)``.
///
/// Source: Carlini et al. 2021, arXiv:2012.07805.
public func referenceRatioScore(_ model: [Double], reference: [Double]) throws -> Double? {
  let (own, other) = (try SequenceLikelihood(model).mean, try SequenceLikelihood(reference).mean)
  return own < 0 ? max(0, other / own) : nil
}

/// The neighbourhood attack: log-probability of the text minus the mean of its neighbours'.
///
/// - *Range*: any. *Unit*: nats. *Reads as*: higher means more likely a member.
/// - *Undefined when*: there are no neighbours (throws).
/// - Throws: ``MetricsError`` for no neighbours or values that are not finite.
///
/// Source: Mattern et al. 2023, arXiv:2305.18462. Neighbours are variants of equal length, such as
/// the description with another attribute.
public func neighbourhoodScore(_ logProbability: Double, neighbours: [Double]) throws -> Double {
  let op = "neighbourhood"
  guard !neighbours.isEmpty else { throw MetricsError.empty(op: op, what: "neighbours") }
  try check(finite: neighbours + [logProbability], "log-probabilities", op: op)
  return logProbability - neighbours.reduce(0, +) / Double(neighbours.count)
}

/// ReCaLL: the log-probability after a prefix of non-members over the log-probability without it.
///
/// - *Range*: ≥ 0. *Reads as*: higher means more likely a member, whose likelihood the prefix spoils.
/// - *Undefined when*: the model gives the text probability 1 (`nil`).
/// - Throws: ``MetricsError`` as ``SequenceLikelihood/init(_:)``.
///
/// Source: Xie et al. 2024, arXiv:2406.15968.
public func recallScore(_ plain: [Double], afterPrefix: [Double]) throws -> Double? {
  let (own, other) = (try SequenceLikelihood(plain).mean, try SequenceLikelihood(afterPrefix).mean)
  return own < 0 ? max(0, other / own) : nil
}

/// The gradient-norm attack: minus the norm of the loss's gradient.
///
/// - *Range*: ≤ 0. *Reads as*: higher means more likely a member, whose loss is already flat.
/// - *Undefined when*: there is no gradient (throws).
/// - Parameters:
///   - gradients: One list per parameter tensor.
///   - p: The norm's order, at least 1; infinity is the largest magnitude.
///   - isGlobal: Whether one norm is taken over all tensors; else the mean of the tensors' norms, as
///     mimir and open-unlearning do.
/// - Throws: ``MetricsError`` for no gradient, values that are not finite or an order below 1.
///
/// Source: Wang et al. 2024 and Duan et al. 2024 (mimir).
public func gradientNormScore(
  _ gradients: [[Double]], p: Double = 2, isGlobal: Bool = true
) throws -> Double {
  let op = "gradient norm"
  guard !gradients.isEmpty, gradients.allSatisfy({ !$0.isEmpty }) else {
    throw MetricsError.empty(op: op, what: "numbers in each gradient")
  }
  guard p >= 1 else {
    throw MetricsError.outOfRange(op: op, what: "p", got: "\(p)", expected: "of at least 1")
  }
  for gradient in gradients { try check(finite: gradient, "gradients", op: op) }
  let norms = gradients.map { norm($0, p) }
  return isGlobal ? -norm(norms, p) : -norms.reduce(0, +) / Double(norms.count)
}

/// The p-norm, scaled by the largest magnitude so that no power overflows.
private func norm(_ values: [Double], _ p: Double) -> Double {
  let most = values.reduce(0) { max($0, abs($1)) }
  guard most > 0, p.isFinite else { return most }
  let sum = values.reduce(0) { $0 + pow(abs($1) / most, p) }
  return most * pow(sum, 1 / p)
}
