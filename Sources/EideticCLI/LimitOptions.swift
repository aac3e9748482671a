// How far a script may go: the sandbox, its time and its memory.

import ArgumentParser
import Bindings
import Foundation
import LuaHost

struct LimitOptions: ParsableArguments {
  @Flag(
    help: ArgumentHelp(
      "Run a script that you do not trust.",
      discussion: """
        It gets no io, no os but clocks, no debug, no finalizers; it writes only below files/ in \
        the folder of its run and reads only there and beside itself; time and memory are limited. \
        A guard rail: run code that may attack you in a container.
        """))
  var sandbox = false

  @Option(
    help: ArgumentHelp(
      "The most wall-clock time, or none (default: none; 3600 with --sandbox).",
      discussion: """
        The script then ends like a failed one, with exit code 124; what was recorded is saved. A \
        single call that cannot be stopped ends the process three seconds later, also with 124; \
        what complete seeds have written stays whole.
        """,
      valueName: "seconds"))
  var timeLimit: TimeLimit?

  @Option(
    help: ArgumentHelp(
      "The most memory of Lua values, and of tensors, each (default: none; 1G with --sandbox).",
      discussion: "More is a Lua error. Bytes, or with K, M, G for 1024, 1024², 1024³; or none.",
      valueName: "bytes"))
  var memoryLimit: MemoryLimit?

  var profile: LuaState.Profile { sandbox ? .sandbox : .open }

  var limits: ScriptLimits {
    let seconds = (timeLimit ?? TimeLimit(seconds: sandbox ? 3600 : nil)).seconds
    return ScriptLimits(
      seconds: seconds, memory: (memoryLimit ?? MemoryLimit(bytes: sandbox ? 1 << 30 : nil)).bytes,
      onStuck: { endStuckProcess(limit: seconds ?? 0) })
  }
}

extension LimitOptions {
  /// The failure, with the option that raises the limit behind it.
  func explained(_ failure: Failure, _ error: any Error) -> Failure {
    guard let lua = error as? LuaError else { return failure }
    switch lua.kind {
    case .timeLimit:
      return Failure(code: failure.code, failure.message + "\n--time-limit raises it")
    case .memory where limits.memory != nil:
      return Failure(code: failure.code, failure.message + "\n--memory-limit raises the limit")
    default: return failure
    }
  }
}

/// Seconds, or none.
struct TimeLimit: ExpressibleByArgument {
  let seconds: Double?

  init(seconds: Double?) { self.seconds = seconds }

  init?(argument: String) {
    if argument == "none" {
      seconds = nil
      return
    }
    guard let value = Double(argument), value > 0, value <= 1e9 else { return nil }
    seconds = value
  }
}

/// Bytes, or none.
struct MemoryLimit: ExpressibleByArgument {
  let bytes: Int?

  init(bytes: Int?) { self.bytes = bytes }

  init?(argument: String) {
    if argument == "none" {
      bytes = nil
      return
    }
    let units = ["K": 10, "M": 20, "G": 30, "T": 40]
    let shift = argument.last.flatMap { units[$0.uppercased()] }
    let digits = shift == nil ? argument : String(argument.dropLast())
    guard let count = Int(digits), count > 0, count <= Int.max >> (shift ?? 0) else { return nil }
    let value = count << (shift ?? 0)
    guard value >= Self.least else { return nil }
    bytes = value
  }

  /// The library alone needs about a megabyte.
  private static let least = 8 << 20
}

extension ScriptLimits {
  /// Of work that only loads plug-ins.
  static var loading: ScriptLimits {
    ScriptLimits(
      seconds: 5, memory: 1 << 30, onStuck: { endStuckPlugin("a plug-in that was loaded", 5) })
  }
}

/// Of each call of a plug-in.
struct PluginLimitOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The most wall-clock time of each plug-in, or none (default: none).",
      discussion: """
        One that takes longer is stopped and named, and the others go on; the exit code is 124. A \
        single call that cannot be stopped ends the process three seconds later. Models and \
        datasets that ship are not limited where they only prepare the work.
        """, valueName: "seconds"))
  var timeLimit: TimeLimit?

  @Option(
    help: ArgumentHelp(
      "The most memory of each plug-in's Lua values, and of tensors, each (default: none).",
      discussion: "Bytes, or with K, M, G for 1024, 1024², 1024³; or none.", valueName: "bytes"))
  var memoryLimit: MemoryLimit?

  func limits(of plugin: String) -> ScriptLimits {
    let seconds = timeLimit?.seconds
    return ScriptLimits(
      seconds: seconds, memory: memoryLimit?.bytes,
      onStuck: { endStuckPlugin(plugin, seconds ?? 0) })
  }
}

/// Ends the process because a plug-in cannot be stopped.
func endStuckPlugin(_ plugin: String, _ seconds: Double) {
  let limit = String(format: "%.6g", seconds)
  endProcess(
    "error: time limit of \(limit) s reached in \(plugin), and it does not stop; the process ends. "
      + "What was printed and written before is whole")
}

private func endStuckProcess(limit: Double) {
  let seconds = String(format: "%.6g", limit)
  endProcess(
    "error: time limit of \(seconds) s reached, and the script does not stop; the process ends. "
      + "What complete seeds have written is whole")
}

/// Whatever holds the script may also hold the output, so an alarm ends what this waits for.
private func endProcess(_ message: String) {
  signal(SIGALRM) { _ in _exit(124) }
  alarm(1)
  printError(message)
  fflush(nil)
  _exit(124)
}
