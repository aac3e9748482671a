// The kinds of value that a native function takes and gives. They drive checks, help and stubs.

internal import CLuaShim

/// What an argument, an option or a result may be. Strings are never taken for numbers.
public indirect enum ValueKind: @unchecked Sendable {
  /// Any value; tables are copied. A required argument of this kind may be nil, but not left out.
  case any
  /// Any value but nil; a table as a positional argument is kept by reference instead of copied.
  case reference
  /// `true` or `false`.
  case boolean
  /// An integer; `3.0` is one, `3.5` is not.
  case integer
  /// An integer or a double, NaN and infinities included.
  case number
  /// A string.
  case string
  /// One of these strings.
  case oneOf([String])
  /// A table.
  case table
  /// A table of positions 1 … n, all of one kind, without names.
  case list(ValueKind)
  /// A function.
  case function
  /// An object of this class.
  case object(any LuaObject.Type)
  /// Any of several kinds.
  case either([ValueKind])
}

extension ValueKind: CustomStringConvertible {
  /// As in messages: `integer`, `list of integer`, `number or Tensor`.
  public var description: String {
    switch self {
    case .any, .reference: "any value"
    case .boolean: "boolean"
    case .integer: "integer"
    case .number: "number"
    case .string: "string"
    case .oneOf(let words): words.map { "'\($0)'" }.joined(separator: " or ")
    case .table: "table"
    case .list(let kind): "list of \(kind)"
    case .function: "function"
    case .object(let type): type.luaClass.name
    case .either(let kinds): kinds.map(\.description).joined(separator: " or ")
    }
  }

  func accepts(_ value: LuaValue) -> Bool {
    switch self {
    case .any: true
    case .reference: !value.isNil
    case .boolean: value.asBoolean != nil
    case .integer: value.asInteger != nil
    case .number: value.asNumber != nil
    case .string: value.kindName == "string"
    case .oneOf(let words): value.asString.map(words.contains) ?? false
    case .table: value.asTable != nil
    case .list(let kind): value.asTable.map { $0.isList(of: kind) } ?? false
    case .function: value.asFunction != nil
    case .object(let type): value.isObject(of: type)
    case .either(let kinds): kinds.contains { $0.accepts(value) }
    }
  }

  /// What was given, as exactly as needed to see why it was refused.
  func describe(_ value: LuaValue) -> String {
    switch (self, value) {
    case (.integer, .number(let number)): return number.isNaN ? "number nan" : "number \(number)"
    case (.oneOf(let words), .string(let text)):
      let hint = suggestion(for: text, among: words).map { " (did you mean '\($0)'?)" } ?? ""
      return "'\(text)'\(hint)"
    case (.list(let kind), .table(let table)):
      if let name = table.fields.keys.min() { return "a table with the name '\(name)'" }
      let items = table.items
      guard let bad = items.firstIndex(where: { !kind.accepts($0) }) else { return "table" }
      return "\(kind.describe(items[bad])) at position \(bad + 1)"
    default: return value.kindName
    }
  }

  var takesReferences: Bool {
    switch self {
    case .reference: true
    case .either(let kinds): kinds.contains(where: \.takesReferences)
    default: false
    }
  }
}

/// What belongs to a kind by the tag alone, among the values that C hands over without memory. A kind
/// holds texts and lists, and taking it apart costs more than a small function's work.
struct Glance {
  private var kinds: UInt32
  private var type: ObjectIdentifier?

  init(_ parameter: NativeFunction.Parameter) {
    self.init(parameter.kind)
    if parameter.isOptional, !parameter.isVariadic { kinds |= Self.bit(ES_NIL) }
  }

  private init(_ kind: ValueKind) {
    kinds = 0
    switch kind {
    case .any: kinds = Self.scalars | Self.bit(ES_NIL) | Self.bit(ES_OBJECT)
    case .reference: kinds = Self.scalars | Self.bit(ES_OBJECT)
    case .boolean: kinds = Self.bit(ES_BOOLEAN)
    case .integer: kinds = Self.bit(ES_INTEGER)
    case .number: kinds = Self.bit(ES_INTEGER) | Self.bit(ES_NUMBER)
    case .object(let type): self.type = ObjectIdentifier(type)
    case .either(let choices):
      for glance in choices.map({ Glance($0) }) {
        kinds |= glance.kinds
        type = type ?? glance.type
      }
    case .string, .oneOf, .table, .list, .function: break
    }
  }

  private static var scalars: UInt32 { bit(ES_BOOLEAN) | bit(ES_INTEGER) | bit(ES_NUMBER) }
  private static func bit(_ kind: es_kind) -> UInt32 { 1 << kind.rawValue }

  func accepts(_ value: es_value, in core: HostCore) -> Bool {
    if kinds & (1 << UInt32(truncatingIfNeeded: value.kind)) != 0 { return true }
    return value.kind == Int32(ES_OBJECT.rawValue) && core.classTypes[Int(value.type)] == type
  }
}

extension LuaTable {
  /// Packed lists are checked without unpacking.
  func isList(of kind: ValueKind) -> Bool {
    guard fields.isEmpty else { return false }
    switch (kind, storage) {
    case (.any, _), (.number, .integers), (.number, .numbers), (.integer, .integers): return true
    case (.integer, .numbers(let values)): return values.allSatisfy { Int(exactly: $0) != nil }
    default: return items.allSatisfy(kind.accepts)
    }
  }
}

extension LuaValue {
  func isObject(of type: any LuaObject.Type) -> Bool {
    guard case .object(let object) = self else { return false }
    let actual = Swift.type(of: object)
    return ObjectIdentifier(actual) == ObjectIdentifier(type)
  }
}

/// The word that was probably meant, if one is near.
func suggestion(for word: String, among words: [String]) -> String? {
  let length = word.utf8.count
  let most = length < 3 ? 1 : length < 12 ? length / 3 : 4
  let ranked = words.map { candidate in
    (es_distance(word, length, candidate, candidate.utf8.count, most + 1), candidate)
  }
  return ranked.filter { $0.0 <= most }.min { $0 < $1 }?.1
}
