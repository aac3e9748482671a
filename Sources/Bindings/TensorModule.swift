// The module `eidetic.tensor`: tensors from nothing, from tables and from other tensors.

import Autograd
import LuaHost
import TensorCore

enum TensorModule {
  /// A tensor with one value everywhere.
  static func filled(
    _ shape: [Int], with value: LuaValue, _ dtype: DType, _ op: String
  ) throws -> Variable {
    let result = try Tensor(uninitialized: shape, dtype: dtype)
    let one = try Tensor(uninitialized: [], dtype: dtype)
    try one.set(value, at: 0, op)
    switch dtype {
    case .float32: result.fill(one.floats[0])
    case .int32: result.ints.update(repeating: one.ints[0], count: result.count)
    case .uint8, .bool: result.bytes.update(repeating: one.bytes[0], count: result.count)
    }
    return Variable(result)
  }

  private static func constant(_ op: String, _ number: Int) -> NativeFunction {
    .maker(
      op, "A tensor of \(op).", [.shape], options: [.elementType], example: "tensor.\(op){ 2, 3 }"
    ) { arguments in
      let dtype = try arguments.elementType("dtype")
      return try filled(
        arguments.integers("shape"),
        with: dtype == .bool ? .boolean(number != 0) : .integer(number),
        dtype, op)
    }
  }

  static func full(_ arguments: Arguments) throws -> Variable {
    let value = arguments["value"]
    let dtype =
      try arguments.has("dtype")
      ? arguments.elementType("dtype") : value.asBoolean == nil ? .float32 : .bool
    return try filled(arguments.integers("shape"), with: value, dtype, "full")
  }

  static func from(_ arguments: Arguments) throws -> Variable {
    let dtype = arguments.has("dtype") ? try arguments.elementType("dtype") : nil
    return Variable(try NestedList.tensor(arguments["list"], dtype, "from"))
  }

  static func linspace(_ arguments: Arguments) throws -> Variable {
    let first = try arguments.number("first"), last = try arguments.number("last")
    let result = try Tensor(uninitialized: [arguments.size("count", "linspace")])
    let gaps = Double(max(result.count - 1, 1))
    for i in 0..<result.count {
      // From the nearer end, so that both ends are exact.
      let t = Double(i) / gaps
      result.floats[i] = Float(
        t < 0.5 ? first + (last - first) * t : last - (last - first) * (1 - t))
    }
    return Variable(result)
  }

  static func `where`(_ arguments: Arguments) throws -> Variable {
    try .choose(
      arguments.tensor("mask").value, arguments.operand("a", "where").broadcastable(),
      arguments.operand("b", "where").broadcastable())
  }

  static func cat(_ arguments: Arguments) throws -> Variable {
    let parts = try arguments.tensors("tensors", "cat")
    let axis = try arguments.axis("dim", of: rank(parts, "cat"), "cat")
    return try .concatenated(parts, axis: axis)
  }

  static func stack(_ arguments: Arguments) throws -> Variable {
    let parts = try arguments.tensors("tensors", "stack")
    let axis = try arguments.axis("dim", of: rank(parts, "stack") + 1, "stack")
    for part in parts where part.shape != parts[0].shape {
      throw TensorError.shape(
        op: "stack", expected: Tensor.text(parts[0].shape), got: Tensor.text(part.shape))
    }
    return try .stacked(parts, axis: axis)
  }

  private static func rank(_ parts: [Variable], _ op: String) throws -> Int {
    guard let first = parts.first else {
      throw TensorError.argument(op: op, expected: "one tensor or more", got: "an empty list")
    }
    return first.shape.count
  }

  // MARK: Table

  private static let parts = Parameter("tensors", .list(.tensor), "One tensor or more.")

  private static let creation: [NativeFunction] = [
    constant("zeros", 0), constant("ones", 1),
    .maker(
      "full", "A tensor with one value everywhere.",
      [.shape, Parameter("value", .either([.number, .boolean]), "The value.")],
      options: [Option("dtype", .elementType, "Type of the elements, by default the value's.")],
      example: "tensor.full({ 2, 3 }, 0.5)", full),
    .maker(
      "eye", "The identity matrix.", [Parameter("n", .integer, "Rows and columns.")],
      example: "tensor.eye(3)"
    ) {
      Variable(try .eye($0.size("n", "eye")))
    },
    .maker(
      "scalar", "One number without dimensions.", [Parameter("value", .number, "The number.")],
      example: "tensor.scalar(2.5)"
    ) {
      Variable(try .full([], $0.float("value")))
    },
    .maker(
      "arange", "first, first + step … up to but without `last`.",
      [
        Parameter("first", .number, "First number."), Parameter("last", .number, "Never reached."),
        Parameter("step", .number, "Distance, also negative.", default: 1),
      ], example: "tensor.arange(0, 10, 2)  -- 0 2 4 6 8"
    ) { Variable(try .arange($0.number("first"), $0.number("last"), step: $0.number("step"))) },
    .maker(
      "linspace", "Numbers at equal distances, both ends included.",
      [
        Parameter("first", .number, "First number."), Parameter("last", .number, "Last number."),
        Parameter("count", .integer, "How many."),
      ], example: "tensor.linspace(0, 1, 5)", linspace),
    .maker(
      "from", "A tensor of the numbers or booleans of a list, or of nested lists of equal lengths.",
      [Parameter("list", .table, "The elements.")],
      options: [
        Option("dtype", .elementType, "By default float32 for numbers, bool for booleans.")
      ], example: "tensor.from({ { 1, 2 }, { 3, 4 } }, { dtype = \"int32\" })", from),
    .maker(
      "cat", "Tensors joined along a dimension.",
      [parts, .dimension("Which dimension.", default: 1)], example: "tensor.cat({ a, b }, 2)", cat),
    .maker(
      "stack", "Tensors of one shape along a new dimension.",
      [parts, .dimension("Which dimension it becomes.", default: 1)],
      example: "tensor.stack({ tensor.ones { 2 }, tensor.zeros { 2 } })", stack),
    .maker(
      "where", "Elements of one tensor where a mask is true, of another elsewhere, broadcasting.",
      [
        Parameter("mask", .tensor, "A mask (bool)."),
        Parameter("a", .operand, "Where true."), Parameter("b", .operand, "Where false."),
      ], example: "tensor.where(t:gt(0), t, 0)", `where`),
  ]

  static let module = NativeModule(
    "eidetic.tensor",
    "Dense float32 tensors with derivatives. Positions and dimensions count from 1.",
    functions: creation + TensorRandom.functions + TensorEngine.functions,
    methodsOf: LuaTensor.self, except: notFunctions)

  /// What changes a tensor, or leaves tensors behind, is about the one object: only a method.
  private static let notFunctions = [
    "adamw_", "add_", "copy_", "fill_", "mul_", "backward", "requires_grad", "zero_grad", "item",
    "tolist", "totable",
  ]
}
