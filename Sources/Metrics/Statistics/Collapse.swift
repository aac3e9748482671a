// Has the model stopped distinguishing its inputs? A collapsed model can look right on a lucky
// subset; these numbers stand beside every score.

import Foundation

/// How varied a model's answers are.
public struct Collapse: Equatable, Sendable {
  /// How many different answers there are. *Range* 1 … `count`; 1 is total collapse.
  public let distinct: Int
  /// How many answers there are.
  public let count: Int
  /// The most frequent answer, the first of them in order of appearance.
  public let majority: String
  /// The share of the most frequent answer. *Range* (0, 1]; 1 is total collapse.
  public let majorityShare: Double
  /// The entropy of the answers. *Range* 0 … ln `count`, *unit* nats; 0 is total collapse.
  public let entropy: Double

  /// The share of answers that are different. *Range* (0, 1]; higher means more varied.
  public var distinctShare: Double { Double(distinct) / Double(count) }

  /// Counts answers, compared as they are.
  ///
  /// - *Undefined when*: there are no answers (throws).
  /// - Throws: ``MetricsError`` when there are none.
  ///
  /// Source: Shannon 1948 for the entropy.
  public init(_ answers: [String]) throws {
    guard !answers.isEmpty else { throw MetricsError.empty(op: "collapse", what: "answers") }
    var counts: [String: Int] = [:]
    var order: [String] = []
    for answer in answers {
      if counts[answer] == nil { order.append(answer) }
      counts[answer, default: 0] += 1
    }
    let frequencies = order.map { counts[$0] ?? 0 }
    let most = frequencies.max() ?? 0
    majority = zip(order, frequencies).first { $0.1 == most }?.0 ?? ""
    (distinct, count) = (order.count, answers.count)
    majorityShare = Double(most) / Double(answers.count)
    entropy = try entropyNats(counts: frequencies.map(Double.init))
  }
}

/// The entropy of a distribution given by counts, in nats.
///
/// - *Range*: 0 … ln (number of kinds). *Unit*: nats. *Reads as*: higher means more even.
/// - *Undefined when*: the counts sum to 0 (throws).
/// - Throws: ``MetricsError`` for no counts, negative ones, or a sum of 0.
///
/// Source: Shannon 1948; the plug-in estimate, too low by about (kinds − 1)/2n.
public func entropyNats(counts: [Double]) throws -> Double {
  let op = "entropy"
  try check(finite: counts, "counts", op: op)
  if let bad = counts.first(where: { $0 < 0 }) {
    throw MetricsError.outOfRange(op: op, what: "counts", got: "\(bad)", expected: "of 0 or more")
  }
  let total = counts.reduce(0, +)
  guard total > 0 else { throw MetricsError.empty(op: op, what: "counts above 0") }
  let sum = counts.reduce(0) { $1 > 0 ? $0 - $1 / total * log($1 / total) : $0 }
  return max(0, sum)
}

/// The share of different n-grams among all n-grams of a sequence.
///
/// - *Range*: (0, 1]. *Reads as*: lower means more repetition; 1 − it is the repetition rate.
/// - *Undefined when*: the sequence is shorter than `n` (`nil`).
/// - Throws: ``MetricsError`` for `n` below 1.
///
/// Source: Li et al. 2016, "distinct-n".
public func distinctGrams<T: Hashable>(_ tokens: [T], n: Int) throws -> Double? {
  try check(count: n, atLeast: 1, "n", op: "distinct grams")
  guard tokens.count >= n else { return nil }
  let grams = (0...tokens.count - n).map { Array(tokens[$0..<$0 + n]) }
  return Double(Set(grams).count) / Double(grams.count)
}
