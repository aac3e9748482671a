// Further processes of this program, without a thread or a pipe for each.

import Foundation

/// How a process ended.
public enum ChildEnd: Equatable, Sendable {
  /// By itself, with a code.
  case exit(Int32)
  /// By a signal.
  case signal(Int32)

  /// Whether all went well.
  public var isSuccess: Bool { self == .exit(0) }

  /// Whether somebody asked it to stop.
  var isStop: Bool {
    switch self {
    case .exit(let code): code == 130
    case .signal(let number): [SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2].contains(number)
    }
  }

  /// What a wait status says.
  init(status: Int32) {
    let number = status & 0x7F
    self = number == 0 ? .exit((status >> 8) & 0xFF) : .signal(number)
  }

  /// As one tells it to people.
  public var words: String {
    switch self {
    case .exit(let code): return "exit code \(code)"
    case .signal(let number):
      let names: [Int32: String] = [
        SIGKILL: "SIGKILL", SIGTERM: "SIGTERM", SIGSEGV: "SIGSEGV", SIGABRT: "SIGABRT",
        SIGBUS: "SIGBUS", SIGILL: "SIGILL", SIGFPE: "SIGFPE", SIGINT: "SIGINT", SIGHUP: "SIGHUP",
        SIGTRAP: "SIGTRAP",
      ]
      let name = names[number] ?? "signal \(number)"
      return "killed by \(name)" + (number == SIGKILL ? ", perhaps for lack of memory" : "")
    }
  }
}

/// A running copy of this program. It has a process group of its own, so that Ctrl-C at a terminal
/// reaches the parent alone, which decides.
public final class ChildProcess {
  /// The system's number.
  public let id: pid_t
  private var end: ChildEnd?

  /// Starts this program with arguments.
  ///
  /// - Parameters:
  ///   - arguments: After the program's name.
  ///   - environment: Changes to this process's own.
  /// - Throws: ``ChildError``. Its input is empty, and what it writes is dropped.
  public init(_ arguments: [String], environment changes: [String: String] = [:]) throws {
    let program = Self.program
    let environment = ProcessInfo.processInfo.environment.merging(changes) { $1 }
    var files = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&files)
    defer { posix_spawn_file_actions_destroy(&files) }
    for descriptor: Int32 in 0...2 {
      posix_spawn_file_actions_addopen(
        &files, descriptor, "/dev/null", descriptor == 0 ? O_RDONLY : O_WRONLY, 0)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t(), all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    let words = ([program] + arguments).map { strdup($0) } + [nil]
    let pairs = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + pairs { free(text) } }
    var id: pid_t = 0
    let problem = posix_spawn(&id, program, &files, &attributes, words, pairs)
    guard problem == 0 else { throw ChildError(reason: String(cString: strerror(problem))) }
    self.id = id
  }

  /// This program's file.
  public static let program: String =
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    ?? CommandLine.arguments[0]

  /// How it ended, or nothing while it runs; never waits.
  public func poll() -> ChildEnd? {
    if let end { return end }
    var status: Int32 = 0
    let found = waitpid(id, &status, WNOHANG)
    // A child that somebody else has waited for is gone without a word.
    if found == id { end = ChildEnd(status: status) }
    if found < 0, errno == ECHILD { end = .exit(1) }
    return end
  }

  /// Sends a signal, unless the process is known to have ended.
  public func send(_ signal: Int32) {
    if end == nil { kill(id, signal) }
  }

  /// What the process holds and has held at most, in bytes; 0 when it is gone.
  public var memory: (now: Int, peak: Int) {
    guard let text = try? String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8) else {
      return (0, 0)
    }
    return (Bytes.field("VmRSS", in: text), Bytes.field("VmHWM", in: text))
  }
}

/// A process that could not be started.
public struct ChildError: Error, CustomStringConvertible {
  let reason: String
  /// One line.
  public var description: String { "cannot start a process: \(reason)" }
}
