// The training step that is measured: a preset, a batch that both sides get, our side of the work.

import Foundation
import Networks
import Repro
import TensorCore
import Training

/// Sizes of a step: every example has one image and the same number of words; every place has a
/// label. Nothing is padded, so packing wins nothing here.
struct StepSizes {
  let configuration: ModelConfiguration
  /// B.
  let examples: Int
  /// Words behind the image.
  let words: Int
  let rate: Float = 3e-4, decay: Float = 0.01, clip: Float = 1

  /// The sizes of a preset: 64 words, a vocabulary of 1,000.
  ///
  /// - Throws: ``ModelError`` for an unknown name.
  init(preset: String) throws {
    configuration = try .preset(preset, vocabulary: 1000)
    examples = ["nano": 4, "tiny": 32, "small": 16, "base": 8][preset] ?? 8
    words = 64
  }

  /// Other sizes of model and batch.
  init(_ configuration: ModelConfiguration, examples: Int, words: Int) {
    (self.configuration, self.examples, self.words) = (configuration, examples, words)
  }

  /// Decoder rows of an example: begin mark, image tokens, words.
  var rows: Int { 1 + configuration.imageTokens + words }

  /// The word at a place of an example, from a formula without repetition in sight.
  private func word(_ example: Int, _ place: Int) -> Int {
    let first = 3
    switch place {
    case 0: return Int(WordTokenizer.begin)
    case 1...configuration.imageTokens: return Int(WordTokenizer.image)
    default:
      return first + (place * place * 31 + example * 97 + place * example * 7)
        % (configuration.vocabulary - first)
    }
  }

  /// Words of all examples.
  var tokens: [[Int]] { (0..<examples).map { e in (0..<rows).map { word(e, $0) } } }
  /// The word after each place.
  var labels: [[Int]] { (0..<examples).map { e in (0..<rows).map { word(e, $0 + 1) } } }
  /// Bytes of all images.
  var pixels: [Int] {
    let count = configuration.imageSize * configuration.imageSize * 3
    return (0..<examples).flatMap { e in (0..<count).map { ($0 * (13 + e)) % 256 } }
  }

  /// The batch for our side.
  func batch() throws -> PackedBatch {
    let side = configuration.imageSize
    var batch = PackedBatch()
    batch.tokens = tokens.joined().map { Int32($0) }
    batch.labels = labels.joined().map { Int32($0) }
    batch.labelPlaces = batch.tokens.indices.map { Int32($0) }
    batch.lengths = [Int](repeating: rows, count: examples)
    batch.imagePlaces = (0..<examples).flatMap { e in
      (1...configuration.imageTokens).map { Int32(e * rows + $0) }
    }
    batch.images = try Tensor(
      pixels.map { Float($0) / 127.5 - 1 }, shape: [examples, side, side, 3])
    return batch
  }

  /// Everything that the other side needs besides the weights.
  func plan(threads: Int, compileLimit: Int) -> JSON {
    func lists(_ rows: [[Int]]) -> JSON { .array(rows.map { .array($0.map { .integer($0) }) }) }
    return [
      "model": configuration.json, "tokens": lists(tokens), "labels": lists(labels),
      "pixels": .array(pixels.map { .integer($0) }), "rate": .number(Double(rate)),
      "decay": .number(Double(decay)), "clip": .number(Double(clip)),
      "threads": .integer(threads), "compile_limit": .integer(compileLimit),
    ]
  }
}

/// Our side of the work: a model that moves with every step.
final class StepTraining {
  let model: VisionLanguageModel
  private let batch: PackedBatch
  private let optimizer: AdamW
  private let rate: Float

  init(_ sizes: StepSizes) throws {
    model = try VisionLanguageModel(sizes.configuration, stream: RandomStream(seed: 3))
    batch = try sizes.batch()
    optimizer = AdamW(decay: sizes.decay, clip: sizes.clip)
    rate = sizes.rate
  }

  /// Forward, backward, clip, AdamW; the loss before the step.
  func step() throws -> Double {
    let loss = try model.loss(batch)
    let number = try loss.value.item()
    try loss.backward()
    try optimizer.step(model.parameters.all, rate: rate)
    return Double(number)
  }
}
