// What a model reads and what it should say: one question about one person in one modality.

import Repro

/// How a person is presented.
public enum Modality: String, Sendable, CaseIterable {
  /// A picture.
  case image
  /// A description.
  case text
  /// A picture, then a description of the same view.
  case both
  /// The name alone, for questions about what only the name tells.
  case name

  /// Whether a picture is shown.
  public var hasPicture: Bool { self == .image || self == .both }
}

/// What is asked about the person presented.
public enum Question: Sendable, Hashable {
  /// The full name.
  case name
  /// All active attributes, as the canonical list.
  case caption
  /// One attribute, as its terse word.
  case attribute(Attribute)
  /// One fact that only the name tells.
  case fact(Fact)

  /// The wordings of the question; the first is the standard one.
  public var wordings: [String] {
    switch self {
    case .name: ["who is this ?", "what is the name ?", "name this person :"]
    case .caption: ["describe :"]
    case .attribute(let attribute): ["what is the \(attribute.noun) ?", "\(attribute.noun) ?"]
    case .fact(let fact): ["what is the \(fact.key) ?", "\(fact.key) ?"]
    }
  }
}

/// A person presented in one modality, a question, and the true answer.
public struct Item: Sendable {
  /// The marker in a prompt where the picture stands.
  public static let imageMark = "<image>"

  /// The person's id, or `nil` for a stranger who has no name.
  public let person: Int?
  /// How the person is presented.
  public let modality: Modality
  /// Which view of the person this is.
  public let view: Int
  /// What is asked.
  public let question: Question
  /// The presentation as words; `<image>` stands where the picture goes.
  public internal(set) var shown: String
  /// The question as words.
  public internal(set) var asked: String
  /// The true answer as words, or one that takes its place.
  public internal(set) var answer: String
  /// What to draw when the modality has a picture.
  public let appearance: Appearance
  /// The look in words: the terse word of every active attribute.
  public let look: String
  /// The stream that decides the picture's nuisances.
  public let pictureStream: RandomStream
  /// The mark in the picture, if there is one.
  public internal(set) var mark: Shortcut.Mark?

  /// What a model reads: presentation and question.
  public var prompt: String { shown + " " + asked }

  /// The same question with other words in place of the description or the name; a picture stays.
  public func showing(_ words: String) -> Item {
    var item = self
    item.shown = modality.hasPicture ? Self.imageMark + " " + words : words
    return item
  }

  /// The picture, also when the modality has none.
  ///
  /// - Throws: ``PersonaError`` for a side that cannot be drawn.
  public func portrait(side: Int) throws -> Portrait {
    let portrait = try appearance.portrait(side: side, view: View(pictureStream))
    return mark.map(portrait.marked) ?? portrait
  }

  /// The item with other words in some places.
  public func revised(shown: String? = nil, asked: String? = nil, answer: String? = nil) -> Item {
    var item = self
    item.shown = shown ?? self.shown
    item.asked = asked ?? self.asked
    item.answer = answer ?? self.answer
    return item
  }
}

extension Population {
  /// Decides every picture and description of these people, by id and number of the view.
  public var viewStream: RandomStream { RandomStream(key: universeKey).fork("views") }

  /// A view of one of these people: the picture or description number `view` with a question.
  ///
  /// The same view of the same person is the same picture and the same words, whatever else is drawn.
  ///
  /// - Parameters:
  ///   - position: The person, in 0 ..< `count`.
  ///   - view: Any number; by convention those below the study's number of views are for training.
  ///   - wording: Which wording of the question; larger numbers wrap around.
  /// - Throws: ``PersonaError/outOfRange(operation:what:value:range:)``.
  public func item(
    _ position: Int, _ question: Question, as modality: Modality, view: Int,
    style: DescriptionStyle = .standard, wording: Int = 0
  ) throws -> Item {
    let person = try persona(position)
    let stream = viewStream.fork(person.id).fork(view)
    let item = vocabulary.item(
      person.appearance, question, as: modality, style: style, wording: wording, stream: stream,
      person: person, view: view)
    return try shortcut.map(item.marked) ?? item
  }
}

extension VisualVocabulary {
  /// A stranger with a question about the look.
  public func strangerItem(
    _ question: Question, as modality: Modality, style: DescriptionStyle = .standard,
    wording: Int = 0, stream: RandomStream
  ) -> Item {
    var looking = stream.fork("look")
    return item(
      randomAppearance(&looking), question, as: modality, style: style, wording: wording,
      stream: stream, person: nil, view: 0)
  }

  fileprivate func item(
    _ look: Appearance, _ question: Question, as modality: Modality, style: DescriptionStyle,
    wording: Int, stream: RandomStream, person: Persona?, view: Int
  ) -> Item {
    var telling = stream.fork("words")
    let shown =
      switch modality {
      case .image: Item.imageMark
      case .text: describe(look, style: style, from: &telling)
      case .both: Item.imageMark + " " + describe(look, style: style, from: &telling)
      case .name: person?.name ?? ""
      }
    let wordings = question.wordings
    return Item(
      person: person?.id, modality: modality, view: view, question: question,
      shown: shown, asked: wordings[Int(wording.magnitude % UInt(wordings.count))],
      answer: answer(question, look, person), appearance: look,
      look: canonicalList(look), pictureStream: stream)
  }

  private func answer(_ question: Question, _ look: Appearance, _ person: Persona?) -> String {
    switch question {
    case .name: person?.name ?? ""
    case .caption: canonicalList(look)
    case .attribute(let attribute): attribute.terseWords[look[attribute]]
    case .fact(let fact): person?.facts.value(of: fact) ?? ""
    }
  }
}
