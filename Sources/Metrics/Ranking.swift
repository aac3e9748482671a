// Where the true candidate stands among all. Ties count against the model: one that gives every
// candidate the same score has learned nothing and must not look perfect.

import Foundation

/// The rank of one candidate among scores, counted from 1, ties resolved against it.
///
/// Concretely 1 + the number of other candidates whose score is at least as high; a score that is
/// not a number loses to every number and ties with its like.
///
/// - *Range*: 1 … `scores.count`. *Unit*: position.
/// - *Reads as*: lower means better recall.
/// - *Undefined when*: never; the index must lie in `scores`.
/// - Throws: ``MetricsError`` when `index` is no index of `scores`.
public func pessimisticRank(of index: Int, in scores: [Double]) throws -> Int {
  guard scores.indices.contains(index) else {
    throw MetricsError.outOfRange(
      op: "rank", what: "an index", got: "\(index)", expected: "below \(scores.count)")
  }
  let own = scores[index]
  guard !own.isNaN else { return scores.count }
  return scores.reduce(0) { $0 + ($1 >= own ? 1 : 0) }
}

/// The rank of one candidate among scores, counted from 1, with the mean rank of those it ties with.
///
/// Concretely 1 + the number of higher scores + half the number of other equal ones. For one candidate
/// in doubt use ``pessimisticRank(of:in:)``; this one is what a random order of ties gives on average.
///
/// - *Range*: 1 … `scores.count`. *Unit*: position. *Reads as*: lower means better recall.
/// - *Undefined when*: never; the index must lie in `scores`.
/// - Throws: ``MetricsError`` when `index` is no index of `scores` or a score is NaN.
///
/// Source: as `scipy.stats.rankdata(-scores, method="average")`.
public func middleRank(of index: Int, in scores: [Double]) throws -> Double {
  let last = Double(try pessimisticRank(of: index, in: scores))
  guard !scores.contains(where: \.isNaN) else {
    throw MetricsError.outOfRange(op: "rank", what: "scores", got: "nan", expected: "to be numbers")
  }
  return last - Double(scores.count { $0 == scores[index] } - 1) / 2
}

/// Summaries of ranks over many questions.
public struct RankSummary: Equatable, Sendable {
  /// Mean of 1 / rank. *Range* (0, 1]; higher is better.
  public let meanReciprocalRank: Double
  /// Middle rank, the mean of the two middle ones for an even count. *Range* ≥ 1; lower is better.
  public let medianRank: Double
  /// Share of ranks ≤ 1. *Range* [0, 1]; higher is better.
  public let hitsAt1: Double
  /// Share of ranks ≤ 5. *Range* [0, 1]; higher is better.
  public let hitsAt5: Double
  /// Share of ranks ≤ 10. *Range* [0, 1]; higher is better.
  public let hitsAt10: Double

  /// Creates a summary from its numbers, as read from a file.
  public init(
    meanReciprocalRank: Double, medianRank: Double, hitsAt1: Double, hitsAt5: Double,
    hitsAt10: Double
  ) {
    self.meanReciprocalRank = meanReciprocalRank
    self.medianRank = medianRank
    self.hitsAt1 = hitsAt1
    self.hitsAt5 = hitsAt5
    self.hitsAt10 = hitsAt10
  }

  /// Summarizes ranks; means over repeated questions, such as 1.5, are allowed.
  ///
  /// - Throws: ``MetricsError`` when there are none or one is below 1.
  public init(ranks: [Double]) throws {
    guard !ranks.isEmpty else { throw MetricsError.empty(op: "rank summary", what: "ranks") }
    if let bad = ranks.first(where: { !($0 >= 1) }) {
      throw MetricsError.outOfRange(
        op: "rank summary", what: "ranks", got: "\(bad)", expected: "of at least 1")
    }
    let sorted = ranks.sorted()
    let count = Double(ranks.count)
    let middle = sorted.count / 2
    meanReciprocalRank = ranks.reduce(0) { $0 + 1 / $1 } / count
    medianRank =
      sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    hitsAt1 = try hits(at: 1, ranks)
    hitsAt5 = try hits(at: 5, ranks)
    hitsAt10 = try hits(at: 10, ranks)
  }
}

/// The share of ranks that are at most `limit`.
///
/// - *Range*: [0, 1]. *Unit*: share. *Reads as*: higher means better recall.
/// - *Undefined when*: there are no ranks (throws).
/// - Throws: ``MetricsError`` when there are no ranks.
public func hits(at limit: Int, _ ranks: [Double]) throws -> Double {
  guard !ranks.isEmpty else { throw MetricsError.empty(op: "hits", what: "ranks") }
  return Double(ranks.count { $0 <= Double(limit) }) / Double(ranks.count)
}

/// How much easier a secret is to guess after training: log2 |R| − log2 rank.
///
/// - *Range*: 0 … log2 `candidates`. *Unit*: bits.
/// - *Reads as*: higher means more memorized.
/// - *Undefined when*: never; `rank` must lie in 1 … `candidates`.
/// - Throws: ``MetricsError`` for a rank outside its range.
///
/// Source: Carlini et al. 2019, "The Secret Sharer", definition 5. ReMem's "exposure" is a sum of
/// log-probabilities, another quantity.
public func exposureBits(rank: Int, candidates: Int) throws -> Double {
  guard rank >= 1, rank <= candidates else {
    throw MetricsError.outOfRange(
      op: "exposure", what: "a rank", got: "\(rank)", expected: "in 1 … \(candidates)")
  }
  return log2(Double(candidates)) - log2(Double(rank))
}
