// The pieces that models are built of. A layer holds its parameters and computes; nothing else.

import Autograd
import TensorCore

/// `x · Wᵀ + b`, started like PyTorch's `Linear`: uniform in ±1/√in.
struct Linear {
  let weight: Parameter, bias: Parameter

  init(_ name: String, _ inputs: Int, _ outputs: Int, _ list: ParameterList) throws {
    let bound = 1 / Float(inputs).squareRoot()
    weight = try list.uniform(name + ".weight", [outputs, inputs], bound: bound)
    bias = try list.uniform(name + ".bias", [outputs], bound: bound)
  }

  func callAsFunction(_ x: Variable) throws -> Variable {
    try x.linear(weight.variable, bias.variable)
  }

  /// `other + (x · Wᵀ + b)`.
  func callAsFunction(
    _ x: Variable, adding other: Variable, of subset: RowSubset?
  ) throws -> Variable {
    try x.linear(weight.variable, bias.variable, adding: other, of: subset)
  }
}

/// Rows normalized to mean 0 and variance 1, with a learned scale and shift.
struct LayerNorm {
  let weight: Parameter, bias: Parameter

  init(_ name: String, _ width: Int, _ list: ParameterList) throws {
    weight = list.add(name + ".weight", try .ones([width]))
    bias = list.add(name + ".bias", try .zeros([width]))
  }

  func callAsFunction(_ x: Variable) throws -> Variable {
    try x.layerNorm(weight.variable, bias.variable)
  }

  /// A linear layer of the normalized rows.
  func linear(_ x: Variable, _ layer: Linear, of subset: RowSubset? = nil) throws -> Variable {
    try x.normLinear(
      weight.variable, bias.variable, layer.weight.variable, layer.bias.variable, of: subset)
  }
}

/// A pre-norm transformer block (Vaswani et al. 2017; Xiong et al. 2020 for the norm's place).
struct Block {
  let attentionNorm: LayerNorm, qkv: Linear, output: Linear
  let mlpNorm: LayerNorm, up: Linear, down: Linear
  let heads: Int
  let seenQKV: HookPoint, seenHeads: HookPoint, seenAttention: HookPoint
  let seenHidden: HookPoint, seenMLP: HookPoint, seenBlock: HookPoint

  init(
    _ name: String, _ width: Int, heads: Int, _ list: ParameterList, _ hooks: ActivationHooks
  ) throws {
    self.heads = heads
    attentionNorm = try LayerNorm(name + ".attention.norm", width, list)
    qkv = try Linear(name + ".attention.qkv", width, 3 * width, list)
    output = try Linear(name + ".attention.output", width, width, list)
    mlpNorm = try LayerNorm(name + ".mlp.norm", width, list)
    up = try Linear(name + ".mlp.up", width, 4 * width, list)
    down = try Linear(name + ".mlp.down", 4 * width, width, list)
    seenQKV = hooks.point(name + ".attention.qkv")
    seenHeads = hooks.point(name + ".attention.heads")
    seenAttention = hooks.point(name + ".attention.output")
    seenHidden = hooks.point(name + ".mlp.hidden")
    seenMLP = hooks.point(name + ".mlp")
    seenBlock = hooks.point(name)
  }

  /// `[rows, D]` to `[rows, D]`; `attend` mixes the rows: `[rows, 3D]` to `[rows, D]`.
  func callAsFunction(
    _ x: Variable, _ rows: ActivationRows?, attend: (Variable) throws -> Variable
  ) throws -> Variable {
    if rows != nil { return try seen(x, rows, attend) }
    return try rest(attend(attentionNorm.linear(x, qkv)), x)
  }

  /// `[rows, D]` to `[rows, D]`, mixed by attention within segments.
  ///
  /// - Parameter subset: The only rows that are wanted, where no hook listens; `nil` for all.
  func callAsFunction(
    _ x: Variable, _ rows: ActivationRows?, _ segments: Segments, causal: Bool,
    of subset: RowSubset? = nil
  ) throws -> Variable {
    guard let subset, rows == nil else {
      return try self(x, rows) { try $0.attention(segments, heads: heads, causal: causal) }
    }
    let mixed = try attentionNorm.linear(x, qkv).attention(
      segments, heads: heads, causal: causal, of: subset)
    return try rest(mixed, x.rows(at: Tensor(subset.places)), of: subset)
  }

  /// What follows attention, row by row.
  private func rest(
    _ heads: Variable, _ x: Variable, of subset: RowSubset? = nil
  ) throws -> Variable {
    let mixed = try output(heads, adding: x, of: subset)
    return try mlpNorm.linear(mixed, up, of: subset).geluLinear(
      down.weight.variable, down.bias.variable, adding: mixed, of: subset)
  }

  /// The same numbers step by step, where hooks listen.
  private func seen(
    _ x: Variable, _ rows: ActivationRows?, _ attend: (Variable) throws -> Variable
  ) throws -> Variable {
    let heads = try seenHeads(attend(seenQKV(qkv(attentionNorm(x)), rows)), rows)
    let mixed = try x + seenAttention(output(heads), rows)
    let hidden = try seenHidden(up(mlpNorm(mixed)).map(.gelu), rows)
    return try seenBlock(mixed + seenMLP(down(hidden), rows), rows)
  }
}

extension Block {
  /// The last rows of each segment where nothing else goes on: `[rows, D]` to
  /// `[segments · asked, D]`, with the bits that the whole block gives them.
  ///
  /// All rows have keys and values; only those asked for have queries, an attention output and an
  /// MLP. It leaves no history, and no hook sees it.
  ///
  /// - Parameter keep: Gets keys and values of all rows: `[rows, 2D]`.
  func lastRows(
    _ x: Variable, _ segments: Segments, asked: Int, causal: Bool,
    keep: (Tensor) throws -> Void = { _ in }
  ) throws -> Variable {
    try Tape.paused {
      let places = try Tensor(segments.lastRows(asked)), width = x.shape[1]
      let normed = try attentionNorm(x).value
      let weight = qkv.weight.variable.value, bias = qkv.bias.variable.value
      let query = [AxisRange(end: width)], rest = [AxisRange(start: width)]
      let keysValues = try normed.linear(weight.sliced(rest), bias.sliced(rest))
      try keep(keysValues)
      let queries = try normed.rows(at: places).linear(weight.sliced(query), bias.sliced(query))
      let mixing = try queries.lastAttention(
        keysValues, segments, asked: asked, heads: heads, causal: causal)
      let mixed = try x.rows(at: places) + output(Variable(mixing))
      return try mixed + down(up(mlpNorm(mixed)).map(.gelu))
    }
  }
}
