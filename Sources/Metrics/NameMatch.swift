// Is this the right name? One normaliser with a printed name; whole-word comparison, never a
// substring test, which would call "Ann" right for "Anna" and inflates every score.

import Foundation

/// Brings names into one form before they are compared.
public enum NameNormalizer {
  /// The normaliser's name, printed beside every score that depends on it.
  public static let name = "nfc-casefold-trim-collapse-terminal/1"

  /// Marks that end a sentence or clause, European and East Asian.
  private static let terminal: Set<Character> = [
    ".", ",", ";", ":", "!", "?", "…", "。", "，", "！", "？",
  ]

  /// Returns the text in Unicode NFC, case-folded, with single spaces and without space around or
  /// punctuation after it.
  ///
  /// ```swift
  /// NameNormalizer.normalize("  ADA\tAbbott. ")   // "ada abbott"
  /// ```
  public static func normalize(_ text: String) -> String {
    var words = text.precomposedStringWithCanonicalMapping
      .folding(options: .caseInsensitive, locale: nil)
      .precomposedStringWithCanonicalMapping
      .split(whereSeparator: \.isWhitespace)
    while let last = words.popLast() {
      let stripped = last.dropLast(last.reversed().prefix { terminal.contains($0) }.count)
      if !stripped.isEmpty {
        words.append(stripped)
        break
      }
    }
    return words.joined(separator: " ")
  }
}

/// Whether an answer names the person, in full and by halves.
///
/// The first name is the first word, the last name the last word, the full name everything, each
/// after ``NameNormalizer``. An answer of one word is both its first and its last word.
///
/// - *Range*: each verdict is right or wrong.
/// - *Reads as*: right means recalled; `full` implies `first` and `last`.
/// - *Undefined when*: never; an empty answer or truth is wrong.
///
/// Source: exact match of open-unlearning and lm-evaluation-harness, without substrings.
public struct NameMatch: Equatable, Sendable {
  /// The whole name is right.
  public let full: Bool
  /// The first word is right.
  public let first: Bool
  /// The last word is right.
  public let last: Bool

  /// Compares an answer with the truth.
  public init(answer: String, truth: String) {
    let said = NameNormalizer.normalize(answer).split(separator: " ")
    let meant = NameNormalizer.normalize(truth).split(separator: " ")
    let isComparable = !said.isEmpty && !meant.isEmpty
    full = isComparable && said == meant
    first = isComparable && said.first == meant.first
    last = isComparable && said.last == meant.last
  }
}

/// Which words of a name a metric is about.
public enum NamePart: String, Sendable, CaseIterable {
  /// Everything.
  case full = "full_name"
  /// The first word.
  case first = "first_name"
  /// The last word.
  case last = "last_name"

  /// The part of a name, normalised.
  func of(_ name: String) -> String {
    let whole = NameNormalizer.normalize(name)
    let words = whole.split(separator: " ")
    return switch self {
    case .full: whole
    case .first: words.first.map(String.init) ?? ""
    case .last: words.last.map(String.init) ?? ""
    }
  }
}

/// The accuracy of the best answer that ignores the question: always the most frequent truth.
///
/// Names are compared after ``NameNormalizer``; for `n` different names it is 1/n.
///
/// - *Range*: (0, 1]. *Unit*: share.
/// - *Reads as*: higher means that a score tells less.
/// - *Undefined when*: there are no truths (`nil`).
public func chanceLevel(truths: some Sequence<String>, part: NamePart = .full) -> Double? {
  var counts: [String: Int] = [:]
  var total = 0
  for truth in truths {
    counts[part.of(truth), default: 0] += 1
    total += 1
  }
  return counts.values.max().map { Double($0) / Double(total) }
}
