// What an expression before the cursor stands for: a value that can be looked at, or, behind a call, what
// the descriptor promises.

import LuaHost

/// What is known of an expression.
enum Meaning {
  /// A value that the Lua side of the prompt looks at now.
  case value
  /// A native function.
  case function(NativeFunction)
  /// A function written in Lua, with the comment above it.
  case luaFunction(LuaDoc?)
  /// A value of a kind.
  case kind(ValueKind)

  /// A variable.
  static func variable(_ name: String, _ session: Session) -> Meaning? {
    of([.variable(name)], session)
  }

  /// The value of a chain, without running it.
  static func of(_ chain: [ChainStep], _ session: Session) -> Meaning? {
    var meaning: Meaning?
    for step in chain {
      switch step {
      case .variable(let name): meaning = look(session, "start", .string(name))
      case .string: meaning = look(session, "string")
      case .field(let name): meaning = meaning?.field(name, session)
      case .method(let name): meaning = meaning?.method(name, session)
      case .call: meaning = meaning?.result
      case .index: meaning = meaning?.element
      }
      if meaning == nil { return nil }
    }
    return meaning
  }

  /// Lets the Lua side take a step, and sees what it looks at.
  private static func look(_ session: Session, _ step: String, _ arguments: LuaValue...) -> Meaning?
  {
    let found =
      switch arguments.first {
      case let argument?: try? session.call(step, argument)
      case nil: try? session.call(step)
      }
    guard step == "string" || found?.first?.asBoolean == true else { return nil }
    guard let value = (try? session.call("value"))?.first else { return .value }
    if case .object(let object) = value { return .kind(.object(type(of: object))) }
    guard let function = value.asFunction else { return .value }
    if let native = session.state.nativeFunction(value) { return .function(native.descriptor) }
    return .luaFunction(session.doc(of: function))
  }

  private func field(_ name: String, _ session: Session) -> Meaning? {
    switch self {
    case .value: return Self.look(session, "field", .string(name))
    case .kind:
      return nativeClass?.properties.first { $0.name == name }.map { .kind($0.kind) }
    default: return nil
    }
  }

  private func method(_ name: String, _ session: Session) -> Meaning? {
    guard let type = nativeClass else { return field(name, session) }
    return type.methods.first { $0.name == name }.map { .function($0) }
  }

  private var result: Meaning? {
    guard case .function(let function) = self else { return nil }
    return function.results.first.map { .kind($0.kind) }
  }

  private var element: Meaning? {
    if case .kind(.list(let kind)) = self { return .kind(kind) }
    guard let event = nativeClass?.metamethods.first(where: { $0.name == "__index" }) else {
      return nil
    }
    return event.results.first.map { .kind($0.kind) }
  }

  /// The class of an object.
  var nativeClass: NativeClass? {
    guard case .kind(let kind) = self else { return nil }
    return kind.classes.first
  }

  /// Names of a function's options.
  var optionNames: [String] {
    switch self {
    case .function(let function): function.options.map(\.name)
    case .luaFunction(let doc): doc?.optionNames ?? []
    default: []
    }
  }

  /// The fields of what the Lua side looks at.
  func fields(_ session: Session) -> [(name: String, isFunction: Bool)] {
    if case .kind(.string) = self {
      _ = try? session.call("string")
    } else if case .value = self {
    } else {
      return []
    }
    let names = (try? session.call("fields"))?.first?.asTable?.strings ?? []
    return names.map { ($0.hasSuffix("(") ? String($0.dropLast()) : $0, $0.hasSuffix("(")) }
  }
}

extension ValueKind {
  fileprivate var classes: [NativeClass] {
    switch self {
    case .object(let type): [type.luaClass]
    case .either(let kinds): kinds.flatMap(\.classes)
    default: []
    }
  }
}
