// The model: image tokens, projected, stand among word tokens in front of a causal decoder.
//
//   image ─▶ patches + queries ─▶ encoder ─▶ projector ─▶ Q tokens ┐
//   words ─▶ embedding ───────────────────────────────────────────┴▶ decoder ─▶ norm ─▶ words

import Autograd
import Repro
import TensorCore

/// Sequences laid one after the other, without padding.
///
/// An image token's place holds any word id; its embedding is replaced by what the encoder made.
public struct PackedBatch {
  /// Word ids of all sequences.
  public var tokens: [Int32] = []
  /// The length of each sequence.
  public var lengths: [Int] = []
  /// Images `[B, side, side, 3]` in −1 … 1, or `nil`.
  public var images: Tensor?
  /// Where in `tokens` the image tokens stand: Q places for each image, in order.
  public var imagePlaces: [Int32] = []
  /// Places whose next word is learned or asked for.
  public var labelPlaces: [Int32] = []
  /// The word that should follow each of them.
  public var labels: [Int32] = []

  /// Starts empty.
  public init() {}
}

/// An image encoder, a projector and a causal decoder.
///
/// Parameters: `vision.*`, `projector.*`, `decoder.*`. The decoder's embedding is also its output
/// head.
public final class VisionLanguageModel {
  /// The sizes.
  public let configuration: ModelConfiguration
  /// Everything learned, by name.
  public let parameters: ParameterList
  /// Named activations, and who reads or replaces them.
  public let hooks = ActivationHooks()
  let encoder: ImageEncoder
  let projectorNorm: LayerNorm, projector: Linear
  let embedding: Parameter, position: Parameter
  let blocks: [Block]
  let finalNorm: LayerNorm
  let seenProjector: HookPoint, seenEmbedding: HookPoint
  let seenNorm: HookPoint, seenLogits: HookPoint

  /// Builds a model with random parameters.
  ///
  /// - Throws: ``ModelError/configuration(field:expected:got:)`` for sizes that make no model.
  public init(_ configuration: ModelConfiguration, stream: RandomStream) throws {
    try configuration.validate()
    let c = configuration
    let list = ParameterList(stream: stream)
    self.configuration = c
    parameters = list
    encoder = try ImageEncoder(c, list, hooks)
    seenProjector = hooks.point("projector")
    projectorNorm = try LayerNorm("projector.norm", c.width, list)
    projector = try Linear("projector.linear", c.width, c.width, list)
    embedding = try list.normal("decoder.embedding", [c.vocabulary, c.width], deviation: 0.02)
    position = try list.normal("decoder.position", [c.maxTokens, c.width], deviation: 0.02)
    seenEmbedding = hooks.point("decoder.embedding")
    let hooks = hooks
    blocks = try (1...c.decoderBlocks).map {
      try Block("decoder.block.\($0)", c.width, heads: c.heads, list, hooks)
    }
    finalNorm = try LayerNorm("decoder.norm", c.width, list)
    seenNorm = hooks.point("decoder.norm")
    seenLogits = hooks.point("logits")
  }

  /// A model with the same parameters in memory of its own; everything is trainable.
  public func clone() throws -> VisionLanguageModel {
    let copy = try VisionLanguageModel(configuration, stream: RandomStream(key: 0))
    try copy.parameters.copy(from: parameters)
    return copy
  }

  /// The encoder's tokens before the projector: `[B, side, side, 3]` to `[B · Q, D]`.
  public func imageFeatures(_ images: Tensor) throws -> Variable {
    let count = images.shape.first ?? 0
    return try encoder(
      images,
      hooks.rows { ActivationRows(of: Array(0..<count), each: configuration.imageTokens) })
  }

  /// Mean loss of the labelled places, in nats per word.
  ///
  /// - Throws: ``ModelError/batch(expected:got:)`` for a batch that does not fit.
  public func loss(_ batch: PackedBatch) throws -> Variable { try wordLosses(batch).mean() }

  /// The loss of each labelled place, in nats: `[places]`.
  ///
  /// - Throws: ``ModelError/batch(expected:got:)`` for a batch that does not fit.
  public func wordLosses(_ batch: PackedBatch) throws -> Variable {
    guard !batch.labels.isEmpty, batch.labels.count == batch.labelPlaces.count else {
      throw ModelError.batch(
        expected: "as many labels as label places, one or more",
        got: "\(batch.labels.count) and \(batch.labelPlaces.count)")
    }
    return try logits(batch).crossEntropy(Tensor(batch.labels))
  }

  /// Scores of every word at the label places: `[places, V]`.
  public func logits(_ batch: PackedBatch) throws -> Variable {
    let segments = try Segments(lengths: batch.lengths)
    let rows = hooks.rows { ActivationRows(batch) }
    var x = try embedded(batch, rows)
    // From the last attention on only the rows with a label are wanted.
    let wanted = rows == nil ? RowSubset(batch.labelPlaces, of: batch.tokens.count) : nil
    for (i, block) in blocks.enumerated() {
      let last = i == blocks.count - 1
      x = try block(x, rows, segments, causal: true, of: last ? wanted : nil)
    }
    // The head costs V · D per row: only rows that are asked for pay it.
    let asked = try wanted == nil ? x.rows(at: Tensor(batch.labelPlaces)) : x
    return try head(asked, hooks.rows { ActivationRows(labelsOf: batch) })
  }

  /// States `[rows, D]` to scores of every word `[rows, V]`.
  func head(_ x: Variable, _ rows: ActivationRows?) throws -> Variable {
    try seenLogits(seenNorm(finalNorm(x), rows).linear(embedding.variable), rows)
  }

  /// Word embeddings with image tokens in their places, plus positions: `[rows, D]`.
  func embedded(_ batch: PackedBatch, _ rows: ActivationRows?) throws -> Variable {
    try check(batch)
    // Behind the words' embeddings stand the image tokens: no word may reach them.
    try Tensor(batch.tokens).requireIndices("rows", below: configuration.vocabulary)
    let places = batch.lengths.flatMap { (0..<Int32($0)) }
    var tables = [embedding.variable], order = batch.tokens
    if let images = batch.images {
      let size = configuration.imageTokens
      let imageRows = hooks.rows {
        ActivationRows(of: batch.imageSequences(tokens: size), each: size)
      }
      let tokens = try seenProjector(
        projector(projectorNorm(encoder(images, imageRows))), imageRows)
      for (i, place) in batch.imagePlaces.enumerated() {
        order[Int(place)] = Int32(configuration.vocabulary + i)
      }
      tables.append(tokens)
    }
    let x = try Variable.rows(of: tables, at: Tensor(order))
    return try seenEmbedding(x + position.variable.rows(at: Tensor(places)), rows)
  }

  private func check(_ batch: PackedBatch) throws {
    let rows = batch.tokens.count
    guard batch.lengths.reduce(0, +) == rows, batch.lengths.allSatisfy({ $0 >= 0 }) else {
      throw ModelError.batch(
        expected: "lengths that sum to \(rows) tokens", got: "\(batch.lengths.reduce(0, +))")
    }
    if let longest = batch.lengths.max(), longest > configuration.maxTokens {
      throw ModelError.batch(
        expected: "sequences of at most \(configuration.maxTokens) tokens", got: "\(longest)")
    }
    let imageRows = (batch.images?.shape.first ?? 0) * configuration.imageTokens
    guard batch.imagePlaces.count == imageRows else {
      throw ModelError.batch(
        expected: "\(imageRows) image places", got: "\(batch.imagePlaces.count)")
    }
    for place in batch.imagePlaces + batch.labelPlaces where place < 0 || place >= rows {
      throw ModelError.batch(expected: "places in 0 ..< \(rows)", got: "\(place)")
    }
  }
}
