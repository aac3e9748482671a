// A session at the prompt: its variables live in Lua (stdlib/eidetic/prompt.lua), its text here.

import Bindings
import LuaHost
import Terminal

/// Runs what is typed, one statement after the other, in one Lua state.
public final class Session {
  /// What came of some text.
  public enum Outcome {
    /// It ran, or there was nothing to run.
    case done
    /// More lines may make it whole.
    case incomplete
    /// It failed; the report says why.
    case failed(String)
    /// It was stopped; the report says where.
    case interrupted(String)
    /// It asked for the end of the program.
    case exit(Int)
  }

  let state: LuaState
  private let abilities: TerminalAbilities
  private var lua: [String: LuaFunction] = [:]
  /// The text of each input by the name of its chunk.
  private(set) var inputs: [String: [UInt8]] = [:]
  private var count = 0

  /// Starts a session.
  ///
  /// - Parameters:
  ///   - state: A state of the workbench; `eidetic` becomes a global, its modules and `help` become
  ///     variables of the session.
  ///   - abilities: What may be printed.
  /// - Throws: ``LuaError``.
  public init(state: LuaState, abilities: TerminalAbilities) throws {
    (self.state, self.abilities) = (state, abilities)
    try state.register(PromptModule.module(abilities, of: self))
    let results = try state.run(Self.opening, name: "=repl")
    guard case .table(let table)? = results.first else {
      throw LuaError("the prompt did not start", kind: .misuse)
    }
    lua = table.fields.compactMapValues(\.asFunction)
  }

  /// The short names are for typing only: scripts and modules do not see them.
  private static let opening = """
    local prompt = require "eidetic.prompt"
    eidetic = require "eidetic"
    for name, value in next, eidetic do
      if type(value) == "table" then prompt.set(name, value) end
    end
    return prompt
    """

  // MARK: Running

  /// Drops a Ctrl-C that came while nothing ran; several of them would end the program.
  public func forgetInterrupt() { state.clearInterrupt() }

  /// Runs text as soon as it is whole.
  ///
  /// - Parameters:
  ///   - typed: The lines so far.
  ///   - isComplete: Whether no more lines will come.
  ///   - line: The line of a piped program at which the text begins; `nil` at a prompt.
  public func evaluate(_ typed: [UInt8], isComplete: Bool = false, line: Int? = nil) -> Outcome {
    let name = line == nil ? "repl[\(count + 1)]" : "stdin"
    // Line breaks in front make Lua count the lines of the piped program.
    let front = [UInt8](repeating: UInt8(ascii: "\n"), count: max(0, (line ?? 1) - 1))
    state.clearInterrupt()
    do {
      let input = try Input(typed, isComplete: isComplete) { try compile(front + $0, name).message }
      switch input {
      case .empty: return .done
      case .incomplete: return .incomplete
      case .broken(let error):
        keep(typed, as: name, isPiped: line != nil)
        let report = ErrorReport(error, in: typed, named: name, firstLine: line ?? 1)
        return .failed(report.text(color: abilities.hasColor))
      case .chunk(let source, let isExpression):
        keep(typed, as: name, isPiped: line != nil)
        try run(source, front, name, isShown: isExpression)
        return .done
      }
    } catch { return outcome(of: error, in: typed, named: name, firstLine: line ?? 1) }
  }

  private func run(
    _ source: [UInt8], _ front: [UInt8], _ name: String, isShown: Bool
  ) throws {
    let shared = SessionLocals(sharing: source)
    var chunk = try compile(front + shared.source, name).chunk
    if chunk != nil {
      for variable in shared.names { try call("declare", .string(variable)) }
    } else {
      chunk = try compile(front + source, name).chunk
    }
    guard let chunk else { return }
    try call("run", .function(chunk), .boolean(isShown))
  }

  private func compile(
    _ source: [UInt8], _ name: String
  ) throws -> (chunk: LuaFunction?, message: String?) {
    let results = try call("compile", .bytes(source), .string("@" + name))
    return (results.first?.asFunction, results.count > 1 ? results[1].text : nil)
  }

  private func keep(_ typed: [UInt8], as name: String, isPiped: Bool) {
    guard !isPiped else { return }
    inputs[name] = typed
    count += 1
  }

  private func outcome(
    of error: any Error, in typed: [UInt8], named name: String, firstLine: Int
  ) -> Outcome {
    state.clearInterrupt()
    guard let error = error as? LuaError else { return .failed("error: \(error)") }
    if case .exit(let code) = error.kind { return .exit(code) }
    let sources = { [inputs] (chunk: String) -> (bytes: [UInt8], firstLine: Int)? in
      if chunk == name { return (typed, firstLine) }
      return inputs[chunk].map { ($0, 1) } ?? readFile(chunk).map { ($0, 1) }
    }
    let hint = hint(for: error.message)
    let report = ErrorReport(error, input: name, hint: hint, sources: sources)
    let text = report.text(color: abilities.hasColor)
    return error.kind == .interrupted ? .interrupted(text) : .failed(text)
  }

  // MARK: Lua

  @discardableResult
  func call(_ name: String, _ arguments: LuaValue...) throws -> [LuaValue] {
    guard let function = lua[name] else {
      throw LuaError("eidetic.prompt has no '\(name)'", kind: .misuse)
    }
    return try function.call(arguments)
  }

  /// The names of all variables that can be seen, sorted.
  var variables: [String] {
    (try? call("names"))?.first?.asTable?.strings ?? []
  }

  /// Lua's own suggestion knows only globals.
  private func hint(for message: String) -> String? {
    guard let name = message.firstMatch(of: #/undefined variable '([^']*)'$/#)?.output.1 else {
      return nil
    }
    if let habit = habits[String(name)] { return habit }
    return LuaState.suggestion(for: String(name), among: variables).map { "did you mean '\($0)'?" }
  }
}

/// What people type who come from other languages or prompts.
private let habits = [
  "None": "Lua writes nil", "null": "Lua writes nil", "True": "Lua writes true",
  "False": "Lua writes false", "len": "Lua writes #x", "exit": "Ctrl-D ends the session",
  "quit": "Ctrl-D ends the session", "import": "Lua writes local x = require \"x\"",
  "torch": "see help(tensor)", "np": "see help(tensor)", "numpy": "see help(tensor)",
  "str": "Lua writes tostring(x)", "int": "Lua writes math.tointeger(x) or x // 1",
  "float": "Lua writes tonumber(x)", "range": "Lua writes for i = 1, n do … end",
  "dir": "press Tab after a dot, or help(x)",
]

private func readFile(_ path: String) -> [UInt8]? { LuaDoc.read(path) }

extension LuaValue {
  /// The text of a string, lossy where the bytes are not UTF-8.
  var text: String? { asBytes.map { String(decoding: $0, as: UTF8.self) } }
}
