// Do items have the same neighbours in both representations?

/// The mean share of nearest neighbours that two representations have in common.
///
/// - *Range*: [0, 1]; ``chance`` is k/(n − 1). *Reads as*: higher means more alike locally.
/// - *Undefined when*: never. Neighbours by cosine; ties go to the earlier item.
public struct MutualNeighbours: PairedMeasure {
  private let a: [[Int]]
  private let b: [[Int]]
  /// How many neighbours.
  public let k: Int
  /// How many items.
  public var count: Int { a.count }
  /// Higher means more alike.
  public var higherIsCloser: Bool { true }
  /// What unrelated representations have on average.
  public var chance: Double { Double(k) / Double(count - 1) }

  /// Finds the neighbours in both representations.
  ///
  /// - Throws: ``MetricsError`` for different numbers of items, fewer than 2, k outside 1 … n − 1, or
  ///   a row of zeros.
  ///
  /// Source: Huh et al. 2024, arXiv:2405.07987, mutual k-nearest neighbours.
  public init(_ x: FeatureMatrix, _ y: FeatureMatrix, k: Int = 10) throws {
    let op = "mutual knn"
    try check(paired: x, y, atLeast: 2, op: op)
    guard (1..<x.rows).contains(k) else {
      throw MetricsError.outOfRange(
        op: op, what: "k", got: "\(k)", expected: "in 1 … \(x.rows - 1)")
    }
    self.k = k
    a = try Self.neighbours(try x.normalized(op: op), k)
    b = try Self.neighbours(try y.normalized(op: op), k)
  }

  /// The shared neighbours under a pairing.
  public func value(pairing order: [Int]) -> Double? {
    var shared = 0
    for i in 0..<count {
      let other = Set(b[order[i]])
      shared += a[i].count { other.contains(order[$0]) }
    }
    return Double(shared) / Double(k * count)
  }

  private static func neighbours(_ x: FeatureMatrix, _ k: Int) throws -> [[Int]] {
    let cosines = try x.products(with: x)
    return (0..<x.rows).map { i in
      let others = (0..<x.rows).filter { $0 != i }
      // Not `sort(by: >)`: equal cosines must keep the order of the items.
      let ordered = others.sorted { (cosines[i, $0], $1) > (cosines[i, $1], $0) }
      return Array(ordered.prefix(k))
    }
  }
}
