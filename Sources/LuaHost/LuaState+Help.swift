// What a descriptor says of itself, for people and for golden files.

extension LuaState {
  /// The help of `module`, `module.function`, `Class`, `Class:method` or `Class.property`.
  ///
  /// - Returns: The text, or `nil` when nothing has this name.
  public func help(_ name: String) -> String? { core.help(name) }

  /// The help of a value: a native function, a module or an object.
  ///
  /// - Returns: The text, or `nil` for anything else.
  public func help(_ value: LuaValue) -> String? { core.help(value) }

  /// A native function as it is called in messages, with its descriptor; `nil` for any other value.
  public func nativeFunction(_ value: LuaValue) -> (name: String, descriptor: NativeFunction)? {
    guard let reference = value.reference, case .function(let callee)? = core.describe(reference)
    else { return nil }
    return (callee.name, callee.function)
  }

  /// The native module that a value is, a table taken by reference; `nil` for any other value.
  public func nativeModule(_ value: LuaValue) -> NativeModule? {
    guard let reference = value.reference, case .module(let module)? = core.describe(reference)
    else { return nil }
    return module
  }

  /// The word that was probably meant, if one is near.
  public static func suggestion(for word: String, among words: [String]) -> String? {
    LuaHost.suggestion(for: word, among: words)
  }

  /// Every module, class, function, method, property and constant with its signature, a line each,
  /// sorted.
  public var apiDump: String {
    let moduleLines = modules.flatMap { module in
      ["module \(module.name)"]
        + module.functions.map { "\(module.name).\($0.name)\($0.signature)" }
        + module.borrowedMethods.map {
          "\(module.name).\($0.method.name) is \($0.type.luaClass.name):\($0.method.name)"
        }
        + module.constants.map { "\(module.name).\($0.name) = \($0.value.literal)" }
    }
    let classLines = classes.flatMap { type in
      ["class \(type.name)"]
        + type.methods.map { "\(type.name):\($0.name)\($0.signature)" }
        + type.metamethods.map { "\(type.name).\($0.name)\($0.signature)" }
        + type.properties.map {
          "\(type.name).\($0.name): \($0.kind)\($0.isWritable ? " (rw)" : "")"
        }
    }
    return (moduleLines + classLines).sorted().joined(separator: "\n") + "\n"
  }
}

extension HostCore {
  /// The global `help`.
  func registerHelp() throws {
    try register(
      global: NativeFunction(
        "help", "Prints what a native function, module, class or object is for.",
        parameters: [.init("what", .reference, "A value, or a name such as 'tensor.zeros'.")],
        example: "help(\"help\")"
      ) { [unowned self] arguments in  // a weak reference would slow down every other one
        let text = help(arguments["what"])
        printed(text ?? "no help for this \(arguments["what"].kindName)")
        return []
      })
  }

  func help(_ value: LuaValue) -> String? {
    switch value {
    case .string(let name): return help(name)
    case .object(let object): return type(of: object).luaClass.help
    case .function(let function): return help(function.reference)
    case .reference(let reference): return help(reference)
    default: return nil
    }
  }

  private func help(_ reference: LuaReference) -> String? {
    switch describe(reference) {
    case .function(let callee): callee.function.help(named: callee.helpName)
    case .module(let module): module.help
    case nil: nil
    }
  }

  func help(_ name: String) -> String? {
    if let module = modules.first(where: { $0.name == name }) { return module.help }
    if let type = classes.first(where: { $0.name == name }) {
      return type.help
    }
    if let callee = callees.first(where: { $0.names(name) }) {
      return callee.function.help(named: callee.helpName)
    }
    for type in classes {
      for property in type.properties where "\(type.name).\(property.name)" == name {
        return property.help(named: name)
      }
    }
    return nil
  }
}

extension LuaValue {
  fileprivate var reference: LuaReference? {
    switch self {
    case .function(let function): function.reference
    case .reference(let reference): reference
    default: nil
    }
  }
}

extension Callee {
  /// A method's help is the same wherever the method stands.
  fileprivate var helpName: String {
    guard case .methodAsFunction(let type) = style else { return name }
    return "\(type.luaClass.name):\(function.name)"
  }

  /// `Tensor.sum` is as good a name as `Tensor:sum`; accessors of properties have none.
  fileprivate func names(_ text: String) -> Bool {
    switch style {
    case .function, .methodAsFunction: name == text
    case .method, .metamethod:
      name.contains(":") && name.replacing(":", with: ".") == text.replacing(":", with: ".")
    }
  }
}
