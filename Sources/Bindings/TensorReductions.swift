// Many numbers into one. Without a dimension all elements count.

import Autograd
import LuaHost
import TensorCore

enum TensorReductions {
  /// Calls `whole` without a dimension, otherwise `along` with the engine's axis and whether to
  /// keep it.
  private static func reduce(
    _ arguments: Arguments, _ x: Variable, _ op: String, whole: (Variable) throws -> Variable,
    along: (Variable, Int, Bool) throws -> Variable
  ) throws -> Variable {
    let keep = try arguments.boolean("keep")
    if let axis = try arguments.axis(ifGiven: "dim", of: x.shape.count, op) {
      return try along(x, axis, keep)
    }
    let result = try whole(x)
    return keep ? try result.reshaped(x.shape.map { _ in 1 }) : result
  }

  static func sum(_ arguments: Arguments, _ x: Variable) throws -> Variable {
    try reduce(arguments, x, "sum", whole: { try $0.sum() }) {
      try $0.sum(axis: $1, keepingAxis: $2)
    }
  }

  static func mean(_ arguments: Arguments, _ x: Variable) throws -> Variable {
    try reduce(arguments, x, "mean", whole: { try $0.mean() }) {
      try $0.mean(axis: $1, keepingAxis: $2)
    }
  }

  static func variance(_ arguments: Arguments, _ x: Variable) throws -> Variable {
    let correction = try arguments.integer("correction")
    guard (0...1_000_000).contains(correction) else {
      throw LuaError(
        "var: correction \(correction) is out of range 0 ... 1000000", kind: .argument)
    }
    return try reduce(
      arguments, x, "var",
      whole: { try flat($0).variance(axis: 0, correction: correction) },
      along: { try $0.variance(axis: $1, correction: correction, keepingAxis: $2) })
  }

  static func norm(_ arguments: Arguments, _ x: Variable) throws -> Variable {
    try reduce(arguments, x, "norm", whole: { try $0.map(.square).sum().map(.sqrt) }) {
      try $0.map(.square).sum(axis: $1, keepingAxis: $2).map(.sqrt)
    }
  }

  private static func extreme(
    _ reduction: Reduction, _ arguments: Arguments, _ x: Variable
  ) throws -> Variable {
    try reduce(
      arguments, x, reduction.rawValue, whole: { try flat($0).extreme(reduction, axis: 0) }
    ) { try kept($0.extreme(reduction, axis: $1), $0.shape, $1, $2) }
  }

  static func logSumExp(_ arguments: Arguments, _ x: Variable) throws -> Variable {
    try reduce(
      arguments, x, "logsumexp", whole: { try flat($0).logSumExp(axis: 0) }
    ) { try kept($0.logSumExp(axis: $1), $0.shape, $1, $2) }
  }

  private static func flat(_ x: Variable) throws -> Variable { try x.reshaped([x.value.count]) }

  /// Gives a reduced axis back with size 1 if that is wished.
  private static func kept(
    _ result: Variable, _ shape: [Int], _ axis: Int, _ keep: Bool
  ) throws -> Variable {
    guard keep else { return result }
    var sizes = shape
    sizes[axis] = 1
    return try result.reshaped(sizes)
  }

  /// One position in the whole tensor, or a tensor of positions along a dimension.
  private static func place(
    _ op: String, _ arguments: Arguments, _ x: Variable,
    _ find: (Tensor, Int) throws -> Tensor
  ) throws -> [LuaValue] {
    if let axis = try arguments.axis(ifGiven: "dim", of: x.shape.count, op) {
      let places = try find(x.value, axis).countedFromOne()
      return [.object(LuaTensor(Variable(places)))]
    }
    let place = try find(x.value.reshaped([x.value.count]), 0)
    return [.integer(Int(place.ints[0]) + 1)]
  }

  // MARK: Table

  private static let dim = Parameter.dimension("Dimension to reduce; all of them by default.")

  private static func reduction(
    _ name: String, _ summary: String, options: [Option] = [], example: String? = nil,
    _ body: @escaping (Arguments, Variable) throws -> Variable
  ) -> NativeFunction {
    .method(
      name, summary, [dim], options: [.keep] + options,
      gives: "One number, or one per position of the others.",
      example: example, body)
  }

  private static func search(
    _ name: String, _ summary: String, example: String,
    _ find: @escaping (Tensor, Int) throws -> Tensor
  ) -> NativeFunction {
    .query(
      name, summary, [dim],
      results: [
        Result(
          .either([.integer, .tensor]),
          "The position in row-major order, or along `dim` an int32 tensor of positions.")
      ],
      example: example
    ) { try place(name, $0, $1, find) }
  }

  static let methods: [NativeFunction] = [
    reduction("sum", "The sum.", example: "t:sum(2)", sum),
    reduction("mean", "The mean.", example: "t:mean(-1, { keep = true })", mean),
    reduction(
      "var", "The variance.",
      options: [
        Option(
          "correction", .integer, "Divides by the count less this: 1 for samples, 0 for all.",
          default: 1)
      ], example: "t:var(2)", variance),
    reduction(
      "norm", "The square root of the sum of squares.", example: "t:norm()", norm),
    reduction(
      "max", "The largest element; its derivative goes to the first such element.",
      example: "t:max(2)"
    ) {
      try extreme(.max, $0, $1)
    },
    reduction(
      "min", "The smallest element; its derivative goes to the first such element.",
      example: "t:min(2)"
    ) {
      try extreme(.min, $0, $1)
    },
    reduction(
      "logsumexp", "log of the sum of exp, without overflow.", example: "t:logsumexp(2)", logSumExp),
    search(
      "argmax", "Where the largest element is, counted from 1; the first of equals.",
      example: "t:argmax(2)   -- the best of each row"
    ) {
      try $0.argmax(axis: $1)
    },
    search(
      "argmin", "Where the smallest element is, counted from 1; the first of equals.",
      example: "t:argmin(2)"
    ) {
      try $0.argmin(axis: $1)
    },
  ]
}
