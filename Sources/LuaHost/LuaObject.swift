// What a Swift class does to be seen from Lua.

/// A Swift object that Lua may hold.
///
/// Lua holds one strong reference per object until the object is collected, closed with
/// `object:close()` or leaves the scope of a `<close>` variable. `deinit` may run inside any Lua
/// allocation, so it must not call into Lua.
public protocol LuaObject: AnyObject {
  /// How Lua sees the class.
  static var luaClass: NativeClass { get }
  /// Bytes outside Lua's own heap that the object keeps alive; read once, when Lua receives it.
  /// They are paid to the collector as debt, so that a plain loop does not fill the memory.
  var luaByteCount: Int { get }
  /// Whether Lua sees the same object whenever Swift gives the same one, so that `==` holds. A class
  /// of values that Swift makes anew each time is cheaper without: Lua then has to remember nothing.
  static var hasLuaIdentity: Bool { get }
}

extension LuaObject {
  /// Nothing worth counting.
  public var luaByteCount: Int { 0 }
  /// The same object is the same for Lua.
  public static var hasLuaIdentity: Bool { true }
}
