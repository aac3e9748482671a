// What this project relies on in Lua 5.4.4, and the bugs of that release that it works around.
// A failure here after an upgrade of Lua is news to read, not a fault to hide.

import LuaHost
import LuaHostScripts
import Testing

@Suite struct QuirkTests {
  @Test(arguments: [
    ("7 // 2", "3"), ("7 / 2", "3.5"), ("2^2", "4.0"),
    ("math.maxinteger + 1 == math.mininteger", "true"),
    ("'10' + 5", "15"), ("3 == 3.0", "true"), ("math.type(3.0)", "float"), ("#'\\u{e9}'", "2"),
    ("({ [1.0] = 'x' })[1]", "x"), ("1 // 0.0", "inf"), ("pcall(load 'return 1 // 0')", "false"),
    ("tostring(1e15)", "1e+15"), ("tostring(2^53)", "9.007199254741e+15"),
    ("select('#', table.unpack({ 1, nil, 3 }, 1, 3))", "3"),
    ("math.tointeger('8')", "8"), ("string.format('%5.1f', 0.25)", "  0.2"),
  ])
  func `numbers and strings`(expression: String, text: String) throws {
    let world = try World()
    try world.run("print((\(expression)))")
    #expect(world.printed == [text])
  }

  /// Upstream lists a bug of 5.4.4 in the second form; Debian's does not show it here.
  @Test(arguments: ["break", "local function f() return x end break"])
  func `a closing value is run when a loop breaks`(body: String) throws {
    let world = try World()
    try world.run(
      """
      local closer = setmetatable({}, { __close = function() print('closed') end })
      local function it(_, i) return (i or 0) + 1 end
      for x in it, nil, nil, closer do \(body) end
      """)
    #expect(world.printed == ["closed"])
  }

  @Test func `an abandoned coroutine leaves its variables unclosed`() throws {
    let world = try World()
    try world.run(
      """
      coroutine.wrap(function()
        local x <close> = setmetatable({}, { __close = function() print('closed') end })
        coroutine.yield()
      end)()
      collectgarbage()
      """)
    #expect(world.printed.isEmpty)
  }

  @Test func `errors of a coroutine carry one position`() throws {
    let message = try World().message("local f = coroutine.wrap(function()\nerror('x') end)\nf()")
    #expect(message == "test.lua:2: x")
  }
}
