// Questions about tensors: masks, and what masks are for. `==` on tensors asks whether they are the
// same object, so comparisons of values are methods.

import Autograd
import LuaHost
import TensorCore

enum TensorComparison {
  /// Compares floats in the engine; whole numbers here, exactly.
  static func compare(_ question: Comparison, _ a: Tensor, _ other: Operand) throws -> Tensor {
    let (left, right) = try sameType(a, other, question.rawValue)
    if left.dtype == .float32 { return try .compare(question, left, right) }
    let shape = try Broadcast(question.rawValue, left.shape, right.shape).shape
    let (x, y) = (try left.broadcast(to: shape), try right.broadcast(to: shape))
    let result = try Tensor(uninitialized: shape, dtype: .bool)
    for i in 0..<result.count {
      result.bytes[i] = holds(question, x.ints[i], y.ints[i]) ? 1 : 0
    }
    return result
  }

  /// Both as float32, or both as int32 where both hold whole numbers.
  private static func sameType(
    _ a: Tensor, _ other: Operand, _ op: String
  ) throws -> (Tensor, Tensor) {
    switch other {
    case .tensor(let b):
      let common: DType = a.dtype == .float32 || b.value.dtype == .float32 ? .float32 : .int32
      return (try a.converted(to: common), try b.value.converted(to: common))
    case .number(let number):
      if a.dtype != .float32, let whole = Int32(exactly: number) {
        return (try a.converted(to: .int32), try Tensor([whole], shape: []))
      }
      return (try a.converted(to: .float32), try .full([], Float(number)))
    }
  }

  private static func holds(_ question: Comparison, _ x: Int32, _ y: Int32) -> Bool {
    switch question {
    case .eq: x == y
    case .ne: x != y
    case .lt: x < y
    case .le: x <= y
    case .gt: x > y
    case .ge: x >= y
    }
  }

  /// Whether shapes and types agree and no pair of elements is further apart than the tolerance.
  static func equal(_ a: Tensor, _ b: Tensor, tolerance: Double) throws -> Bool {
    guard a.shape == b.shape, a.dtype == b.dtype else { return false }
    for i in 0..<a.count {
      let (x, y) = (a.number(at: i), b.number(at: i))
      // Infinities of one sign are equal although their difference is no number.
      guard x == y || abs(x - y) <= tolerance else { return false }
    }
    return true
  }

  private static func trueCount(_ mask: Tensor, _ op: String) throws -> Int {
    try mask.require(.bool, op)
    return (0..<mask.count).count { mask.bytes[$0] != 0 }
  }

  /// Combines masks element by element, broadcasting.
  private static func combine(
    _ a: Tensor, _ b: Tensor, _ op: String, _ rule: (Bool, Bool) -> Bool
  ) throws -> Variable {
    try a.require(.bool, op)
    try b.require(.bool, op)
    let shape = try Broadcast(op, a.shape, b.shape).shape
    let (x, y) = (try a.broadcast(to: shape), try b.broadcast(to: shape))
    let result = try Tensor(uninitialized: shape, dtype: .bool)
    for i in 0..<result.count {
      result.bytes[i] = rule(x.bytes[i] != 0, y.bytes[i] != 0) ? 1 : 0
    }
    return Variable(result)
  }

  // MARK: Table

  private static func question(_ question: Comparison, _ summary: String) -> NativeFunction {
    .method(
      question.rawValue, summary, [.other], gives: "A mask (bool).",
      example: "t:\(question.rawValue)(0):count()"
    ) { arguments, x in
      Variable(
        try compare(question, x.value, arguments.operand("other", question.rawValue)))
    }
  }

  static let methods: [NativeFunction] = [
    question(.eq, "Where elements are equal."),
    question(.ne, "Where elements differ."),
    question(.lt, "Where elements are smaller."),
    question(.le, "Where elements are smaller or equal."),
    question(.gt, "Where elements are larger."),
    question(.ge, "Where elements are larger or equal."),
    .query(
      "equal", "Whether another tensor has the same shape, type and values; NaN equals nothing.",
      [
        Parameter("other", .tensor, "What to compare with."),
        Parameter(
          "tolerance", .number, "Largest absolute difference that is still equal.", default: 0),
      ], results: [Result(.boolean)], example: "a:equal(b, 1e-6)"
    ) { arguments, x in
      [
        .boolean(
          try equal(
            x.value, arguments.tensor("other").value, tolerance: arguments.number("tolerance")))
      ]
    },
    .query(
      "all", "Whether a mask is true everywhere.", results: [Result(.boolean)],
      example: "t:gt(0):all()"
    ) { _, x in
      [.boolean(try trueCount(x.value, "all") == x.value.count)]
    },
    .query(
      "any", "Whether a mask is true somewhere.", results: [Result(.boolean)],
      example: "t:gt(0):any()"
    ) { _, x in
      [.boolean(try trueCount(x.value, "any") > 0)]
    },
    .query(
      "count", "How often a mask is true.", results: [Result(.integer)],
      example: "t:gt(0):count()"
    ) { _, x in
      [.integer(try trueCount(x.value, "count"))]
    },
    .method(
      "both", "Where two masks are true.", [Parameter("other", .tensor, "A mask.")],
      example: "t:gt(0):both(t:lt(1))"
    ) {
      try combine($1.value, $0.tensor("other").value, "both") { $0 && $1 }
    },
    .method(
      "either", "Where at least one of two masks is true.",
      [Parameter("other", .tensor, "A mask.")],
      example: "t:lt(0):either(t:gt(1))"
    ) { try combine($1.value, $0.tensor("other").value, "either") { $0 || $1 } },
    .method(
      "negated", "Where a mask is false.",
      example: "t:gt(0):negated()"
    ) { _, x in
      try combine(x.value, x.value, "negated") { value, _ in !value }
    },
    .query(
      "isfinite", "Whether no element is NaN or infinite.", results: [Result(.boolean)],
      example: "t:isfinite()"
    ) { _, x in [.boolean(x.value.isFinite())] },
  ]
}
