// The time limit of a call, and memory that runs out: an error, and the state lives on.

import Foundation
import LuaHost
import LuaHostScripts
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5))) struct TimeLimitTests {
  private func error(_ world: World, _ source: String) -> LuaError? {
    do {
      try world.run(source)
      return nil
    } catch {
      return error as? LuaError
    }
  }

  @Test(arguments: Scripts.endless + Scripts.polling)
  func `the time limit ends it`(row: (name: String, source: String)) throws {
    let world = try World(timeLimit: 0.05)
    for _ in 0..<2 { #expect(error(world, row.source)?.kind == .timeLimit, "\(row.name)") }
    #expect(try world.run("return blob.add(1)")[0].asInteger == 2)
    #expect(world.close() == 0)
  }

  @Test func `says how long the limit was`() throws {
    let world = try World(timeLimit: 0.05)
    #expect(
      error(world, "\nwhile true do end")?.message == "test.lua:2: time limit of 0.05 s reached")
    #expect(error(world, "blob.spin()")?.message == "test.lua:1: time limit of 0.05 s reached")
  }

  @Test func `every call has the whole limit`() throws {
    let world = try World(timeLimit: 0.4)
    for _ in 0..<3 {
      try world.run("local t = os.clock() while os.clock() - t < 0.02 do end")
      usleep(200_000)
    }
  }

  @Test func `a request of the user before the limit is an interrupt`() throws {
    let world = try World(timeLimit: 60)
    #expect(error(world, "blob.stop() while true do end")?.kind == .interrupted)
  }

  /// Each of these ends by itself, long after limit and grace.
  @Test(arguments: [
    "local s = ('a?'):rep(24) .. ('a'):rep(24); return ('a'):rep(24):find(s)",
    "return #(''):rep(1 << 30, '')",
    "table.move({}, 1, 3e7, 2)",
  ]) func `one long call of Lua's library is reported`(source: String) throws {
    let stuck = Atomic(0)
    try withoutActuallyEscaping({ _ = stuck.add(1, ordering: .relaxed) }) { count in
      nonisolated(unsafe) let count = count
      let world = try World(timeLimit: 0.02, grace: 0.02, onStuck: { count() })
      #expect(error(world, source)?.kind == .timeLimit)
      #expect(try world.run("return 1")[0].asInteger == 1)
      #expect(world.close() == 0)
    }
    #expect(stuck.load(ordering: .relaxed) == 1)
  }

  @Test func `finalizers at the end are watched`() throws {
    let stuck = Atomic(0)
    try withoutActuallyEscaping({ _ = stuck.add(1, ordering: .relaxed) }) { count in
      nonisolated(unsafe) let count = count
      let world = try World(timeLimit: 0.02, grace: 0.02, onStuck: { count() })
      try world.run(
        """
        last = setmetatable({}, { __gc = function()
          local t = os.clock() while os.clock() - t < 0.2 do end
        end })
        """)
      #expect(world.close() == 0)
    }
    #expect(stuck.load(ordering: .relaxed) == 1)
  }
}

@Suite struct MemoryLimitTests {
  @Test(arguments: [
    "local t = {} while true do t[#t + 1] = {} end", "local s = 'x' while true do s = s .. s end",
    "return ('x'):rep(1 << 33)", "local t = {} while true do t[#t + 1] = ('x'):rep(1e5) end",
    "local t = {} for i = 1, 1e7 do t[i] = 'y' end return #table.concat(t, ('x'):rep(100))",
    "return (('x'):rep(1e6):gsub('x', ('y'):rep(1e3)))",
    "local function deep() return 1 + deep() end deep()",
    "local f = 'return 1' for i = 1, 30 do f = f .. f:gsub('return', 'or') end return load(f)",
    "local co = {} while true do co[#co + 1] = coroutine.create(print) end",
    "return string.format('%s%s', ('x'):rep(3e7), ('x'):rep(3e7))",
    "return table.unpack({}, 1, 1e6 - 1), table.pack(table.unpack({}, 1, 1e6))",
  ]) func `a bomb is an error that can be caught`(source: String) throws {
    let world = try World(.sandbox, memoryLimit: 64 << 20)
    let bomb = "local ok = pcall(function() \(source) end)"
    try world.run(bomb + " collectgarbage() assert(not ok and #('x'):rep(1e6) == 1e6)")
    #expect((try? world.run(source)) == nil)
    #expect(try world.run("return #('x'):rep(1e6)")[0].asInteger == 1_000_000)
    #expect(world.state.luaBytes < 64 << 20)
    #expect(world.close() == 0)
  }

  @Test func `what is caught leaves room at the next instruction`() throws {
    let world = try World(memoryLimit: 64 << 20)
    try world.run(
      """
      for i = 1, 3 do
        assert(not pcall(function() local t = {} while true do t[#t + 1] = ('x'):rep(1e6) end end))
        assert(#('x'):rep(2e7) == 2e7)
      end
      """)
  }

  @Test func `garbage near the limit is not held against a script`() throws {
    let world = try World(memoryLimit: 64 << 20)
    try world.run("for i = 1, 40 do local s = ('x'):rep(1e6, ('y'):rep(10)) end")
  }
}
