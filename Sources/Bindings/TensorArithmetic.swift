// Arithmetic on whole tensors: methods and operators.

import Autograd
import LuaHost
import TensorCore

enum TensorArithmetic {
  static func combine(
    _ function: BinaryFunction, _ left: Operand, _ right: Operand
  ) throws -> Variable {
    // A number needs no tensor of its own where the engine has an operation for it.
    switch (function, left, right) {
    case (_, .tensor(let x), .tensor(let y)): return try .combine(function, x, y)
    case (.add, .tensor(let x), .number(let c)), (.add, .number(let c), .tensor(let x)):
      return try x + Float(c)
    case (.sub, .tensor(let x), .number(let c)): return try x + -Float(c)
    case (.mul, .tensor(let x), .number(let c)), (.mul, .number(let c), .tensor(let x)):
      return try x * Float(c)
    case (.pow, .tensor(let x), .number(let c)): return try x.power(Float(c))
    default: return try .combine(function, left.broadcastable(), right.broadcastable())
    }
  }

  static func clamp(_ arguments: Arguments, _ x: Variable) throws -> Variable {
    let low = try arguments.number("low"), high = try arguments.number("high")
    guard low <= high else {
      throw LuaError(
        "clamp: expected low <= high, got \(low.luaText) and \(high.luaText)", kind: .argument)
    }
    return try x.clamped(Float(low), Float(high))
  }

  private static func summary(_ function: UnaryFunction) -> String {
    switch function {
    case .neg: "The opposite of every element."
    case .abs: "The absolute value of every element."
    case .exp: "e to the power of every element."
    case .log: "The natural logarithm of every element."
    case .sqrt: "The square root of every element."
    case .sin: "The sine of every element, in radians."
    case .cos: "The cosine of every element, in radians."
    case .tanh: "The hyperbolic tangent of every element."
    case .sigmoid: "1 / (1 + exp(-x)) of every element."
    case .relu: "max(x, 0) of every element."
    case .silu: "x * sigmoid(x) of every element."
    case .gelu: "The Gaussian error linear unit of every element, in its tanh form."
    case .sign: "-1, 0 or 1 for every element."
    case .step: "1 for every element above 0, else 0."
    case .reciprocal: "1 / x of every element."
    case .square: "x * x of every element."
    case .floor: "The largest whole number not above every element."
    case .rsqrt: "1 / sqrt(x) of every element."
    }
  }

  private static func unary(_ function: UnaryFunction) -> NativeFunction {
    .method(function.rawValue, summary(function), example: "t:\(function.rawValue)()") { _, x in
      try x.map(function)
    }
  }

  private static func summary(_ function: BinaryFunction) -> String {
    switch function {
    case .add: "Adds, broadcasting."
    case .sub: "Subtracts, broadcasting."
    case .mul: "Multiplies element by element, broadcasting; see matmul for matrices."
    case .div: "Divides element by element, broadcasting."
    case .pow: "Raises every element to a power, broadcasting."
    case .maximum: "The larger of each pair of elements, broadcasting."
    case .minimum: "The smaller of each pair of elements, broadcasting."
    }
  }

  private static func binary(_ function: BinaryFunction) -> NativeFunction {
    .method(
      function.rawValue, summary(function), [.other], example: "t:\(function.rawValue)(2)"
    ) { arguments, x in
      try combine(function, .tensor(x), arguments.operand("other", function.rawValue))
    }
  }

  private static func operation(_ event: String, _ function: BinaryFunction) -> NativeFunction {
    .maker(
      event, summary(function),
      [
        Parameter("left", .operand, "Left operand."),
        Parameter("right", .operand, "Right operand."),
      ]
    ) { arguments in
      if let x = arguments.object(0, ifItIs: LuaTensor.self),
        let y = arguments.object(1, ifItIs: LuaTensor.self)
      {
        return try .combine(function, x, y)
      }
      return try combine(
        function, arguments.operand(0, function.rawValue),
        arguments.operand(1, function.rawValue))
    }
  }

  // MARK: Tables

  static let methods: [NativeFunction] =
    UnaryFunction.allCases.map(unary) + BinaryFunction.allCases.map(binary) + [
      .method(
        "clamp", "Limits every element to a range; the derivative is 0 outside.",
        [
          Parameter("low", .number, "Smallest value."),
          Parameter("high", .number, "Largest value."),
        ], example: "t:clamp(-1, 1)", clamp),
      .method(
        "matmul", "The matrix product of the last two dimensions; those before them broadcast.",
        [Parameter("other", .tensor, "[.., K, N] for a left operand [.., M, K].")],
        gives: "[.., M, N]", example: "a:matmul(b:t())"
      ) { arguments, x in try x.matmul(arguments.tensor("other")) },
    ]

  static let metamethods: [NativeFunction] = [
    operation("__add", .add), operation("__sub", .sub), operation("__mul", .mul),
    operation("__div", .div), operation("__pow", .pow),
    .maker("__unm", "The opposite of every element.", [Parameter("tensor", .tensor)]) {
      try $0.tensor("tensor").map(.neg)
    },
  ]
}
