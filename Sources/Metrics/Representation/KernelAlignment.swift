// Centered kernel alignment: do two representations call the same items similar?

import Foundation

/// CKA of two representations of the same items.
///
/// - *Range*: biased [0, 1]; unbiased below 0 too. *Reads as*: higher means more alike; invariant to
///   rotation and scale.
/// - *Undefined when*: a representation is constant (`nil`). The biased form of 100 items in 100
///   dimensions is near 1 for random ones: prefer the unbiased form and read the null.
public struct KernelAlignment: PairedMeasure {
  /// How similarity of two items is measured.
  public enum Kernel: Equatable, Sendable {
    /// The inner product.
    case linear
    /// exp(−d²/2σ²), σ being this multiple of the median distance.
    case rbf(bandwidth: Double)
  }

  private let a: FeatureMatrix
  private let b: FeatureMatrix
  private let scale: Double

  /// How many items.
  public var count: Int { a.rows }
  /// Higher means more alike.
  public var higherIsCloser: Bool { true }

  /// Prepares the kernels of two representations.
  ///
  /// - Throws: ``MetricsError`` for different numbers of items, fewer than 2 (biased) or 4 (unbiased),
  ///   or a bandwidth that is not above 0.
  ///
  /// Source: Kornblith et al. 2019, arXiv:1905.00414; unbiased HSIC of Song et al. 2012.
  public init(
    _ x: FeatureMatrix, _ y: FeatureMatrix, isUnbiased: Bool = true, kernel: Kernel = .linear
  ) throws {
    try check(paired: x, y, atLeast: isUnbiased ? 4 : 2, op: "cka")
    let prepare = isUnbiased ? Self.unbiasedCentering : Self.doubleCentering
    a = prepare(try Self.gram(x, kernel))
    b = prepare(try Self.gram(y, kernel))
    let (aa, bb) = (Self.inner(a, a), Self.inner(b, b))
    // Rounding leaves about 1e-32 of a constant representation.
    let floor = 1e-24
    scale = aa > floor && bb > floor ? aa.squareRoot() * bb.squareRoot() : 0
  }

  /// The alignment under a pairing.
  public func value(pairing order: [Int]) -> Double? {
    guard scale > 0 else { return nil }
    var sum = 0.0
    for i in 0..<count {
      let row = order[i] * count
      for j in 0..<count { sum += a.values[i * count + j] * b.values[row + order[j]] }
    }
    return sum / scale
  }

  private static func inner(_ a: FeatureMatrix, _ b: FeatureMatrix) -> Double {
    zip(a.values, b.values).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private static func gram(_ x: FeatureMatrix, _ kernel: Kernel) throws -> FeatureMatrix {
    switch kernel {
    case .linear:
      // The alignment does not change with center and scale; the digits of far-off clouds do.
      guard let centered = x.centered else {
        return try x.squaredDistances().mapped { _, _, _ in 0 }
      }
      return try centered.products(with: centered)
    case .rbf(let bandwidth):
      try check(positive: bandwidth, "bandwidth", op: "cka")
      let squares = try x.squaredDistances()
      let pairs = (0..<x.rows).flatMap { i in (i + 1..<x.rows).map { squares[i, $0] } }.sorted()
      let middle = pairs.count / 2
      let median =
        pairs.count % 2 == 1
        ? pairs[middle].squareRoot()
        : (pairs[middle - 1].squareRoot() + pairs[middle].squareRoot()) / 2
      guard median > 0 else { return squares }
      let sigma = bandwidth * median
      return squares.mapped { _, _, d in exp(-d / (2 * sigma * sigma)) }
    }
  }

  private static func doubleCentering(_ k: FeatureMatrix) -> FeatureMatrix {
    let means = k.center
    let total = PersonaTable.mean(of: means)
    return k.mapped { $2 - means[$0] - means[$1] + total }
  }

  private static func unbiasedCentering(_ k: FeatureMatrix) -> FeatureMatrix {
    let n = Double(k.rows)
    let sums = (0..<k.rows).map { i in k.row(i).reduce(0, +) - k[i, i] }
    let total = sums.reduce(0, +)
    return k.mapped { i, j, value in
      i == j ? 0 : value - (sums[i] + sums[j]) / (n - 2) + total / ((n - 1) * (n - 2))
    }
  }
}
