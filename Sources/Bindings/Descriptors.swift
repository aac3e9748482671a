// What descriptors of this module share: kinds of argument, and functions that give one tensor.

import Autograd
import LuaHost
import TensorCore

typealias Parameter = NativeFunction.Parameter
typealias Option = NativeFunction.Option
typealias Result = NativeFunction.Result

/// The API version that brought the functions of this module.
let firstVersion = "1.0"

extension ValueKind {
  static let tensor = ValueKind.object(LuaTensor.self)
  static let rng = ValueKind.object(LuaRng.self)
  static let operand = ValueKind.either([.tensor, .number])
  static let shape = ValueKind.list(.integer)
  static let elementType = ValueKind.oneOf(DType.allCases.map(\.rawValue))
  /// Positions, labels or identifiers.
  static let integers = ValueKind.either([.tensor, .list(.any)])
}

extension Parameter {
  static let shape = Parameter("shape", .shape, "Sizes of the dimensions; `{}` is one number.")
  static let rng = Parameter("rng", .rng, "The stream to draw from.")
  static let other = Parameter("other", .operand, "A tensor that broadcasts, or a number.")

  static func dimension(_ summary: String, default position: Int? = nil) -> Parameter {
    Parameter(
      "dim", .integer, summary, optional: true, default: position.map { .integer($0) } ?? .nil)
  }
}

extension Option {
  static let keep = Option("keep", .boolean, "Keep the dimension with size 1.", default: false)
  static let elementType = Option(
    "dtype", .elementType, "Type of the elements.", default: "float32")
}

extension NativeFunction {
  /// A method of `Tensor` that gives one tensor.
  static func method(
    _ name: String, _ summary: String, _ parameters: [Parameter] = [], options: [Option] = [],
    gives result: String = "", example: String? = nil,
    _ body: @escaping (Arguments, Variable) throws -> Variable
  ) -> NativeFunction {
    maker(name, summary, parameters, options: options, gives: result, example: example) {
      try body($0, $0.receiver(LuaTensor.self).variable)
    }
  }

  /// A function that gives one tensor.
  static func maker(
    _ name: String, _ summary: String, _ parameters: [Parameter] = [], options: [Option] = [],
    gives result: String = "", example: String? = nil,
    _ body: @escaping (Arguments) throws -> Variable
  ) -> NativeFunction {
    .single(
      name, summary, parameters: parameters, options: options, result: Result(.tensor, result),
      since: firstVersion, example: example
    ) { arguments in .object(try advising { try body(arguments) }) }
  }

  /// A method of `Tensor` that gives something else.
  static func query(
    _ name: String, _ summary: String, _ parameters: [Parameter] = [], options: [Option] = [],
    results: [Result], example: String? = nil,
    _ body: @escaping (Arguments, Variable) throws -> [LuaValue]
  ) -> NativeFunction {
    entry(name, summary, parameters, options: options, results: results, example: example) {
      try body($0, $0.receiver(LuaTensor.self).variable)
    }
  }

  /// Any function; the engine's mistakes come out with the next step in Lua's terms.
  static func entry(
    _ name: String, _ summary: String, _ parameters: [Parameter] = [], options: [Option] = [],
    results: [Result] = [], example: String? = nil, _ body: @escaping Body
  ) -> NativeFunction {
    NativeFunction(
      name, summary, parameters: parameters, options: options, results: results,
      since: firstVersion, example: example
    ) { arguments in try advising { try body(arguments) } }
  }

  private static func advising<T>(_ body: () throws -> T) throws -> T {
    do { return try body() } catch let error as TensorError {
      throw advised(error)
    } catch let error as GradientError { throw advised(error) }
  }
}

extension Double {
  /// As a script would write it: `2` rather than `2.0`.
  var luaText: String {
    if isNaN { return "nan" }
    return self == rounded() && magnitude < 1e15 ? String(Int(self)) : "\(self)"
  }
}

/// The engine's error, with what a script can do about it.
private func advised(_ error: TensorError) -> any Error {
  guard case .dtype(_, let expected, _) = error else { return error }
  return LuaError("\(error); convert it with t:to(\"\(expected.rawValue)\")", kind: .argument)
}

private func advised(_ error: GradientError) -> any Error {
  switch error {
  case .historyUsed(let op):
    LuaError(
      "backward: the history of \(luaName(op)) was already used; keep it with backward(true)",
      kind: .argument)
  case .changedInPlace(let op): GradientError.changedInPlace(op: luaName(op))
  default: error
  }
}

/// What scripts call an operation of the tape.
private func luaName(_ op: String) -> String {
  ["sum_all": "sum", "scale": "mul", "offset": "add", "power": "pow"][op] ?? op
}
