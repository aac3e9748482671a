// Is the answer the truth, and under which reading of "the same"? The normaliser's name travels with
// the score.

/// How texts are brought into one form before they are compared.
public enum TextNormalizer: String, Sendable, CaseIterable {
  /// ``NameNormalizer``: NFC, case folded, trimmed, single spaces, no final mark.
  case name = "nfc-casefold-trim-collapse-terminal/1"
  /// Nothing is changed; texts are the same when their characters are.
  case none = "none/1"

  /// The text in this form.
  public func normalize(_ text: String) -> String {
    switch self {
    case .name: NameNormalizer.normalize(text)
    case .none: text
    }
  }
}

/// The share of answers that are the truth.
public struct ExactMatch: Equatable, Sendable {
  /// Whether each answer is right. An empty answer is wrong.
  public let correct: [Bool]
  /// How the texts were compared.
  public let normalizer: TextNormalizer

  /// The share of right answers.
  ///
  /// - *Range*: [0, 1]. *Unit*: share. *Reads as*: higher means more is recalled.
  public var accuracy: Double { Double(correct.count { $0 }) / Double(correct.count) }

  /// Compares answers with truths, whole text with whole text, never as substrings.
  ///
  /// - *Undefined when*: there are no answers (throws).
  /// - Throws: ``MetricsError`` for no answers or lists of different length.
  ///
  /// Source: Rajpurkar et al. 2016, "exact match"; the normaliser is ours.
  public init(answers: [String], truths: [String], normalizer: TextNormalizer = .name) throws {
    guard !answers.isEmpty else { throw MetricsError.empty(op: "exact match", what: "answers") }
    try check(lengths: truths.count, answers.count, op: "exact match")
    self.normalizer = normalizer
    correct = zip(answers, truths).map { answer, truth in
      let said = normalizer.normalize(answer)
      return !said.isEmpty && said == normalizer.normalize(truth)
    }
  }
}

extension PairedTable {
  /// Counts the answers of the same personas under two conditions.
  ///
  /// - Throws: ``MetricsError`` for no personas or lists of different length.
  public init(first: [Bool], second: [Bool]) throws {
    guard !first.isEmpty else { throw MetricsError.empty(op: "paired table", what: "personas") }
    try check(lengths: first.count, second.count, op: "paired table")
    self.init()
    for (a, b) in zip(first, second) { add(first: a, second: b) }
  }

  /// The share right under the first condition minus the share right under the second.
  ///
  /// With "learned from images, asked by text" first and the reverse second it is the asymmetry of
  /// transfer.
  ///
  /// - *Range*: [−1, 1]. *Unit*: share. *Undefined when*: the table is empty (`nil`).
  public var difference: Double? {
    count == 0 ? nil : Double(firstOnly - secondOnly) / Double(count)
  }
}
