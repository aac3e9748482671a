// Handles that keep a Lua value alive. Letting go of one is safe at any time and on any thread.

internal import CLuaShim

/// A handle on a Lua value of any kind.
///
/// `Sendable` because it may be dropped anywhere; it is used only where its state lives.
public final class LuaReference: @unchecked Sendable {
  let core: HostCore
  let id: Int32
  /// What Lua users call this kind of value.
  public let kindName: String

  init(_ core: HostCore, id: Int32, kindName: String) {
    self.core = core
    self.id = id
    self.kindName = kindName
  }

  // Only a note for later: this may run in the middle of a collection.
  deinit { es_release_later(core.host, id) }
}

extension LuaReference: CustomReflectable {
  /// The kind alone. A handle may be shown anywhere; the interpreter behind it, which another thread
  /// may be running, is none of a reader's business.
  public var customMirror: Mirror { Mirror(self, children: ["kind": kindName]) }
}

/// A Lua function, to be called from Swift.
///
/// `Sendable` because it may be dropped anywhere; it is called only where its state lives.
public struct LuaFunction: @unchecked Sendable {
  /// The value behind it.
  public let reference: LuaReference

  /// Calls the function.
  ///
  /// Inside it, and before it returns, scripts may call native functions again. It must not yield
  /// across this call.
  ///
  /// - Parameter arguments: Positional arguments.
  /// - Returns: What the function returned.
  /// - Throws: ``LuaError``.
  @discardableResult
  public func call(_ arguments: [LuaValue] = []) throws -> [LuaValue] {
    try reference.core.call(reference, arguments)
  }

  /// Calls the function.
  @discardableResult
  public func callAsFunction(_ arguments: LuaValue...) throws -> [LuaValue] {
    try call(arguments)
  }
}
