// RSA: are pairs that are far apart in one representation far apart in the other?

/// Spearman's correlation of the pairwise distances of two representations.
///
/// - *Range*: [−1, 1]. *Reads as*: higher means the same geometry up to a monotone scale.
/// - *Undefined when*: all distances of a representation are equal (`nil`).
public struct RepresentationalSimilarity: PairedMeasure {
  /// How far two items are apart.
  public enum Distance: String, Sendable, CaseIterable {
    /// The length of the difference.
    case euclidean
    /// 1 − cosine.
    case cosine
    /// 1 − Pearson's correlation over the dimensions.
    case correlation
  }

  private let a: [Double]
  private let b: [Double]
  /// How many items.
  public let count: Int
  /// Higher means more alike.
  public var higherIsCloser: Bool { true }

  /// Ranks the distances of both representations.
  ///
  /// - Throws: ``MetricsError`` for different numbers of items, fewer than 3, or, for cosine and
  ///   correlation, rows without a direction.
  ///
  /// Source: Kriegeskorte et al. 2008; as `scipy.spatial.distance.pdist` and `spearmanr`.
  public init(_ x: FeatureMatrix, _ y: FeatureMatrix, distance: Distance = .cosine) throws {
    try check(paired: x, y, atLeast: 3, op: "rsa")
    count = x.rows
    a = try Self.rankedDistances(x, distance)
    b = try Self.rankedDistances(y, distance)
  }

  /// The correlation under a pairing.
  public func value(pairing order: [Int]) -> Double? {
    var other: [Double] = []
    other.reserveCapacity(b.count)
    for i in 0..<count {
      for j in i + 1..<count {
        let (low, high) = (min(order[i], order[j]), max(order[i], order[j]))
        other.append(b[low * (2 * count - low - 1) / 2 + high - low - 1])
      }
    }
    return Metrics.correlation(a, other)
  }

  private static func rankedDistances(_ x: FeatureMatrix, _ distance: Distance) throws -> [Double] {
    let table: FeatureMatrix
    switch distance {
    case .euclidean: table = try x.squaredDistances()  // the root changes no rank
    case .cosine: table = try cosineDistances(x)
    case .correlation:
      let means = (0..<x.rows).map { PersonaTable.mean(of: x.row($0)) }
      table = try cosineDistances(x.mapped { row, _, value in value - means[row] })
    }
    return midranks((0..<x.rows).flatMap { i in (i + 1..<x.rows).map { table[i, $0] } })
  }

  private static func cosineDistances(_ x: FeatureMatrix) throws -> FeatureMatrix {
    let unit = try x.normalized(op: "rsa")
    return try unit.products(with: unit).mapped { _, _, cosine in 1 - cosine }
  }
}
