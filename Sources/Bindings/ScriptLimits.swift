// What a script may use up.

/// Limits of a script; `nil` is none.
public struct ScriptLimits: Sendable {
  /// Seconds of wall clock.
  public var seconds: Double?
  /// Seconds that a call may outlast it before it counts as stuck.
  public var grace: Double
  /// Bytes of Lua's own memory, and as many of tensors.
  public var memory: Int?
  /// Called from another thread when the time is up and the script cannot be stopped.
  public var onStuck: @Sendable () -> Void

  /// Sets limits.
  public init(
    seconds: Double? = nil, grace: Double = 3, memory: Int? = nil,
    onStuck: @escaping @Sendable () -> Void = {}
  ) {
    (self.seconds, self.grace, self.memory, self.onStuck) = (seconds, grace, memory, onStuck)
  }
}
