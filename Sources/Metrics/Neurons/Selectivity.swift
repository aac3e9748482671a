// Does a neuron stand for one persona, or for one modality?

/// The largest mean activation of a group over the mean of the groups.
///
/// - *Range*: 1 … number of groups for activations of 0 or more. *Reads as*: higher means that the
///   neuron stands for fewer groups; 1 is indifferent.
/// - *Undefined when*: the mean is not above 0 (`nil`): take activations after a rectifier, or their
///   magnitudes.
/// - Parameters:
///   - activations: One per example.
///   - groups: The persona of each example, any integers.
/// - Throws: ``MetricsError`` for no examples, lists of different length, values that are not finite.
///
/// Source: max class mean over mean, as in Morcos et al. 2018; groups count equally.
public func selectivity(_ activations: [Double], groups: [Int]) throws -> Double? {
  guard !groups.isEmpty else { throw MetricsError.empty(op: "selectivity", what: "examples") }
  try check(lengths: groups.count, activations.count, op: "selectivity")
  try check(finite: activations, "activations", op: "selectivity")
  var members: [Int: [Double]] = [:]
  for (value, group) in zip(activations, groups) { members[group, default: []].append(value) }
  // In order of the groups: sums must not depend on the order of a dictionary.
  let means = members.keys.sorted().map { PersonaTable.mean(of: members[$0] ?? []) }
  let mean = PersonaTable.mean(of: means)
  return mean > 0 ? (means.max() ?? 0) / mean : nil
}

/// Which modality drives a neuron, (a − b) / (a + b) of the mean magnitudes.
///
/// - *Range*: [−1, 1]. *Reads as*: 1 means only the first modality, −1 only the second, 0 both alike.
/// - *Undefined when*: the neuron is silent in both (`nil`).
/// - Throws: ``MetricsError`` for a modality without examples or values that are not finite.
///
/// Source: the selectivity index of neurophysiology, on magnitudes, so that it stays in its range.
public func modalitySelectivity(_ first: [Double], _ second: [Double]) throws -> Double? {
  let op = "modality selectivity"
  guard !first.isEmpty, !second.isEmpty else {
    throw MetricsError.empty(op: op, what: "examples of each modality")
  }
  try check(finite: first + second, "activations", op: op)
  let (a, b) = (
    PersonaTable.mean(of: first.map(abs)), PersonaTable.mean(of: second.map(abs))
  )
  return a + b > 0 ? (a - b) / (a + b) : nil
}
