// `eidetic repl`: a plain prompt. Values are printed, errors keep the session, Ctrl-C stops the
// running statement.

import ArgumentParser
import Bindings
import Foundation
import LuaHost

struct ReplCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repl",
    abstract: "Type Lua at a prompt.",
    discussion: """
      The library is there as the global `eidetic`; `help(x)` explains a function, module or class.
      Globals survive from line to line, locals do not. Without a terminal on standard input the
      program is read from there, and the exit code is 1 when a line failed.

      Examples:
        eidetic repl
        echo 'print(eidetic.version)' | eidetic repl
      """)

  @OptionGroup var plugins: PluginOptions

  func run() throws {
    let listener = makeListener()
    let folders = try plugins.folders()
    let state: LuaState
    do {
      state = try Workbench(listener: listener, command: CommandLine.arguments, plugins: folders)
        .makeState()
      state.installInterruptHandler()
      try state.run("eidetic = require 'eidetic'", name: "repl")
    } catch { throw Failure(error) }
    var session = Session(state: state, isInteractive: isatty(0) == 1)
    session.run()
    if session.failed, !session.isInteractive { throw Failure(code: 1, "") }
  }
}

/// The lines of one session.
private struct Session {
  let state: LuaState
  let isInteractive: Bool
  private(set) var failed = false

  init(state: LuaState, isInteractive: Bool) {
    self.state = state
    self.isInteractive = isInteractive
  }

  mutating func run() {
    if isInteractive {
      print("eidetic \(eideticVersion) (\(LuaState.luaRelease))  help(x) explains, Ctrl-D ends")
    }
    var pending = ""
    while let line = prompt(pending.isEmpty ? "> " : ">> ") {
      pending += pending.isEmpty ? line : "\n" + line
      guard evaluate(pending) else { continue }
      pending = ""
    }
    if !pending.isEmpty { _ = evaluate(pending, isComplete: true) }
    if isInteractive { print() }
  }

  private func prompt(_ text: String) -> String? {
    if isInteractive {
      FileHandle.standardOutput.write(Data(text.utf8))
    }
    return readLine()
  }

  /// - Returns: Whether the text was a whole statement, right or wrong.
  private mutating func evaluate(_ text: String, isComplete: Bool = false) -> Bool {
    do {
      let chunk: LuaFunction
      if let expression = try? state.load("return " + text, name: "repl") {
        chunk = expression
      } else {
        do { chunk = try state.load(text, name: "repl") } catch let error as LuaError
          where error.message.hasSuffix("<eof>") && !isComplete
        {
          return false
        }
      }
      let results = try chunk.call()
      if !results.isEmpty { try state.global("print").asFunction?.call(results) }
    } catch {
      failed = true
      state.clearInterrupt()
      printError("error: \((error as? LuaError)?.report ?? "\(error)")")
    }
    return true
  }
}
