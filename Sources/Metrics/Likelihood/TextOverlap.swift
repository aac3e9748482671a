// Partial credit for a text: how much of the reference the answer shares.

/// Precision, recall and F1 of the words that two texts share.
public struct Rouge: Equatable, Sendable {
  /// Shared words by words of the answer. *Range* [0, 1]; 0 for an empty answer.
  public let precision: Double
  /// Shared words by words of the reference. *Range* [0, 1].
  public let recall: Double
  /// The harmonic mean of both. *Range* [0, 1]; 0 when nothing is shared.
  public var f1: Double {
    precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0
  }

  /// ROUGE-L: the longest common subsequence of words.
  ///
  /// - *Reads as*: higher means closer to the reference. For names it is about partial credit.
  /// - *Undefined when*: the reference has no words (throws).
  /// - Throws: ``MetricsError`` for a reference without words.
  ///
  /// Source: Lin 2004; as `rouge_score` without stemming, for ASCII. Words are runs of letters and
  /// digits of any script, lowercased; that package drops the letters outside a–z.
  public static func longestSubsequence(answer: String, reference: String) throws -> Rouge {
    let (said, meant) = (words(answer), words(reference))
    try check(comparing: said.count, meant.count, "words", op: "rouge")
    return try Rouge(shared: longestCommonSubsequence(said, meant), said.count, meant.count)
  }

  /// ROUGE-n: runs of `n` words, each counted at most as often as in the other text.
  ///
  /// - *Undefined when*: the reference has fewer than `n` words (throws).
  /// - Throws: ``MetricsError`` for a reference that is too short or `n` below 1.
  ///
  /// Source: as ``longestSubsequence(answer:reference:)``.
  public static func grams(_ n: Int, answer: String, reference: String) throws -> Rouge {
    try check(count: n, atLeast: 1, "n", op: "rouge")
    func counts(_ text: String) -> [[String]: Int] {
      let all = words(text)
      guard all.count >= n else { return [:] }
      return (0...all.count - n).reduce(into: [:]) { $0[Array(all[$1..<$1 + n]), default: 0] += 1 }
    }
    let (said, meant) = (counts(answer), counts(reference))
    let shared = said.reduce(0) { $0 + min($1.value, meant[$1.key] ?? 0) }
    return try Rouge(
      shared: shared, said.values.reduce(0, +), meant.values.reduce(0, +))
  }

  private init(shared: Int, _ said: Int, _ meant: Int) throws {
    guard meant > 0 else { throw MetricsError.empty(op: "rouge", what: "words in the reference") }
    precision = said == 0 ? 0 : Double(shared) / Double(said)
    recall = Double(shared) / Double(meant)
  }

  private static func words(_ text: String) -> [String] {
    text.lowercased().split { !($0.isLetter || $0.isNumber) }.map(String.init)
  }
}

/// The length of the longest sequence that both contain, not necessarily in one piece.
func longestCommonSubsequence<T: Equatable>(_ a: [T], _ b: [T]) -> Int {
  var row = [Int](repeating: 0, count: b.count + 1)
  for x in a {
    var diagonal = 0
    for (j, y) in b.enumerated() {
      let above = row[j + 1]
      row[j + 1] = x == y ? diagonal + 1 : max(above, row[j])
      diagonal = above
    }
  }
  return row[b.count]
}

/// The normalised edit similarity of two texts, 1 − Levenshtein distance / longer length.
///
/// - *Range*: [0, 1]. *Unit*: share of characters. *Reads as*: higher means more alike; 1 is equal.
/// - *Undefined when*: never; two empty texts are equal.
/// - Throws: ``MetricsError`` for texts of more than 30,000 characters each, whose comparison takes
///   minutes.
///
/// Source: Levenshtein 1966, over characters as readers see them (grapheme clusters).
public func editSimilarity(_ a: String, _ b: String) throws -> Double {
  let (x, y) = (Array(a), Array(b))
  try check(comparing: x.count, y.count, "characters", op: "edit similarity")
  guard !x.isEmpty || !y.isEmpty else { return 1 }
  var row = Array(0...y.count)
  for (i, u) in x.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, v) in y.enumerated() {
      let above = row[j + 1]
      row[j + 1] = min(above + 1, row[j] + 1, diagonal + (u == v ? 0 : 1))
      diagonal = above
    }
  }
  return 1 - Double(row[y.count]) / Double(max(x.count, y.count))
}

/// Tables of two long texts take minutes.
private func check(comparing a: Int, _ b: Int, _ what: String, op: String) throws {
  try check(size: a, atMost: 30_000, what, op: op)
  try check(size: b, atMost: 30_000, what, op: op)
}
