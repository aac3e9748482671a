// Images to a few tokens: patches and learned query tokens see each other, the queries come out.

import Autograd
import TensorCore

/// A vision transformer (Dosovitskiy et al. 2021) whose output is read at learned query tokens.
struct ImageEncoder {
  let patch: Linear
  let position: Parameter, queries: Parameter
  let blocks: [Block]
  let configuration: ModelConfiguration
  let seenEmbedding: HookPoint, seenOutput: HookPoint

  init(
    _ configuration: ModelConfiguration, _ list: ParameterList, _ hooks: ActivationHooks
  ) throws {
    let c = configuration
    self.configuration = c
    patch = try Linear("vision.patch", c.patchSize * c.patchSize * 3, c.width, list)
    position = try list.normal("vision.position", [c.patches, c.width], deviation: 0.02)
    queries = try list.normal("vision.queries", [c.imageTokens, c.width], deviation: 0.02)
    seenEmbedding = hooks.point("vision.embedding")
    blocks = try (1...max(c.encoderBlocks, 1)).prefix(c.encoderBlocks).map {
      try Block("vision.block.\($0)", c.width, heads: c.heads, list, hooks)
    }
    seenOutput = hooks.point("vision.output")
  }

  /// `[B, side, side, 3]` in −1 … 1 to `[B · Q, D]`, the Q tokens of an image one after the other.
  ///
  /// - Parameter outputRows: What the rows that come out stand for, where hooks listen.
  func callAsFunction(_ images: Tensor, _ outputRows: ActivationRows?) throws -> Variable {
    let c = configuration
    guard images.shape.count == 4, Array(images.shape.dropFirst()) == [c.imageSize, c.imageSize, 3]
    else {
      throw ModelError.batch(
        expected: "images [B, \(c.imageSize), \(c.imageSize), 3]", got: Tensor.text(images.shape))
    }
    let count = images.shape[0]
    let pixels = try patch(Variable(images).patches(size: c.patchSize))
    // Rows of all patches, then the queries: patch p of image i stands at i·P + p.
    let tables = [pixels, queries.variable]
    let row = c.patches + c.imageTokens
    var order: [Int32] = [], places: [Int32] = [], outputs: [Int32] = []
    for image in 0..<count {
      order += (0..<c.patches).map { Int32(image * c.patches + $0) }
      order += (0..<c.imageTokens).map { Int32(count * c.patches + $0) }
      places += (0..<c.patches).map { Int32($0) }
      places += (0..<c.imageTokens).map { _ in Int32(c.patches) }
      outputs += (0..<c.imageTokens).map { Int32(image * row + c.patches + $0) }
    }
    // The queries have no place in the picture: they get a row of zeros.
    let zero = Variable(try Tensor.zeros([1, c.width]))
    let positions = [position.variable, zero]
    let rows = outputRows?.each(row)
    var x = try seenEmbedding(
      Variable.rows(of: tables, at: Tensor(order))
        + Variable.rows(of: positions, at: Tensor(places)), rows)
    let segments = try Segments(lengths: [Int](repeating: row, count: count))
    // From the last attention on only the queries' rows are wanted.
    let isUnseen = rows == nil && !blocks.isEmpty
    // Where no derivative passes either, its queries are made for those rows alone.
    let shortens = isUnseen && !Tape.isRecording
    let wanted = isUnseen && !shortens ? RowSubset(outputs, of: count * row) : nil
    for (i, block) in blocks.dropLast(shortens ? 1 : 0).enumerated() {
      let last = i == blocks.count - 1
      x = try block(x, rows, segments, causal: false, of: last ? wanted : nil)
    }
    if shortens, let last = blocks.last {
      return try last.lastRows(x, segments, asked: c.imageTokens, causal: false)
    }
    return try seenOutput(wanted == nil ? x.rows(at: Tensor(outputs)) : x, outputRows)
  }
}
