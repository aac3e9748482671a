// Items of personas to examples of ids and pixels. Pictures are drawn on all cores.

import Foundation
import Networks
import Personas
import Repro
import Synchronization

/// Turns items into examples for one model.
public struct ItemEncoder: Sendable {
  /// The words.
  public let tokenizer: WordTokenizer
  /// Side of the pictures in pixels.
  public let side: Int

  /// An encoder for a tokenizer's words and a model's image size.
  public init(_ tokenizer: WordTokenizer, side: Int) {
    self.tokenizer = tokenizer
    self.side = side
  }

  /// The words of a study in the order of their ids: looks, questions, facts, names.
  public static func words(of vocabulary: VisualVocabulary, names: NameSpace) -> [String] {
    let questions: [Question] = [.name, .caption] + vocabulary.active.map { .attribute($0) }
      + Fact.allCases.map { .fact($0) }
    let asked = questions.flatMap(\.wordings).flatMap { $0.split(separator: " ").map(String.init) }
    return vocabulary.words + asked + Fact.allCases.flatMap(\.values) + names.words
  }

  /// One example; draws its picture when it has one.
  public func example(_ item: Item) throws -> Example {
    var pixels: [UInt8]?
    if item.modality == .image {
      let view = View(item.pictureStream)
      pixels = try item.appearance.portrait(side: side, view: view).pixels
    }
    return Example(
      pixels: pixels, prompt: try tokenizer.encode(item.prompt),
      answer: try tokenizer.encode(item.answer))
  }

  /// Examples of many items, in order; drawn in parallel.
  public func examples(_ items: [Item]) throws -> [Example] {
    let results = Mutex([Result<Example, any Error>?](repeating: nil, count: items.count))
    DispatchQueue.concurrentPerform(iterations: items.count) { i in
      let result = Result { try example(items[i]) }
      results.withLock { $0[i] = result }
    }
    return try results.withLock { $0 }.compactMap { try $0?.get() }
  }
}
