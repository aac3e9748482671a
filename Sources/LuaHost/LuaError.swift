// The one error that leaves this module.

/// What went wrong in Lua, or between Lua and Swift.
///
/// A Swift error thrown by a native function turns into a Lua error whose message begins with the
/// position of the calling script; when it comes back to Swift unhandled, `underlying` holds it.
/// A body that lets a `LuaError` of a callback pass raises the callback's original error value, so
/// positions never pile up.
public struct LuaError: Error, CustomStringConvertible {
  /// Who is to blame.
  public enum Kind: Equatable, Sendable {
    /// The source does not parse.
    case syntax
    /// A script raised it, or used a value as what it is not.
    case script
    /// A native function got arguments that it does not take.
    case argument
    /// A native function threw.
    case native
    /// The user asked to stop.
    case interrupted
    /// The instruction limit is used up.
    case instructionLimit
    /// The time limit is reached.
    case timeLimit
    /// The memory limit is reached.
    case memory
    /// The script called `os.exit` with this code.
    case exit(Int)
    /// Swift used the host in a way that it does not allow: a closed state, another thread.
    case misuse
  }

  /// A place in a Lua source that was running.
  public struct Frame: Equatable, Sendable, CustomStringConvertible {
    /// Chunk, usually a file.
    public let source: String
    /// Line, from 1.
    public let line: Int
    /// `function 'name'`, `method 'name'`, `main chunk` or what else is known.
    public let function: String

    /// `source:line in function 'name'`.
    public var description: String { "\(source):\(line) in \(function)" }
  }

  /// Who is to blame.
  public let kind: Kind
  /// One line, usually `file:line: what`.
  public let message: String
  /// Lua frames from the innermost out, without native functions and library code.
  public let traceback: [Frame]
  /// The value that was raised, when Lua raised one.
  public let value: LuaReference?
  /// The Swift error behind it, when a native function threw one.
  public let underlying: (any Error)?

  /// Makes an error of one's own; a body that throws it raises `message` at the caller's line.
  public init(_ message: String, kind: Kind = .native) {
    self.init(kind: kind, message: message)
  }

  init(
    kind: Kind, message: String, traceback: [Frame] = [], value: LuaReference? = nil,
    underlying: (any Error)? = nil
  ) {
    self.kind = kind
    self.message = message
    self.traceback = traceback
    self.value = value
    self.underlying = underlying
  }

  /// The message alone.
  public var description: String { message }

  /// The message, then one line per frame.
  public var report: String {
    ([message] + traceback.map { "  at \($0)" }).joined(separator: "\n")
  }
}
