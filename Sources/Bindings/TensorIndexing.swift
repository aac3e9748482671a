// Elements by number. Positions count from 1, as everywhere in Lua; identifiers such as token ids
// pass unchanged and count from 0.

import Autograd
import LuaHost
import TensorCore

enum TensorIndexing {
  static func rows(_ arguments: Arguments, _ x: Variable) throws -> Variable {
    let size = try rowCount(x, "rows")
    return try x.rows(at: arguments.positions("positions", upTo: size, "rows"))
  }

  static func embedding(_ arguments: Arguments, _ x: Variable) throws -> Variable {
    let size = try rowCount(x, "embedding")
    return try x.rows(at: arguments.identifiers("ids", below: size, "id", "embedding"))
  }

  private static func rowCount(_ x: Variable, _ op: String) throws -> Int {
    guard let size = x.shape.first else {
      throw TensorError.shape(op: op, expected: "[N, ..]", got: "a single number")
    }
    return size
  }

  static func gather(_ arguments: Arguments, _ x: Variable) throws -> Variable {
    let axis = try arguments.axis("dim", of: x.shape.count, "gather")
    let places = Variable(
      try arguments.positions("positions", upTo: x.shape[axis], "gather"))
    try requireSameSizes(places, x, besides: axis, "gather")
    return try withLast(axis, of: x) {
      try $0.gathered(moved(places, axis).value)
    }
  }

  static func scatter(_ arguments: Arguments, _ x: Variable) throws -> Variable {
    let axis = try arguments.axis("dim", of: x.shape.count, "scatter")
    let size = try arguments.integer("size")
    guard size >= 0, size <= Int(Int32.max) else {
      throw LuaError(
        "scatter: size \(size) is out of range 0 ... \(Int32.max)", kind: .argument)
    }
    let places = Variable(try arguments.positions("positions", upTo: size, "scatter"))
    try requireSameSizes(places, x, besides: axis, "scatter")
    return try withLast(axis, of: x) {
      try $0.scattered(moved(places, axis).value, size: size)
    }
  }

  private static func requireSameSizes(
    _ places: Variable, _ x: Variable, besides axis: Int, _ op: String
  ) throws {
    var expected = x.shape
    if places.shape.count == x.shape.count { expected[axis] = places.shape[axis] }
    guard places.shape == expected else {
      let sizes = x.shape.enumerated().map { $0.offset == axis ? "n" : String($0.element) }
      throw TensorError.shape(
        op: op, expected: "positions [" + sizes.joined(separator: ", ") + "]",
        got: Tensor.text(places.shape))
    }
  }

  // MARK: Sorting

  static func sort(_ arguments: Arguments, _ x: Variable) throws -> [LuaValue] {
    try x.value.require(.float32, "sort")
    let axis = try arguments.axis("dim", of: x.shape.count, "sort")
    let descending = try arguments.boolean("descending")
    let last = try moved(x, axis)
    return try picked(last, last.value.argsorted(descending: descending), axis)
  }

  static func argsort(_ arguments: Arguments, _ x: Variable) throws -> Variable {
    let axis = try arguments.axis("dim", of: x.shape.count, "argsort")
    let order = try moved(x, axis).value.argsorted(descending: arguments.boolean("descending"))
    return try returned(Variable(order.countedFromOne()), axis)
  }

  static func topk(_ arguments: Arguments, _ x: Variable) throws -> [LuaValue] {
    try x.value.require(.float32, "topk")
    let axis = try arguments.axis("dim", of: x.shape.count, "topk")
    let last = try moved(x, axis)
    return try picked(last, last.value.topIndices(arguments.integer("k")), axis)
  }

  /// Values at places of the last axis and their positions, with the axis back where it was.
  private static func picked(
    _ last: Variable, _ places: Tensor, _ axis: Int
  ) throws -> [LuaValue] {
    let values = try returned(last.gathered(places), axis)
    let positions = try returned(Variable(places.countedFromOne()), axis)
    return [.object(LuaTensor(values)), .object(LuaTensor(positions))]
  }

  // MARK: Axes the engine wants last

  private static func withLast(
    _ axis: Int, of x: Variable, _ body: (Variable) throws -> Variable
  ) throws -> Variable {
    try returned(body(moved(x, axis)), axis)
  }

  private static func moved(_ x: Variable, _ axis: Int) throws -> Variable {
    if axis == x.shape.count - 1 { return x }
    return try x.permuted(x.shape.indices.filter { $0 != axis } + [axis])
  }

  private static func returned(_ x: Variable, _ axis: Int) throws -> Variable {
    let last = x.shape.count - 1
    if axis == last { return x }
    var order = Array(0..<last)
    order.insert(last, at: axis)
    return try x.permuted(order)
  }

  // MARK: Table

  private static let dim = Parameter.dimension("Dimension; the last by default.", default: -1)
  private static let descending = Option(
    "descending", .boolean, "Largest first.", default: false)
  private static let sorted = [
    Result(.tensor, "Values."), Result(.tensor, "Positions, counted from 1 (int32)."),
  ]

  static let methods: [NativeFunction] = [
    .method(
      "rows", "Parts along the first dimension by position, counted from 1.",
      [Parameter("positions", .integers, "An int32 tensor or a list of positions.")],
      gives: "The shape of the positions, then that of a row.", example: "t:rows{ 1, 3, -1 }",
      rows),
    .method(
      "embedding", "Rows by identifier, counted from 0 and unchanged, such as token ids.",
      [Parameter("ids", .integers, "An int32 tensor or a (nested) list of ids.")],
      gives: "The shape of the ids, then that of a row.", example: "weights:embedding{ 0, 17 }",
      embedding),
    .method(
      "gather", "One element per position along a dimension.",
      [
        Parameter(
          "positions", .integers,
          "Counted from 1; the other dimensions agree with this tensor's."), dim,
      ], gives: "The shape of the positions.", example: "t:gather { { 1, 3 }, { 2, 2 } }", gather),
    .method(
      "scatter", "Adds the elements into zeros at their positions along a dimension.",
      [
        Parameter("positions", .integers, "Counted from 1; the shape of this tensor."),
        Parameter("size", .integer, "Size of the dimension in the result."), dim,
      ], example: "tensor.ones { 2 }:scatter({ 1, 3 }, 4)", scatter),
    .query(
      "sort", "The elements in order; equal ones keep theirs, NaN comes last.", [dim],
      options: [descending], results: sorted, example: "local values, positions = t:sort(2)", sort),
    .method(
      "argsort", "The positions that sort, counted from 1; NaN comes last.", [dim],
      options: [descending], example: "t:argsort(2, { descending = true })", argsort),
    .query(
      "topk", "The largest elements, largest first.",
      [Parameter("k", .integer, "How many."), dim], results: sorted,
      example: "local values, positions = logits:topk(5)", topk),
  ]
}
