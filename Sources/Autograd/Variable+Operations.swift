// The operations as one writes them. What is not an operation of its own is composed here from some.

import TensorCore

// MARK: Arithmetic

extension Variable {
  /// Applies a function to every element.
  public func map(_ function: UnaryFunction) throws -> Variable {
    guard requiresGradient else { return Variable(try value.map(function)) }
    return try Operation.unary(function).apply([self])
  }

  /// Applies a function to pairs of elements, broadcasting.
  public static func combine(
    _ function: BinaryFunction, _ a: Variable, _ b: Variable
  ) throws -> Variable {
    guard a.requiresGradient || b.requiresGradient else {
      return Variable(try .combine(function, a.value, b.value))
    }
    let result = try Tensor.combine(function, a.value, b.value)
    guard Tape.isRecording else { return Variable(result) }
    return Variable(result, node: Node(.binary(function), [a, b], Evaluation(output: result)))
  }

  /// Adds, broadcasting.
  public static func + (a: Variable, b: Variable) throws -> Variable { try combine(.add, a, b) }
  /// Subtracts, broadcasting.
  public static func - (a: Variable, b: Variable) throws -> Variable { try combine(.sub, a, b) }
  /// Multiplies, broadcasting.
  public static func * (a: Variable, b: Variable) throws -> Variable { try combine(.mul, a, b) }
  /// Divides, broadcasting.
  public static func / (a: Variable, b: Variable) throws -> Variable { try combine(.div, a, b) }
  /// Adds a number.
  public static func + (a: Variable, b: Float) throws -> Variable {
    try Operation.offset(b).apply([a])
  }
  /// Multiplies by a number.
  public static func * (a: Variable, b: Float) throws -> Variable {
    try Operation.scale(b).apply([a])
  }

  /// Raises every element to a fixed power.
  public func power(_ exponent: Float) throws -> Variable {
    try Operation.power(exponent).apply([self])
  }

  /// Takes `a` where the mask is true and `b` elsewhere.
  public static func choose(_ mask: Tensor, _ a: Variable, _ b: Variable) throws -> Variable {
    try Operation.choose(mask: mask).apply([a, b])
  }

  /// Limits every element to a range; the derivative is 0 outside.
  public func clamped(_ low: Float, _ high: Float) throws -> Variable {
    let floor = try Variable.combine(.maximum, self, Variable(.full([], low)))
    return try .combine(.minimum, floor, Variable(.full([], high)))
  }
}

// MARK: Reductions

extension Variable {
  /// The sum of all elements.
  public func sum() throws -> Variable { try Operation.sumAll.apply([self]) }
  /// The sum over one axis.
  public func sum(axis: Int, keepingAxis: Bool = false) throws -> Variable {
    try Operation.sum(axis: axis, keepingAxis: keepingAxis).apply([self])
  }

  /// The mean of all elements.
  public func mean() throws -> Variable { try sum() * (1 / Float(value.count)) }
  /// The mean over one axis.
  public func mean(axis: Int, keepingAxis: Bool = false) throws -> Variable {
    let at = try value.axis(axis, "mean")
    return try sum(axis: at, keepingAxis: keepingAxis) * (1 / Float(shape[at]))
  }

  /// The variance over one axis, dividing by N − `correction`.
  public func variance(
    axis: Int, correction: Int = 1, keepingAxis: Bool = false
  ) throws -> Variable {
    let at = try value.axis(axis, "var")
    let centered = try self - mean(axis: at, keepingAxis: true)
    let squares = try centered.map(.square).sum(axis: at, keepingAxis: keepingAxis)
    return try squares * (1 / Float(shape[at] - correction))
  }

  /// The largest or smallest element of an axis; its derivative goes to the first such element.
  public func extreme(_ reduction: Reduction, axis: Int) throws -> Variable {
    try Operation.extreme(reduction, axis: axis).apply([self])
  }

  /// log Σ exp over one axis, without overflow.
  public func logSumExp(axis: Int) throws -> Variable {
    let at = try value.axis(axis, "logsumexp")
    // A row whose largest element is infinite is not shifted: ∞ − ∞ is no number.
    let largest = try value.reduced(.max, axis: at, keepingAxis: true)
    let zero = try Tensor.zeros([])
    let isFinite = try Tensor.compare(.eq, largest - largest, zero)
    let shift = Variable(try .choose(isFinite, largest, zero))
    let total = try (self - shift).map(.exp).sum(axis: at).map(.log)
    return try total + Variable(shift.value.reshaped(total.shape))
  }

  /// exp(x) / Σ exp(x) over an axis, or its logarithm.
  public func softmax(axis: Int = -1, logarithm: Bool = false) throws -> Variable {
    let at = try value.axis(axis, "softmax")
    let operation = Operation.softmax(logarithm: logarithm)
    if at == shape.count - 1 { return try operation.apply([self]) }
    let order = try Variable.order(moving: at, toEndOf: shape.count)
    let back = order.indices.map { order.firstIndex(of: $0) ?? 0 }
    return try operation.apply([permuted(order)]).permuted(back)
  }
}

// MARK: Products and layers

extension Variable {
  /// The matrix product of the last two axes; the axes before them broadcast.
  public func matmul(_ other: Variable) throws -> Variable {
    try Operation.matmul.apply([self, other])
  }

  /// `x · wᵀ + b` with a weight `[out, in]` and a bias `[out]` or `nil`.
  public func linear(_ weight: Variable, _ bias: Variable? = nil) throws -> Variable {
    try Operation.linear.apply([self, weight] + (bias.map { [$0] } ?? []))
  }

  /// `other + (x · wᵀ + b)`, for `other` of the result's shape.
  ///
  /// - Parameter subset: Which of more rows these are, where the others have no gradient.
  public func linear(
    _ weight: Variable, _ bias: Variable, adding other: Variable, of subset: RowSubset? = nil
  ) throws -> Variable {
    try Operation.linearAdd(subset).apply([self, weight, bias, other])
  }

  /// `layerNorm(x) · wᵀ + b`; the normalized rows are made again on the way back.
  public func normLinear(
    _ scale: Variable, _ shift: Variable, _ weight: Variable, _ bias: Variable,
    epsilon: Float = 1e-5, of subset: RowSubset? = nil
  ) throws -> Variable {
    try Operation.normLinear(epsilon: epsilon, subset).apply([self, scale, shift, weight, bias])
  }

  /// `other + (gelu(x) · wᵀ + b)`; `gelu(x)` is made again on the way back.
  public func geluLinear(
    _ weight: Variable, _ bias: Variable, adding other: Variable, of subset: RowSubset? = nil
  ) throws -> Variable {
    try Operation.geluLinearAdd(subset).apply([self, weight, bias, other])
  }

  /// Rows normalized to mean 0 and variance 1, then scaled and shifted.
  public func layerNorm(
    _ weight: Variable, _ bias: Variable, epsilon: Float = 1e-5
  ) throws -> Variable {
    try Operation.layerNorm(epsilon: epsilon).apply([self, weight, bias])
  }

  /// Rows divided by their root mean square, then scaled.
  public func rmsNorm(_ weight: Variable, epsilon: Float = 1e-6) throws -> Variable {
    try Operation.rmsNorm(epsilon: epsilon).apply([self, weight])
  }

  /// The loss of each row of logits in nats; rows with a negative label count 0.
  public func crossEntropy(_ labels: Tensor) throws -> Variable {
    try Operation.crossEntropy(labels: labels).apply([self])
  }

  /// Attention within packed segments; see ``Tensor/attention(_:heads:causal:of:)``.
  ///
  /// - Parameter subset: The only rows that are wanted; `nil` for all.
  public func attention(
    _ segments: Segments, heads: Int, causal: Bool, of subset: RowSubset? = nil
  ) throws -> Variable {
    try Operation.attention(segments, heads: heads, causal: causal, subset).apply([self])
  }

  /// Images `[B, height, width, C]` as rows of square patches.
  public func patches(size: Int) throws -> Variable {
    try Operation.patches(size: size).apply([self])
  }
}

// MARK: Layout and indexing

extension Variable {
  /// The same elements with other sizes; one may be −1.
  public func reshaped(_ sizes: [Int]) throws -> Variable {
    try Operation.reshape(sizes).apply([self])
  }
  /// Axes in another order.
  public func permuted(_ order: [Int]) throws -> Variable {
    try Operation.permute(order).apply([self])
  }
  /// The last two axes exchanged.
  public func transposed() throws -> Variable {
    guard shape.count >= 2 else { return Variable(try value.transposed()) }
    var order = Array(shape.indices)
    order.swapAt(order.count - 1, order.count - 2)
    return try permuted(order)
  }
  /// A range of each axis.
  public func sliced(_ ranges: [AxisRange]) throws -> Variable {
    try Operation.slice(ranges).apply([self])
  }
  /// Several variables joined along an axis.
  public static func concatenated(_ parts: [Variable], axis: Int = 0) throws -> Variable {
    try Operation.concatenate(axis: axis).apply(parts)
  }
  /// Several variables of one shape along a new axis.
  public static func stacked(_ parts: [Variable], axis: Int = 0) throws -> Variable {
    let raised = try parts.map { part in
      let rank = part.shape.count + 1
      let at = axis < 0 ? axis + rank : axis
      guard at >= 0, at < rank else {
        throw TensorError.range(
          op: "stack", what: "axis", value: axis, low: -rank, high: rank - 1)
      }
      var sizes = part.shape
      sizes.insert(1, at: at)
      return (at, try part.reshaped(sizes))
    }
    return try concatenated(raised.map(\.1), axis: raised.first?.0 ?? 0)
  }
  /// Axes of size 1 repeated.
  public func broadcast(to shape: [Int]) throws -> Variable {
    try Operation.broadcast(shape).apply([self])
  }
  /// Rows of the first axis by int32 index, as an embedding looks them up.
  public func rows(at indices: Tensor) throws -> Variable {
    try Operation.rows(indices).apply([self])
  }
  /// Rows by index of several tables that are thought one after the other.
  package static func rows(of tables: [Variable], at indices: Tensor) throws -> Variable {
    try Operation.rows(indices).apply(tables)
  }
  /// One element of the last axis per index.
  public func gathered(_ indices: Tensor) throws -> Variable {
    try Operation.gather(indices).apply([self])
  }
  /// Elements added into zeros at their index along a last axis of `size`.
  public func scattered(_ indices: Tensor, size: Int) throws -> Variable {
    try Operation.scatter(indices, size: size).apply([self])
  }

  /// The order of axes that puts one of them last.
  static func order(moving axis: Int, toEndOf rank: Int) throws -> [Int] {
    (0..<rank).filter { $0 != axis } + [axis]
  }
}
