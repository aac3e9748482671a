// Stopping what runs: by request, by signal, by budget; and that the state lives on.

import Foundation
import LuaHost
import LuaHostScripts
import Testing

@Suite(.timeLimit(.minutes(5))) struct InterruptTests {
  private func stop(_ world: World, after milliseconds: UInt32 = 20) {
    nonisolated(unsafe) let state = world.state
    Thread.detachNewThread {
      usleep(milliseconds * 1000)
      state.interrupt()
    }
  }

  private func kind(_ world: World, _ source: String) -> LuaError.Kind? {
    do {
      try world.run(source)
      return nil
    } catch {
      return (error as? LuaError)?.kind
    }
  }

  @Test(arguments: Scripts.endless + Scripts.polling)
  func `a request from another thread stops it`(row: (name: String, source: String)) throws {
    let world = try World()
    stop(world)
    #expect(kind(world, row.source) == .interrupted, "\(row.name)")
    #expect(!world.state.isInterrupted)
    #expect(
      try world.run("local n = 0 for i = 1, 1e3 do n = n + blob.add(0) end return n")[0].asInteger
        == 1000)
    #expect(world.close() == 0)
  }

  @Test(arguments: Scripts.endless)
  func `a budget of instructions ends it`(row: (name: String, source: String)) throws {
    let world = try World(instructionLimit: 200_000)
    #expect(kind(world, row.source) == .instructionLimit, "\(row.name)")
    #expect(try world.run("return 1")[0].asInteger == 1)
    #expect(kind(world, row.source) == .instructionLimit, "\(row.name), again")
  }

  @Test func `many short coroutines do not escape the budget`() throws {
    let world = try World(instructionLimit: 1_000_000)
    let source = """
      while true do
        local f = coroutine.wrap(function() for i = 1, 100 do coroutine.yield() end end)
        for i = 1, 100 do f() end
      end
      """
    #expect(kind(world, source) == .instructionLimit)
  }

  @Test func `a coroutine made before a request runs after it`() throws {
    let world = try World()
    try world.run("f = coroutine.wrap(function() while true do coroutine.yield(1) end end) f()")
    stop(world)
    #expect(kind(world, "while true do f() end") == .interrupted)
    try world.run(
      "g = coroutine.wrap(function() local i = 0 while true do i = i + 1 coroutine.yield(i) end end)"
    )
    #expect(try world.run("g() return g()")[0].asInteger == 2)
  }

  @Test func `a request before a call stops it, a withdrawn one does not`() throws {
    let world = try World()
    world.state.interrupt()
    #expect(world.state.isInterrupted)
    #expect(kind(world, "for i = 1, 10 do end") == .interrupted)
    #expect(kind(world, "for i = 1, 10 do end") == nil)
    world.state.interrupt()
    world.state.clearInterrupt()
    #expect(kind(world, "for i = 1, 10 do end") == nil)
  }

  @Test func `says where it stopped`() throws {
    let world = try World()
    #expect(world.message("\nblob.stop()\nwhile true do end") == "test.lua:2: interrupted")
  }

  @Test func `two states on one thread stop each alone`() throws {
    let outer = try World(), inner = try World()
    nonisolated(unsafe) let innerState = inner.state
    try outer.state.register(
      NativeModule(
        "other", "",
        functions: [
          NativeFunction("run", "") { _ in try innerState.run("while true do end", name: "inner") }
        ]), isGlobal: true)
    stop(inner)
    #expect(outer.message("other.run()") == "test.lua:1: inner:1: interrupted")
    #expect(try outer.run("return 1")[0].asInteger == 1)
    stop(outer)
    #expect(kind(outer, "while true do pcall(blob.spin) end") == .interrupted)
    #expect(try inner.run("return 1")[0].asInteger == 1)
  }

  @Test func `another thread cannot enter a state in use`() throws {
    let world = try World()
    nonisolated(unsafe) let state = world.state
    nonisolated(unsafe) var seen: LuaError.Kind?
    let done = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      usleep(20_000)
      do { try state.run("x = 1") } catch { seen = (error as? LuaError)?.kind }
      state.interrupt()
      done.signal()
    }
    #expect(kind(world, "while true do end") == .interrupted)
    done.wait()
    #expect(seen == .misuse)
  }
}

/// One after the other: the handler belongs to the process.
@Suite(.serialized, .timeLimit(.minutes(5))) struct SignalTests {
  @Test(arguments: [
    "while true do end", "while true do pcall(function() while true do end end) end",
    "coroutine.wrap(function() while true do end end)()", "blob.spin()",
  ])
  func `SIGINT stops it`(source: String) throws {
    let world = try World()
    world.state.installInterruptHandler()
    Thread.detachNewThread {
      usleep(20_000)
      kill(getpid(), SIGINT)
    }
    do {
      try world.run(source)
      Issue.record("not stopped")
    } catch {
      #expect((error as? LuaError)?.kind == .interrupted)
    }
    #expect(try world.run("return 1")[0].asInteger == 1)
    #expect(world.close() == 0)
  }
}
