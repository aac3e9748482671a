// Asking many questions finds something by luck; these corrections account for it.

/// Holm's step-down adjustment: p-values that hold for the whole family at once.
///
/// - *Range*: each between its raw value and 1; order is kept. *Reads as*: as a p-value.
/// - *Undefined when*: a p-value is NaN (it stays NaN and does not count into the family).
///
/// Source: Holm 1979; as `statsmodels.multipletests(method="holm")`.
public func holmAdjusted(_ pValues: [Double]) -> [Double] {
  var result = pValues
  let order = pValues.indices.filter { !pValues[$0].isNaN }.sorted { pValues[$0] < pValues[$1] }
  var running = 0.0
  for (position, index) in order.enumerated() {
    running = max(running, min(1, pValues[index] * Double(order.count - position)))
    result[index] = running
  }
  return result
}

/// Benjamini and Hochberg's step-up adjustment: controls the share of false discoveries.
///
/// - *Range*: each between its raw value and 1. *Reads as*: the false-discovery rate at which the
///   test is just accepted.
/// - *Undefined when*: a p-value is NaN (it stays NaN and does not count into the family).
///
/// Source: Benjamini & Hochberg 1995; as `statsmodels.multipletests(method="fdr_bh")`.
public func benjaminiHochbergAdjusted(_ pValues: [Double]) -> [Double] {
  var result = pValues
  let order = pValues.indices.filter { !pValues[$0].isNaN }.sorted { pValues[$0] > pValues[$1] }
  var running = 1.0
  for (position, index) in order.enumerated() {
    let rank = Double(order.count - position)
    running = min(running, pValues[index] * Double(order.count) / rank)
    result[index] = running
  }
  return result
}
