// The story of this module: a tensor is a shape, an element type and a place in a pooled buffer.
// Every tensor is dense and row-major, so each operation is one pass over memory; `reshape` and
// slices of the first axis share their source's buffer, everything else makes a new one.

/// A dense, row-major array of numbers.
///
/// ```swift
/// let x = try Tensor([1, 2, 3, 4], shape: [2, 2])
/// let y = try x.matmul(x) + 1       // [[8, 11], [16, 23]]
/// try x.matmul(Tensor.zeros([3]))   // throws: matmul: expected [.., 2] x [2, ..], got …
/// ```
///
/// Operations return new tensors and never change their operands; the methods that write in place
/// say so in their name (`fill`, `copy(from:)`, `update…`) and are for optimizers and loaders.
public struct Tensor: @unchecked Sendable {
  /// The size of each axis; `[]` is a single number.
  public let shape: [Int]
  /// The type of the elements.
  public let dtype: DType
  package let storage: Storage
  /// Position of the first element in the buffer, in elements.
  package let offset: Int

  /// The number of axes.
  public var rank: Int { shape.count }
  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }
  /// The bytes of the buffer that this tensor keeps alive.
  public var byteCount: Int { storage.byteCount }

  /// Makes a tensor with undefined content.
  package init(uninitialized shape: [Int], dtype: DType = .float32) throws {
    let count = try Self.checkedCount(shape)
    self.init(
      storage: try Storage(byteCount: count * dtype.byteCount), offset: 0, shape: shape,
      dtype: dtype)
  }

  /// Makes a float tensor of the same shape with undefined content.
  init(uninitializedLike other: Tensor) throws {
    self.init(
      storage: try Storage(byteCount: other.count * DType.float32.byteCount), offset: 0,
      shape: other.shape, dtype: .float32)
  }

  /// Makes a view of a buffer; the caller guarantees that it fits.
  package init(storage: Storage, offset: Int, shape: [Int], dtype: DType) {
    self.storage = storage
    self.offset = offset
    self.shape = shape
    self.dtype = dtype
  }

  /// The product of the sizes, or an error for negative and absurd ones.
  package static func checkedCount(_ shape: [Int]) throws -> Int {
    guard shape.count <= mostAxes else {
      throw TensorError.range(
        op: "tensor", what: "number of axes", value: shape.count, low: 0, high: mostAxes)
    }
    var count = 1
    for size in shape {
      guard size >= 0 else {
        throw TensorError.shape(op: "tensor", expected: "sizes of 0 or more", got: text(shape))
      }
      let (product, overflow) = count.multipliedReportingOverflow(by: max(size, 1))
      guard !overflow, product <= mostElements else {
        throw TensorError.outOfMemory(bytes: Int.max, limit: StoragePool.limitBytes)
      }
      count = product
    }
    guard shape.contains(0) else { return count }
    // Loops over the other axes of an empty tensor must end in this lifetime.
    guard count <= mostEmptyRows else {
      throw TensorError.shape(
        op: "tensor", expected: "at most \(mostEmptyRows) empty rows", got: text(shape))
    }
    return 0
  }

  private static let mostAxes = 8
  private static let mostElements = 1 << 40
  private static let mostEmptyRows = 1 << 28

  /// The usual text of a shape: `[2, 3]`.
  public static func text(_ shape: [Int]) -> String {
    "[" + shape.map(String.init).joined(separator: ", ") + "]"
  }
}

// MARK: Reading and writing

extension Tensor {
  /// The elements in row-major order.
  ///
  /// - Throws: ``TensorError/dtype(op:expected:got:)`` when the element type is another.
  public func array<T: TensorElement>(of type: T.Type = Float.self) throws -> [T] {
    try require(T.dtype, "array")
    return Array(UnsafeBufferPointer(start: base(T.self), count: count))
  }

  /// The number in a tensor of one element.
  public func item() throws -> Float {
    try require(.float32, "item")
    guard count == 1 else {
      throw TensorError.shape(op: "item", expected: "one element", got: Self.text(shape))
    }
    return floats[0]
  }

  /// Copies another tensor's elements into this one, in place.
  public func copy(from source: Tensor) throws {
    try source.require(dtype, "copy")
    guard source.shape == shape else {
      throw TensorError.shape(
        op: "copy", expected: Self.text(shape), got: Self.text(source.shape))
    }
    base(UInt8.self, scale: dtype.byteCount).update(
      from: source.base(UInt8.self, scale: dtype.byteCount), count: count * dtype.byteCount)
    storage.markChanged()
  }

  /// A copy with a buffer of its own.
  public func clone() throws -> Tensor {
    let result = try Tensor(uninitialized: shape, dtype: dtype)
    try result.copy(from: self)
    return result
  }

  package func base<T>(_ type: T.Type, scale: Int = 1) -> UnsafeMutablePointer<T> {
    storage.pointer.assumingMemoryBound(to: T.self) + offset * scale
  }
  /// The float elements; valid while the tensor lives.
  package var floats: UnsafeMutablePointer<Float> { base(Float.self) }
  package var ints: UnsafeMutablePointer<Int32> { base(Int32.self) }
  package var bytes: UnsafeMutablePointer<UInt8> { base(UInt8.self) }

  package func require(_ expected: DType, _ op: String) throws {
    guard dtype == expected else {
      throw TensorError.dtype(op: op, expected: expected, got: dtype)
    }
  }

  /// Turns an axis that may count from the end (−1 is the last) into 0 ..< rank.
  package func axis(_ axis: Int, _ op: String) throws -> Int {
    let resolved = axis < 0 ? axis + rank : axis
    guard resolved >= 0, resolved < rank else {
      throw TensorError.range(op: op, what: "axis", value: axis, low: -rank, high: rank - 1)
    }
    return resolved
  }

  /// The sizes before, at and after an axis: `[outer, n, inner]`.
  package func split(at axis: Int) -> (outer: Int, n: Int, inner: Int) {
    (
      shape[..<axis].reduce(1, *), shape[axis], shape[(axis + 1)...].reduce(1, *)
    )
  }
}
