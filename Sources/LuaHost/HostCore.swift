// The state behind LuaState, LuaFunction and the objects: it outlives the interpreter.

internal import CLuaShim

final class HostCore: @unchecked Sendable {
  let host: OpaquePointer
  var moduleRoots: [String] = []
  var libraryRoots: [String] = []
  var modules: [NativeModule] = []
  var classes: [RegisteredClass] = []

  init(
    sandboxed: Bool, memoryLimit: Int?, instructionLimit: Int?,
    print: @escaping (String) -> Void, warn: @escaping (String) -> Void
  ) throws { throw LuaError("under construction") }
  func close() {}
  var luaBytes: Int { 0 }
  var externalBytes: Int { 0 }
  var isInterrupted: Bool { es_interrupted(host) != 0 }
  func collectGarbage() throws {}
  static var luaRelease: String { "" }
  func setLibraryRoots(_ roots: [String]) {}
  func load(_ source: [UInt8], name: String, isolated: Bool) throws -> LuaFunction { throw LuaError("") }
  func load(file: String, isolated: Bool) throws -> LuaFunction { throw LuaError("") }
  func setScriptArguments(_ path: String, _ arguments: [String]) throws {}
  func setGlobal(_ name: String, _ value: LuaValue) throws {}
  func global(_ name: String) throws -> LuaValue { .nil }
  func globalNames() throws -> [String] { [] }
  func seedRandom(_ seed: Int) throws {}
  func register(_ module: NativeModule, isGlobal: Bool) throws {}
  func register(_ type: any LuaObject.Type) throws -> Int32 { 0 }
  func call(_ reference: LuaReference, _ arguments: [LuaValue]) throws -> [LuaValue] { [] }
}

struct RegisteredClass { let descriptor: NativeClass }
final class Callee {
  let function: NativeFunction
  let name: String
  init(_ function: NativeFunction, name: String) { self.function = function; self.name = name }
  func label(_ name: String) -> String { name }
}
