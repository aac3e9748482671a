// Can the description be found from the picture, and the picture from the description?

/// Cross-modal retrieval by cosine.
public struct Retrieval: PairedMeasure {
  /// One direction of search.
  public struct Direction: Equatable, Sendable {
    /// The rank of the right item for each query, from 1, ties against it.
    public let ranks: [Int]

    /// The share of queries whose right item is among the first `k`.
    ///
    /// - *Range*: [0, 1]; chance is k/n. *Reads as*: higher means better aligned.
    public func recall(at k: Int) -> Double {
      Double(ranks.count { $0 <= k }) / Double(ranks.count)
    }

    /// Mean reciprocal rank, median rank and hits.
    public var summary: RankSummary {
      get throws { try RankSummary(ranks: ranks.map(Double.init)) }
    }
  }

  private let cosines: FeatureMatrix
  /// How many items.
  public var count: Int { cosines.rows }
  /// Higher means better aligned.
  public var higherIsCloser: Bool { true }

  /// Compares all items of one modality with all of the other.
  ///
  /// - Throws: ``MetricsError`` for different numbers of items or dimensions, or a row of zeros.
  ///
  /// Source: Radford et al. 2021, recall at k; ties against the model, so that a collapsed one finds
  /// nothing.
  public init(_ x: FeatureMatrix, _ y: FeatureMatrix) throws {
    try check(paired: x, y, atLeast: 1, op: "retrieval")
    try check(lengths: x.columns, y.columns, op: "retrieval")
    cosines = try x.normalized(op: "retrieval").products(with: y.normalized(op: "retrieval"))
  }

  /// From the first modality to the second.
  public var forward: Direction {
    Direction(
      ranks: (0..<count).map { i in
        (0..<count).count { cosines[i, $0] >= cosines[i, i] }
      })
  }

  /// From the second modality to the first.
  public var backward: Direction {
    Direction(
      ranks: (0..<count).map { i in
        (0..<count).count { cosines[$0, i] >= cosines[i, i] }
      })
  }

  /// Recall at 1, the mean of both directions, under a pairing.
  public func value(pairing order: [Int]) -> Double? {
    var found = 0
    for (i, j) in order.enumerated() {
      if (0..<count).count(where: { cosines[i, $0] >= cosines[i, j] }) == 1 { found += 1 }
      if (0..<count).count(where: { cosines[$0, j] >= cosines[i, j] }) == 1 { found += 1 }
    }
    return Double(found) / Double(2 * count)
  }
}
