// A Lua value as Swift sees it: a copy, or a reference that keeps the original alive. Nothing here
// knows how Lua stores it.

/// A value on its way into or out of Lua.
///
/// Tables are copied whole, in both directions; objects and functions keep their identity.
public enum LuaValue {
  /// Nothing.
  case `nil`
  /// `true` or `false`.
  case boolean(Bool)
  /// A 64-bit integer.
  case integer(Int)
  /// A double, also when its value is integral: Lua keeps `3` and `3.0` apart.
  case number(Double)
  /// Text in UTF-8.
  case string(String)
  /// A Lua string that is not valid UTF-8.
  case bytes([UInt8])
  /// A table of positions 1 … n and of names.
  case table(LuaTable)
  /// A function that Swift can call.
  case function(LuaFunction)
  /// A Swift object.
  case object(any LuaObject)
  /// Any other Lua value (a coroutine, a file, a table taken by reference), kept as it is.
  case reference(LuaReference)
}

extension LuaValue {
  /// A table with these values at positions 1 … n.
  public static func list(_ values: [LuaValue]) -> LuaValue { .table(LuaTable(values)) }
  /// A table with these numbers at positions 1 … n, without a detour over single values.
  public static func numbers(_ values: [Double]) -> LuaValue { .table(LuaTable(numbers: values)) }
  /// A table with these integers at positions 1 … n, without a detour over single values.
  public static func integers(_ values: [Int]) -> LuaValue { .table(LuaTable(integers: values)) }
  /// A table with these names.
  public static func fields(_ fields: [String: LuaValue]) -> LuaValue {
    .table(LuaTable(fields: fields))
  }

  /// Whether there is nothing.
  public var isNil: Bool {
    if case .nil = self { true } else { false }
  }

  /// The boolean, or `nil` for any other kind: nothing is taken for true or false.
  public var asBoolean: Bool? {
    if case .boolean(let value) = self { value } else { nil }
  }

  /// The integer; also of `3.0`, never of `3.5` or of a string.
  public var asInteger: Int? {
    switch self {
    case .integer(let value): value
    case .number(let value): Int(exactly: value)
    default: nil
    }
  }

  /// The number, of an integer or a double; never of a string.
  public var asNumber: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// The text; `nil` when the bytes are not UTF-8.
  public var asString: String? {
    if case .string(let value) = self { value } else { nil }
  }

  /// The bytes of any Lua string.
  public var asBytes: [UInt8]? {
    switch self {
    case .string(let value): Array(value.utf8)
    case .bytes(let value): value
    default: nil
    }
  }

  /// The table.
  public var asTable: LuaTable? {
    if case .table(let value) = self { value } else { nil }
  }

  /// The function.
  public var asFunction: LuaFunction? {
    if case .function(let value) = self { value } else { nil }
  }

  /// The object, when it is of this class.
  public func asObject<T: LuaObject>(_ type: T.Type = T.self) -> T? {
    guard case .object(let value) = self else { return nil }
    // A general cast costs as much as the rest of a call.
    if Swift.type(of: value) == T.self { return unsafeDowncast(value, to: T.self) }
    return value as? T
  }

  /// What Lua users call this kind of value: `integer`, `table`, or an object's class.
  public var kindName: String {
    switch self {
    case .nil: "nil"
    case .boolean: "boolean"
    case .integer: "integer"
    case .number: "number"
    case .string, .bytes: "string"
    case .table: "table"
    case .function: "function"
    case .object(let object): type(of: object).luaClass.name
    case .reference(let reference): reference.kindName
    }
  }
}

extension LuaValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// Nothing.
  public init(nilLiteral: ()) { self = .nil }
  /// A boolean.
  public init(booleanLiteral value: Bool) { self = .boolean(value) }
  /// An integer.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// A number.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// A string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// A list.
  public init(arrayLiteral elements: LuaValue...) { self = .list(elements) }
  /// A table of names; of a name given twice the last counts.
  public init(dictionaryLiteral elements: (String, LuaValue)...) {
    self = .fields(Dictionary(elements, uniquingKeysWith: { $1 }))
  }
}
