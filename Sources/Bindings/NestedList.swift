// Lua tables as tensors and back. Tables are rectangular: all lists of a level are equally long.

import LuaHost
import TensorCore

/// A Lua table of tables of numbers on its way into a tensor.
struct NestedList {
  /// More elements than this are no job for a Lua table.
  static let mostElements = 1 << 25
  private static let mostLevels = 8

  private let op: String
  private var shape: [Int] = []
  private var leaves: [LuaTable] = []

  /// The tensor of a table; without an element type, booleans give a mask and numbers float32.
  static func tensor(_ value: LuaValue, _ dtype: DType?, _ op: String) throws -> Tensor {
    guard let table = value.asTable else {
      throw LuaError("\(op): expected a list, got \(value.kindName)", kind: .argument)
    }
    var list = NestedList(op: op)
    try list.measure(table)
    try list.collect(table, level: 0)
    return try list.tensor(dtype ?? list.naturalType)
  }

  private init(op: String) { self.op = op }

  /// Takes the shape from the first element of every level.
  private mutating func measure(_ table: LuaTable) throws {
    guard shape.count < Self.mostLevels else {
      throw LuaError("\(op): lists are nested more than \(Self.mostLevels) deep", kind: .argument)
    }
    shape.append(table.count)
    if let inner = table.first?.asTable { try measure(inner) }
  }

  private mutating func collect(_ table: LuaTable, level: Int) throws {
    guard table.fields.isEmpty else {
      let name = table.fields.keys.sorted().first ?? ""
      throw LuaError("\(op): expected a list, got a table with the name '\(name)'", kind: .argument)
    }
    guard table.count == shape[level] else {
      throw LuaError(
        "\(op): expected lists of \(shape[level]) at level \(level + 1), got one of \(table.count)",
        kind: .argument)
    }
    if level == shape.count - 1 {
      leaves.append(table)
      return
    }
    for item in table.items {
      guard let inner = item.asTable else {
        throw LuaError(
          "\(op): expected a list at level \(level + 2), got \(item.kindName)", kind: .argument)
      }
      try collect(inner, level: level + 1)
    }
  }

  private var naturalType: DType {
    if case .boolean? = leaves.first?.first { return .bool }
    return .float32
  }

  private func tensor(_ dtype: DType) throws -> Tensor {
    let result = try Tensor(uninitialized: shape, dtype: dtype)
    var position = 0
    for leaf in leaves {
      if dtype == .float32, let numbers = leaf.numbers {
        let target = result.floats + position
        for (place, number) in numbers.enumerated() { target[place] = Float(number) }
        position += numbers.count
        continue
      }
      for item in leaf.items {
        try result.set(item, at: position, op)
        position += 1
      }
    }
    return result
  }
}

extension LuaTable {
  /// What stands at position 1.
  fileprivate var first: LuaValue? { count == 0 ? nil : self[1] }
}

extension Tensor {
  /// Writes one element; the type must be able to hold it.
  func set(_ value: LuaValue, at i: Int, _ op: String) throws {
    func fail(_ expected: String) -> LuaError {
      let got = value.asInteger.map { "\($0)" } ?? value.asNumber.map(\.luaText) ?? value.kindName
      return LuaError("\(op): expected \(expected), got \(got)", kind: .argument)
    }
    switch dtype {
    case .float32:
      guard let number = value.asNumber else { throw fail("numbers") }
      floats[i] = Float(number)
    case .int32:
      guard let whole = value.asInteger.flatMap({ Int32(exactly: $0) }) else {
        throw fail("integers that fit int32")
      }
      ints[i] = whole
    case .uint8:
      guard let whole = value.asInteger.flatMap({ UInt8(exactly: $0) }) else {
        throw fail("integers of 0 ... 255")
      }
      bytes[i] = whole
    case .bool:
      guard let flag = value.asBoolean else { throw fail("booleans") }
      bytes[i] = flag ? 1 : 0
    }
  }

  /// One element as a number.
  func number(at i: Int) -> Double {
    switch dtype {
    case .float32: Double(floats[i])
    case .int32: Double(ints[i])
    case .uint8, .bool: Double(bytes[i])
    }
  }

  /// One element as Lua sees it.
  func luaValue(at i: Int) -> LuaValue {
    switch dtype {
    case .float32: .number(Double(floats[i]))
    case .int32: .integer(Int(ints[i]))
    case .uint8: .integer(Int(bytes[i]))
    case .bool: .boolean(bytes[i] != 0)
    }
  }

  /// A run of elements as a list.
  func luaList(_ range: Range<Int>) -> LuaValue {
    switch dtype {
    case .float32: .numbers(range.map { Double(floats[$0]) })
    case .int32: .integers(range.map { Int(ints[$0]) })
    case .uint8: .integers(range.map { Int(bytes[$0]) })
    case .bool: .list(range.map { .boolean(bytes[$0] != 0) })
    }
  }

  /// Nested lists in the tensor's shape; a single number without dimensions comes as it is.
  func nestedLists(_ op: String) throws -> LuaValue {
    // Empty lists count too: [1000000, 0] is a million of them.
    let lists = shape.dropLast().reduce(1) { $0 * max($1, 1) }
    guard max(lists, count) <= NestedList.mostElements else {
      throw LuaError(
        "\(op): \(max(lists, count)) elements are too many for a table, at most "
          + "\(NestedList.mostElements)", kind: .argument)
    }
    return nested(level: 0, start: 0, length: count)
  }

  private func nested(level: Int, start: Int, length: Int) -> LuaValue {
    if level == rank { return luaValue(at: start) }
    if level == rank - 1 { return luaList(start..<start + length) }
    let size = shape[level]
    if size == 0 { return .list([]) }
    let part = length / size
    return .list(
      (0..<size).map { nested(level: level + 1, start: start + $0 * part, length: part) })
  }
}
