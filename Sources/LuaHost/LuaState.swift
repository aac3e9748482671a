// The door to a Lua interpreter. All safety lives below, in CLuaShim; this file keeps the lifetime.

internal import CLuaShim

/// A Lua 5.4 interpreter with its own globals, limits and registered native functions.
///
/// One thread at a time uses it; only ``interrupt()`` and ``isInterrupted`` may come from anywhere.
/// No script, however broken, traps the process.
public final class LuaState {
  /// What scripts may reach.
  public enum Profile: Sendable {
    /// A user's own script: `io` and `os` are there; bytecode, C modules, environment paths and the
    /// raw `debug` library never are.
    case open
    /// A plug-in: in addition no `io`, no `os` beyond clocks, no finalizers. A guard rail against
    /// accidents and mischief, not a wall against attackers.
    case sandbox
  }

  let core: HostCore
  /// What scripts may reach.
  public let profile: Profile

  /// Starts an interpreter.
  ///
  /// - Parameters:
  ///   - profile: What scripts may reach.
  ///   - memoryLimit: Bytes of Lua's own heap, or `nil` for no limit.
  ///   - instructionLimit: Instructions per call from Swift, or `nil` for no limit; a limit doubles
  ///     the cost of pure Lua code.
  ///   - timeLimit: Seconds of wall clock per call from Swift, or `nil` for no limit. The script is
  ///     stopped as by ``interrupt()``, with an error of kind `timeLimit`.
  ///   - grace: Seconds after which a call that the time limit did not stop counts as stuck.
  ///   - onStuck: Called then, from another thread: one function of Lua's own libraries, a
  ///     finalizer or a native function that never polls holds the script. Nothing but the end of
  ///     the process stops it.
  ///   - print: Receives what scripts `print`, a line at a time without its line break.
  ///   - warn: Receives Lua's warnings, such as errors in finalizers. Neither may call Lua.
  /// - Throws: ``LuaError`` of kind `memory`.
  public convenience init(
    profile: Profile = .open, memoryLimit: Int? = nil, instructionLimit: Int? = nil,
    timeLimit: Double? = nil, grace: Double = 3, onStuck: @escaping @Sendable () -> Void = {},
    print: @escaping (String) -> Void = { Swift.print($0) },
    warn: @escaping (String) -> Void = { Swift.print("warning: \($0)") }
  ) throws {
    let limits = Limits(
      memory: memoryLimit, instructions: instructionLimit, seconds: timeLimit, grace: grace,
      onStuck: onStuck)
    try self.init(profile: profile, limits: limits, failAllocation: 0, print: print, warn: warn)
  }

  struct Limits {
    var memory: Int?
    var instructions: Int?
    var seconds: Double?
    var grace = 3.0
    var onStuck: @Sendable () -> Void = {}
  }

  init(
    profile: Profile, limits: Limits = Limits(), failAllocation: Int,
    print: @escaping (String) -> Void = { _ in }, warn: @escaping (String) -> Void = { _ in }
  ) throws {
    self.profile = profile
    core = try HostCore(
      profile: profile, limits: limits, failAllocation: failAllocation, print: print, warn: warn)
    try core.registerHelp()
  }

  deinit { core.close() }

  /// Ends the interpreter: finalizers run, every object is let go. Later use throws.
  public func close() { core.close() }

  /// Bytes in use by Lua's own heap.
  public var luaBytes: Int { core.luaBytes }

  /// Bytes that objects held by Lua said they keep alive.
  public var externalBytes: Int { core.externalBytes }

  /// Collects everything that scripts cannot reach.
  ///
  /// - Throws: ``LuaError`` when called from within a native function: a collection there could
  ///   meet Swift code in the middle of a change.
  public func collectGarbage() throws { try core.collectGarbage() }

  /// The release of the linked Lua, such as `Lua 5.4.4`.
  public static var luaRelease: String { HostCore.luaRelease }
}

extension LuaState: CustomReflectable {
  /// The profile alone: what lies below changes while it is looked at.
  public var customMirror: Mirror { Mirror(self, children: ["profile": profile]) }
}
