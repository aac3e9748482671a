// Items of personas to examples of ids and pixels. Pictures are drawn on all cores.

import Foundation
import Networks
import Personas
import Repro
import Synchronization
import TensorCore

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

  /// Everything that can be said about people of a vocabulary, in the order of the ids: looks,
  /// questions, facts, and all first and last names that are not double-barrelled.
  public static func words(of vocabulary: VisualVocabulary) -> [String] {
    let questions: [Question] =
      [.name, .caption] + vocabulary.active.map { .attribute($0) }
      + Fact.allCases.map { .fact($0) }
    let asked = questions.flatMap(\.wordings).flatMap { $0.split(separator: " ").map(String.init) }
    return vocabulary.words + asked + Fact.allCases.flatMap(\.values) + NameSpace.words
  }

  /// One example; draws its picture when it has one.
  public func example(_ item: Item) throws -> Example {
    Example(
      pixels: item.modality.hasPicture ? try item.portrait(side: side).pixels : nil,
      prompt: try tokenizer.encode(item.prompt), answer: try tokenizer.encode(item.answer))
  }

  /// Examples of many items, in order.
  public func examples(_ items: [Item]) throws -> [Example] {
    try inParallel(items) { try example($0) }
  }

  /// The pictures of many items, in order: `[items, side, side, 3]` in −1 … 1.
  public static func pictures(_ items: [Item], side: Int) throws -> Tensor {
    let drawn = try inParallel(items) { try $0.portrait(side: side).pixels }
    return try .pictures(drawn, side: side)
  }
}

/// Computes something for each element on all cores; the first error in order is thrown.
private func inParallel<T: Sendable, U: Sendable>(
  _ elements: [T], _ body: @Sendable (T) throws -> U
) throws -> [U] {
  let results = Mutex([Result<U, any Error>?](repeating: nil, count: elements.count))
  DispatchQueue.concurrentPerform(iterations: elements.count) { i in
    let result = Result { try body(elements[i]) }
    results.withLock { $0[i] = result }
  }
  return try results.withLock { $0 }.compactMap { try $0?.get() }
}
