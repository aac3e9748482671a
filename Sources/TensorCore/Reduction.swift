// Many numbers into one: sums, means, extremes.

import CKernels

/// How to reduce an axis to one number.
public enum Reduction: String, Sendable, CaseIterable {
  case sum, max, min

  var code: ek_reduction {
    switch self {
    case .sum: EK_SUM
    case .max: EK_MAX
    case .min: EK_MIN
    }
  }
}

extension Tensor {
  /// Reduces one axis, which is dropped or kept with size 1.
  ///
  /// - Throws: ``TensorError`` for an unknown axis, and for the extreme of nothing.
  public func reduced(
    _ reduction: Reduction, axis: Int, keepingAxis: Bool = false
  ) throws -> Tensor {
    try require(.float32, reduction.rawValue)
    let axis = try self.axis(axis, reduction.rawValue)
    let (outer, n, inner) = split(at: axis)
    guard n > 0 || reduction == .sum || outer * inner == 0 else {
      throw emptyError(reduction.rawValue)
    }
    let result = try Tensor(uninitialized: shapeWithout(axis, keeping: keepingAxis))
    ek_reduce(reduction.code, outer, n, inner, floats, result.floats)
    return result
  }

  /// Reduces all elements to one number.
  public func reduced(_ reduction: Reduction) throws -> Tensor {
    let flat = try reshaped([count]).blocked()
    let partial = try flat.reduced(reduction, axis: -1)
    return partial.rank == 0 ? partial : try partial.reduced(reduction, axis: 0)
  }

  /// A long vector as rows, so that threads share its reduction; the split depends on size alone.
  private func blocked() throws -> Tensor {
    let row = 4096
    return count > row && count % row == 0 ? try reshaped([count / row, row]) : self
  }

  /// The sum over one axis.
  public func sum(axis: Int, keepingAxis: Bool = false) throws -> Tensor {
    try reduced(.sum, axis: axis, keepingAxis: keepingAxis)
  }

  /// The position of the first largest element of an axis, counted from 0, as int32.
  public func argmax(axis: Int) throws -> Tensor { try argExtreme(1, axis: axis, "argmax") }
  /// The position of the first smallest element of an axis, counted from 0, as int32.
  public func argmin(axis: Int) throws -> Tensor { try argExtreme(-1, axis: axis, "argmin") }

  private func argExtreme(_ sign: Int32, axis: Int, _ op: String) throws -> Tensor {
    try require(.float32, op)
    let axis = try self.axis(axis, op)
    let (outer, n, inner) = split(at: axis)
    guard n > 0 || outer * inner == 0 else { throw emptyError(op) }
    let result = try Tensor(uninitialized: shapeWithout(axis, keeping: false), dtype: .int32)
    ek_arg_extreme(sign, outer, n, inner, floats, result.ints)
    return result
  }

  private func emptyError(_ op: String) -> TensorError {
    .shape(op: op, expected: "at least one element", got: Self.text(shape))
  }

  private func shapeWithout(_ axis: Int, keeping: Bool) -> [Int] {
    var result = shape
    if keeping { result[axis] = 1 } else { result.remove(at: axis) }
    return result
  }
}
