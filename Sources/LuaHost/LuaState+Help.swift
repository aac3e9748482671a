// What a descriptor says of itself, for people and for golden files.

extension LuaState {
  /// The help of `module`, `module.function`, `Class`, `Class:method` or `Class.property`.
  ///
  /// - Returns: The text, or `nil` when nothing has this name.
  public func help(_ name: String) -> String? { nil }

  /// Every module, class, function, method, property and constant with its signature, a line each,
  /// sorted.
  public var apiDump: String { "" }
}
