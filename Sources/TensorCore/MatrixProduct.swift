// Products of matrices, alone and in batches.

import CKernels

extension Tensor {
  /// The matrix product of the last two axes; the axes before them broadcast.
  ///
  /// - Parameters:
  ///   - other: `[.., K, N]` for a left operand `[.., M, K]`.
  ///   - transposingSelf: Reads this tensor as `[.., K, M]`.
  ///   - transposingOther: Reads the other as `[.., N, K]`.
  /// - Returns: `[.., M, N]`.
  public func matmul(
    _ other: Tensor, transposingSelf: Bool = false, transposingOther: Bool = false
  ) throws -> Tensor {
    try require(.float32, "matmul")
    try other.require(.float32, "matmul")
    guard rank >= 2, other.rank >= 2 else {
      throw TensorError.shape(
        op: "matmul", expected: "two axes or more on both sides",
        got: "\(Self.text(shape)) x \(Self.text(other.shape))")
    }
    let (m, k) = lastTwo(swapped: transposingSelf)
    let (k2, n) = other.lastTwo(swapped: transposingOther)
    guard k == k2 else {
      throw TensorError.shape(
        op: "matmul", expected: "[.., \(k)] x [\(k), ..]",
        got: "[.., \(k)] x [\(k2), ..] (from \(Self.text(shape)) x \(Self.text(other.shape)))")
    }
    let left = Array(shape.dropLast(2)), right = Array(other.shape.dropLast(2))
    if right.isEmpty && !transposingSelf {
      return try oneProduct(other, left: left, n: n, transposingOther)
    }
    return try batchedProduct(
      other, (m, n, k), left, right, transposingSelf, transposingOther)
  }

  private func lastTwo(swapped: Bool) -> (Int, Int) {
    let rows = shape[rank - 2], columns = shape[rank - 1]
    return swapped ? (columns, rows) : (rows, columns)
  }

  /// `[.., M, K] x [K, N]`: the leading axes are just more rows.
  private func oneProduct(
    _ other: Tensor, left: [Int], n: Int, _ transposed: Bool
  ) throws -> Tensor {
    let k = shape[rank - 1]
    let result = try Tensor(uninitialized: left + [shape[rank - 2], n])
    Tensor.multiply(
      self, false, other, transposed, rows: k == 0 ? result.count / max(n, 1) : count / k, n, k,
      into: result)
    return result
  }

  /// One product of plain matrices, written to (or with `adding`, added to) a buffer.
  package static func multiply(
    _ a: Tensor, _ transposeA: Bool, _ b: Tensor, _ transposeB: Bool, rows m: Int, _ n: Int,
    _ k: Int, into c: Tensor, adding: Bool = false, bias: Tensor? = nil
  ) {
    ek_gemm(
      transposeA ? 1 : 0, transposeB ? 1 : 0, m, n, k, a.floats, max(transposeA ? m : k, 1),
      b.floats, max(transposeB ? k : n, 1), adding ? 1 : 0, bias?.floats, c.floats, max(n, 1))
  }

  private func batchedProduct(
    _ other: Tensor, _ size: (m: Int, n: Int, k: Int), _ left: [Int], _ right: [Int], _ ta: Bool,
    _ tb: Bool
  ) throws -> Tensor {
    let (m, n, k) = size
    let loop = try Broadcast("matmul", left, right)
    let result = try Tensor(uninitialized: loop.shape + [m, n])
    let copies = loop.shape.reduce(1, *)
    let simple = [1, copies]
    if simple.contains(left.reduce(1, *)), simple.contains(right.reduce(1, *)) {
      ek_gemm_batch(
        copies, ta ? 1 : 0, tb ? 1 : 0, m, n, k, floats, left.reduce(1, *) == 1 ? 0 : m * k,
        other.floats, right.reduce(1, *) == 1 ? 0 : k * n, result.floats, m * n)
      return result
    }
    let a = try broadcast(to: loop.shape + shape.suffix(2))
    let b = try other.broadcast(to: loop.shape + other.shape.suffix(2))
    return try a.matmul(b, transposingSelf: ta, transposingOther: tb)
  }

  /// `x · wᵀ + b` for weights stored `[out, in]`, as PyTorch's `Linear` keeps them.
  ///
  /// - Parameters:
  ///   - weight: `[N, K]`.
  ///   - bias: `[N]` or `nil`.
  /// - Returns: `[.., N]` for `[.., K]`.
  public func linear(_ weight: Tensor, _ bias: Tensor?) throws -> Tensor {
    try require(.float32, "linear")
    try weight.require(.float32, "linear")
    guard rank >= 1, weight.rank == 2, shape[rank - 1] == weight.shape[1] else {
      throw TensorError.shape(
        op: "linear", expected: "[.., K] and a weight [N, K]",
        got: "\(Self.text(shape)) and \(Self.text(weight.shape))")
    }
    let (n, k) = (weight.shape[0], weight.shape[1])
    if let bias, bias.shape != [n] || bias.dtype != .float32 {
      throw TensorError.shape(
        op: "linear", expected: "a float32 bias [\(n)]", got: Self.text(bias.shape))
    }
    let rows = shape.dropLast().reduce(1, *)
    let result = try Tensor(uninitialized: shape.dropLast() + [n])
    Tensor.multiply(self, false, weight, true, rows: rows, n, k, into: result, bias: bias)
    return result
  }

  /// `other + (x · wᵀ + b)`: what a layer adds to the rows beside it.
  package func linear(
    _ weight: Tensor, _ bias: Tensor?, adding other: Tensor, _ op: String
  ) throws -> Tensor {
    try other.require(.float32, op)
    let result = try linear(weight, bias)
    guard other.shape == result.shape else {
      throw TensorError.shape(
        op: op, expected: Self.text(result.shape), got: Self.text(other.shape))
    }
    result.accumulate(other)
    return result
  }
}
