// Every error a script can meet, with its exact text, and what Swift gets to see of it.

import LuaHost
import Testing

private let table: [(source: String, message: String)] = [
  // Arguments
  ("blob.add('2')", "test.lua:1: blob.add: argument #1 'a' must be integer, got string"),
  ("blob.add(3.5)", "test.lua:1: blob.add: argument #1 'a' must be integer, got number 3.5"),
  ("blob.add(0/0)", "test.lua:1: blob.add: argument #1 'a' must be integer, got number nan"),
  ("blob.add(2^63)", "test.lua:1: blob.add: argument #1 'a' must be integer, got number 9.223372036854776e+18"),
  ("blob.add(-math.huge)", "test.lua:1: blob.add: argument #1 'a' must be integer, got number -inf"),
  ("blob.add()", "test.lua:1: blob.add: argument #1 'a' is missing; expected integer"),
  ("blob.add(nil, 2)", "test.lua:1: blob.add: argument #1 'a' is missing; expected integer"),
  ("blob.add(1, 2, 3)", "test.lua:1: blob.add: expected at most 2 arguments, got 3"),
  ("\n\nblob.add(1, {})", "test.lua:3: blob.add: argument #2 'b' must be integer, got table"),
  ("pcall(error); local f = blob.add; return f(true)",
    "test.lua:1: blob.add: argument #1 'a' must be integer, got boolean"),
  ("blob.sum{1, 'x'}",
    "test.lua:1: blob.sum: argument #1 'list' must be list of number, got string at position 2"),
  ("blob.sum{1, x = 2}",
    "test.lua:1: blob.sum: argument #1 'list' must be list of number, got a table with the name 'x'"),
  // Methods and objects
  ("blob.new():plus(3)", "test.lua:1: Blob:plus: argument #1 'other' must be Blob, got integer"),
  ("blob.new():plus(blob.stone())", "test.lua:1: Blob:plus: argument #1 'other' must be Blob, got Stone"),
  ("blob.new().plus(3)", "test.lua:1: Blob:plus: self must be Blob, got integer; call it with ':'"),
  ("blob.new().plus()", "test.lua:1: Blob:plus: self must be Blob, got nil; call it with ':'"),
  ("local b = blob.new(); b.plus(blob.stone(), b)",
    "test.lua:1: Blob:plus: self must be Blob, got Stone; call it with ':'"),
  ("blob.new().close(7)", "test.lua:1: close: self must be an object, got number"),
  ("blob.new():plsu()", "test.lua:1: Blob has no method or property 'plsu' (did you mean 'plus'?)"),
  ("return blob.new().qqqqq", "test.lua:1: Blob has no method or property 'qqqqq'"),
  ("blob.new().bytes = 3", "test.lua:1: Blob has no property 'bytes' to assign to"),
  ("blob.new().value = 'x'", "test.lua:1: Blob.value: argument #1 'value' must be number, got string"),
  ("blob.new()[1] = 3", "test.lua:1: Blob cannot be assigned to by index"),
  ("return blob.stone()[1]", "test.lua:1: Stone cannot be indexed by a number"),
  ("return blob.new()[0]", "test.lua:1: index 0 is out of range; positions start at 1"),
  ("return blob.new()['1']", "test.lua:1: Blob has no method or property '1'"),
  ("return blob.new() + 'x'", "test.lua:1: Blob +: argument #2 'right' must be number or Blob, got string"),
  ("return blob.new() + nil", "test.lua:1: Blob +: argument #2 'right' is missing; expected number or Blob"),
  ("return blob.new() .. 'x'",
    "test.lua:1: attempt to concatenate a Blob value"),
  ("local b = blob.new(); b:close(); b:get()", "test.lua:1: Blob:get: self: is a closed Blob"),
  ("local b = blob.new(); b:close(); blob.echo(1, b)", "test.lua:1: blob.echo: argument #2: is a closed Blob"),
  ("local b = blob.new(); b:close(); blob.echo({{b}})", "test.lua:1: blob.echo: argument #1: is a closed Blob"),
  // Options
  ("blob.fit{ stepz = 3 }", "test.lua:1: blob.fit: unknown option 'stepz' (did you mean 'steps'?)"),
  ("blob.fit{ zzzzzzz = 3 }",
    "test.lua:1: blob.fit: unknown option 'zzzzzzz' (options are steps, rate, mode, on_step)"),
  ("blob.fit{ steps = 3 }", "test.lua:1: blob.fit: option 'on_step' is missing; expected function"),
  ("blob.fit{ on_step = 3 }", "test.lua:1: blob.fit: option 'on_step' must be function, got integer"),
  ("blob.fit{ on_step = print, mode = 'fsat' }",
    "test.lua:1: blob.fit: option 'mode' must be 'slow' or 'fast', got 'fsat' (did you mean 'fast'?)"),
  ("blob.fit()", "test.lua:1: blob.fit: option 'on_step' is missing; expected function"),
  ("blob.fit(3)", "test.lua:1: blob.fit: options must be table, got integer"),
  ("blob.fit{1}", "test.lua:1: blob.fit: options must be a table of names, got one with 1 positions"),
  ("blob.new{ bites = 1 }", "test.lua:1: blob.new: unknown option 'bites' (did you mean 'bytes'?)"),
  ("blob.new(1, { bytes = -1 })", "test.lua:1: blob.new: expected 0 bytes or more, got -1"),
  // Tables that cannot be copied
  ("local t = {}; t.t = t; blob.echo(t)", "test.lua:1: blob.echo: argument #1: table contains itself"),
  ("local t = {}; t[1] = {{t}}; blob.echo(1, t)", "test.lua:1: blob.echo: argument #2: table contains itself"),
  ("local t = {}; for i = 1, 100 do t = {t} end; blob.echo(t)",
    "test.lua:1: blob.echo: argument #1: table is nested more than 64 deep"),
  ("local t = {}; for i = 1, 50 do t = {t, t} end; blob.echo(t)",
    "test.lua:1: blob.echo: argument #1: table holds more than 10,000,000 values"),
  ("blob.echo({1, nil, 3})", "test.lua:1: blob.echo: argument #1: table has a gap; positions run from 1 to n"),
  ("blob.echo({[5] = 1})",
    "test.lua:1: blob.echo: argument #1: table has key 5, but its positions run from 1 to 0; is there a gap?"),
  ("blob.echo({[1.5] = 1})",
    "test.lua:1: blob.echo: argument #1: table has key 1.5; keys are names or positions 1 … n"),
  ("blob.echo({[true] = 1})",
    "test.lua:1: blob.echo: argument #1: table has a key that is a boolean; keys are names or positions 1 … n"),
  // What Swift throws
  ("blob.spill(3)", "test.lua:1: blob.spill: expected 0 litres, got 3"),
  ("blob.call(function()\nblob.call(function()\nblob.spill(4) end) end)",
    "test.lua:3: blob.spill: expected 0 litres, got 4"),
  ("blob.call(error, 'plain')", "plain"),
  ("blob.again(error)", "test.lua:1: blob.spill: expected 0 litres, got 99"),
  // What scripts raise
  ("error('oops')", "test.lua:1: oops"),
  ("error('oops', 0)", "oops"),
  ("error(42)", "42"),
  ("error()", "(error object is a nil value)"),
  ("error({})", "(error object is a table value)"),
  ("error(setmetatable({}, { __tostring = function() return 'spoken' end }))", "spoken"),
  ("error(setmetatable({}, { __tostring = function() error('twice') end }))",
    "(error object without a readable text)"),
  ("error(setmetatable({}, { __tostring = function() return {} end }))",
    "(error object without a readable text)"),
  ("error(blob.new(3))", "Blob(3.0)"),
  // Names
  ("return prnt", "test.lua:1: undefined variable 'prnt' (did you mean 'print'?)"),
  ("return qwertyuiop", "test.lua:1: undefined variable 'qwertyuiop'"),
  ("return blob.nwe", "test.lua:1: module 'blob' has no 'nwe' (did you mean 'new'?)"),
  ("return blob[1]", "test.lua:1: module 'blob' cannot be indexed by a number"),
  ("blob.x = 1", "test.lua:1: module 'blob' cannot be changed"),
  ("rawset(blob, 'new', 1)", "test.lua:1: rawset: a native module cannot be changed"),
  // Syntax
  ("x = = 1", "test.lua:1: unexpected symbol near '='"),
  ("\nfor", "test.lua:2: <name> expected near <eof>"),
  ("\u{1B}Lua", "attempt to load a binary chunk (mode is 't')"),
]

@Suite struct ErrorTests {
  @Test(arguments: table)
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
    let library = try world.state.load("function helper(x)\n\n return (blob.add(x)) end", name: "/lib/a.lua")
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
    #expect(world.printed == ["false\ttrue\t7", "false\ttest.lua:4: (error object is a nil value)"])
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
      #expect(error.kind == .memory || error.message.contains("resulting string too large"), "\(source)")
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
