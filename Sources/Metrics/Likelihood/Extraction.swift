// Can the text be taken out of the model word for word? All from one teacher-forced pass: as long as
// greedy decoding has been right so far, it has seen the same prefix.

import Foundation

/// The share of tokens that are the model's first choice after the true prefix.
///
/// - *Range*: [0, 1]. *Reads as*: higher means more memorized.
/// - *Undefined when*: there are no tokens (throws).
/// - Throws: ``MetricsError`` for no tokens or lists of different length.
///
/// Source: Tirumala et al. 2022, arXiv:2205.10770.
public func exactMemorization(predicted: [Int], labels: [Int]) throws -> Double {
  try check(tokens: predicted, labels, op: "exact memorization")
  return Double(zip(predicted, labels).count { $0 == $1 }) / Double(labels.count)
}

/// How short a prefix draws out the rest: 1 − k/L for the shortest prefix k after which every token is
/// the model's first choice.
///
/// - *Range*: [0, 1]; 0 when even the last token is wrong, 1 when no prefix is needed.
/// - *Reads as*: higher means more memorized.
/// - *Undefined when*: there are no tokens (throws).
/// - Throws: ``MetricsError`` for no tokens or lists of different length.
///
/// Source: Carlini et al. 2021, arXiv:2012.07805; Wang et al. 2025. k = L counts as "nothing drawn
/// out"; a peer that stops at L − 1 gives 1/L to a model that knows nothing.
public func extractionStrength(predicted: [Int], labels: [Int]) throws -> Double {
  try check(tokens: predicted, labels, op: "extraction strength")
  return Double(trailingMatches(predicted, labels)) / Double(labels.count)
}

/// How many sequences come out word for word after a prefix of some length.
public struct PrefixExtraction: Equatable, Sendable {
  /// How many true tokens the model is given.
  public let prefix: Int
  /// How many sequences are longer than the prefix.
  public let count: Int
  /// How many of them greedy decoding completes without a mistake.
  public let extracted: Int

  /// The share extracted. *Range* [0, 1]; higher means more memorized. *Undefined when*: no sequence
  /// is longer than the prefix (`nil`).
  public var share: Double? { count == 0 ? nil : Double(extracted) / Double(count) }
}

/// Which sequences come out word for word, for several prefix lengths.
///
/// - *Undefined when*: see ``PrefixExtraction/share``.
/// - Parameters:
///   - predicted: The model's first choice at each position, for each sequence.
///   - labels: The true tokens.
///   - prefixes: Prefix lengths of 0 or more tokens.
/// - Throws: ``MetricsError`` for no sequences, a pair of different length, or a negative prefix.
///
/// Source: Carlini et al. 2022, arXiv:2202.07646, "extractable with k tokens of context".
public func prefixExtraction(
  predicted: [[Int]], labels: [[Int]], prefixes: [Int]
) throws -> [PrefixExtraction] {
  let op = "prefix extraction"
  guard !labels.isEmpty else { throw MetricsError.empty(op: op, what: "sequences") }
  try check(lengths: labels.count, predicted.count, op: op)
  let lengths = try zip(predicted, labels).map { said, meant in
    try check(tokens: said, meant, op: op)
    return (total: meant.count, needed: meant.count - trailingMatches(said, meant))
  }
  return try prefixes.map { prefix in
    try check(count: prefix, atLeast: 0, "prefixes", op: op)
    let longer = lengths.filter { $0.total > prefix }
    return PrefixExtraction(
      prefix: prefix, count: longer.count, extracted: longer.count { $0.needed <= prefix })
  }
}

/// How often one must sample to see the text at least once with a probability.
///
/// - *Range*: ≥ 1, a whole number. *Reads as*: lower means easier to extract.
/// - *Undefined when*: the text is so unlikely that its probability underflows (`nil`).
/// - Parameters:
///   - logProbability: Of the whole text, under the sampling scheme.
///   - probability: Of seeing it, in (0, 1).
/// - Throws: ``MetricsError`` for a log-probability above 0 or a probability outside (0, 1).
///
/// Source: Hayes et al. 2024, arXiv:2410.19482, (n, p)-discoverable extraction.
public func queriesToExtract(logProbability: Double, probability: Double) throws -> Double? {
  try check(logProbabilities: [logProbability], op: "queries to extract")
  try check(level: probability, op: "queries to extract")
  let miss = log1p(-exp(min(0, logProbability)))
  guard miss < 0 else { return nil }
  return max(1, (log1p(-probability) / miss - 1e-9).rounded(.up))
}

/// The probability of seeing the text at least once in so many samples, 1 − (1 − p)ⁿ.
///
/// - *Range*: [0, 1]. *Reads as*: higher means easier to extract. *Undefined when*: never.
/// - Throws: ``MetricsError`` for a log-probability above 0 or fewer than one query.
///
/// Source: Hayes et al. 2024, arXiv:2410.19482.
public func extractionProbability(logProbability: Double, queries: Int) throws -> Double {
  try check(logProbabilities: [logProbability], op: "extraction probability")
  try check(count: queries, atLeast: 1, "queries", op: "extraction probability")
  return -expm1(Double(queries) * log1p(-exp(min(0, logProbability))))
}

private func trailingMatches(_ predicted: [Int], _ labels: [Int]) -> Int {
  zip(predicted.reversed(), labels.reversed()).prefix { $0 == $1 }.count
}

private func check(tokens predicted: [Int], _ labels: [Int], op: String) throws {
  guard !labels.isEmpty else { throw MetricsError.empty(op: op, what: "tokens") }
  try check(lengths: labels.count, predicted.count, op: op)
}
