// Every derivative in one table. For y = f(x₁, x₂ …) and g = ∂L/∂y a rule gives ∂L/∂xᵢ.

import TensorCore

/// What a rule works with.
struct RuleContext {
  /// The inputs x₁, x₂ …
  let x: InputValues
  /// The output y.
  let y: Tensor
  /// ∂L/∂y.
  let g: Tensor
  /// What the operation saved.
  let saved: [Tensor]
  /// Which inputs need a derivative.
  let needs: InputNeeds

  /// The derivative of one input when it is needed, else nothing.
  func when(_ input: Int, _ rule: () throws -> Tensor) rethrows -> Tensor? {
    needs[input] ? try rule() : nil
  }
}

/// The numbers of a node's inputs, read where they are.
struct InputValues {
  private let inputs: [Variable]
  init(_ inputs: [Variable]) { self.inputs = inputs }

  var count: Int { inputs.count }
  var indices: Range<Int> { inputs.indices }
  subscript(place: Int) -> Tensor { inputs[place].value }
}

/// Whether a node's inputs need a derivative.
struct InputNeeds {
  private let inputs: [Variable]
  init(_ inputs: [Variable]) { self.inputs = inputs }

  subscript(place: Int) -> Bool { inputs[place].requiresGradient }
}

extension Operation {
  /// The derivatives of the inputs, `nil` where none is needed.
  func gradients(_ c: RuleContext) throws -> [Tensor?] {
    let (x, y, g) = (c.x, c.y, c.g)
    switch self {
    case .unary(let function): return [try function.gradient(x[0], y, g)]
    case .binary(let function): return try function.gradients(c)
    case .scale(let factor): return [try g.scaled(by: factor)]
    case .offset: return [g]
    // n · xⁿ⁻¹
    case .power(let n):
      return [try g * .combine(.pow, x[0], .full([], n - 1)).scaled(by: n)]
    case .choose(let mask):
      let zero = try Tensor.zeros([])
      return [
        try c.when(0) { try .choose(mask, g, zero).summed(to: x[0].shape) },
        try c.when(1) { try .choose(mask, zero, g).summed(to: x[1].shape) },
      ]
    // dA = G Bᵀ, dB = Aᵀ G
    case .matmul:
      return [
        try c.when(0) { try g.matmul(x[1], transposingOther: true).summed(to: x[0].shape) },
        try c.when(1) { try rightFactorGradient(x[0], g, x[1]) },
      ]
    case .linear: return try linearGradients(c)
    case .linearAdd(let subset): return try linearGradients(c, subset) + [g]
    case .normLinear(_, let subset): return try normLinearGradients(c, subset)
    case .geluLinearAdd(let subset): return try geluLinearGradients(c, subset) + [g]
    case .sum(let axis, let keeping):
      let at = try x[0].axis(axis, name)
      let kept = keeping ? g : try g.inserting(axis: at)
      return [try kept.broadcast(to: x[0].shape)]
    case .sumAll: return [try g.broadcast(to: x[0].shape)]
    case .extreme(let reduction, let axis): return [try extremeGradient(c, reduction, axis)]
    case .softmax(let logarithm): return [try y.softmaxBackward(g, logarithm: logarithm)]
    case .layerNorm:
      let d = try x[0].layerNormBackward(x[1], mean: c.saved[0], rstd: c.saved[1], g)
      return [d.input, d.weight, d.bias]
    case .rmsNorm:
      let d = try x[0].rmsNormBackward(x[1], rstd: c.saved[0], g)
      return [d.input, d.weight]
    // softmax(x) − onehot(label)
    case .crossEntropy(let labels):
      return [try x[0].crossEntropyBackward(labels, lse: c.saved[0], g)]
    case .rows(let indices): return try rowsGradients(c, indices)
    case .gather(let indices):
      return [try g.scattered(indices, size: x[0].shape[x[0].rank - 1])]
    case .scatter(let indices, _): return [try g.gathered(indices)]
    case .reshape: return [try g.reshaped(x[0].shape)]
    case .permute(let order):
      let axes = try order.map { try x[0].axis($0, name) }
      return [try g.permuted(axes.indices.map { axes.firstIndex(of: $0) ?? 0 })]
    case .slice(let ranges): return [try x[0].spread(g, ranges)]
    case .concatenate(let axis): return try concatenationGradients(c, axis)
    case .broadcast: return [try g.summed(to: x[0].shape)]
    case .attention(let segments, let heads, let causal, let subset):
      return [
        try x[0].attentionBackward(
          segments, heads: heads, causal: causal, of: subset, output: y, lse: c.saved[0], g)
      ]
    case .patches(let size): return [try g.unpatched(size: size, shape: x[0].shape)]
    }
  }

  /// `[.., M, K] x [K, N]`: all rows of the left operand count as one matrix.
  private func rightFactorGradient(_ a: Tensor, _ g: Tensor, _ b: Tensor) throws -> Tensor {
    guard b.rank == 2 else {
      return try a.matmul(g, transposingSelf: true).summed(to: b.shape)
    }
    let result = try Tensor(uninitialized: b.shape)
    let (k, n) = (b.shape[0], b.shape[1])
    let rows = a.shape.dropLast().reduce(1, *)
    Tensor.multiply(a, true, g, false, rows: k, n, rows, into: result)
    return result
  }

  /// y = x Wᵀ + b: dx = g W, dW = gᵀ x, db = Σ g.
  private func linearGradients(_ c: RuleContext, _ subset: RowSubset? = nil) throws -> [Tensor?] {
    let (n, k) = (c.x[1].shape[0], c.x[1].shape[1])
    let dx = try c.when(0) { try inputGradient(c.g, c.x[1]) }
    let dw = try c.when(1) { try .weightGradient(c.g, c.x[0], n, k, subset) }
    guard c.x.count > 2 else { return [dx, dw] }
    return [dx, dw, try c.when(2) { try biasGradient(c.g) }]
  }

  /// g W
  private func inputGradient(_ g: Tensor, _ w: Tensor) throws -> Tensor {
    let (n, k) = (w.shape[0], w.shape[1])
    let result = try Tensor(uninitialized: g.shape.dropLast() + [k])
    let rows = g.shape.dropLast().reduce(1, *)
    Tensor.multiply(g, false, w, false, rows: rows, k, n, into: result)
    return result
  }

  /// Σ g over the rows
  private func biasGradient(_ g: Tensor) throws -> Tensor {
    let n = g.shape[g.rank - 1]
    return try g.reshaped([g.shape.dropLast().reduce(1, *), n]).sum(axis: 0)
  }

  /// The normalized rows h are made again: dW = gᵀ h; then the norm's rule for g W.
  private func normLinearGradients(_ c: RuleContext, _ subset: RowSubset?) throws -> [Tensor?] {
    let (x, w, mean, rstd) = (c.x[0], c.x[3], c.saved[0], c.saved[1])
    let dw = try c.when(3) {
      let h = try x.layerNormAgain(c.x[1], c.x[2], mean: mean, rstd: rstd)
      return try .weightGradient(c.g, h, w.shape[0], w.shape[1], subset)
    }
    let db = try c.when(4) { try biasGradient(c.g) }
    guard c.needs[0] || c.needs[1] || c.needs[2] else { return [nil, nil, nil, dw, db] }
    let d = try x.layerNormBackward(
      c.x[1], mean: mean, rstd: rstd, inputGradient(c.g, w), subset)
    return [d.input, d.weight, d.bias, dw, db]
  }

  /// gelu(x) = h is made again where its derivative is: dW = gᵀ h, dx = g W · gelu′(x).
  private func geluLinearGradients(_ c: RuleContext, _ subset: RowSubset?) throws -> [Tensor?] {
    let (x, w) = (c.x[0], c.x[1])
    let db = try c.when(2) { try biasGradient(c.g) }
    guard c.needs[0], c.needs[1] else {
      let dx = try c.when(0) { try x.geluBackward(inputGradient(c.g, w)) }
      let dw = try c.when(1) {
        try .weightGradient(c.g, x.map(.gelu), w.shape[0], w.shape[1], subset)
      }
      return [dx, dw, db]
    }
    let dx = try inputGradient(c.g, w)
    let h = try x.geluAgain(turning: dx)
    return [dx, try .weightGradient(c.g, h, w.shape[0], w.shape[1], subset), db]
  }

  /// The whole derivative goes to the first extreme element.
  private func extremeGradient(
    _ c: RuleContext, _ reduction: Reduction, _ axis: Int
  ) throws -> Tensor {
    let x = c.x[0]
    let at = try x.axis(axis, name)
    let last = try Variable.order(moving: at, toEndOf: x.rank)
    let moved = try x.permuted(last)
    let place = try reduction == .max ? moved.argmax(axis: -1) : moved.argmin(axis: -1)
    let spread = try c.g.reshaped(place.shape + [1]).scattered(
      place.reshaped(place.shape + [1]), size: x.shape[at])
    return try spread.permuted(last.indices.map { last.firstIndex(of: $0) ?? 0 })
  }

  private func rowsGradients(_ c: RuleContext, _ indices: Tensor) throws -> [Tensor?] {
    var start = 0
    return try c.x.indices.map { table in
      let range = start..<start + c.x[table].shape[0]
      start = range.upperBound
      return try c.when(table) { try c.g.scatteredRows(at: indices, of: range) }
    }
  }

  private func concatenationGradients(_ c: RuleContext, _ axis: Int) throws -> [Tensor?] {
    let at = try c.y.axis(axis, name)
    let before = [AxisRange](repeating: AxisRange(), count: at)
    var start = 0
    return try c.x.indices.map { input in
      let end = start + c.x[input].shape[at]
      defer { start = end }
      return try c.when(input) {
        try c.g.sliced(before + [AxisRange(start: start, end: end)])
      }
    }
  }
}

extension UnaryFunction {
  /// f′(x) · g, from x or y, whichever is cheaper.
  func gradient(_ x: Tensor, _ y: Tensor, _ g: Tensor) throws -> Tensor {
    switch self {
    case .neg: return try g.map(.neg)
    case .abs: return try g * x.map(.sign)
    case .exp: return try g * y
    case .log: return try g / x
    case .sqrt: return try g / y.scaled(by: 2)
    case .sin: return try g * x.map(.cos)
    case .cos: return try g * x.map(.sin).map(.neg)
    case .tanh: return try g - g * y * y
    case .sigmoid: return try g * (y - y * y)
    case .relu: return try g * x.map(.step)
    // σ(x) + y (1 − σ(x))
    case .silu:
      let s = try x.map(.sigmoid)
      return try g * (s + y - y * s)
    case .gelu: return try x.geluBackward(g)
    case .sign, .step, .floor: return try Tensor.zeros(x.shape)
    case .reciprocal: return try (g * y * y).map(.neg)
    case .square: return try g * x.scaled(by: 2)
    case .rsqrt: return try (g * y * y * y).scaled(by: -0.5)
    }
  }
}

extension BinaryFunction {
  func gradients(_ c: RuleContext) throws -> [Tensor?] {
    let (a, b, g) = (c.x[0], c.x[1], c.g)
    let pair: (left: Tensor?, right: Tensor?)
    switch self {
    case .add: pair = (g, g)
    case .sub: pair = (g, try c.when(1) { try g.map(.neg) })
    case .mul: pair = (try c.when(0) { try g * b }, try c.when(1) { try g * a })
    case .div:
      pair = (try c.when(0) { try g / b }, try c.when(1) { try (g * c.y / b).map(.neg) })
    // b · aᵇ⁻¹ and aᵇ · ln a, the latter 0 at a = 0 as the limit for b > 0
    case .pow:
      pair = (
        try c.when(0) { try g * b * .combine(.pow, a, b - .ones([])) },
        try c.when(1) {
          let positive = try Tensor.compare(.gt, a, .zeros([]))
          return try .choose(positive, g * c.y * a.map(.log), .zeros([]))
        }
      )
    // Ties give the derivative to the left operand.
    case .maximum: pair = try chosen(.compare(.ge, a, b), g)
    case .minimum: pair = try chosen(.compare(.le, a, b), g)
    }
    return [
      try c.when(0) { try (pair.left ?? g).summed(to: a.shape) },
      try c.when(1) { try (pair.right ?? g).summed(to: b.shape) },
    ]
  }

  private func chosen(_ left: Tensor, _ g: Tensor) throws -> (left: Tensor?, right: Tensor?) {
    let zero = try Tensor.zeros([])
    return (try .choose(left, g, zero), try .choose(left, zero, g))
  }
}

extension Tensor {
  /// Adds an axis of size 1.
  func inserting(axis: Int) throws -> Tensor {
    var sizes = shape
    sizes.insert(1, at: axis)
    return try reshaped(sizes)
  }
}
