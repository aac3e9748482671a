// Tensors from nothing: constants, sequences, arrays, random numbers.

import CKernels
import Glibc
import Repro

extension Tensor {
  /// Makes a tensor of the given elements in row-major order.
  ///
  /// - Throws: ``TensorError/shape(op:expected:got:)`` when the count is not the shape's.
  public init<T: TensorElement>(_ elements: [T], shape: [Int]) throws {
    let count = try Self.checkedCount(shape)
    guard elements.count == count else {
      throw TensorError.shape(
        op: "tensor", expected: "\(count) elements for \(Self.text(shape))",
        got: "\(elements.count)")
    }
    try self.init(uninitialized: shape, dtype: T.dtype)
    elements.withUnsafeBufferPointer { source in
      if let start = source.baseAddress {
        base(T.self).update(from: start, count: count)
      }
    }
  }

  /// Makes a vector.
  public init<T: TensorElement>(_ elements: [T]) throws {
    try self.init(elements, shape: [elements.count])
  }

  /// Makes a float vector; lets whole-number literals be floats.
  public init(_ elements: [Float]) throws {
    try self.init(elements, shape: [elements.count])
  }

  /// Makes a tensor of float zeros.
  public static func zeros(_ shape: [Int]) throws -> Tensor { try full(shape, 0) }
  /// Makes a tensor of float ones.
  public static func ones(_ shape: [Int]) throws -> Tensor { try full(shape, 1) }

  /// Makes a float tensor with one value everywhere.
  public static func full(_ shape: [Int], _ value: Float) throws -> Tensor {
    let result = try Tensor(uninitialized: shape)
    result.fill(value)
    return result
  }

  /// Sets every element of a float tensor, in place.
  package func fill(_ value: Float) { ek_fill(count, value, floats) }

  /// The numbers `start`, `start + step` … below `end` (above it for a negative step).
  public static func arange(_ start: Double, _ end: Double, step: Double = 1) throws -> Tensor {
    let length = ((end - start) / step).rounded(.up)
    guard step != 0, length.isFinite, length < 1e12 else {
      throw TensorError.argument(
        op: "arange", expected: "a finite range and a step other than 0",
        got: "\(start) to \(end) by \(step)")
    }
    let result = try Tensor(uninitialized: [Int(max(length, 0))])
    for i in 0..<result.count { result.floats[i] = Float(start + Double(i) * step) }
    return result
  }

  /// The identity matrix.
  public static func eye(_ n: Int) throws -> Tensor {
    let result = try zeros([n, n])
    for i in 0..<n { result.floats[i * n + i] = 1 }
    return result
  }

  /// Independent numbers, uniform in [`low`, `high`).
  public static func uniform(
    _ shape: [Int], low: Float = 0, high: Float = 1, from stream: inout RandomStream
  ) throws -> Tensor {
    let result = try Tensor(uninitialized: shape)
    for i in 0..<result.count {
      // 24 bits, so that the largest value stays below `high`.
      result.floats[i] = low + (high - low) * Float(stream.next() >> 40) * 0x1p-24
    }
    return result
  }

  /// Independent normal deviates (Box & Muller 1958).
  public static func normal(
    _ shape: [Int], mean: Float = 0, deviation: Float = 1, from stream: inout RandomStream
  ) throws -> Tensor {
    let result = try Tensor(uninitialized: shape)
    var position = 0
    while position < result.count {
      let radius = (-2 * log(1 - stream.uniform())).squareRoot()
      let angle = 2 * Double.pi * stream.uniform()
      result.floats[position] = mean + deviation * Float(radius * cos(angle))
      if position + 1 < result.count {
        result.floats[position + 1] = mean + deviation * Float(radius * sin(angle))
      }
      position += 2
    }
    return result
  }

  /// The numbers 0 ..< n in random order, as int32.
  public static func permutation(_ n: Int, from stream: inout RandomStream) throws -> Tensor {
    guard n >= 0, n <= Int32.max else {
      throw TensorError.range(
        op: "permutation", what: "length", value: n, low: 0, high: Int(Int32.max))
    }
    let result = try Tensor(uninitialized: [n], dtype: .int32)
    let places = UnsafeMutableBufferPointer(start: result.ints, count: n)
    for i in places.indices { places[i] = Int32(i) }
    // Fisher-Yates in the buffer, so that the memory limit covers all of it.
    for last in places.indices.dropFirst().reversed() {
      places.swapAt(last, stream.int(below: last + 1))
    }
    return result
  }

  /// The same numbers as another element type; floats are cut towards zero and clamped.
  public func converted(to target: DType) throws -> Tensor {
    if target == dtype { return self }
    let result = try Tensor(uninitialized: shape, dtype: target)
    for i in 0..<count { result.setNumber(number(at: i), at: i) }
    return result
  }

  private func number(at i: Int) -> Float {
    switch dtype {
    case .float32: floats[i]
    case .int32: Float(ints[i])
    case .uint8: Float(bytes[i])
    case .bool: bytes[i] != 0 ? 1 : 0
    }
  }

  private func setNumber(_ value: Float, at i: Int) {
    switch dtype {
    case .float32: floats[i] = value
    // The largest float below 2³¹; NaN becomes 0.
    case .int32: ints[i] = value.isNaN ? 0 : Int32(min(max(value, -0x1p31), 0x1.fffffep30))
    case .uint8: bytes[i] = value.isNaN ? 0 : UInt8(min(max(value, 0), 255))
    case .bool: bytes[i] = value != 0 ? 1 : 0
    }
  }
}
