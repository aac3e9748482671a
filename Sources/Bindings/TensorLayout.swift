// The same elements in another arrangement, and parts of them.

import Autograd
import LuaHost
import TensorCore

enum TensorLayout {
  static func permute(_ arguments: Arguments, _ x: Variable) throws -> Variable {
    let order = try arguments.integers("order")
    let axes = try order.map { try Position.axis($0, of: x.shape.count, "permute") }
    guard axes.count == x.shape.count, Set(axes).count == axes.count else {
      throw LuaError(
        "permute: expected each of \(x.shape.count) dimensions once, got \(Tensor.text(order))",
        kind: .argument)
    }
    return try x.permuted(axes)
  }

  static func transpose(_ arguments: Arguments, _ x: Variable) throws -> Variable {
    guard arguments.has("dim1") || arguments.has("dim2") else { return try x.transposed() }
    var order = Array(x.shape.indices)
    order.swapAt(
      try arguments.axis("dim1", of: order.count, "transpose"),
      try arguments.axis("dim2", of: order.count, "transpose"))
    return try x.permuted(order)
  }

  static func unsqueeze(_ arguments: Arguments, _ x: Variable) throws -> Variable {
    let axis = try arguments.axis("dim", of: x.shape.count + 1, "unsqueeze")
    var sizes = x.shape
    sizes.insert(1, at: axis)
    return try x.reshaped(sizes)
  }

  static func squeeze(_ arguments: Arguments, _ x: Variable) throws -> Variable {
    guard let axis = try arguments.axis(ifGiven: "dim", of: x.shape.count, "squeeze") else {
      return try x.reshaped(x.shape.filter { $0 != 1 })
    }
    guard x.shape[axis] == 1 else {
      throw LuaError(
        "squeeze: dimension \(axis + 1) of \(Tensor.text(x.shape)) has size \(x.shape[axis]), "
          + "not 1", kind: .argument)
    }
    var sizes = x.shape
    sizes.remove(at: axis)
    return try x.reshaped(sizes)
  }

  /// One position of an axis, which is dropped.
  static func selected(_ x: Variable, _ axis: Int, _ index: Int) throws -> Variable {
    let whole = [AxisRange](repeating: AxisRange(), count: axis)
    let part = try x.sliced(whole + [AxisRange(start: index, end: index + 1)])
    var sizes = x.shape
    sizes.remove(at: axis)
    return try part.reshaped(sizes)
  }

  static func select(_ arguments: Arguments, _ x: Variable) throws -> Variable {
    let axis = try arguments.axis("dim", of: x.shape.count, "select")
    let index = try Position.index(
      arguments.integer("position"), of: x.shape[axis], "select")
    return try selected(x, axis, index)
  }

  static func narrow(_ arguments: Arguments, _ x: Variable) throws -> Variable {
    let axis = try arguments.axis("dim", of: x.shape.count, "narrow")
    let size = x.shape[axis]
    let length = try arguments.integer("length")
    let start = try Position.index(arguments.integer("start"), of: size, "narrow")
    guard length >= 0, length <= size - start else {
      throw LuaError(
        "narrow: length \(length) is out of range 0 ... \(size - start) from position "
          + "\(start + 1) of \(size)", kind: .argument)
    }
    let whole = [AxisRange](repeating: AxisRange(), count: axis)
    return try x.sliced(whole + [AxisRange(start: start, end: start + length)])
  }

  static func expand(_ arguments: Arguments, _ x: Variable) throws -> Variable {
    var sizes = try arguments.integers("shape")
    let added = sizes.count - x.shape.count
    for axis in sizes.indices where sizes[axis] == -1 && axis >= added {
      sizes[axis] = x.shape[axis - added]
    }
    return try x.broadcast(to: sizes)
  }

  // MARK: Slices

  /// A range per dimension; an integer in place of a range selects a position and drops the
  /// dimension.
  static func slice(_ arguments: Arguments, _ x: Variable) throws -> Variable {
    let parts = try arguments.list("ranges")
    guard parts.count <= x.shape.count else {
      throw LuaError(
        "slice: \(parts.count) ranges for \(x.shape.count) dimensions of \(Tensor.text(x.shape))",
        kind: .argument)
    }
    var ranges: [AxisRange] = []
    var dropped: Set<Int> = []
    for (axis, part) in parts.enumerated() {
      let size = x.shape[axis]
      if let position = part.asInteger {
        let index = try Position.index(position, of: size, "slice")
        ranges.append(AxisRange(start: index, end: index + 1))
        dropped.insert(axis)
      } else {
        ranges.append(try range(part, axis, size))
      }
    }
    let part = try x.sliced(ranges)
    if dropped.isEmpty { return part }
    let sizes = part.shape.enumerated().filter { !dropped.contains($0.offset) }
    return try part.reshaped(sizes.map(\.element))
  }

  /// `{}`, `{first}`, `{first, last}` or `{first, last, step}`.
  private static func range(_ part: LuaValue, _ axis: Int, _ size: Int) throws -> AxisRange {
    func fail(_ what: String) -> LuaError {
      LuaError("slice: \(what) in dimension \(axis + 1) of size \(size)", kind: .argument)
    }
    guard let table = part.asTable, table.fields.isEmpty, let numbers = table.integers,
      numbers.count <= 3
    else { throw fail("expected a position or {first, last, step}") }
    let first = try bound(numbers.first ?? 1, size, fail)
    let last = numbers.count > 1 ? try bound(numbers[1], size, fail) : size
    let step = numbers.count > 2 ? numbers[2] : 1
    guard first >= 1, first <= size + 1, last <= size, last >= first - 1 else {
      throw fail("range \(first) ... \(last) is not within 1 ... \(size)")
    }
    guard step >= 1 else { throw fail("step \(step) is not 1 or more") }
    return AxisRange(start: first - 1, end: last, step: step)
  }

  /// Counts a negative bound from the end.
  private static func bound(
    _ position: Int, _ size: Int, _ fail: (String) -> LuaError
  ) throws -> Int {
    guard position >= -size, position <= size + 1 else {
      throw fail("position \(position) is out of range")
    }
    return position < 0 ? size + 1 + position : position
  }

  // MARK: Table

  private static let sizes = Parameter("shape", .shape, "Sizes; -1 keeps a size.")

  static let methods: [NativeFunction] = [
    .method(
      "reshape", "The same elements with other sizes; shares memory with this tensor.",
      [Parameter("shape", .shape, "Sizes; one may be -1 and is worked out.")],
      example: "t:reshape{ -1, 4 }"
    ) { arguments, x in try x.reshaped(arguments.integers("shape")) },
    .method(
      "flatten", "All elements in one dimension; shares memory with this tensor.",
      example: "t:flatten()"
    ) {
      try $1.reshaped([$1.value.count])
    },
    .method(
      "permute", "The dimensions in another order.",
      [Parameter("order", .list(.integer), "Every dimension once.")],
      example: "t:permute{ 2, 1, 3 }", permute),
    .method(
      "transpose", "Two dimensions exchanged, by default the last two.",
      [.dimension1, .dimension2], example: "t:transpose(1, 2)", transpose),
    .method(
      "t", "The last two dimensions exchanged.",
      example: "t:t()"
    ) { _, x in try x.transposed() },
    .method(
      "unsqueeze", "Adds a dimension of size 1.",
      [Parameter("dim", .integer, "Which dimension it becomes.")], example: "t:unsqueeze(1)",
      unsqueeze),
    .method(
      "squeeze", "Drops a dimension of size 1.",
      [.dimension("Which dimension; all of size 1 by default.")],
      example: "tensor.ones { 1, 3 }:squeeze()", squeeze),
    .method(
      "select", "One position of a dimension, which is dropped; of dimension 1 a view.",
      [
        Parameter("dim", .integer, "Which dimension."),
        Parameter("position", .integer, "Counted from 1, or from the end if negative."),
      ], example: "t:select(2, -1)", select),
    .method(
      "narrow", "A range of one dimension; of dimension 1 a view.",
      [
        Parameter("dim", .integer, "Which dimension."),
        Parameter("start", .integer, "First position."),
        Parameter("length", .integer, "How many positions."),
      ], example: "t:narrow(1, 3, 2)", narrow),
    .method(
      "slice", "A range of every dimension, `{first, last, step}` with both ends included.",
      [
        Parameter(
          "ranges", .list(.any),
          "`{}` takes all, negative ends count from the end, an integer selects one position.")
      ], example: "t:slice{ { 1, 2 }, {}, -1 }", slice),
    .method(
      "broadcast_to", "Dimensions of size 1 repeated to a shape.", [sizes],
      example: "tensor.ones { 3 }:broadcast_to { 2, 3 }", expand),
    .method(
      "expand", "Dimensions of size 1 repeated to a shape; same as broadcast_to.", [sizes],
      example: "tensor.ones { 3 }:expand { 2, 3 }", expand),
  ]
}

extension Parameter {
  fileprivate static let dimension1 = Parameter(
    "dim1", .integer, "One dimension.", optional: true)
  fileprivate static let dimension2 = Parameter(
    "dim2", .integer, "The other.", optional: true)
}
