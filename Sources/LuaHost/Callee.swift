// A native function as it is called: its descriptor, its full name, and how arguments are checked.

final class Callee {
  enum Style {
    case function
    case method(any LuaObject.Type)
    /// A method as a function of a module, which takes the object as its first argument.
    case methodAsFunction(any LuaObject.Type)
    case metamethod(any LuaObject.Type)
  }

  let function: NativeFunction
  /// As in messages: `tensor.zeros`, `Tensor:sum`, `Tensor +`.
  let name: String
  let style: Style
  // What every call asks for.
  /// The body where it gives exactly one result, and the body in any case. Two properties and not
  /// one of two cases: a closure taken out of an enum is retained and released by every call.
  let single: NativeFunction.SingleBody
  let several: NativeFunction.Body
  let givesOne: Bool
  let takesReceiver: Bool
  let receiverType: ObjectIdentifier?
  private let parameterNames: [String]
  private let parameterBits: [NameBits]
  private let glances: [Glance]
  private let leastArguments: Int
  private let mustReadOptions: Bool

  init(_ function: NativeFunction, name: String, _ style: Style) {
    self.function = function
    self.name = name
    self.style = style
    switch function.work {
    case .one(let body): (single, several, givesOne) = (body, { [try body($0)] }, true)
    case .many(let body): (single, several, givesOne) = ({ _ in .nil }, body, false)
    }
    switch style {
    case .function: (takesReceiver, receiverType) = (false, nil)
    case .method(let type), .methodAsFunction(let type):
      (takesReceiver, receiverType) = (true, ObjectIdentifier(type))
    case .metamethod(let type): (takesReceiver, receiverType) = (false, ObjectIdentifier(type))
    }
    parameterNames = function.parameters.map(\.name)
    parameterBits = parameterNames.map { NameBits($0) }
    glances = function.parameters.map { Glance($0) }
    leastArguments = function.parameters.prefix { !$0.isOptional }.count
    mustReadOptions = function.options.contains(where: \.isRequired)
  }

  /// The position of a parameter, `nil` when there is none of this name.
  func position(of name: String) -> Int? {
    let bits = NameBits(name)
    return parameterBits.firstIndex { $0 == bits } ?? parameterNames.firstIndex(of: name)
  }

  /// Lua passes the operand of `-x` and `#x` twice, and more to other events.
  var mostArguments: Int32 {
    guard case .metamethod = style, function.parameters.last?.isVariadic != true else { return -1 }
    return Int32(function.parameters.count)
  }

  var argumentsByReference: UInt64 {
    let first = takesReceiver ? 1 : 0
    return function.parameters.enumerated().reduce(0) { mask, parameter in
      parameter.element.kind.takesReferences ? mask | 1 << UInt64(first + parameter.offset) : mask
    }
  }

  /// Whether `self` goes without a number in messages.
  var hidesReceiver: Bool { if case .method = style { true } else { false } }
  /// What a position counts from in messages.
  private var firstNumber: Int { takesReceiver && !hidesReceiver ? 2 : 1 }

  /// Whether one object is all that a call gives.
  var givesObject: Bool {
    guard function.results.count == 1, case .object = function.results[0].kind else { return false }
    return true
  }

  /// `argument #2 'b'`, `option 'steps'` or `self`.
  func label(_ name: String) -> String {
    if let index = position(of: name) {
      return "argument #\(index + firstNumber) '\(name)'"
    }
    return name == "self" ? name : "option '\(name)'"
  }
}

/// The two words of a string. Equal words are equal strings; equal strings of up to 15 bytes have
/// equal words, so that most names are told apart without a call.
private struct NameBits: Equatable {
  let words: SIMD2<UInt64>

  init(_ name: String) { words = unsafeBitCast(name, to: SIMD2<UInt64>.self) }
}

// MARK: - Checks

extension Callee {
  func check(_ call: Arguments) throws {
    let selfType = takesReceiver ? receiverType : nil
    if !mustReadOptions, call.accepts(glances, receiver: selfType, least: leastArguments) { return }
    var rest = call.decode()[...]
    var receiver = LuaValue.nil
    switch style {
    case .function: break
    case .method(let type), .methodAsFunction(let type): receiver = try takeReceiver(&rest, type)
    case .metamethod(let type): receiver = rest.first { $0.isObject(of: type) } ?? .nil
    }
    let options = try takeOptions(&rest)
    try checkPositions(rest)
    call.set(receiver, rest, options)
  }

  private func takeReceiver(
    _ rest: inout ArraySlice<LuaValue>, _ type: any LuaObject.Type
  ) throws -> LuaValue {
    let first = rest.popFirst() ?? .nil
    if first.isObject(of: type) { return first }
    if hidesReceiver {
      throw refusal("self must be \(type.luaClass.name), got \(first.kindName); call it with ':'")
    }
    let kind = ValueKind.object(type)
    throw refusal("argument #1 must be \(kind), got \(kind.describe(first))\(hint(kind))")
  }

  /// The options stand behind all parameters, or where an optional parameter that takes no table
  /// was left out.
  private func takeOptions(_ rest: inout ArraySlice<LuaValue>) throws -> [String: LuaValue] {
    var given: [String: LuaValue] = [:]
    if !function.options.isEmpty, let last = rest.last, let index = rest.indices.last {
      let position = index - rest.startIndex
      if position == function.parameters.count || standsForOptions(last, at: position) {
        given = try optionFields(last)
        rest.removeLast()
      }
    }
    for option in function.options { try check(option, given[option.name] ?? .nil) }
    return given
  }

  private func standsForOptions(_ value: LuaValue, at position: Int) -> Bool {
    guard function.parameters.indices.contains(position), let table = value.asTable,
      table.count == 0, !table.fields.isEmpty
    else { return false }
    return function.parameters[position...].allSatisfy(\.isOptional)
      && !function.parameters[position].kind.accepts(value)
  }

  private func optionFields(_ value: LuaValue) throws -> [String: LuaValue] {
    if value.isNil { return [:] }
    guard let table = value.asTable else {
      throw refusal("options must be table, got \(value.kindName)")
    }
    guard table.count == 0 else {
      throw refusal("options must be a table of names, got one with \(table.count) positions")
    }
    let known = function.options.map(\.name)
    for name in table.fields.keys.sorted() where !known.contains(name) {
      let hint =
        suggestion(for: name, among: known).map { "did you mean '\($0)'?" }
        ?? "options are \(known.joined(separator: ", "))"
      throw refusal("unknown option '\(name)' (\(hint))")
    }
    return table.fields
  }

  private func check(_ option: NativeFunction.Option, _ value: LuaValue) throws {
    if value.isNil {
      if option.isRequired {
        throw refusal(
          "option '\(option.name)' is missing; expected \(option.kind)\(hint(option.kind))")
      }
    } else if !option.kind.accepts(value) {
      throw mismatch("option '\(option.name)'", option.kind, value)
    }
  }

  private func checkPositions(_ values: ArraySlice<LuaValue>) throws {
    let parameters = function.parameters
    let isVariadic = parameters.last?.isVariadic == true
    if values.count > parameters.count, !isVariadic {
      let most = parameters.count == 1 ? "1 argument" : "\(parameters.count) arguments"
      throw refusal("expected at most \(most), got \(values.count)")
    }
    for (index, value) in values.enumerated() {
      let parameter = parameters[Swift.min(index, parameters.count - 1)]
      if value.isNil, parameter.isOptional, !parameter.isVariadic { continue }
      if value.isNil, !parameter.kind.accepts(value) { throw missing(index, parameter) }
      guard parameter.kind.accepts(value) else {
        throw mismatch("argument #\(index + firstNumber) '\(parameter.name)'", parameter.kind, value)
      }
    }
    for (index, parameter) in parameters.enumerated().dropFirst(values.count)
    where !parameter.isOptional && !isAbsenceAccepted(parameter) {
      throw missing(index, parameter)
    }
  }

  /// A key or operand of an event may be nil.
  private func isAbsenceAccepted(_ parameter: NativeFunction.Parameter) -> Bool {
    if case .metamethod = style, case .any = parameter.kind { true } else { false }
  }

  private func missing(_ index: Int, _ parameter: NativeFunction.Parameter) -> LuaError {
    refusal(
      "argument #\(index + firstNumber) '\(parameter.name)' is missing; expected \(parameter.kind)"
        + hint(parameter.kind))
  }

  private func mismatch(_ label: String, _ kind: ValueKind, _ value: LuaValue) -> LuaError {
    refusal("\(label) must be \(kind), got \(kind.describe(value))\(hint(kind))")
  }

  /// How to come by an object of the class that is expected.
  private func hint(_ kind: ValueKind) -> String {
    guard case .object(let type) = kind, let maker = type.luaClass.maker else { return "" }
    return "; \(maker) makes one"
  }

  private func refusal(_ what: String) -> LuaError { LuaError("\(name): \(what)", kind: .argument) }
}
