// Arithmetic element by element.

import CKernels

/// A function of one number.
public enum UnaryFunction: String, Sendable, CaseIterable {
  case neg, abs, exp, log, sqrt, sin, cos, tanh, sigmoid, relu, silu, gelu, sign, step
  case reciprocal, square, floor, rsqrt

  var code: ek_unary {
    switch self {
    case .neg: EK_NEG
    case .abs: EK_ABS
    case .exp: EK_EXP
    case .log: EK_LOG
    case .sqrt: EK_SQRT
    case .sin: EK_SIN
    case .cos: EK_COS
    case .tanh: EK_TANH
    case .sigmoid: EK_SIGMOID
    case .relu: EK_RELU
    case .silu: EK_SILU
    case .gelu: EK_GELU
    case .sign: EK_SIGN
    case .step: EK_STEP
    case .reciprocal: EK_RECIPROCAL
    case .square: EK_SQUARE
    case .floor: EK_FLOOR
    case .rsqrt: EK_RSQRT
    }
  }
}

/// A function of two numbers.
public enum BinaryFunction: String, Sendable, CaseIterable {
  case add, sub, mul, div, pow, maximum, minimum

  var code: ek_binary {
    switch self {
    case .add: EK_ADD
    case .sub: EK_SUB
    case .mul: EK_MUL
    case .div: EK_DIV
    case .pow: EK_POW
    case .maximum: EK_MAXIMUM
    case .minimum: EK_MINIMUM
    }
  }
}

/// A question about two numbers.
public enum Comparison: String, Sendable, CaseIterable {
  case eq, ne, lt, le, gt, ge

  var code: ek_comparison {
    switch self {
    case .eq: EK_EQ
    case .ne: EK_NE
    case .lt: EK_LT
    case .le: EK_LE
    case .gt: EK_GT
    case .ge: EK_GE
    }
  }
}

extension Tensor {
  /// Applies a function to every element.
  public func map(_ function: UnaryFunction) throws -> Tensor {
    try require(.float32, function.rawValue)
    let result = try Tensor(uninitialized: shape)
    ek_unary_apply(function.code, count, floats, result.floats)
    return result
  }

  /// Applies a function to pairs of elements, broadcasting.
  public static func combine(
    _ function: BinaryFunction, _ a: Tensor, _ b: Tensor
  ) throws -> Tensor {
    try a.require(.float32, function.rawValue)
    try b.require(.float32, function.rawValue)
    // Small tensors of one shape are what loops in scripts are made of.
    if a.shape == b.shape, a.count <= Broadcast.small {
      let result = try Tensor(uninitializedLike: a)
      var (count, step) = (a.count, 1)
      ek_binary_apply(function.code, 1, &count, a.floats, &step, b.floats, &step, result.floats)
      return result
    }
    let result = try Tensor(
      uninitialized: Broadcast.shape(function.rawValue, a.shape, b.shape))
    Broadcast.withLoop(over: result.shape, a.shape, b.shape) { rank, shape, sa, sb in
      ek_binary_apply(function.code, rank, shape, a.floats, sa, b.floats, sb, result.floats)
    }
    return result
  }

  /// Applies a function to every element and one number.
  public static func combine(
    _ function: BinaryFunction, _ a: Tensor, _ number: Float
  ) throws -> Tensor {
    try a.require(.float32, function.rawValue)
    let result = try Tensor(uninitialized: a.shape)
    var number = number
    Broadcast.withLoop(over: a.shape, a.shape, []) { rank, shape, sa, sb in
      ek_binary_apply(function.code, rank, shape, a.floats, sa, &number, sb, result.floats)
    }
    return result
  }

  /// Compares pairs of elements, broadcasting; the result is a mask.
  public static func compare(_ question: Comparison, _ a: Tensor, _ b: Tensor) throws -> Tensor {
    try a.require(.float32, question.rawValue)
    try b.require(.float32, question.rawValue)
    let result = try Tensor(
      uninitialized: Broadcast.shape(question.rawValue, a.shape, b.shape), dtype: .bool)
    Broadcast.withLoop(over: result.shape, a.shape, b.shape) { rank, shape, sa, sb in
      ek_compare_apply(question.code, rank, shape, a.floats, sa, b.floats, sb, result.bytes)
    }
    return result
  }

  /// Takes `a` where the mask is true and `b` elsewhere, broadcasting all three.
  public static func choose(_ mask: Tensor, _ a: Tensor, _ b: Tensor) throws -> Tensor {
    try mask.require(.bool, "where")
    try a.require(.float32, "where")
    try b.require(.float32, "where")
    let loop = try Broadcast("where", mask.shape, a.shape, b.shape)
    let result = try Tensor(uninitialized: loop.shape)
    ek_where(
      Int32(loop.shape.count), loop.shape, mask.bytes, loop.strides(of: mask.shape), a.floats,
      loop.strides(of: a.shape), b.floats, loop.strides(of: b.shape), result.floats)
    return result
  }

  /// Multiplies every element by a number.
  public func scaled(by factor: Float) throws -> Tensor {
    try Tensor.combine(.mul, self, factor)
  }

  /// Adds `factor · other` to this tensor, in place; the shapes must agree.
  package func accumulate(_ other: Tensor, factor: Float = 1) {
    ek_axpy(count, factor, other.floats, floats)
  }

  /// The derivative of gelu at this tensor, times `gradient`.
  package func geluBackward(_ gradient: Tensor) throws -> Tensor {
    let result = try Tensor(uninitialized: shape)
    ek_gelu_backward(count, floats, gradient.floats, result.floats)
    return result
  }

  /// gelu of this tensor once more, while `gradient` is multiplied by its derivative in place.
  package func geluAgain(turning gradient: Tensor) throws -> Tensor {
    let result = try Tensor(uninitialized: shape)
    ek_gelu_again(count, floats, gradient.floats, result.floats)
    return result
  }

  /// Whether no element is NaN or infinite.
  public func isFinite() -> Bool { dtype != .float32 || ek_all_finite(count, floats) != 0 }

  /// The sum of the squared elements, in double precision.
  public func squareSum() throws -> Double {
    try require(.float32, "square_sum")
    return ek_square_sum(count, floats)
  }

  /// Adds, broadcasting.
  public static func + (a: Tensor, b: Tensor) throws -> Tensor { try combine(.add, a, b) }
  /// Subtracts, broadcasting.
  public static func - (a: Tensor, b: Tensor) throws -> Tensor { try combine(.sub, a, b) }
  /// Multiplies, broadcasting.
  public static func * (a: Tensor, b: Tensor) throws -> Tensor { try combine(.mul, a, b) }
  /// Divides, broadcasting.
  public static func / (a: Tensor, b: Tensor) throws -> Tensor { try combine(.div, a, b) }
}

extension Broadcast {
  typealias Sizes = UnsafePointer<Int>
  /// Elements at most of what loops in scripts work on.
  static let small = 4096

  /// The common shape of two operands; most pairs need no walk along their axes.
  static func shape(_ op: String, _ a: [Int], _ b: [Int]) throws -> [Int] {
    if b.isEmpty || a == b { return a }
    if a.isEmpty { return b }
    return try Broadcast(op, a, b).shape
  }

  /// Gives `body` rank, shape and strides of the loop over a result: one long row, on the stack, when
  /// both operands are dense or one of them is a single number.
  static func withLoop(
    over shape: [Int], _ a: [Int], _ b: [Int], _ body: (Int32, Sizes, Sizes, Sizes) -> Void
  ) {
    var count = shape.reduce(1, *)
    let sizeA = a.reduce(1, *), sizeB = b.reduce(1, *)
    guard count > 0, sizeA == count || sizeA == 1, sizeB == count || sizeB == 1 else {
      let strides = (strides(of: a, rank: shape.count), strides(of: b, rank: shape.count))
      return body(Int32(shape.count), shape, strides.0, strides.1)
    }
    var stepA = sizeA == 1 ? 0 : 1, stepB = sizeB == 1 ? 0 : 1
    body(1, &count, &stepA, &stepB)
  }
}
