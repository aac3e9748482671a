// The same elements in another arrangement: reshape, permute, slice, join.

import CKernels

/// Which positions of one axis to take: from `start` (counted from 0) to before `end`, by `step`.
public struct AxisRange: Sendable, Equatable {
  /// First position, in 0 ... size.
  public var start: Int
  /// Past the last position; `nil` means to the end.
  public var end: Int?
  /// Distance between positions, at least 1.
  public var step: Int

  /// Everything by default.
  public init(start: Int = 0, end: Int? = nil, step: Int = 1) {
    self.start = start
    self.end = end
    self.step = step
  }

  /// The number of positions taken from an axis of this size.
  func length(of size: Int) -> Int {
    let end = end ?? size
    return end > start ? (end - start - 1) / step + 1 : 0
  }
}

extension Tensor {
  /// The same elements with other sizes; one size may be −1 and is then worked out.
  public func reshaped(_ sizes: [Int]) throws -> Tensor {
    var target = sizes
    if let free = sizes.firstIndex(of: -1) {
      let known = try Self.checkedCount(sizes.enumerated().map { $0.offset == free ? 1 : $0.element })
      guard known > 0, count % known == 0 else { throw reshapeError(sizes) }
      target[free] = count / known
    }
    guard try Self.checkedCount(target) == count else { throw reshapeError(sizes) }
    return Tensor(storage: storage, offset: offset, shape: target, dtype: dtype)
  }

  private func reshapeError(_ sizes: [Int]) -> TensorError {
    .shape(
      op: "reshape", expected: "sizes for \(count) elements of \(Self.text(shape))",
      got: Self.text(sizes))
  }

  /// Reorders the axes: axis `i` of the result is axis `order[i]` of this tensor.
  public func permuted(_ order: [Int]) throws -> Tensor {
    let axes = try order.map { try axis($0, "permute") }
    guard Set(axes).count == rank, axes.count == rank else {
      throw TensorError.argument(
        op: "permute", expected: "each of \(rank) axes once", got: Self.text(order))
    }
    let dense = Self.denseStrides(shape)
    return try strided(axes.map { shape[$0] }, strides: axes.map { dense[$0] })
  }

  /// Exchanges the last two axes.
  public func transposed() throws -> Tensor {
    guard rank >= 2 else {
      throw TensorError.shape(
        op: "transpose", expected: "two axes or more", got: Self.text(shape))
    }
    var order = Array(0..<rank)
    order.swapAt(rank - 1, rank - 2)
    return try permuted(order)
  }

  /// Takes a range of each axis; axes without a range are taken whole.
  public func sliced(_ ranges: [AxisRange]) throws -> Tensor {
    let (start, sizes, strides) = try window(ranges, "slice")
    let leading = ranges.count == 1 && ranges[0].step == 1
    if leading {
      return Tensor(storage: storage, offset: offset + start, shape: sizes, dtype: dtype)
    }
    return try strided(sizes, strides: strides, start: start)
  }

  /// Adds the elements of `part` to a zero tensor of this shape where `sliced(ranges)` reads them.
  package func spread(_ part: Tensor, _ ranges: [AxisRange]) throws -> Tensor {
    let (start, sizes, strides) = try window(ranges, "slice")
    let result = try Tensor.zeros(shape)
    ek_strided_add(Int32(sizes.count), sizes, part.floats, result.floats + start, strides)
    return result
  }

  /// Where a slice begins, how large it is and how to walk it.
  private func window(
    _ ranges: [AxisRange], _ op: String
  ) throws -> (start: Int, sizes: [Int], strides: [Int]) {
    guard ranges.count <= rank else {
      throw TensorError.range(
        op: op, what: "number of ranges", value: ranges.count, low: 0, high: rank)
    }
    var sizes = shape
    var strides = Self.denseStrides(shape)
    var start = 0
    for (axis, range) in ranges.enumerated() {
      let size = shape[axis]
      let end = range.end ?? size
      guard range.step >= 1, range.start >= 0, range.start <= size, end <= size else {
        throw TensorError.argument(
          op: op, expected: "a range within 0 ... \(size) on axis \(axis)",
          got: "\(range.start) ..< \(end) by \(range.step)")
      }
      start += range.start * strides[axis]
      sizes[axis] = range.length(of: size)
      // A step past the end takes one position and is never walked.
      strides[axis] *= min(range.step, max(size, 1))
    }
    return (start, sizes, strides)
  }

  /// Gathers a dense tensor by walking this one with other strides.
  package func strided(_ sizes: [Int], strides: [Int], start: Int = 0) throws -> Tensor {
    let result = try Tensor(uninitialized: sizes, dtype: dtype)
    let size = dtype.byteCount
    ek_strided_copy(
      Int32(size), Int32(sizes.count), sizes, base(UInt8.self, scale: size) + start * size, strides,
      result.base(UInt8.self, scale: size))
    return result
  }

  /// Joins tensors along an existing axis; the other sizes must agree.
  public static func concatenated(_ parts: [Tensor], axis: Int = 0) throws -> Tensor {
    guard let first = parts.first else {
      throw TensorError.argument(op: "cat", expected: "one tensor or more", got: "none")
    }
    let axis = try first.axis(axis, "cat")
    for part in parts {
      try part.require(first.dtype, "cat")
      var expected = first.shape
      if part.rank == first.rank { expected[axis] = part.shape[axis] }
      guard part.shape == expected else {
        throw TensorError.shape(op: "cat", expected: text(expected), got: text(part.shape))
      }
    }
    var shape = first.shape
    shape[axis] = parts.map { $0.shape[axis] }.reduce(0, +)
    let result = try Tensor(uninitialized: shape, dtype: first.dtype)
    result.fillColumns(from: parts, axis: axis)
    return result
  }

  private func fillColumns(from parts: [Tensor], axis: Int) {
    let size = dtype.byteCount
    let (outer, n, inner) = split(at: axis)
    var column = 0
    for part in parts {
      let run = part.shape[axis] * inner * size
      for row in 0..<outer {
        let target = base(UInt8.self, scale: size) + (row * n + column) * inner * size
        target.update(from: part.base(UInt8.self, scale: size) + row * run, count: run)
      }
      column += part.shape[axis]
    }
  }
}
