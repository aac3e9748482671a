// The words for what can be seen. Two registers say the same thing: a terse one with a word of its
// own for each value, and phrases whose words are shared between attributes ("a red top", "red hair").

extension Attribute {
  /// The terse word for each value, in the order of the values: `red-haired`, `capped`.
  public var terseWords: [String] { Self.terseTable[rawValue] }

  /// Phrases with `{}` where the value's word goes.
  public var phrases: [String] { Self.phraseTable[rawValue] }

  /// The same phrases, cut at that place once and for all.
  var cutPhrases: [CutPhrase] { Self.cutPhraseTable[rawValue] }

  /// What may stand for each value in a phrase, in the order of the values.
  public var phraseWords: [[String]] { Self.phraseWordTable[rawValue] }

  private static let terseTable: [[String]] = [
    Attribute.hairColor.values.map { $0 + "-haired" },
    ["short-cut", "long-maned", "curly-headed", "pigtailed"],
    Attribute.skin.values.map { $0 + "-skinned" },
    ["bare-eyed", "bespectacled", "shaded"],
    Attribute.shirt.values.map { $0 + "-shirted" },
    ["bareheaded", "capped", "beanied", "crowned"],
    Attribute.background.values.map { $0 + "-backed" },
    Attribute.eyes.values.map { $0 + "-eyed" },
    ["clean-shaven", "mustached", "bearded"],
    ["smiling", "frowning", "open-mouthed"],
  ]

  private static let phraseTable: [[String]] = [
    ["{} hair", "hair that is {}", "{} colored locks", "hair of a {} shade"],
    ["a {} hairdo", "hair worn {}", "a {} hair style"],
    ["{} skin", "a {} complexion", "skin of a {} tone"],
    ["{} glasses", "{} spectacles", "{} eyewear"],
    ["a {} shirt", "a {} top", "clothes in {}"],
    ["{} on the head", "{} on top", "{} as headwear"],
    ["a {} wall behind", "a {} background", "a backdrop in {}"],
    ["{} eyes", "eyes that are {}"],
    ["{} around the mouth", "{} as facial hair"],
    ["a {} expression", "a {} look on the face"],
  ]

  private static let cutPhraseTable = phraseTable.map { $0.map(CutPhrase.init) }

  private static let phraseWordTable: [[[String]]] = [
    Attribute.hairColor.values.map { [$0] },
    [["short", "cropped"], ["long", "flowing"], ["curly", "frizzy"], ["tied", "bunched"]],
    [["pale", "fair"], ["tan", "tanned"], ["brown"], ["dark", "deep"], ["rosy", "pinkish"]],
    [["no"], ["round", "circular"], ["dark", "tinted"]],
    Attribute.shirt.values.map { [$0] },
    [["nothing"], ["a cap"], ["a beanie"], ["a crown"]],
    Attribute.background.values.map { [$0] },
    Attribute.eyes.values.map { [$0] },
    [["nothing"], ["a mustache"], ["a beard"]],
    [["cheerful", "happy"], ["gloomy", "sad"], ["startled", "surprised"]],
  ]
}

/// A phrase around the place of its word.
struct CutPhrase: Sendable {
  private let before: String, after: String
  /// Whether the word has an article, `a` or `an`.
  private let hasArticle: Bool

  /// Cuts a phrase with `{}`.
  init(_ phrase: String) {
    let place = phrase.firstRange(of: "{}") ?? phrase.endIndex..<phrase.endIndex
    var before = phrase[..<place.lowerBound]
    hasArticle = before == "a " || before.hasSuffix(" a ")
    if hasArticle { before.removeLast(2) }
    self.before = String(before)
    after = String(phrase[place.upperBound...])
  }

  /// The phrase with its word, and `an` where the word begins with a vowel.
  func filled(with word: String) -> String {
    guard hasArticle else { return before + word + after }
    let isVowel = word.utf8.first.map("aeiou".utf8.contains) ?? false
    return before + (isVowel ? "an " : "a ") + word + after
  }
}

/// Words that open, join and pad the phrases of a description.
enum Filler {
  static let openings = ["here is", "this person has", "one sees", "look for", "imagine", ""]
  static let joints = ["and", "with", "also", ",", ", and", ""]
}
