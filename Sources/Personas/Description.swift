// Descriptions of a look: a grammar with many orders, wordings and lengths.

import Repro

/// How a description is worded.
public enum Register: String, Sendable, CaseIterable {
  /// One word of its own per attribute: `red-haired capped teal-backed …`.
  case terse
  /// Phrases of everyday words: `this person has hair that is red , and a cap on top …`.
  case phrases
  /// Half of the descriptions terse, half in phrases.
  case mixed
}

/// The knobs of a description.
public struct DescriptionStyle: Sendable, Hashable {
  /// The wording.
  public var register: Register
  /// The share of the active attributes that a description mentions, in (0, 1]; at least one is.
  public var mention: Double

  /// By default everything is mentioned, in both registers.
  public init(register: Register = .mixed, mention: Double = 1) throws {
    guard mention > 0, mention <= 1 else {
      throw PersonaError.badSetting(
        name: "mention", value: "\(mention)", expected: "a share above 0 and up to 1")
    }
    self.register = register
    self.mention = mention
  }

  private init() { (register, mention) = (.mixed, 1) }

  /// Everything mentioned, half of the descriptions terse.
  public static let standard = DescriptionStyle()
}

extension VisualVocabulary {
  /// A description of a look. Orders, wordings and (below `mention` 1) the choice of attributes
  /// come from the stream.
  ///
  /// - Returns: Words separated by single spaces, all of them in ``words``.
  public func describe(
    _ look: Appearance, style: DescriptionStyle = .standard, from stream: inout RandomStream
  ) -> String {
    let mentioned = max(1, Int((Double(active.count) * style.mention).rounded()))
    let order = stream.shuffled(active).prefix(mentioned)
    let terse = style.register == .terse || (style.register == .mixed && stream.chance(0.5))
    if terse { return order.map { $0.terseWords[look[$0]] }.joined(separator: " ") }
    var pieces = [stream.pick(Filler.openings)]
    for (position, attribute) in order.enumerated() {
      if position > 0 { pieces.append(stream.pick(Filler.joints)) }
      pieces.append(phrase(attribute, look, &stream))
    }
    return pieces.filter { !$0.isEmpty }.joined(separator: " ")
  }

  private func phrase(
    _ attribute: Attribute, _ look: Appearance, _ stream: inout RandomStream
  ) -> String {
    let phrase = stream.pick(attribute.cutPhrases)
    return phrase.filled(with: stream.pick(attribute.phraseWords[look[attribute]]))
  }

  /// The canonical list: the terse word of every active attribute, in canonical order.
  public func canonicalList(_ look: Appearance) -> String {
    active.map { $0.terseWords[look[$0]] }.joined(separator: " ")
  }

  /// Every word that descriptions, questions and answers about looks can contain, in a fixed order.
  public var words: [String] {
    let fillers = (Filler.openings + Filler.joints).flatMap(Self.split)
    let looks = active.flatMap { attribute in
      attribute.terseWords + attribute.phrases.flatMap(Self.split)
        + attribute.phraseWords.joined().flatMap(Self.split)
    }
    return fillers + ["a", "an"] + looks.filter { $0 != "{}" }
  }

  private static func split(_ text: String) -> [String] {
    text.split(separator: " ").map(String.init)
  }
}
