// Stub files for the Lua language server, written from the descriptors.

/// Writes `---@meta` stubs, which give editors completion, types and hover texts.
public enum LuaStubs {
  /// The stub of a module: one file, named after it.
  public static func text(of module: NativeModule) -> String { "" }
  /// The stub of a class.
  public static func text(of type: NativeClass) -> String { "" }
}
