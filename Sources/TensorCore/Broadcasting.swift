// NumPy's broadcasting: axes are matched from the last, a size of 1 repeats.

/// The common shape of several operands and how to walk each of them.
package struct Broadcast {
  package let shape: [Int]

  package init(_ op: String, _ shapes: [Int]...) throws {
    let rank = shapes.map(\.count).max() ?? 0
    var common = [Int](repeating: 1, count: rank)
    for shape in shapes {
      for (axis, size) in zip((rank - shape.count)..<rank, shape) where size != 1 {
        guard common[axis] == 1 || common[axis] == size else {
          throw TensorError.shape(
            op: op, expected: "shapes that broadcast",
            got: shapes.map(Tensor.text).joined(separator: " and "))
        }
        common[axis] = size
      }
    }
    shape = common
  }

  /// The strides of an operand in elements, 0 on the axes that repeat.
  package func strides(of operand: [Int]) -> [Int] {
    Self.strides(of: operand, rank: shape.count)
  }

  /// The same for a loop of this rank.
  package static func strides(of operand: [Int], rank: Int) -> [Int] {
    var result = [Int](repeating: 0, count: rank)
    var stride = 1
    for axis in operand.indices.reversed() {
      result[rank - operand.count + axis] = operand[axis] == 1 ? 0 : stride
      stride *= operand[axis]
    }
    return result
  }
}

extension Tensor {
  /// The strides of the dense layout.
  package static func denseStrides(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * shape[axis + 1]
    }
    return strides
  }

  /// Repeats axes of size 1 (and adds leading axes) until the shape is `target`.
  public func broadcast(to target: [Int]) throws -> Tensor {
    if target == shape { return self }
    let common = try Broadcast("broadcast", shape, target)
    guard common.shape == target else {
      throw TensorError.shape(
        op: "broadcast", expected: "a shape that repeats to \(Self.text(target))",
        got: Self.text(shape))
    }
    return try strided(target, strides: common.strides(of: shape))
  }

  /// Sums over the axes that broadcasting to this shape had repeated: the reverse of `broadcast`.
  public func summed(to target: [Int]) throws -> Tensor {
    if target == shape { return self }
    var result = self
    while result.rank > target.count { result = try result.sum(axis: 0) }
    for axis in target.indices where target[axis] == 1 && result.shape[axis] != 1 {
      result = try result.sum(axis: axis, keepingAxis: true)
    }
    return result
  }
}
