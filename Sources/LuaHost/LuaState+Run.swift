// Loading and running scripts, and what they find when they start.

extension LuaState {
  /// Folders in which `require "a.b"` looks for `a/b.lua` and `a/b/init.lua`, in order.
  ///
  /// Names match `^[%w_]+(%.[%w_]+)*$`; nothing that scripts assign changes the search.
  public var moduleRoots: [String] {
    get { core.moduleRoots }
    set { core.moduleRoots = newValue }
  }

  /// Folders whose files are library code: error positions and tracebacks name the first place
  /// outside of them.
  public var libraryRoots: [String] {
    get { core.libraryRoots }
    set { core.setLibraryRoots(newValue) }
  }

  /// Which files native functions open for scripts; see ``Arguments/path(_:for:)``.
  public var files: FileAccess {
    get { core.files }
    set { core.files = newValue }
  }

  /// Compiles source text; bytecode is refused.
  ///
  /// - Parameters:
  ///   - source: Lua source.
  ///   - name: What messages call it: `repl`, or a path.
  ///   - isolated: Whether it gets globals of its own, read through to a copy of what the sandbox
  ///     profile allows, so that it can neither reach nor change the others'.
  /// - Returns: The chunk as a function.
  /// - Throws: ``LuaError`` of kind `syntax`.
  public func load(_ source: String, name: String, isolated: Bool = false) throws -> LuaFunction {
    try core.load(Array(source.utf8), name: name, isolated: isolated)
  }

  /// Compiles a file of source text; a first line that begins with `#` is skipped.
  ///
  /// - Throws: ``LuaError`` of kind `syntax`, or `misuse` when the file cannot be read.
  public func load(file path: String, isolated: Bool = false) throws -> LuaFunction {
    try core.load(file: path, isolated: isolated)
  }

  /// Compiles and runs source text.
  @discardableResult
  public func run(
    _ source: String, name: String = "script", arguments: [LuaValue] = []
  ) throws -> [LuaValue] {
    // Whoever makes a state only for this call may let it go as soon as the chunk is loaded.
    try withExtendedLifetime(self) { try load(source, name: name).call(arguments) }
  }

  /// Compiles and runs a file. The global `arg` holds its path at 0 and the arguments from 1 on,
  /// which the chunk also gets as `...`.
  @discardableResult
  public func run(file path: String, arguments: [String] = []) throws -> [LuaValue] {
    try withExtendedLifetime(self) {
      let chunk = try load(file: path)
      try core.setScriptArguments(path, arguments)
      return try chunk.call(arguments.map { .string($0) })
    }
  }

  /// Sets a global variable.
  public func setGlobal(_ name: String, _ value: LuaValue) throws {
    try core.setGlobal(name, value)
  }

  /// Reads a global variable, `.nil` when there is none.
  public func global(_ name: String) throws -> LuaValue { try core.global(name) }

  /// The names of all globals, sorted.
  public func globalNames() throws -> [String] { try core.globalNames() }

  /// Seeds `math.random`, which otherwise differs from process to process.
  public func seedRandom(_ seed: Int) throws { try core.seedRandom(seed) }
}
