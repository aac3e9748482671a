// How well pairs are told from all other combinations: the loss that aligned spaces are trained with,
// read as a measure.

import Foundation

/// InfoNCE of paired items, the mean over both directions of search.
///
/// - *Range*: ≥ 0; ln n for unrelated items at a high temperature. *Unit*: nats. *Reads as*: lower means
///   better aligned; compare equal n and temperature only.
/// - *Undefined when*: never; rows of zeros are an error.
/// - Parameters:
///   - x: One modality, brought to length 1.
///   - y: The other, in the same order.
///   - temperature: Divides the cosines.
/// - Throws: ``MetricsError`` for different numbers of items or dimensions, a row of zeros, or a
///   temperature that is not above 0.
///
/// Source: van den Oord et al. 2018, arXiv:1807.03748; symmetric as in Radford et al. 2021.
public func contrastiveLoss(
  _ x: FeatureMatrix, _ y: FeatureMatrix, temperature: Double = 0.07
) throws -> Double {
  let op = "contrastive loss"
  try check(paired: x, y, atLeast: 1, op: op)
  try check(lengths: x.columns, y.columns, op: op)
  try check(positive: temperature, "temperature", op: op)
  let cosines = try x.normalized(op: op).products(with: y.normalized(op: op))
  func loss(_ similarity: FeatureMatrix) -> Double {
    (0..<similarity.rows).reduce(0) { sum, i in
      // Relative to the pair, whose exponential cannot overflow the sum's logarithm.
      let row = similarity.row(i).map { ($0 - similarity[i, i]) / temperature }
      let most = row.max() ?? 0
      return sum + most + log(row.reduce(0) { $0 + exp($1 - most) })
    } / Double(similarity.rows)
  }
  return (loss(cosines) + loss(cosines.transposed)) / 2
}
