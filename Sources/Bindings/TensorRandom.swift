// Random tensors. The stream always comes first and is moved on; nothing draws from a hidden one.

import Autograd
import LuaHost
import TensorCore

enum TensorRandom {
  static func uniform(_ arguments: Arguments) throws -> Variable {
    let rng = try arguments.object("rng", LuaRng.self)
    return Variable(
      try .uniform(
        arguments.integers("shape"), low: arguments.float("low"), high: arguments.float("high"),
        from: &rng.stream))
  }

  static func normal(_ arguments: Arguments) throws -> Variable {
    let rng = try arguments.object("rng", LuaRng.self)
    return Variable(
      try .normal(
        arguments.integers("shape"), mean: arguments.float("mean"),
        deviation: arguments.float("deviation"), from: &rng.stream))
  }

  static func permutation(_ arguments: Arguments) throws -> Variable {
    let rng = try arguments.object("rng", LuaRng.self)
    let places = try Tensor.permutation(arguments.integer("n"), from: &rng.stream)
    return Variable(try places.countedFromOne())
  }

  static let functions: [NativeFunction] = [
    .maker(
      "rand", "Independent numbers, uniform in [low, high).", [.rng, .shape],
      options: [
        Option("low", .number, "Smallest.", default: 0),
        Option("high", .number, "Never reached.", default: 1),
      ], example: "tensor.rand(rng.new(1), { 2, 3 }, { low = -1 })", uniform),
    .maker(
      "randn", "Independent normal numbers.", [.rng, .shape],
      options: [
        Option("mean", .number, "Mean.", default: 0),
        Option("deviation", .number, "Standard deviation.", default: 1),
      ], example: "tensor.randn(rng.new(1), { 2, 3 }, { deviation = 0.02 })", normal),
    .maker(
      "permutation", "The positions 1 … n in random order, as int32.",
      [.rng, Parameter("n", .integer, "How many.")],
      example: "data:rows(tensor.permutation(rng.new(1), #data))", permutation),
  ]
}
