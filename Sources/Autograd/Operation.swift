// Every differentiable operation, once: its name, what it computes, and (in GradientRules.swift) its
// derivative. The compiler refuses an operation that lacks either.

import TensorCore

/// A differentiable operation with the settings that are not inputs.
public enum Operation {
  case unary(UnaryFunction)
  case binary(BinaryFunction)
  case scale(Float)
  case offset(Float)
  case power(Float)
  case choose(mask: Tensor)
  case matmul
  case linear
  /// r + (x · Wᵀ + b), of x, W, b, r.
  case linearAdd(RowSubset?)
  /// layerNorm(x) · Wᵀ + b, of x, the norm's weight and bias, W, b; the normalized rows are not kept.
  case normLinear(epsilon: Float, RowSubset?)
  /// r + (gelu(x) · Wᵀ + b), of x, W, b, r; gelu(x) is not kept.
  case geluLinearAdd(RowSubset?)
  case sum(axis: Int, keepingAxis: Bool)
  case sumAll
  case extreme(Reduction, axis: Int)
  case softmax(logarithm: Bool)
  case layerNorm(epsilon: Float)
  case rmsNorm(epsilon: Float)
  case crossEntropy(labels: Tensor)
  /// Rows by index of tables laid one after the other.
  case rows(Tensor)
  case gather(Tensor)
  case scatter(Tensor, size: Int)
  case reshape([Int])
  case permute([Int])
  case slice([AxisRange])
  case concatenate(axis: Int)
  case broadcast([Int])
  /// Of all rows or of some.
  case attention(Segments, heads: Int, causal: Bool, RowSubset?)
  case patches(size: Int)

  /// The name in errors, tests and Lua.
  public var name: String {
    switch self {
    case .unary(let function): function.rawValue
    case .binary(let function): function.rawValue
    case .scale: "scale"
    case .offset: "offset"
    case .power: "power"
    case .choose: "where"
    case .matmul: "matmul"
    case .linear: "linear"
    case .linearAdd: "linear_add"
    case .normLinear: "norm_linear"
    case .geluLinearAdd: "gelu_linear_add"
    case .sum: "sum"
    case .sumAll: "sum_all"
    case .extreme(let reduction, _): reduction.rawValue
    case .softmax(let logarithm): logarithm ? "log_softmax" : "softmax"
    case .layerNorm: "layer_norm"
    case .rmsNorm: "rms_norm"
    case .crossEntropy: "cross_entropy"
    case .rows: "rows"
    case .gather: "gather"
    case .scatter: "scatter"
    case .reshape: "reshape"
    case .permute: "permute"
    case .slice: "slice"
    case .concatenate: "cat"
    case .broadcast: "broadcast"
    case .attention: "attention"
    case .patches: "patches"
    }
  }

  /// The names of all operations; the tests hold a row for each.
  public static var allNames: [String] {
    UnaryFunction.allCases.map(\.rawValue) + BinaryFunction.allCases.map(\.rawValue)
      + [
        "scale", "offset", "power", "where", "matmul", "linear", "linear_add", "norm_linear",
        "gelu_linear_add", "sum", "sum_all", "max", "min",
        "softmax", "log_softmax", "layer_norm", "rms_norm", "cross_entropy", "rows", "gather",
        "scatter", "reshape", "permute", "slice", "cat", "broadcast", "attention", "patches",
      ]
  }
}

/// What an operation computed, and what its derivative will need besides inputs and output.
struct Evaluation {
  let output: Tensor
  var saved: [Tensor] = []
}

extension Operation {
  /// Computes the operation.
  func evaluate(_ x: [Tensor]) throws -> Evaluation {
    switch self {
    case .unary(let function): return Evaluation(output: try x[0].map(function))
    case .binary(let function): return Evaluation(output: try .combine(function, x[0], x[1]))
    case .scale(let factor): return Evaluation(output: try x[0].scaled(by: factor))
    case .offset(let number): return Evaluation(output: try .combine(.add, x[0], number))
    case .power(let exponent):
      return Evaluation(output: try .combine(.pow, x[0], exponent))
    case .choose(let mask): return Evaluation(output: try .choose(mask, x[0], x[1]))
    case .matmul: return Evaluation(output: try x[0].matmul(x[1]))
    case .linear:
      return Evaluation(output: try x[0].linear(x[1], x.count > 2 ? x[2] : nil))
    case .linearAdd: return Evaluation(output: try x[0].linear(x[1], x[2], adding: x[3], name))
    case .normLinear(let epsilon, _):
      let norm = try x[0].layerNorm(x[1], x[2], epsilon: epsilon)
      return Evaluation(
        output: try norm.output.linear(x[3], x[4]), saved: [norm.mean, norm.rstd])
    case .geluLinearAdd:
      return Evaluation(output: try x[0].map(.gelu).linear(x[1], x[2], adding: x[3], name))
    case .sum(let axis, let keeping):
      return Evaluation(output: try x[0].reduced(.sum, axis: axis, keepingAxis: keeping))
    case .sumAll: return Evaluation(output: try x[0].reduced(.sum))
    case .extreme(let reduction, let axis):
      return Evaluation(output: try x[0].reduced(reduction, axis: axis))
    case .softmax(let logarithm):
      return Evaluation(output: try x[0].softmax(logarithm: logarithm))
    case .layerNorm(let epsilon):
      let result = try x[0].layerNorm(x[1], x[2], epsilon: epsilon)
      return Evaluation(output: result.output, saved: [result.mean, result.rstd])
    case .rmsNorm(let epsilon):
      let result = try x[0].rmsNorm(x[1], epsilon: epsilon)
      return Evaluation(output: result.output, saved: [result.rstd])
    case .crossEntropy(let labels):
      let result = try x[0].crossEntropy(labels)
      return Evaluation(output: result.losses, saved: [result.lse])
    case .rows(let indices): return Evaluation(output: try .rows(of: x, at: indices))
    case .gather(let indices): return Evaluation(output: try x[0].gathered(indices))
    case .scatter(let indices, let size):
      return Evaluation(output: try x[0].scattered(indices, size: size))
    case .reshape(let sizes): return Evaluation(output: try x[0].reshaped(sizes))
    case .permute(let order): return Evaluation(output: try x[0].permuted(order))
    case .slice(let ranges): return Evaluation(output: try x[0].sliced(ranges))
    case .concatenate(let axis):
      return Evaluation(output: try .concatenated(x, axis: axis))
    case .broadcast(let shape): return Evaluation(output: try x[0].broadcast(to: shape))
    case .attention(let segments, let heads, let causal, let subset):
      let result = try x[0].attention(segments, heads: heads, causal: causal, of: subset)
      return Evaluation(output: result.output, saved: [result.lse])
    case .patches(let size): return Evaluation(output: try x[0].patches(size: size))
    }
  }

  /// Computes the operation and, when an input needs it, leaves a node on the tape.
  func apply(_ inputs: [Variable]) throws -> Variable {
    let evaluation = try evaluate(inputs.map { $0.value })
    // First what is cheap to ask.
    guard inputs.contains(where: { $0.requiresGradient }), Tape.isRecording else {
      return Variable(evaluation.output)
    }
    return Variable(evaluation.output, node: Node(self, inputs, evaluation))
  }
}
