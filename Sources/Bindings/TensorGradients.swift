// Derivatives as scripts see them: leaves that learn, backward, grad.

import Autograd
import LuaHost
import TensorCore

enum TensorGradients {
  static func leaf(_ x: Variable) throws -> Variable {
    try x.value.require(.float32, "requires_grad")
    guard !x.hasHistory else {
      throw LuaError(
        "requires_grad: this tensor was computed from others that learn; call detach() first",
        kind: .argument)
    }
    return x.requiresGradient ? x : Variable(x.value, requiresGradient: true)
  }

  /// A copy that derivatives flow through.
  static func clone(_ x: Variable) throws -> Variable {
    x.requiresGradient ? try x * 1 : Variable(try x.value.clone())
  }

  /// The collected derivative; a copy, because several leaves may share one.
  static func gradient(_ x: Variable) throws -> LuaValue {
    guard let gradient = x.gradient else { return .nil }
    return .object(LuaTensor(Variable(try gradient.clone())))
  }

  // MARK: Tables

  static let methods: [NativeFunction] = [
    .method(
      "requires_grad", "The same numbers, in the same memory, as a leaf that learns.",
      example: "local w = tensor.randn(rng.new(1), { 4, 4 }):requires_grad()"
    ) { _, x in try leaf(x) },
    .method(
      "detach", "The same numbers, in the same memory, without their history.",
      example: "t:detach()"
    ) { _, x in
      x.detached
    },
    .method(
      "clone", "A copy in memory of its own; derivatives flow through it.",
      example: "t:clone()"
    ) { _, x in
      try clone(x)
    },
    .query(
      "backward",
      "Adds the derivatives of this one number to `grad` of every leaf it was computed from.",
      [
        Parameter(
          "retain", .boolean, "Keep the history for another call.", default: false)
      ], results: [], example: "(w * w):sum():backward()"
    ) { arguments, x in
      try x.backward(retaining: arguments.boolean("retain"))
      return []
    },
    .query(
      "zero_grad", "Forgets the collected derivative.", results: [],
      example: "t:zero_grad()"
    ) { _, x in
      x.clearGradient()
      return []
    },
  ]

  static let properties: [NativeClass.Property] = [
    .init(
      "grad", .tensor,
      "A copy of the derivative that backward collected, or nil before that.",
      get: { try gradient($0.receiver(LuaTensor.self).variable) }),
    .init(
      "needs_grad", .boolean, "Whether derivatives flow to this tensor.",
      get: { .boolean(try $0.receiver(LuaTensor.self).variable.requiresGradient) }),
    .init(
      "is_leaf", .boolean, "Whether no operation on learning tensors made this one.",
      get: { .boolean(try !$0.receiver(LuaTensor.self).variable.hasHistory) }),
  ]
}
