// Words to ids. The personas' language is closed and small, so a word is a token; spaces separate.

/// A tokenizer with one id per word.
public struct WordTokenizer: Sendable, Equatable {
  /// The words by id; the first are the marks.
  public let words: [String]
  private let ids: [String: Int32]

  /// Begins every sequence.
  public static let begin: Int32 = 0
  /// Ends every answer.
  public static let end: Int32 = 1
  /// Stands where an image's tokens go.
  public static let image: Int32 = 2
  private static let marks = ["<begin>", "<end>", "<image>"]

  /// Numbers the words in the order given, after the marks; repeated words count once.
  public init(words: [String]) {
    var list = Self.marks
    var ids = Dictionary(uniqueKeysWithValues: list.enumerated().map { ($1, Int32($0)) })
    for word in words where ids[word] == nil {
      ids[word] = Int32(list.count)
      list.append(word)
    }
    self.words = list
    self.ids = ids
  }

  /// The number of ids.
  public var count: Int { words.count }

  /// The ids of a text's words.
  ///
  /// - Throws: ``TrainingError/unknownWord(_:)``; nothing is replaced silently.
  public func encode(_ text: String) throws -> [Int32] {
    try text.split(separator: " ").map { word in
      guard let id = ids[String(word)] else { throw TrainingError.unknownWord(String(word)) }
      return id
    }
  }

  /// The text of ids; ids outside the vocabulary become `<?>`.
  public func decode(_ tokens: [Int32]) -> String {
    tokens.map { words.indices.contains(Int($0)) ? words[Int($0)] : "<?>" }.joined(separator: " ")
  }
}
