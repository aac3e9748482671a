// Registration of native modules and classes.

extension LuaState {
  /// Makes a module available to `require`.
  ///
  /// - Parameters:
  ///   - module: The module.
  ///   - isGlobal: Whether it is a global variable as well, under its name.
  /// - Throws: ``LuaError`` of kind `misuse` when the descriptor contradicts itself or the name is
  ///   taken.
  public func register(_ module: NativeModule, isGlobal: Bool = false) throws {
    try core.register(module, isGlobal: isGlobal)
  }

  /// Makes a class known to help, stubs and the API dump. An object's class is registered by
  /// itself when Lua first receives one.
  ///
  /// - Throws: ``LuaError`` of kind `misuse` when the descriptor contradicts itself or the name is
  ///   taken.
  public func register(_ type: any LuaObject.Type) throws { _ = try core.register(type) }

  /// Modules in the order of registration.
  public var modules: [NativeModule] { core.modules }

  /// Classes in the order of registration.
  public var classes: [NativeClass] { core.classes }
}
