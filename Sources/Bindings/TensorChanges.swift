// Changes in place, for optimizers and unlearning written in Lua. The engine counts the changes of
// every buffer, so a derivative that would need the earlier numbers is an error, never wrong.
//
// Only floats change: indices and labels on the tape were range-checked when they went there.

import Autograd
import LuaHost
import TensorCore

enum TensorChanges {
  /// The target's numbers, if it may be changed.
  private static func target(_ x: Variable, _ op: String) throws -> Tensor {
    try x.value.require(.float32, op)
    guard !x.hasHistory else {
      throw LuaError(
        "\(op): this tensor was computed from others that learn, and changing it would break "
          + "their derivatives; change detach() or clone() instead", kind: .argument)
    }
    return x.value
  }

  /// The source's numbers in the target's shape.
  private static func source(
    _ arguments: Arguments, _ key: ArgumentKey, _ target: Tensor, _ op: String
  ) throws -> Tensor {
    let source = try arguments.tensor(key).value
    try source.require(.float32, op)
    guard source.shape == target.shape else {
      throw TensorError.shape(
        op: op, expected: Tensor.text(target.shape), got: Tensor.text(source.shape))
    }
    return source
  }

  static func copy(_ arguments: Arguments, _ x: Variable) throws {
    let target = try target(x, "copy_")
    try target.copy(from: source(arguments, "other", target, "copy_"))
  }

  static func fill(_ arguments: Arguments, _ x: Variable) throws {
    let target = try target(x, "fill_")
    try target.fill(arguments.float("value"))
    target.storage.markChanged()
  }

  static func add(_ arguments: Arguments, _ x: Variable) throws {
    let target = try target(x, "add_")
    let factor = try arguments.float("factor")
    var other = try source(arguments, "other", target, "add_")
    // Rows of one buffer may overlap; the loop would then read what it has just written.
    if other.storage === target.storage { other = try other.clone() }
    target.accumulate(other, factor: factor)
    target.storage.markChanged()
  }

  static func scale(_ arguments: Arguments, _ x: Variable) throws {
    let target = try target(x, "mul_")
    try target.copy(from: target.scaled(by: arguments.float("factor")))
  }

  // MARK: AdamW

  static func adamw(_ arguments: Arguments, _ x: Variable) throws {
    let target = try target(x, "adamw_")
    let first = try tensorToChange(arguments, "first", target)
    let second = try tensorToChange(arguments, "second", target)
    let gradient = try source(arguments, "gradient", target, "adamw_")
    let buffers = [target, first, second, gradient].map { ObjectIdentifier($0.storage) }
    guard Set(buffers).count == buffers.count else {
      throw LuaError("adamw_: the four tensors must not share memory", kind: .argument)
    }
    let update = try AdamWUpdate(target, gradient, moments: (first, second))
    Tensor.updateAdamW([update], settings: try settings(arguments))
  }

  private static func tensorToChange(
    _ arguments: Arguments, _ key: ArgumentKey, _ like: Tensor
  ) throws -> Tensor {
    _ = try target(arguments.tensor(key), "adamw_")
    return try source(arguments, key, like, "adamw_")
  }

  private static func settings(_ arguments: Arguments) throws -> AdamWSettings {
    let step = try arguments.integer("step")
    let beta1 = try arguments.number("beta1"), beta2 = try arguments.number("beta2")
    guard step >= 1, (0..<1).contains(beta1), (0..<1).contains(beta2) else {
      throw LuaError(
        "adamw_: expected step >= 1 and betas in 0 ..< 1, got step \(step) and betas "
          + "\(beta1.luaText), \(beta2.luaText)", kind: .argument)
    }
    return AdamWSettings(
      gradientScale: try arguments.float("scale"), rate: try arguments.float("rate"),
      beta1: Float(beta1), beta2: Float(beta2), epsilon: try arguments.float("epsilon"),
      decay: try arguments.float("decay"),
      correction1: Float(1 - pow(beta1, step)), correction2: Float(1 - pow(beta2, step)))
  }

  /// βᵗ by repeated squaring.
  private static func pow(_ base: Double, _ exponent: Int) -> Double {
    var (result, square, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }

  // MARK: Table

  /// A method that gives its own tensor back.
  private static func change(
    _ name: String, _ summary: String, _ parameters: [Parameter], options: [Option] = [],
    example: String? = nil, _ body: @escaping (Arguments, Variable) throws -> Void
  ) -> NativeFunction {
    .entry(
      name, summary, parameters, options: options, results: [Result(.tensor, "This tensor.")],
      example: example
    ) { arguments in
      let tensor = try arguments.receiver(LuaTensor.self)
      try body(arguments, tensor.variable)
      return [.object(tensor)]
    }
  }

  private static let other = Parameter("other", .tensor, "A tensor of the same shape.")

  static let methods: [NativeFunction] = [
    change(
      "copy_", "Takes over the numbers of another tensor, in place; views see it.", [other],
      example: "t[1]:copy_(row)", copy),
    change(
      "fill_", "Sets every element, in place; views see it.",
      [Parameter("value", .number, "The number.")], example: "tensor.zeros { 3 }:fill_(7)", fill),
    change(
      "add_", "Adds factor · other, in place; views see it.",
      [other, Parameter("factor", .number, "Factor on the other.", default: 1)],
      example: "w:add_(w.grad, -rate)", add),
    change(
      "mul_", "Multiplies by a number, in place; views see it.",
      [Parameter("factor", .number, "The number.")], example: "tensor.ones { 3 }:mul_(0.5)", scale),
    change(
      "adamw_", "One step of AdamW (Loshchilov & Hutter 2019), in place.",
      [
        Parameter("gradient", .tensor, "Derivative of the loss."),
        Parameter("first", .tensor, "First moment, zeros before step 1; changes as well."),
        Parameter("second", .tensor, "Second moment, zeros before step 1; changes as well."),
      ],
      options: [
        Option("step", .integer, "Which step this is, from 1.", required: true),
        Option("rate", .number, "Learning rate.", required: true),
        Option("beta1", .number, "Decay rate of the first moment.", default: 0.9),
        Option("beta2", .number, "Decay rate of the second moment.", default: 0.999),
        Option("epsilon", .number, "Added to the root of the second moment.", default: 1e-8),
        Option("decay", .number, "Decoupled weight decay.", default: 0),
        Option("scale", .number, "Factor on the gradient first, from clipping.", default: 1),
      ],
      example: "w:adamw_(w.grad, m, v, { step = 1, rate = 1e-3 })", adamw),
  ]
}
