// A copied table. Lists of numbers stay packed, because datasets arrive as such.

/// A copy of a Lua table: positions 1 … n, and names.
public struct LuaTable {
  enum Storage {
    case values([LuaValue]), integers([Int]), numbers([Double])
  }

  var storage: Storage
  /// What stands under names.
  public var fields: [String: LuaValue]

  /// A table with these values at positions 1 … n, and these names.
  public init(_ items: [LuaValue] = [], fields: [String: LuaValue] = [:]) {
    storage = .values(items)
    self.fields = fields
  }

  /// A table with these numbers at positions 1 … n.
  public init(numbers: [Double]) {
    storage = .numbers(numbers)
    fields = [:]
  }

  /// A table with these integers at positions 1 … n.
  public init(integers: [Int]) {
    storage = .integers(integers)
    fields = [:]
  }

  /// How many positions there are.
  public var count: Int {
    switch storage {
    case .values(let values): values.count
    case .integers(let values): values.count
    case .numbers(let values): values.count
    }
  }

  /// The values at positions 1 … n; unpacks a packed list.
  public var items: [LuaValue] {
    switch storage {
    case .values(let values): values
    case .integers(let values): values.map { .integer($0) }
    case .numbers(let values): values.map { .number($0) }
    }
  }

  /// The value at a position, counted from 1; `.nil` where there is none.
  public subscript(position: Int) -> LuaValue {
    guard position >= 1, position <= count else { return .nil }
    return switch storage {
    case .values(let values): values[position - 1]
    case .integers(let values): .integer(values[position - 1])
    case .numbers(let values): .number(values[position - 1])
    }
  }

  /// The positions as doubles, or `nil` when one of them is no number.
  public var numbers: [Double]? {
    switch storage {
    case .values(let values): collect(values) { $0.asNumber }
    case .integers(let values): values.map { Double($0) }
    case .numbers(let values): values
    }
  }

  /// The positions as integers, or `nil` when one of them has no exact integer value.
  public var integers: [Int]? {
    switch storage {
    case .values(let values): collect(values) { $0.asInteger }
    case .integers(let values): values
    case .numbers(let values): collect(values) { Int(exactly: $0) }
    }
  }

  /// The positions as texts, or `nil` when one of them is no text.
  public var strings: [String]? {
    collect(items) { $0.asString }
  }

  /// What stands under a name, `.nil` when nothing does.
  public subscript(name: String) -> LuaValue { fields[name] ?? .nil }
}

private func collect<S: Sequence, T>(_ values: S, _ convert: (S.Element) -> T?) -> [T]? {
  var result: [T] = []
  for value in values {
    guard let converted = convert(value) else { return nil }
    result.append(converted)
  }
  return result
}
