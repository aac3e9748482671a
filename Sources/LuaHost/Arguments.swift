// How a body asks for the arguments of its call: by name or position, typed. No accessor traps: a
// wrong name or type is a thrown error.

internal import CLuaShim

/// How an argument is addressed: by name, or by position from 0.
public enum ArgumentKey: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
  /// A parameter or an option.
  case name(String)
  /// A positional argument, from 0, without a method's `self`.
  case position(Int)

  /// By name.
  public init(stringLiteral value: String) { self = .name(value) }
  /// By position.
  public init(integerLiteral value: Int) { self = .position(value) }
}

extension Arguments {
  /// The value of an argument or option, its default when it is missing, else `.nil`.
  public subscript(_ key: ArgumentKey) -> LuaValue {
    switch key {
    case .position(let index): at(index)
    case .name(let name):
      if let index = position(of: name) {
        at(index)
      } else {
        options[name] ?? callee.function.options.first { $0.name == name }?.defaultValue
          ?? .nil
      }
    }
  }

  private func at(_ index: Int) -> LuaValue {
    if let value = value(at: index) { return value }
    let parameters = callee.function.parameters
    return parameters.indices.contains(index) ? parameters[index].defaultValue : .nil
  }

  /// An argument where C left it, if it is one that needs no memory.
  private func inPlace(_ key: ArgumentKey) -> UnsafePointer<es_value>? {
    switch key {
    case .position(let index): inPlace(index)
    case .name(let name): position(of: name).flatMap { inPlace($0) }
    }
  }

  /// Whether the caller gave an argument or option that is not nil.
  public func has(_ key: ArgumentKey) -> Bool {
    switch key {
    case .position(let index): value(at: index) != nil
    case .name(let name):
      if let index = position(of: name) {
        has(.position(index))
      } else {
        options[name] != nil
      }
    }
  }

  /// What a variadic last parameter took.
  public var rest: ArraySlice<LuaValue> {
    guard let last = callee.function.parameters.indices.last,
      callee.function.parameters[last].isVariadic
    else { return [] }
    return positions(from: last)
  }

  /// The object whose method, property or metamethod was called.
  public func receiver<T: LuaObject>(_ type: T.Type = T.self) throws -> T {
    if let value = receiverInPlace(ObjectIdentifier(type)) { return value.object() }
    let value = receiverValue
    if let object = value.asObject(type) { return object }
    throw mismatch("self", type.luaClass.name, value)
  }
}

extension UnsafePointer<es_value> {
  /// The object, whose class has been asked for.
  fileprivate func object<T: LuaObject>() -> T {
    Unmanaged<T>.fromOpaque(pointee.object).takeUnretainedValue()
  }
}

// MARK: - Typed access

extension Arguments {
  /// A boolean.
  public func boolean(_ key: ArgumentKey) throws -> Bool {
    try need(key, "boolean") { $0.asBoolean }
  }
  /// A boolean, or `nil` where it is missing without a default.
  public func boolean(ifGiven key: ArgumentKey) throws -> Bool? {
    try want(key, "boolean") { $0.asBoolean }
  }
  /// An integer.
  public func integer(_ key: ArgumentKey) throws -> Int {
    if let value = inPlace(key)?.pointee, value.kind == Int32(ES_INTEGER.rawValue) {
      return Int(value.integer)
    }
    return try need(key, "integer") { $0.asInteger }
  }
  /// An integer, or `nil` where it is missing without a default.
  public func integer(ifGiven key: ArgumentKey) throws -> Int? {
    try want(key, "integer") { $0.asInteger }
  }
  /// A number.
  public func number(_ key: ArgumentKey) throws -> Double {
    if let value = inPlace(key)?.pointee {
      if value.kind == Int32(ES_NUMBER.rawValue) { return value.number }
      if value.kind == Int32(ES_INTEGER.rawValue) { return Double(value.integer) }
    }
    return try need(key, "number") { $0.asNumber }
  }
  /// A number, or `nil` where it is missing without a default.
  public func number(ifGiven key: ArgumentKey) throws -> Double? {
    try want(key, "number") { $0.asNumber }
  }
  /// A text; a string that is not UTF-8 is an error.
  public func string(_ key: ArgumentKey) throws -> String {
    try need(key, "string of UTF-8 text") { $0.asString }
  }
  /// A text, or `nil` where it is missing without a default.
  public func string(ifGiven key: ArgumentKey) throws -> String? {
    try want(key, "string of UTF-8 text") { $0.asString }
  }
  /// The bytes of any string.
  public func bytes(_ key: ArgumentKey) throws -> [UInt8] {
    try need(key, "string") { $0.asBytes }
  }
  /// A table.
  public func table(_ key: ArgumentKey) throws -> LuaTable {
    try need(key, "table") { $0.asTable }
  }
  /// A table, or `nil` where it is missing without a default.
  public func table(ifGiven key: ArgumentKey) throws -> LuaTable? {
    try want(key, "table") { $0.asTable }
  }
  /// The positions of a table.
  public func list(_ key: ArgumentKey) throws -> [LuaValue] {
    try need(key, "list") { $0.asTable?.items }
  }
  /// A list of numbers.
  public func numbers(_ key: ArgumentKey) throws -> [Double] {
    try need(key, "list of numbers") { $0.asTable?.numbers }
  }
  /// A list of integers.
  public func integers(_ key: ArgumentKey) throws -> [Int] {
    try need(key, "list of integers") { $0.asTable?.integers }
  }
  /// A list of integers, or `nil` where it is missing without a default.
  public func integers(ifGiven key: ArgumentKey) throws -> [Int]? {
    try want(key, "list of integers") { $0.asTable?.integers }
  }
  /// A list of texts.
  public func strings(_ key: ArgumentKey) throws -> [String] {
    try need(key, "list of strings") { $0.asTable?.strings }
  }
  /// A list of texts, or `nil` where it is missing without a default.
  public func strings(ifGiven key: ArgumentKey) throws -> [String]? {
    try want(key, "list of strings") { $0.asTable?.strings }
  }
  /// A function.
  public func function(_ key: ArgumentKey) throws -> LuaFunction {
    try need(key, "function") { $0.asFunction }
  }
  /// A function, or `nil` where it is missing without a default.
  public func function(ifGiven key: ArgumentKey) throws -> LuaFunction? {
    try want(key, "function") { $0.asFunction }
  }
  /// An object of this class.
  public func object<T: LuaObject>(_ key: ArgumentKey, _ type: T.Type = T.self) throws -> T {
    if let object = object(key, ifItIs: type) { return object }
    throw mismatch(key, type.luaClass.name, self[key])
  }
  /// An object of this class, or `nil` for any other value.
  public func object<T: LuaObject>(_ key: ArgumentKey, ifItIs type: T.Type) -> T? {
    if let value = inPlace(key), isObject(value, of: ObjectIdentifier(type)) {
      return value.object()
    }
    return self[key].asObject(type)
  }
  /// An object of this class, or `nil` where it is missing without a default.
  public func object<T: LuaObject>(
    ifGiven key: ArgumentKey, _ type: T.Type = T.self
  ) throws -> T? {
    try want(key, type.luaClass.name) { $0.asObject(type) }
  }

  private func need<T>(
    _ key: ArgumentKey, _ expected: @autoclosure () -> String, _ convert: (LuaValue) -> T?
  ) throws -> T {
    let value = self[key]
    if let converted = convert(value) { return converted }
    throw mismatch(key, expected(), value)
  }

  private func want<T>(
    _ key: ArgumentKey, _ expected: @autoclosure () -> String, _ convert: (LuaValue) -> T?
  ) throws -> T? {
    let value = self[key]
    if value.isNil { return nil }
    if let converted = convert(value) { return converted }
    throw mismatch(key, expected(), value)
  }

  private func mismatch(_ key: ArgumentKey, _ expected: String, _ value: LuaValue) -> LuaError {
    let label =
      switch key {
      case .name(let name): callee.label(name)
      case .position(let index): "argument #\(index + 1)"
      }
    return LuaError(
      "\(callee.name): \(label) must be \(expected), got \(value.kindName)", kind: .argument)
  }
}

// MARK: - Files

extension Arguments {
  /// The file that a text argument names, for reading or writing. Every body that opens a file
  /// named by a script asks here: in the sandbox most names are refused.
  ///
  /// - Throws: ``LuaError`` of kind `argument`.
  public func path(_ key: ArgumentKey, for purpose: FileAccess.Purpose) throws -> String {
    try path(text: string(key), for: purpose)
  }

  /// The same for a name that follows from an argument.
  public func path(text: String, for purpose: FileAccess.Purpose) throws -> String {
    do { return try core.files.resolve(text, for: purpose) } catch let error as LuaError {
      throw LuaError("\(callee.name): \(error.message)", kind: error.kind)
    }
  }

  /// Whether the script runs in the sandbox.
  public var isSandboxed: Bool { core.isSandboxed }
}

// MARK: - Interrupts

extension Arguments {
  /// Whether the user asked to stop; cheap enough to poll in every step, from any thread.
  public var isInterrupted: Bool { core.isInterrupted }

  /// Throws when the user asked to stop, or the time is up.
  public func checkInterrupt() throws {
    if let stop = core.stopRequest { throw stop }
  }
}
