// Values across the C boundary. Reading never fails, so that every reference C made finds its owner;
// writing puts a tree into memory that lives until C has copied it into Lua.

internal import CLuaShim

// MARK: - From Lua

/// Lossy where the bytes are not UTF-8.
func decodeText(_ text: UnsafePointer<CChar>?, _ length: Int) -> String {
  String(decoding: UnsafeRawBufferPointer(start: text, count: length), as: UTF8.self)
}

func decode(_ value: es_value, in core: HostCore) -> LuaValue {
  switch es_kind(UInt32(value.kind)) {
  case ES_BOOLEAN: .boolean(value.integer != 0)
  case ES_INTEGER: .integer(Int(value.integer))
  case ES_NUMBER: .number(value.number)
  case ES_STRING: decodeString(value)
  case ES_TABLE: .table(decodeTable(value.table.pointee, in: core))
  case ES_OBJECT:
    .object(core.decoders[Int(value.type)](value.object))
  case ES_FUNCTION:
    .function(LuaFunction(reference: decodeReference(value, "function", in: core)))
  case ES_REFERENCE:
    .reference(decodeReference(value, typeName(value.type), in: core))
  default: .nil
  }
}

private func decodeString(_ value: es_value) -> LuaValue {
  let bytes = UnsafeRawBufferPointer(start: value.text, count: value.length)
  if let text = String(validating: bytes, as: UTF8.self) { return .string(text) }
  return .bytes(Array(bytes))
}

private func decodeReference(_ value: es_value, _ kind: String, in core: HostCore) -> LuaReference {
  LuaReference(core, id: Int32(truncatingIfNeeded: value.integer), kindName: kind)
}

private func decodeTable(_ table: es_table, in core: HostCore) -> LuaTable {
  var result = LuaTable()
  switch es_kind(UInt32(table.item_kind)) {
  case _ where table.count == 0: break
  case ES_INTEGER:
    let items = table.items.assumingMemoryBound(to: Int.self)
    result.storage = .integers(Array(UnsafeBufferPointer(start: items, count: table.count)))
  case ES_NUMBER:
    let items = table.items.assumingMemoryBound(to: Double.self)
    result.storage = .numbers(Array(UnsafeBufferPointer(start: items, count: table.count)))
  default:
    let items = table.items.assumingMemoryBound(to: es_value.self)
    result.storage = .values(
      UnsafeBufferPointer(start: items, count: table.count).map { decode($0, in: core) })
  }
  for field in UnsafeBufferPointer(start: table.fields, count: table.field_count) {
    result.fields[decodeText(field.name, field.length)] = decode(field.value, in: core)
  }
  return result
}

/// Lua's names, in the order of `LUA_TNIL` and so on.
private func typeName(_ type: Int32) -> String {
  let names = [
    "nil", "boolean", "userdata", "number", "string", "table", "function", "userdata", "coroutine",
  ]
  return names.indices.contains(Int(type)) ? names[Int(type)] : "value"
}

// MARK: - To Lua

/// A value that needs no memory, or `nil`.
func encodeScalar(_ value: LuaValue) -> es_value? {
  var result = es_value()
  switch value {
  case .nil: result.kind = Int32(ES_NIL.rawValue)
  case .boolean(let flag):
    result.kind = Int32(ES_BOOLEAN.rawValue)
    result.integer = flag ? 1 : 0
  case .integer(let number):
    result.kind = Int32(ES_INTEGER.rawValue)
    result.integer = Int64(number)
  case .number(let number):
    result.kind = Int32(ES_NUMBER.rawValue)
    result.number = number
  default: return nil
  }
  return result
}

/// The memory behind values on their way into Lua.
final class Outbound {
  private let core: HostCore
  private var blocks: [UnsafeMutableRawPointer] = []
  private var kept: [AnyObject] = []

  init(_ core: HostCore) { self.core = core }

  deinit {
    for block in blocks { block.deallocate() }
  }

  func keep(_ object: AnyObject) { kept.append(object) }

  /// Ends in a zero byte that is not counted.
  func copy(_ text: String) -> (UnsafePointer<CChar>, Int) {
    let bytes = Array(text.utf8)
    return (copy(bytes), bytes.count)
  }

  func encode(_ values: [LuaValue]) throws -> UnsafeMutablePointer<es_value> {
    try array(values) { try encode($0, depth: 0) }
  }

  func encode(texts: [[UInt8]]) -> UnsafeMutablePointer<es_value> {
    let target = room(for: es_value.self, count: texts.count)
    for (index, text) in texts.enumerated() {
      (target + index).initialize(to: string(copy(text), text.count))
    }
    return target
  }

  func encode(fields: [String: LuaValue]) throws -> es_table {
    try table(LuaTable(fields: fields), depth: 0)
  }

  private func copy(_ bytes: [UInt8]) -> UnsafePointer<CChar> {
    let target = room(for: CChar.self, count: bytes.count + 1)
    bytes.withUnsafeBytes { source in
      UnsafeMutableRawPointer(target).copyMemory(
        from: source.baseAddress ?? UnsafeRawPointer(target), byteCount: source.count)
    }
    target[bytes.count] = 0
    return UnsafePointer(target)
  }

  private func room<T>(for type: T.Type, count: Int) -> UnsafeMutablePointer<T> {
    let bytes = Swift.max(1, count) * MemoryLayout<T>.stride
    let block = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 16)
    blocks.append(block)
    return block.bindMemory(to: type, capacity: Swift.max(1, count))
  }

  private func array<S, T>(
    _ values: [S], _ convert: (S) throws -> T
  ) rethrows -> UnsafeMutablePointer<T> {
    let target = room(for: T.self, count: values.count)
    for (index, value) in values.enumerated() {
      (target + index).initialize(to: try convert(value))
    }
    return target
  }

  private func string(_ text: UnsafePointer<CChar>, _ length: Int) -> es_value {
    var result = es_value()
    result.kind = Int32(ES_STRING.rawValue)
    result.text = text
    result.length = length
    return result
  }

  private func encode(_ value: LuaValue, depth: Int) throws -> es_value {
    if let scalar = encodeScalar(value) { return scalar }
    switch value {
    case .string(let text):
      let (bytes, length) = copy(text)
      return string(bytes, length)
    case .bytes(let bytes): return string(copy(bytes), bytes.count)
    case .table(let content):
      var result = es_value()
      result.kind = Int32(ES_TABLE.rawValue)
      let target = room(for: es_table.self, count: 1)
      target.initialize(to: try table(content, depth: depth))
      result.table = UnsafePointer(target)
      return result
    case .function(let function): return try reference(function.reference)
    case .reference(let value): return try reference(value)
    case .object(let object): return try encode(object)
    default: return es_value()
    }
  }

  private func table(_ table: LuaTable, depth: Int) throws -> es_table {
    guard depth < 64 else { throw LuaError("table is nested more than 64 deep", kind: .misuse) }
    var result = es_table()
    result.count = table.count
    switch table.storage {
    case .integers(let values):
      result.item_kind = Int32(ES_INTEGER.rawValue)
      result.items = UnsafeRawPointer(array(values) { Int64($0) })
    case .numbers(let values):
      result.item_kind = Int32(ES_NUMBER.rawValue)
      result.items = UnsafeRawPointer(array(values) { $0 })
    case .values(let values):
      result.items = UnsafeRawPointer(try array(values) { try encode($0, depth: depth + 1) })
    }
    let fields = table.fields.sorted { $0.key < $1.key }
    result.field_count = fields.count
    result.fields = UnsafePointer(
      try array(fields) { field in
        let (name, length) = copy(field.key)
        return es_field(
          name: name, length: length, value: try encode(field.value, depth: depth + 1))
      })
    return result
  }

  private func reference(_ reference: LuaReference) throws -> es_value {
    guard reference.core === core else {
      throw LuaError("a value of another Lua state cannot be used here", kind: .misuse)
    }
    keep(reference)
    var result = es_value()
    result.kind = Int32(ES_REFERENCE.rawValue)
    result.integer = Int64(reference.id)
    return result
  }

  private func encode(_ object: any LuaObject) throws -> es_value {
    keep(object)
    return try core.encode(object)
  }
}

extension HostCore {
  /// An object for Lua; the caller keeps it until Lua has taken a reference of its own.
  func encode(_ object: any LuaObject) throws -> es_value {
    let type = type(of: object)
    var result = es_value()
    result.kind = Int32(ES_OBJECT.rawValue)
    result.type = try register(type)
    result.object = Unmanaged.passUnretained(object as AnyObject).toOpaque()
    result.length = Swift.max(0, object.luaByteCount)
    result.identity = type.hasLuaIdentity ? UnsafeRawPointer(result.object) : nil
    return result
  }
}

/// How C's pointer to an object of a class becomes the object again.
typealias ObjectDecoder = (UnsafeMutableRawPointer?) -> any LuaObject

func objectDecoder<T: LuaObject>(_ type: T.Type) -> ObjectDecoder {
  { Unmanaged<T>.fromOpaque($0!).takeUnretainedValue() }
}
