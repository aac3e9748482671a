// Stopping what runs: Lua loops by a hook that only the request arms, Swift loops by a flag.

internal import CLuaShim

extension LuaState {
  /// Asks the running script to stop; from any thread.
  ///
  /// Lua code stops at its next instruction, in coroutines and `pcall` loops too: no script can
  /// swallow it, because the request stands until the outermost call from Swift has returned. When
  /// nothing runs, the next call stops at once.
  public func interrupt() { es_interrupt(core.host) }

  /// Lets SIGINT interrupt this state, until it is closed or another one takes over. A third signal
  /// without an answer ends the process, as by default.
  public func installInterruptHandler() { es_handle_sigint(core.host) }

  /// Whether a request to stop stands; cheap, from any thread.
  public var isInterrupted: Bool { core.isInterrupted }

  /// Withdraws a request to stop that nothing has answered.
  public func clearInterrupt() { es_clear_interrupt(core.host) }
}
