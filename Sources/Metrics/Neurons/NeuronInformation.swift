// Information in activations: how varied one neuron is, and how much two say the same. Shortcut
// memorization lowers the first and raises the second; memorization of single examples does the
// reverse (Bansal et al. 2022, arXiv:2210.09404).

import Foundation

/// Equal bins over a range of values.
public struct Bins: Equatable, Sendable {
  /// How many.
  public let count: Int
  /// The smallest and the largest value.
  public let range: ClosedRange<Double>

  /// Bins that cover all values of a layer, so that neurons are comparable.
  ///
  /// - Throws: ``MetricsError`` for no values, values that are not finite, or a count outside 1 … 1000.
  public init(_ count: Int = 10, covering values: some Sequence<Double>) throws {
    guard (1...1000).contains(count) else {
      throw MetricsError.outOfRange(
        op: "bins", what: "count", got: "\(count)", expected: "in 1 … 1000")
    }
    try check(finite: values, "activations", op: "bins")
    guard let low = values.min(), let high = values.max() else {
      throw MetricsError.empty(op: "bins", what: "activations")
    }
    self.count = count
    range = low...high
  }

  func index(_ value: Double) -> Int {
    // Halves, because the width of a range of very large numbers overflows.
    let width = range.upperBound / 2 - range.lowerBound / 2
    guard width > 0 else { return 0 }
    let place = (value / 2 - range.lowerBound / 2) / width * Double(count)
    return Int(max(0, min(Double(count - 1), place.rounded(.down))))
  }
}

/// The binned entropy of a neuron's activation over examples.
///
/// - *Range*: 0 … ln bins. *Unit*: nats. *Reads as*: higher means more varied.
/// - *Undefined when*: there are no activations (throws).
/// - Throws: ``MetricsError`` for no activations or values that are not finite.
///
/// Source: Bansal et al. 2022, arXiv:2210.09404, with 10 bins over the layer.
public func neuronEntropy(_ activations: [Double], bins: Bins) throws -> Double {
  try check(finite: activations, "activations", op: "neuron entropy")
  var counts = [Double](repeating: 0, count: bins.count)
  for value in activations { counts[bins.index(value)] += 1 }
  return try entropyNats(counts: counts)
}

/// The binned mutual information of two neurons over the same examples.
///
/// - *Range*: 0 … ln bins. *Unit*: nats. *Reads as*: higher means more redundant. Few examples per bin
///   raise it by about (bins − 1)²/2n.
/// - *Undefined when*: there are no activations (throws).
/// - Throws: ``MetricsError`` for lists of different length or values that are not finite.
///
/// Source: Bansal et al. 2022. Its published code bins the first neuron twice; here each is binned.
public func neuronMutualInformation(
  _ x: [Double], _ y: [Double], bins: Bins
) throws -> Double {
  try check(lengths: x.count, y.count, op: "neuron mutual information")
  try check(finite: x + y, "activations", op: "neuron mutual information")
  var joint = [[Double]](repeating: .init(repeating: 0, count: bins.count), count: bins.count)
  for (a, b) in zip(x, y) { joint[bins.index(a)][bins.index(b)] += 1 }
  return try mutualInformationNats(joint: joint)
}

/// The mutual information of a table of joint counts, H(row) + H(column) − H(both).
///
/// - *Range*: 0 … the smaller marginal entropy. *Unit*: nats. *Reads as*: higher means more shared.
/// - *Undefined when*: the counts sum to 0 (throws).
/// - Throws: ``MetricsError`` for rows of different length, negative counts, or a sum of 0.
///
/// Source: Shannon 1948; as `sklearn.metrics.mutual_info_score`.
public func mutualInformationNats(joint: [[Double]]) throws -> Double {
  guard let width = joint.first?.count else {
    throw MetricsError.empty(op: "mutual information", what: "counts")
  }
  for row in joint { try check(lengths: width, row.count, op: "mutual information") }
  let rows = try entropyNats(counts: joint.map { $0.reduce(0, +) })
  let columns = try entropyNats(
    counts: (0..<width).map { column in joint.reduce(0) { $0 + $1[column] } })
  let both = try entropyNats(counts: joint.flatMap { $0 })
  return max(0, rows + columns - both)
}

/// The differential entropy of a neuron by distances to its k-th nearest neighbours.
///
/// - *Range*: any. *Unit*: nats. *Reads as*: higher means more spread; it depends on the unit of the
///   activation: bring layers to one scale first.
/// - *Undefined when*: a value occurs more than k times, its distance being 0 (`nil`).
/// - Throws: ``MetricsError`` for values that are not finite or k outside 1 … n − 1.
///
/// Source: Kozachenko & Leonenko 1987: ψ(n) − ψ(k) + ln 2 + mean ln ε.
public func nearestNeighbourEntropy(_ values: [Double], k: Int = 3) throws -> Double? {
  try check(neighbours: k, of: values, op: "nearest neighbour entropy")
  let sorted = values.sorted()
  var sum = 0.0
  for i in sorted.indices {
    let distance = kthDistance(sorted, i, k)
    guard distance > 0 else { return nil }
    sum += log(distance)
  }
  let n = Double(values.count)
  return digamma(n) - digamma(Double(k)) + log(2) + sum / n
}

/// The mutual information of two neurons by nearest neighbours.
///
/// - *Range*: about 0 and above; noise carries it below. *Unit*: nats. *Reads as*: higher means more
///   redundant; invariant to monotone changes of scale in the limit.
/// - *Undefined when*: never; equal values count as neighbours at distance 0.
/// - Throws: ``MetricsError`` for lists of different length, values that are not finite, or k outside
///   1 … n − 1.
///
/// Source: Kraskov, Stögbauer & Grassberger 2004, estimator 1; as
/// `sklearn.feature_selection.mutual_info_regression` without its added noise and its cut at 0.
public func nearestNeighbourInformation(_ x: [Double], _ y: [Double], k: Int = 3) throws -> Double {
  let op = "nearest neighbour information"
  try check(lengths: x.count, y.count, op: op)
  try check(neighbours: k, of: x, op: op)
  try check(size: x.count, atMost: 10_000, "examples", op: op)
  try check(finite: y, "activations", op: op)
  var sum = 0.0
  for i in x.indices {
    let distances = x.indices.filter { $0 != i }.map { max(abs(x[$0] - x[i]), abs(y[$0] - y[i])) }
    let radius = distances.sorted()[k - 1]
    // Strictly inside, as the estimator wants; a radius of 0 holds what is equal.
    func inside(_ values: [Double]) -> Int {
      values.count { radius > 0 ? abs($0 - values[i]) < radius : $0 == values[i] }
    }
    sum += digamma(Double(inside(x))) + digamma(Double(inside(y)))
  }
  let n = Double(x.count)
  return digamma(n) + digamma(Double(k)) - sum / n
}

/// The distance of the value at `i` to its k-th nearest other value.
private func kthDistance(_ sorted: [Double], _ i: Int, _ k: Int) -> Double {
  var (left, right, distance) = (i - 1, i + 1, 0.0)
  for _ in 0..<k {
    let below = left >= 0 ? sorted[i] - sorted[left] : .infinity
    let above = right < sorted.count ? sorted[right] - sorted[i] : .infinity
    if below <= above { left -= 1 } else { right += 1 }
    distance = min(below, above)
  }
  return distance
}

/// The logarithmic derivative of the gamma function, for x > 0.
///
/// Source: Abramowitz & Stegun 6.3.5 and 6.3.18.
package func digamma(_ x: Double) -> Double {
  var (x, shift) = (x, 0.0)
  while x < 10 {
    shift -= 1 / x
    x += 1
  }
  let y = 1 / (x * x)
  let series =
    y * (1.0 / 12 - y * (1.0 / 120 - y * (1.0 / 252 - y * (1.0 / 240 - y * (1.0 / 132)))))
  return shift + log(x) - 0.5 / x - series
}

private func check(neighbours k: Int, of values: [Double], op: String) throws {
  try check(finite: values, "activations", op: op)
  guard k >= 1, k < values.count else {
    throw MetricsError.outOfRange(
      op: op, what: "k", got: "\(k)", expected: "in 1 … \(values.count - 1)")
  }
}
