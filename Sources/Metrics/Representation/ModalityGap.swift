// Do pictures and texts live in different places of the shared space?

import Foundation
import Repro

/// The distance of the two modalities' centers on the unit sphere.
public struct ModalityGap: Sendable {
  private let x: FeatureMatrix
  private let y: FeatureMatrix

  /// The first center minus the second.
  public let direction: [Double]

  /// The length of ``direction``.
  ///
  /// - *Range*: [0, 2]. *Reads as*: higher means that the modalities lie further apart.
  /// - *Undefined when*: never. Sampling alone leaves about √(2/n) in many dimensions: read the null.
  public var value: Double { direction.reduce(0) { $0 + $1 * $1 }.squareRoot() }

  /// Compares representations after bringing each to length 1; numbers of items may differ.
  ///
  /// - Throws: ``MetricsError`` for different dimensions or a row of zeros.
  ///
  /// Source: Liang et al. 2022, arXiv:2203.02053.
  public init(_ x: FeatureMatrix, _ y: FeatureMatrix) throws {
    try check(lengths: x.columns, y.columns, op: "modality gap")
    self.x = try x.normalized(op: "modality gap")
    self.y = try y.normalized(op: "modality gap")
    direction = zip(self.x.center, self.y.center).map { $0 - $1 }
  }

  /// The gap between random halves of all items together.
  ///
  /// - Throws: ``MetricsError`` for fewer than one permutation; what `poll` throws.
  public func null(
    permutations: Int = 1000, stream: RandomStream, poll: () throws -> Void = {}
  ) throws -> PermutationNull? {
    let total = x.rows + y.rows
    let sums = zip(x.center, y.center).map { $0 * Double(x.rows) + $1 * Double(y.rows) }
    return try permutationNull(
      observed: value, higherIsExtreme: true, permutations: permutations, stream: stream, poll: poll
    ) { stream in
      var stream = stream
      var part = [Double](repeating: 0, count: x.columns)
      for index in stream.sample(x.rows, below: total) {
        let row = index < x.rows ? x.row(index) : y.row(index - x.rows)
        for (column, value) in row.enumerated() { part[column] += value }
      }
      let squares = zip(part, sums).reduce(0) {
        let gap = $1.0 / Double(x.rows) - ($1.1 - $1.0) / Double(y.rows)
        return $0 + gap * gap
      }
      return squares.squareRoot()
    }
  }

  /// Both modalities moved towards (λ > 0) or away from each other and brought to length 1 again.
  ///
  /// - Throws: ``MetricsError`` for a λ that is not finite or a row that lands on 0.
  ///
  /// Source: Liang et al. 2022, the gap-shift experiment: x − λΔ/2 and y + λΔ/2.
  public func shifted(by lambda: Double) throws -> (FeatureMatrix, FeatureMatrix) {
    try check(finite: [lambda], "lambda", op: "modality gap")
    return (
      try x.mapped { $2 - lambda * direction[$1] / 2 }.normalized(op: "modality gap"),
      try y.mapped { $2 + lambda * direction[$1] / 2 }.normalized(op: "modality gap")
    )
  }
}

/// The mean squared distance of paired items on the unit sphere.
///
/// - *Range*: [0, 4]. *Reads as*: lower means better aligned; 2 is unrelated.
/// - *Undefined when*: never; rows of zeros are an error.
public struct Alignment: PairedMeasure {
  private let cosines: FeatureMatrix
  /// How many items.
  public var count: Int { cosines.rows }
  /// Lower means better aligned.
  public var higherIsCloser: Bool { false }

  /// Compares paired representations after bringing each to length 1.
  ///
  /// - Throws: ``MetricsError`` for different numbers of items or dimensions, or a row of zeros.
  ///
  /// Source: Wang & Isola 2020, arXiv:2005.10242, with exponent 2.
  public init(_ x: FeatureMatrix, _ y: FeatureMatrix) throws {
    try check(paired: x, y, atLeast: 1, op: "alignment")
    try check(lengths: x.columns, y.columns, op: "alignment")
    cosines = try x.normalized(op: "alignment").products(with: y.normalized(op: "alignment"))
  }

  /// The mean squared distance under a pairing.
  public func value(pairing order: [Int]) -> Double? {
    order.indices.reduce(0) { $0 + 2 - 2 * cosines[$1, order[$1]] } / Double(count)
  }

  /// The mean cosine of pairs. *Range* [−1, 1]; higher means better aligned.
  public var pairedCosine: Double {
    (0..<count).reduce(0) { $0 + cosines[$1, $1] } / Double(count)
  }

  /// The mean cosine of items that do not belong together: the level to compare pairs with.
  ///
  /// - *Undefined when*: there is one pair (`nil`).
  public var unpairedCosine: Double? {
    guard count > 1 else { return nil }
    let all = cosines.values.reduce(0, +)
    return (all - pairedCosine * Double(count)) / Double(count * (count - 1))
  }
}

/// The logarithm of the mean Gaussian potential of all pairs of items on the unit sphere.
///
/// - *Range*: [−4t, 0]. *Reads as*: lower means spread more evenly; 0 is total collapse.
/// - *Undefined when*: there is one item (throws).
/// - Throws: ``MetricsError`` for fewer than two items, a row of zeros, or t that is not above 0.
///
/// Source: Wang & Isola 2020, arXiv:2005.10242.
public func uniformity(_ x: FeatureMatrix, t: Double = 2) throws -> Double {
  try check(count: x.rows, atLeast: 2, "rows", op: "uniformity")
  try check(size: x.rows, atMost: FeatureMatrix.mostCompared, "rows", op: "uniformity")
  try check(positive: t, "t", op: "uniformity")
  let squares = try x.normalized(op: "uniformity").squaredDistances()
  var sum = 0.0
  for i in 0..<x.rows { for j in i + 1..<x.rows { sum += exp(-t * squares[i, j]) } }
  return log(sum / Double(x.rows * (x.rows - 1) / 2))
}

/// Over how many directions the variance is spread, (Σλ)² / Σλ² of the covariance's eigenvalues λ.
///
/// - *Range*: 1 … min(n − 1, dimensions). *Reads as*: higher means more distributed.
/// - *Undefined when*: all items are equal (`nil`).
/// - Throws: ``MetricsError`` for more than 8192 rows and columns.
///
/// Source: Gao et al. 2017.
public func participationRatio(_ x: FeatureMatrix) throws -> Double? {
  try check(
    size: min(x.rows, x.columns), atMost: FeatureMatrix.mostCompared, "rows or columns",
    op: "participation ratio")
  guard let centered = x.centered else { return nil }
  // The smaller of the two Gram matrices has the same nonzero eigenvalues.
  let factor = x.rows <= x.columns ? centered : centered.transposed
  let gram = try factor.products(with: factor)
  let trace = (0..<gram.rows).reduce(0) { $0 + gram[$1, $1] }
  let squares = gram.values.reduce(0) { $0 + $1 * $1 }
  return trace * trace / squares
}
