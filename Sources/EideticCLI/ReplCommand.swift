// `eidetic repl`: a prompt on a terminal, or a program from standard input.

import ArgumentParser
import Bindings
import Foundation
import LuaHost
import Prompt
import Terminal

struct ReplCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repl",
    abstract: "Type Lua at a prompt.",
    discussion: """
      Expressions print their value; `help()` explains the prompt, `help(x)` a
      function, module, class or object; Tab completes. Ctrl-C stops what runs and
      keeps the session, Ctrl-D ends it. A `local` at the top level of what is typed
      lives as long as the session.

      Without a terminal on standard input the program is read from there, statement
      by statement; it goes on after an error, and the exit code is 1 at the end (130
      when it was interrupted).

      What is typed is kept in ~/.local/state/eidetic/history ($XDG_STATE_HOME);
      EIDETIC_HISTORY names another file, or none when it is empty.

      Examples:
        eidetic repl
        eidetic repl --no-history
        echo 'print(eidetic.version)' | eidetic repl
      """)

  @OptionGroup var plugins: PluginOptions

  @Flag(name: .customLong("no-history"), help: "Neither read nor keep what was typed.")
  var isForgetful = false

  func run() throws {
    let listener = makeListener()
    let folders = try plugins.folders()
    let environment = ProcessInfo.processInfo.environment
    let session: Session
    do {
      let workbench = Workbench(
        listener: listener, command: CommandLine.arguments, plugins: folders)
      workbench.followsTrainings = isatty(0) == 1
      let state = try workbench.makeState()
      state.installInterruptHandler()
      session = try Session(
        state: state,
        abilities: TerminalAbilities(environment: environment, isTerminal: isatty(1) == 1))
    } catch { throw Failure(error) }
    let code: Int32
    if isatty(0) == 1 {
      var dialog = Dialog(session, listener, history: history(environment))
      code = dialog.run()
    } else {
      var program = PipedProgram(session, listener)
      code = program.run()
    }
    if code != 0 { throw Failure(code: code, "") }
  }

  private func history(_ environment: [String: String]) -> HistoryFile? {
    if isForgetful { return nil }
    let home = environment["HOME"] ?? FileManager.default.homeDirectoryForCurrentUser.path
    return HistoryFile(environment: environment, home: home)
  }
}
