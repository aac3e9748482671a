// What can go wrong while training.

/// A training that cannot go on, or that was asked for what makes no sense.
public enum TrainingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A loss or gradient became NaN or infinite.
  case notFinite(what: String, step: Int)
  /// A word that the tokenizer does not know.
  case unknownWord(String)
  /// A setting outside its range.
  case setting(name: String, expected: String, got: String)
  /// Stopped from outside.
  case interrupted(step: Int)

  /// One line with the next step.
  public var description: String {
    switch self {
    case .notFinite(let what, let step):
      "training: the \(what) is not finite at step \(step); try a lower learning rate"
    case .unknownWord(let word):
      "tokenizer: unknown word '\(word)'; names and descriptions must come from the same vocabulary"
    case .setting(let name, let expected, let got):
      "training: \(name): expected \(expected), got \(got)"
    case .interrupted(let step): "training: interrupted after step \(step)"
    }
  }
}
