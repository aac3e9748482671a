// Every error a script can meet, with its exact text, and what Swift gets to see of it.

import LuaHost
import LuaHostScripts
import Testing

@Suite struct ErrorTests {
  @Test(arguments: Scripts.failing)
  func `says what is wrong and where`(row: (source: String, message: String)) throws {
    let world = try World()
    #expect(world.message(row.source) == row.message)
    #expect(world.message("error('still here', 0)") == "still here")
    #expect(world.close() == 0)
  }

  private func failure(_ source: String, in world: World? = nil) throws -> LuaError {
    let world = try world ?? World()
    do {
      try world.run(source)
    } catch let error as LuaError {
      return error
    }
    throw LuaError("'\(source)' did not fail")
  }

  @Test func `kinds tell who is to blame`() throws {
    #expect(try failure("x = =").kind == .syntax)
    #expect(try failure("error('x')").kind == .script)
    #expect(try failure("local x = nil + 1").kind == .script)
    #expect(try failure("blob.add({})").kind == .argument)
    #expect(try failure("blob.spill(1)").kind == .native)
    #expect(try failure("os.exit(3)").kind == .exit(3))
    #expect(try failure("os.exit(false)").kind == .exit(1))
    #expect(try failure("os.exit()").kind == .exit(0))
  }

  @Test func `Swift errors come back as they were thrown`() throws {
    #expect(try failure("blob.spill(3)").underlying as? Spill == Spill(litres: 3))
    let nested = try failure("blob.call(function() blob.call(blob.spill, 5) end)")
    #expect(nested.underlying as? Spill == Spill(litres: 5))
    let told = try failure("local ok, e = pcall(blob.spill, 6); error(e, 0)")
    #expect(told.underlying as? Spill == Spill(litres: 6))
    #expect(try failure("error('blob', 0)").underlying == nil)
  }

  @Test func `tracebacks name the user's own lines, innermost first`() throws {
    let source = """
      local function inner() blob.call(function()
        error("deep")
      end) end
      function outer()
        inner()
      end
      outer()
      """
    let frames = try failure(source).traceback.map(\.description)
    #expect(
      frames == [
        "test.lua:2 in function <line 1>", "test.lua:1 in function 'inner'",
        "test.lua:5 in function 'outer'", "test.lua:7 in main chunk",
      ])
  }

  @Test func `library code takes no blame`() throws {
    let world = try World()
    world.state.libraryRoots = ["/lib/"]
    let library = try world.state.load(
      "function helper(x)\n\n return (blob.add(x)) end", name: "/lib/a.lua")
    try library()
    let error = try failure("\nhelper('x')", in: world)
    #expect(error.message == "test.lua:2: blob.add: argument #1 'a' must be integer, got string")
    #expect(error.traceback.map(\.line) == [2])
  }

  @Test func `error values survive the way through Swift`() throws {
    let world = try World()
    try world.run(
      """
      local mark = { code = 7 }
      local ok, e = pcall(blob.call, function() error(mark) end)
      print(ok, rawequal(e, mark), e.code)
      print(pcall(blob.call, error, nil))
      """)
    #expect(
      world.printed == ["false\ttrue\t7", "false\ttest.lua:4: (error object is a nil value)"])
  }

  @Test func `nothing catches an exit`() throws {
    let source = """
      while true do
        pcall(function() coroutine.wrap(function() blob.call(os.exit, 4) end)() end)
        xpcall(os.exit, print, 5)
      end
      """
    let world = try World()
    #expect(try failure(source, in: world).kind == .exit(4))
    #expect(try world.run("return 1")[0].asInteger == 1)
  }

  @Test func `deep recursion and huge strings are errors like others`() throws {
    let world = try World(memoryLimit: 64 << 20)
    #expect(try World().message("local function f() return 1 + f() end f()").contains("overflow"))
    for source in [
      "return ('x'):rep(1 << 40)", "return ('x'):rep(1 << 28)",
      "local t = {}  for i = 1, math.huge do t[i] = i end",
      "local s = 'x'  while true do s = s .. s end",
      "blob.echo((function() local t = {} for i = 1, 3e6 do t[i] = i end return t end)())",
    ] {
      let error = try failure(source, in: world)
      #expect(
        error.kind == .memory || error.message.contains("resulting string too large"), "\(source)")
    }
    #expect(try world.run("return blob.add(1)")[0].asInteger == 2)
    #expect(world.state.luaBytes < 64 << 20)
  }

  @Test func `a table with a pretended length costs nothing`() throws {
    let world = try World()
    let source = "local t = {} for i = 0, 44 do t[1 << i] = 0 end blob.echo(t)"
    #expect(world.message(source).contains("table has"))
  }

  @Test func `errors in finalizers are warnings`() throws {
    let world = try World()
    try world.run("setmetatable({}, { __gc = function() error('late') end })")
    try world.state.collectGarbage()
    #expect(world.warnings.count == 1 && world.warnings[0].contains("late"))
  }

  @Test func `using a closed state is an error`() throws {
    let state = try LuaState()
    state.close()
    state.close()
    #expect(throws: LuaError.self) { try state.run("x = 1") }
    #expect(throws: LuaError.self) { try state.collectGarbage() }
    #expect(throws: LuaError.self) { try state.global("x") }
    #expect(throws: LuaError.self) { try state.register(NativeModule("m", "")) }
    state.interrupt()
  }
}
