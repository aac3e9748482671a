// Descriptors are checked when they are registered, so that a contradiction in one shows at start-up
// and not in the middle of a run.

extension NativeModule {
  func validate() throws {
    guard name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy(isWord) else {
      throw misuse("module name '\(name)' must be words joined by dots")
    }
    try unique(functions.map(\.name) + constants.map(\.name), in: name)
    for function in functions { try function.validate(in: name) }
  }
}

extension NativeClass {
  static let events = [
    "__add", "__sub", "__mul", "__div", "__mod", "__pow", "__unm", "__idiv", "__concat", "__len",
    "__eq", "__lt", "__le", "__call", "__tostring", "__index", "__newindex",
  ]

  func validate() throws {
    guard isWord(name) else { throw misuse("class name '\(name)' must be a word") }
    try unique(methods.map(\.name) + properties.map(\.name), in: name)
    try unique(metamethods.map(\.name), in: name)
    for function in methods { try function.validate(in: name) }
    for function in metamethods {
      guard Self.events.contains(function.name) else {
        throw misuse("\(name): '\(function.name)' is no event that a class may handle")
      }
      guard !function.parameters.isEmpty else {
        throw misuse("\(name): '\(function.name)' must declare its operands as parameters")
      }
      try function.validate(in: name)
    }
  }
}

extension NativeFunction {
  func validate(in owner: String) throws {
    let place = "\(owner).\(name)"
    guard isWord(name) else { throw misuse("'\(place)' must end in a word") }
    try unique(parameters.map(\.name) + options.map(\.name), in: place)
    if let required = parameters.drop(while: { !$0.isOptional }).first(where: { !$0.isOptional }) {
      throw misuse("\(place): required '\(required.name)' follows an optional parameter")
    }
    if parameters.dropLast().contains(where: \.isVariadic) {
      throw misuse("\(place): only the last parameter may be variadic")
    }
    if parameters.last?.isVariadic == true, !options.isEmpty {
      throw misuse("\(place): a variadic function has no options")
    }
    let defaults =
      parameters.map { ($0.name, $0.kind, $0.defaultValue) }
      + options.map { ($0.name, $0.kind, $0.defaultValue) }
    for (name, kind, value) in defaults where !value.isNil && !kind.accepts(value) {
      throw misuse("\(place): the default of '\(name)' is no \(kind)")
    }
  }
}

extension NativeClass.Property {
  var reading: NativeFunction {
    .single(name, summary, result: .init(kind), body: getter)
  }

  var writing: NativeFunction? {
    guard let setter else { return nil }
    return NativeFunction(name, summary, parameters: [.init("value", kind)]) {
      try setter($0)
      return []
    }
  }
}

/// How people write an event: `+`, `[]`, `tostring`.
func eventName(_ name: String) -> String {
  let signs = [
    "__add": "+", "__sub": "-", "__mul": "*", "__div": "/", "__mod": "%", "__pow": "^",
    "__unm": "unary -", "__idiv": "//", "__concat": "..", "__len": "#", "__eq": "==", "__lt": "<",
    "__le": "<=", "__call": "()", "__index": "[]", "__newindex": "[] =",
  ]
  return signs[name] ?? String(name.dropFirst(2))
}

private func isWord(_ text: some StringProtocol) -> Bool {
  guard let first = text.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
    return false
  }
  return text.utf8.allSatisfy { byte in
    switch byte {
    case UInt8(ascii: "_"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
      true
    default: false
    }
  }
}

private func unique(_ names: [String], in owner: String) throws {
  var seen: Set<String> = []
  for name in names where !seen.insert(name).inserted {
    throw misuse("\(owner): '\(name)' is declared twice")
  }
}

private func misuse(_ message: String) -> LuaError { LuaError(message, kind: .misuse) }
