// What Swift asks of Lua, and what failed there.

internal import CLuaShim

extension HostCore {
  /// Runs one request and copies what it gave before its memory is freed.
  @discardableResult
  func request(_ body: (UnsafeMutablePointer<es_outcome>) -> Void) throws -> [LuaValue] {
    var outcome = es_outcome()
    body(&outcome)
    defer {
      if es_finish(host, &outcome) != 0 { forgetFunctions() }
    }
    guard outcome.status == Int32(ES_OK.rawValue) else { throw failure(outcome) }
    return UnsafeBufferPointer(start: outcome.values, count: Int(outcome.count)).map {
      decode($0, in: self)
    }
  }

  func call(_ reference: LuaReference, _ arguments: [LuaValue]) throws -> [LuaValue] {
    let outbound = Outbound(self)
    let values = try outbound.encode(arguments)
    return try withExtendedLifetime(outbound) {
      try request {
        es_call(host, reference.id, values, Int32(clamping: arguments.count), $0)
      }
    }
  }

  func load(_ source: [UInt8], name: String, isolated: Bool) throws -> LuaFunction {
    let results = try source.withUnsafeBytes { bytes in
      try request {
        es_load(
          host, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, name,
          isolated ? 1 : 0, $0)
      }
    }
    guard let function = results.first?.asFunction else {
      throw LuaError("\(name) did not load", kind: .misuse)
    }
    return function
  }

  func load(file path: String, isolated: Bool) throws -> LuaFunction {
    guard let source = readSource(path) else {
      throw LuaError("cannot read \(path)", kind: .misuse)
    }
    return try load(source, name: path, isolated: isolated)
  }

  func setScriptArguments(_ path: String, _ arguments: [String]) throws {
    let setter = try load(
      Array("local path, list = ...; list[0] = path; arg = list".utf8), name: "=host",
      isolated: false)
    _ = try call(setter.reference, [.string(path), .list(arguments.map { .string($0) })])
  }

  func setGlobal(_ name: String, _ value: LuaValue) throws {
    let outbound = Outbound(self)
    let values = try outbound.encode([value])
    try withExtendedLifetime(outbound) {
      _ = try request { es_set_global(host, name, values, $0) }
    }
  }

  func global(_ name: String) throws -> LuaValue {
    try request { es_get_global(host, name, $0) }.first ?? .nil
  }

  func globalNames() throws -> [String] {
    try request { es_global_names(host, $0) }.first?.asTable?.strings?.sorted() ?? []
  }

  func seedRandom(_ seed: Int) throws { try request { es_seed_random(host, Int64(seed), $0) } }

  func collectGarbage() throws { try request { es_collect(host, $0) } }

  // MARK: Errors

  private func failure(_ outcome: es_outcome) -> LuaError {
    let message = decodeText(outcome.message, outcome.message_length)
    let value =
      outcome.reference == 0
      ? nil : LuaReference(self, id: outcome.reference, kindName: "error value")
    let trace = frames(decodeText(outcome.traceback, outcome.traceback_length))
    let (kind, underlying) = cause(outcome, message)
    return LuaError(
      kind: kind, message: message, traceback: trace, value: value, underlying: underlying)
  }

  private func cause(_ outcome: es_outcome, _ message: String) -> (LuaError.Kind, (any Error)?) {
    switch es_status(UInt32(outcome.status)) {
    case ES_SYNTAX: return (.syntax, nil)
    case ES_OUT_OF_MEMORY: return (.memory, nil)
    case ES_INTERRUPTED: return (.interrupted, nil)
    case ES_LIMIT: return (.instructionLimit, nil)
    case ES_TIME: return (.timeLimit, nil)
    case ES_EXIT: return (.exit(Int(outcome.exit_code)), nil)
    case ES_MISUSE: return (.misuse, nil)
    default: break
    }
    guard let known = raised.last(where: { message.hasSuffix($0.message) }) else {
      return (.script, nil)
    }
    if let error = known.error as? LuaError { return (error.kind, error.underlying) }
    return (.native, known.error)
  }

  private func frames(_ text: String) -> [LuaError.Frame] {
    text.split(separator: "\n").compactMap { line in
      let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard parts.count == 3, let number = Int(parts[1]) else { return nil }
      return LuaError.Frame(source: String(parts[0]), line: number, function: String(parts[2]))
    }
  }
}
