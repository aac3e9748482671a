// The `eidetic` program: one command per file, exit codes in one place.

import ArgumentParser
import Bindings
import Foundation
import LuaHost

@main
struct Eidetic: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eidetic",
    abstract: "A scriptable workbench for research on memorization in vision-language models.",
    discussion: """
      Examples:
        eidetic run scripts/experiments/cross_modal.lua --seeds 5
        eidetic sweep scripts/sweeps/steps.lua --jobs 2
        eidetic personas build --count 100 --views 20 --out people
        eidetic repl
        eidetic probe list
        eidetic runs list
        eidetic docs tutorial

      Exit codes: 0 done, 1 the script or the work failed, 2 bad usage, 124 time
      limit reached, 130 interrupted.
      """,
    version: "eidetic \(eideticVersion) (\(LuaState.luaRelease))",
    subcommands: [
      RunCommand.self, SweepCommand.self, ReplCommand.self, ProbeCommand.self, MethodCommand.self,
      PluginCommand.self, PersonasCommand.self, RunsCommand.self, ReportCommand.self,
      ServeCommand.self, NewCommand.self, TestCommand.self, DoctorCommand.self, DocsCommand.self,
    ])

  /// Parses, runs, and turns every failure into one message and an exit code.
  static func main() {
    // A reader that closes its end (`| head`) and a file that may grow no more show as a failed
    // write, not as a signal.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    // A parent may have left Ctrl-C and its like blocked.
    var interrupts = sigset_t()
    sigemptyset(&interrupts)
    for number in [SIGINT] + Stopping.signals { sigaddset(&interrupts, number) }
    pthread_sigmask(SIG_UNBLOCK, &interrupts, nil)
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let failure as Failure {
      failure.report()
      Foundation.exit(failure.code)
    } catch {
      let code = exitCode(for: error)
      let text = fullMessage(for: error)
      if code == .success { print(text) } else { printError(text) }
      Foundation.exit(code == .success ? 0 : code == .validationFailure ? 2 : code.rawValue)
    }
  }
}

/// A failure with its message and exit code.
struct Failure: Error {
  let code: Int32
  let message: String

  /// Something that went wrong while working.
  init(_ error: any Error) {
    if let stop = error as? Interrupted {
      (code, message) = (130, "\(stop)")
      return
    }
    guard let lua = error as? LuaError else {
      (code, message) = (1, "error: \(error)")
      return
    }
    switch lua.kind {
    case .interrupted: (code, message) = (130, Self.withoutLibrary(lua.report))
    case .timeLimit: (code, message) = (124, "error: \(Self.withoutLibrary(lua.report))")
    case .exit(let status): (code, message) = (Int32(truncatingIfNeeded: status), "")
    default: (code, message) = (1, "error: \(Self.withoutLibrary(lua.report))")
    }
  }

  /// A place in the library at the front of a message tells the user nothing.
  private static func withoutLibrary(_ text: String) -> String {
    String(text.trimmingPrefix(#/\S*Eidetic_Stdlib\.resources/\S+:\d+: /#))
  }

  init(code: Int32, _ message: String) {
    self.code = code
    self.message = message
  }

  func report() { if !message.isEmpty { printError(message) } }
}
