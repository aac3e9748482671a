// Attention over packed segments, and images as rows of patches.

import CKernels

/// Which rows of a packed batch belong together: segment `s` is rows `starts[s] ..< starts[s + 1]`.
public struct Segments: Sendable, Equatable {
  /// Where each segment begins, and at the end the number of rows.
  public let starts: [Int32]

  /// Makes segments of the given lengths, one after the other.
  ///
  /// - Throws: ``TensorError`` for a negative length or more than 2³¹ rows.
  public init(lengths: [Int]) throws {
    var starts: [Int32] = [0]
    var total = 0
    for length in lengths {
      guard length >= 0, length <= Int(Int32.max) - total else {
        throw TensorError.range(
          op: "segments", what: "length", value: length, low: 0, high: Int(Int32.max) - total)
      }
      total += length
      starts.append(Int32(total))
    }
    self.starts = starts
  }

  /// The number of segments.
  public var count: Int { starts.count - 1 }
  /// The number of rows of all segments.
  public var rowCount: Int { Int(starts[starts.count - 1]) }
  /// The length of each segment.
  package var lengths: [Int] { zip(starts, starts.dropFirst()).map { Int($1 - $0) } }

  /// The last `count` rows of each segment, one segment after the other.
  package func lastRows(_ count: Int) -> [Int32] {
    starts.dropFirst().flatMap { $0 - Int32(count)..<$0 }
  }
}

/// A worker that found no memory for its scores has left the output incomplete.
private func requireMemory(_ succeeded: Int32) throws {
  guard succeeded != 0 else {
    throw TensorError.outOfMemory(bytes: Int.max, limit: StoragePool.limitBytes)
  }
}

extension Tensor {
  /// `softmax(q kᵀ / √D) v` within each segment and head (Vaswani et al. 2017, eq. 1).
  ///
  /// - Parameters:
  ///   - segments: Which rows see each other.
  ///   - heads: H; must divide the width.
  ///   - causal: Whether a row sees only itself and earlier rows of its segment.
  ///   - subset: The only rows that are wanted; `nil` for all.
  /// - Returns: `[wanted, H · D]` for queries, keys and values `[rows, 3 · H · D]`, and the
  ///   log-sum-exp of the scores `[wanted, H]` for the backward pass.
  package func attention(
    _ segments: Segments, heads: Int, causal: Bool, of subset: RowSubset? = nil
  ) throws -> (output: Tensor, lse: Tensor) {
    let dim = try headWidth(segments, heads: heads, of: subset)
    let wanted = subset?.places.count ?? shape[0]
    let output = try Tensor(uninitialized: [wanted, heads * dim])
    let lse = try Tensor(uninitialized: [wanted, heads])
    try requireMemory(
      ek_attention(
        segments.count, segments.starts, subset?.places, subset?.starts(in: segments), heads, dim,
        causal ? 1 : 0, floats, output.floats, lse.floats))
    return (output, lse)
  }

  /// ``attention(_:heads:causal:of:)`` of the last rows of each segment alone, with the same bits.
  ///
  /// - Parameters:
  ///   - keysValues: Keys, then values of all rows: `[rows, 2 · H · D]`.
  ///   - asked: How many rows of each segment; this tensor holds their queries,
  ///     `[segments · asked, H · D]`.
  /// - Returns: `[segments · asked, H · D]`.
  package func lastAttention(
    _ keysValues: Tensor, _ segments: Segments, asked: Int, heads: Int, causal: Bool
  ) throws -> Tensor {
    try require(.float32, "attention")
    try keysValues.require(.float32, "attention")
    guard rank == 2, heads > 0, shape[1] % heads == 0, asked >= 0,
      shape[0] == segments.count * asked, keysValues.shape == [segments.rowCount, 2 * shape[1]]
    else {
      throw TensorError.shape(
        op: "attention",
        expected: "queries [\(segments.count) · \(asked), \(heads) heads · D] and keys and values "
          + "[\(segments.rowCount), 2 · \(heads) heads · D]",
        got: "\(Self.text(shape)) and \(Self.text(keysValues.shape))")
    }
    if let least = segments.lengths.min(), least < asked {
      throw TensorError.range(
        op: "attention", what: "rows asked for", value: asked, low: 0, high: least)
    }
    let output = try Tensor(uninitialized: shape)
    try requireMemory(
      ek_attention_last(
        segments.count, segments.starts, asked, heads, shape[1] / heads, causal ? 1 : 0, floats,
        keysValues.floats, output.floats))
    return output
  }

  package func attentionBackward(
    _ segments: Segments, heads: Int, causal: Bool, of subset: RowSubset? = nil, output: Tensor,
    lse: Tensor, _ gradient: Tensor
  ) throws -> Tensor {
    let dim = try headWidth(segments, heads: heads, of: subset)
    let result = try Tensor(uninitialized: shape)
    try requireMemory(
      ek_attention_backward(
        segments.count, segments.starts, subset?.places, subset?.starts(in: segments), heads, dim,
        causal ? 1 : 0, floats, output.floats, lse.floats, gradient.floats, result.floats))
    return result
  }

  private func headWidth(
    _ segments: Segments, heads: Int, of subset: RowSubset?
  ) throws -> Int {
    try require(.float32, "attention")
    guard rank == 2, heads > 0, heads <= shape[1], shape[1] % (3 * heads) == 0 else {
      throw TensorError.shape(
        op: "attention", expected: "[rows, 3 · \(heads) heads · D]", got: Self.text(shape))
    }
    guard segments.rowCount == shape[0] else {
      throw TensorError.shape(
        op: "attention", expected: "segments of \(shape[0]) rows in all",
        got: "\(segments.rowCount)")
    }
    if let subset, subset.total != shape[0] {
      throw TensorError.shape(
        op: "attention", expected: "some of \(shape[0]) rows", got: "some of \(subset.total)")
    }
    return shape[1] / (3 * heads)
  }

  /// Cuts images into square patches: `[B, height, width, C]` to `[B · P, size · size · C]`.
  public func patches(size: Int) throws -> Tensor {
    try require(.float32, "patches")
    guard rank == 4, size > 0, size <= max(shape[1], shape[2], 1), shape[1] % size == 0,
      shape[2] % size == 0
    else {
      throw TensorError.shape(
        op: "patches", expected: "[B, height, width, C] with sides divisible by \(size)",
        got: Self.text(shape))
    }
    let perImage = (shape[1] / size) * (shape[2] / size)
    let result = try Tensor(uninitialized: [shape[0] * perImage, size * size * shape[3]])
    ek_patches(shape[0], shape[1], shape[2], shape[3], size, floats, result.floats)
    return result
  }

  /// Puts patches back together; the reverse of `patches`.
  package func unpatched(size: Int, shape: [Int]) throws -> Tensor {
    let result = try Tensor(uninitialized: shape)
    ek_unpatches(shape[0], shape[1], shape[2], shape[3], size, floats, result.floats)
    return result
  }
}

/// Keys and values of sequences under way, for one block.
///
/// Slot `s` holds up to `capacity` tokens of one sequence: `[slots, capacity, 2 · H · D]`.
public struct AttentionCache {
  /// The memory, keys before values in each row.
  package let memory: Tensor
  /// Rows per slot.
  public let capacity: Int

  /// Makes room for `slots` sequences of at most `capacity` tokens of `width` = H · D numbers.
  public init(slots: Int, capacity: Int, width: Int) throws {
    memory = try Tensor(uninitialized: [slots, capacity, 2 * width])
    self.capacity = capacity
  }

  /// Stores keys and values of new rows behind what the slots hold.
  ///
  /// - Parameters:
  ///   - rows: Keys and values at the end of each row: `[rows, 3 · H · D]` behind queries, or
  ///     `[rows, 2 · H · D]`.
  ///   - segments: Which rows belong together; one segment per slot named.
  ///   - slots: The slot of each segment, counted from 0.
  ///   - held: How many tokens each of these slots already holds.
  public func append(_ rows: Tensor, _ segments: Segments, slots: [Int32], held: [Int32]) throws {
    let width = memory.shape[2], length = rows.shape.last == width ? width : width / 2 * 3
    try check(rows, length, segments, slots, held, adding: true)
    for s in 0..<segments.count {
      for row in Int(segments.starts[s])..<Int(segments.starts[s + 1]) {
        let place = Int(slots[s]) * capacity + Int(held[s]) + row - Int(segments.starts[s])
        (memory.floats + place * width).update(
          from: rows.floats + (row + 1) * length - width, count: width)
      }
    }
  }

  /// Attention of new rows to what their slot holds and, causally, to each other.
  ///
  /// - Returns: `[rows, H · D]`.
  public func attend(
    _ qkv: Tensor, _ segments: Segments, heads: Int, slots: [Int32], held: [Int32]
  ) throws -> Tensor {
    let width = memory.shape[2] / 2
    try check(qkv, 3 * width, segments, slots, held, adding: false)
    guard heads > 0, width % heads == 0 else {
      throw TensorError.argument(
        op: "attention", expected: "heads that divide \(width)", got: "\(heads)")
    }
    let output = try Tensor(uninitialized: [qkv.shape[0], width])
    try requireMemory(
      ek_attention_cached(
        segments.count, segments.starts, heads, width / heads, qkv.floats, memory.floats, capacity,
        slots, held, output.floats))
    return output
  }

  private func check(
    _ rows: Tensor, _ length: Int, _ segments: Segments, _ slots: [Int32], _ held: [Int32],
    adding: Bool
  ) throws {
    try rows.require(.float32, "attention")
    guard rows.shape == [segments.rowCount, length] else {
      throw TensorError.shape(
        op: "attention", expected: Tensor.text([segments.rowCount, length]),
        got: Tensor.text(rows.shape))
    }
    guard slots.count == segments.count, held.count == segments.count else {
      throw TensorError.argument(
        op: "attention", expected: "a slot for each of \(segments.count) segments",
        got: "\(slots.count)")
    }
    for s in slots.indices {
      let added = adding ? Int(segments.starts[s + 1] - segments.starts[s]) : 0
      guard slots[s] >= 0, slots[s] < memory.shape[0], held[s] >= 0,
        Int(held[s]) + added <= capacity
      else {
        throw TensorError.range(
          op: "attention", what: "cache row", value: Int(held[s]) + added, low: 0, high: capacity)
      }
    }
  }
}
