// Operations on the rows of the last axis: softmax, norms, cross-entropy.

import CKernels

extension Tensor {
  /// Rows and their length: `[.., N]` seen as `[rows, N]`.
  package func rows(_ op: String) throws -> (rows: Int, n: Int) {
    try require(.float32, op)
    guard rank >= 1 else {
      throw TensorError.shape(op: op, expected: "[.., N]", got: "a single number")
    }
    let n = shape[rank - 1]
    return (shape.dropLast().reduce(1, *), n)
  }

  /// `exp(x) / Σ exp(x)` over the last axis, or its logarithm.
  public func softmax(logarithm: Bool = false) throws -> Tensor {
    let (rows, n) = try rows("softmax")
    let result = try Tensor(uninitialized: shape)
    if n > 0 { ek_softmax(logarithm ? 1 : 0, rows, n, floats, result.floats) }
    return result
  }

  /// The gradient of `softmax` from its output (this tensor).
  package func softmaxBackward(_ gradient: Tensor, logarithm: Bool) throws -> Tensor {
    let (rows, n) = try rows("softmax")
    let result = try Tensor(uninitialized: shape)
    ek_softmax_backward(
      logarithm ? 1 : 0, rows, n, floats, gradient.floats, result.floats)
    return result
  }

  /// Normalizes rows to mean 0 and variance 1, then scales and shifts (Ba et al. 2016).
  ///
  /// - Returns: The result, and per row the mean and 1/σ that the backward pass needs.
  package func layerNorm(
    _ weight: Tensor, _ bias: Tensor, epsilon: Float
  ) throws -> (output: Tensor, mean: Tensor, rstd: Tensor) {
    let (rows, n) = try rows("layer_norm")
    for parameter in [weight, bias] { try parameter.requireVector(n, "layer_norm") }
    let output = try Tensor(uninitialized: shape)
    let mean = try Tensor(uninitialized: [rows]), rstd = try Tensor(uninitialized: [rows])
    if n > 0 {
      ek_layer_norm(
        rows, n, epsilon, floats, weight.floats, bias.floats, output.floats, mean.floats,
        rstd.floats)
    }
    return (output, mean, rstd)
  }

  /// The output of `layerNorm` once more, from what it saved.
  package func layerNormAgain(
    _ weight: Tensor, _ bias: Tensor, mean: Tensor, rstd: Tensor
  ) throws -> Tensor {
    let (rows, n) = try rows("layer_norm")
    let output = try Tensor(uninitialized: shape)
    ek_layer_norm_again(
      rows, n, floats, weight.floats, bias.floats, mean.floats, rstd.floats, output.floats)
    return output
  }

  /// - Parameter subset: Which rows these are, where not all are here.
  package func layerNormBackward(
    _ weight: Tensor, mean: Tensor, rstd: Tensor, _ gradient: Tensor, _ subset: RowSubset? = nil
  ) throws -> (input: Tensor, weight: Tensor, bias: Tensor) {
    let (rows, n) = try rows("layer_norm")
    let dx = try Tensor(uninitialized: shape)
    let dw = try Tensor.zeros([n]), db = try Tensor.zeros([n])
    if count > 0 {
      ek_layer_norm_backward(
        rows, n, floats, weight.floats, mean.floats, rstd.floats, gradient.floats, dx.floats,
        dw.floats, db.floats, subset?.total ?? rows, subset?.places)
    }
    return (dx, dw, db)
  }

  /// Divides rows by their root mean square, then scales (Zhang & Sennrich 2019).
  package func rmsNorm(
    _ weight: Tensor, epsilon: Float
  ) throws -> (output: Tensor, rstd: Tensor) {
    let (rows, n) = try rows("rms_norm")
    try weight.requireVector(n, "rms_norm")
    let output = try Tensor(uninitialized: shape)
    let rstd = try Tensor(uninitialized: [rows])
    if n > 0 {
      ek_rms_norm(rows, n, epsilon, floats, weight.floats, output.floats, rstd.floats)
    }
    return (output, rstd)
  }

  package func rmsNormBackward(
    _ weight: Tensor, rstd: Tensor, _ gradient: Tensor
  ) throws -> (input: Tensor, weight: Tensor) {
    let (rows, n) = try rows("rms_norm")
    let dx = try Tensor(uninitialized: shape)
    let dw = try Tensor.zeros([n])
    if count > 0 {
      ek_rms_norm_backward(
        rows, n, floats, weight.floats, rstd.floats, gradient.floats, dx.floats, dw.floats)
    }
    return (dx, dw)
  }

  private func requireVector(_ n: Int, _ op: String) throws {
    try require(.float32, op)
    guard shape == [n] else {
      throw TensorError.shape(op: op, expected: "[\(n)]", got: Self.text(shape))
    }
  }

  /// The loss of each row of logits, `log Σ exp(x) − x[label]`, in nats.
  ///
  /// - Parameter labels: int32, one per row; a negative label gives loss 0.
  /// - Returns: Losses `[rows]`, and log Σ exp per row for the backward pass.
  package func crossEntropy(_ labels: Tensor) throws -> (losses: Tensor, lse: Tensor) {
    let (rows, n) = try rows("cross_entropy")
    try labels.requireIndices("cross_entropy", below: n, allowingNegative: true)
    guard labels.count == rows, n > 0 || rows == 0 else {
      throw TensorError.shape(
        op: "cross_entropy", expected: "one label for each of \(rows) rows of logits",
        got: Self.text(labels.shape))
    }
    let losses = try Tensor(uninitialized: [rows]), lse = try Tensor(uninitialized: [rows])
    ek_cross_entropy(rows, n, floats, labels.ints, losses.floats, lse.floats)
    return (losses, lse)
  }

  package func crossEntropyBackward(
    _ labels: Tensor, lse: Tensor, _ gradient: Tensor
  ) throws -> Tensor {
    let (rows, n) = try rows("cross_entropy")
    let dx = try Tensor(uninitialized: shape)
    ek_cross_entropy_backward(
      rows, n, floats, labels.ints, lse.floats, gradient.floats, dx.floats)
    return dx
  }
}
