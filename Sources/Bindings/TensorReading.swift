// Numbers out of tensors, and what a tensor says of itself.

import Autograd
import LuaHost
import TensorCore

enum TensorReading {
  static func item(_ x: Variable) throws -> LuaValue {
    guard x.value.count == 1 else {
      throw TensorError.shape(op: "item", expected: "one element", got: Tensor.text(x.shape))
    }
    return x.value.luaValue(at: 0)
  }

  /// `t[i]`: a number of a vector, otherwise a view of a row. A vector that learns gives tensors:
  /// a plain number would lose the history without a word.
  static func element(_ x: Variable, _ key: LuaValue) throws -> LuaValue {
    guard let position = key.asInteger else {
      throw LuaError(
        "Tensor: expected a position (integer) in t[i], got \(key.kindName)", kind: .argument)
    }
    guard let size = x.shape.first else {
      throw LuaError("Tensor: a single number has no positions; use t:item()", kind: .argument)
    }
    let index = try Position.index(position, of: size, "Tensor")
    if x.shape.count == 1, !x.requiresGradient { return x.value.luaValue(at: index) }
    return .object(LuaTensor(try TensorLayout.selected(x, 0, index)))
  }

  static func length(_ x: Variable) throws -> LuaValue {
    guard let size = x.shape.first else {
      throw LuaError("Tensor: a single number has no length", kind: .argument)
    }
    return .integer(size)
  }

  static func flatList(_ x: Variable) throws -> LuaValue {
    try x.value.reshaped([x.value.count]).nestedLists("tolist")
  }

  static func converted(_ arguments: Arguments, _ x: Variable) throws -> Variable {
    let target = try arguments.elementType("dtype")
    return target == x.value.dtype ? x : Variable(try x.value.converted(to: target))
  }

  private static func assign(_ arguments: Arguments) throws -> [LuaValue] {
    throw LuaError(
      "Tensor: elements cannot be assigned; use t[i]:copy_(other) or build a new tensor",
      kind: .argument)
  }

  // MARK: Tables

  static let methods: [NativeFunction] = [
    .query(
      "item", "The number in a tensor of one element.",
      results: [Result(.either([.number, .integer, .boolean]))], example: "loss:item()"
    ) { _, x in [try item(x)] },
    .query(
      "totable", "Nested lists in the tensor's shape.", results: [Result(.table)],
      example: "t:totable()"
    ) { _, x in [try x.value.nestedLists("totable")] },
    .query(
      "tolist", "All elements in row-major order.", results: [Result(.list(.any))],
      example: "t:tolist()"
    ) { _, x in [try flatList(x)] },
    .method(
      "to", "The same numbers as another type; floats are cut towards zero and clamped.",
      [Parameter("dtype", .elementType, "Type of the elements.")], example: "t:to \"int32\"",
      converted),
  ]

  private static let tensor = Parameter("tensor", .tensor)

  static let metamethods: [NativeFunction] = [
    .entry("__len", "The size of the first dimension.", [tensor], results: [Result(.integer)]) {
      [try length($0.tensor("tensor"))]
    },
    .entry("__tostring", "A readable excerpt.", [tensor], results: [Result(.string)]) {
      [.string(TensorText.text(try $0.tensor("tensor")))]
    },
    .entry(
      "__index", "A number of a vector, else a view of a row; of what learns, always a tensor.",
      [tensor, Parameter("position", .any, "Counted from 1, or from the end if negative.")],
      results: [Result(.either([.number, .integer, .boolean, .tensor]))], example: "t[1][-1]"
    ) { [try element($0.tensor("tensor"), $0["position"])] },
    .entry(
      "__newindex", "Refuses: elements are not assigned.",
      [tensor, Parameter("position", .any), Parameter("value", .any, optional: true)], assign),
  ]

  private static func property(
    _ name: String, _ kind: ValueKind, _ summary: String,
    _ get: @escaping (Variable) throws -> LuaValue
  ) -> NativeClass.Property {
    NativeClass.Property(
      name, kind, summary, get: { try get($0.receiver(LuaTensor.self).variable) })
  }

  static let properties: [NativeClass.Property] = [
    property("shape", .list(.integer), "The size of each dimension.") { .integers($0.shape) },
    property("dtype", .elementType, "float32, int32, uint8 or bool.") {
      .string($0.value.dtype.rawValue)
    },
    property("rank", .integer, "The number of dimensions.") { .integer($0.shape.count) },
    property("size", .integer, "The number of elements.") { .integer($0.value.count) },
  ]
}
