// One thing to learn or to ask, and how several are packed into a batch.

import Networks
import TensorCore

/// A prompt and the answer that should follow it.
public struct Example: Sendable {
  /// RGB bytes of a square image, row by row, or `nil`.
  public var pixels: [UInt8]?
  /// What is read: ids without the begin mark, one `WordTokenizer.image` where the image stands.
  public var prompt: [Int32]
  /// What should follow, without the end mark.
  public var answer: [Int32]

  /// A prompt with or without an image.
  public init(pixels: [UInt8]? = nil, prompt: [Int32], answer: [Int32]) {
    self.pixels = pixels
    self.prompt = prompt
    self.answer = answer
  }
}

extension PackedBatch {
  /// Packs examples for learning: every answer word and the end mark are labels.
  public static func learning(
    _ examples: [Example], _ configuration: ModelConfiguration
  ) throws -> PackedBatch {
    var batch = PackedBatch()
    for example in examples {
      let start = batch.tokens.count
      try batch.append(example, configuration)
      let first = batch.tokens.count - 1
      batch.tokens += example.answer
      batch.lengths.append(batch.tokens.count - start)
      for (offset, word) in (example.answer + [WordTokenizer.end]).enumerated() {
        batch.labelPlaces.append(Int32(first + offset))
        batch.labels.append(word)
      }
    }
    batch.images = try imageTensor(examples, configuration)
    return batch
  }

  /// Packs the prompts alone, to be continued.
  public static func asking(
    _ examples: [Example], _ configuration: ModelConfiguration
  ) throws -> PackedBatch {
    var batch = PackedBatch()
    for example in examples {
      let start = batch.tokens.count
      try batch.append(example, configuration)
      batch.lengths.append(batch.tokens.count - start)
    }
    batch.images = try imageTensor(examples, configuration)
    return batch
  }

  /// Adds the begin mark and the prompt, with places for the image's tokens.
  private mutating func append(_ example: Example, _ configuration: ModelConfiguration) throws {
    let imageMarks = example.prompt.count { $0 == WordTokenizer.image }
    guard imageMarks == (example.pixels == nil ? 0 : 1) else {
      throw ModelError.batch(
        expected: "one image mark in a prompt with an image, none in others",
        got: "\(imageMarks)")
    }
    tokens.append(WordTokenizer.begin)
    for word in example.prompt {
      guard word == WordTokenizer.image else {
        tokens.append(word)
        continue
      }
      for _ in 0..<configuration.imageTokens {
        imagePlaces.append(Int32(tokens.count))
        tokens.append(WordTokenizer.image)
      }
    }
  }

  /// Pixels as numbers in −1 … 1.
  private static func imageTensor(
    _ examples: [Example], _ configuration: ModelConfiguration
  ) throws -> Tensor? {
    let images = examples.compactMap(\.pixels)
    guard !images.isEmpty else { return nil }
    return try .pictures(images, side: configuration.imageSize)
  }
}
