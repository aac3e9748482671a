// Memory: what the collector is told, what happens when there is none, and that nothing leaks.

import Foundation
import LuaHost
import LuaHostScripts
import Testing

/// One after the other: they look at the process's memory.
@Suite(.serialized) struct MemoryTests {
  private func residentBytes() -> Int {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    let fields = text.split(separator: " ")
    return fields.count > 1 ? (Int(fields[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE))) : 0
  }

  @Test(arguments: [(Scripts.everything, 300), (Scripts.grains, 100)])
  func `any failing allocation ends in an error and leaks nothing`(
    script: String, least: Int
  ) throws {
    var n = 1
    while true {
      let world = try World()
      try world.addGrains()
      world.state.failAllocation(n, count: .max)
      var message = "done"
      do {
        let results = try world.run(script)
        #expect(results.first?.asString == "done")
      } catch {
        message = (error as? LuaError)?.message ?? "\(error)"
        #expect((error as? LuaError)?.kind == .memory, "allocation \(n): \(error)")
      }
      world.state.failAllocation(0)
      #expect(try world.run("return blob.add(1)")[0].asInteger == 2, "allocation \(n)")
      #expect(world.close() == 0, "allocation \(n)")
      if message == "done" { break }
      n += 1
    }
    #expect(n > least, "only \(n) allocations")
  }

  @Test func `a script may survive a failing allocation`() throws {
    for n in 1...600 {
      let world = try World()
      try world.addGrains()
      world.state.failAllocation(n, count: 2)
      for script in [Scripts.everything, Scripts.grains] {
        _ = try? world.run("pcall(function() \(script) end) return 1")
      }
      world.state.failAllocation(0)
      try world.run(Scripts.everything)
      try world.run(Scripts.grains)
      #expect(world.close() == 0, "allocation \(n)")
    }
  }

  @Test func `any failing allocation while opening and registering is an error`() throws {
    var n = 1
    while true {
      do {
        let state = try LuaState(failingAllocation: n)
        let ledger = Ledger()
        try state.register(World().makeModule())
        try state.register(Blob.self)
        try state.setGlobal("b", .list([.object(Blob(ledger, 1)), ["x": "y"]]))
        try state.seedRandom(1)
        _ = try state.load("return 1", name: "a", isolated: true)
        _ = try state.globalNames()
        break
      } catch {
        #expect((error as? LuaError)?.kind == .memory, "allocation \(n): \(error)")
      }
      n += 1
    }
    #expect(n > 300, "only \(n) allocations")
  }

  @Test func `a collection at every allocation changes nothing`() throws {
    let world = try World()
    world.state.collectAlways(true)
    do {
      let results = try world.run(Scripts.everything)
      #expect(results[0].asString == "done")
      #expect(results[1].asTable?.items.count == 3)
      try world.addGrains()
      #expect(try world.run(Scripts.grains)[0].asString == "done")
    }
    try world.state.register(Stone.self)
    try world.state.setGlobal("x", .list([.object(Blob(world.ledger, 1)), ["y": [1, 2, 3]]]))
    _ = try world.state.load("return print", name: "a", isolated: true).call()
    #expect(world.close() == 0)
  }

  @Test func `5,000 objects of 1 MiB in a plain loop stay below 64 MB`() throws {
    for source in [
      "for i = 1, 5000 do local b = blob.new(i, { bytes = 1 << 20 }) end",
      "coroutine.wrap(function() for i = 1, 5000 do local b = blob.new(i, { bytes = 1 << 20 }) end end)()",
      "for i = 1, 5000 do pcall(function() local b = blob.new(i, { bytes = 1 << 20 }) error() end) end",
      "blob.fit{ steps = 5000, on_step = function() local b = blob.new(1, { bytes = 1 << 20 }) end }",
    ] {
      let world = try World()
      let before = residentBytes()
      var highest = 0
      world.ledger.onMake = { [unowned world] in
        if world.ledger.made % 16 == 0 { highest = max(highest, residentBytes()) }
      }
      try world.run(source)
      #expect(world.ledger.made == 5000)
      #expect(
        highest > 0 && highest - before < 64 << 20, "\((highest - before) >> 20) MiB: \(source)")
      #expect(world.close() == 0)
    }
  }

  @Test func `objects given to callbacks are paid for as well`() throws {
    let world = try World()
    let function = try #require(try world.run("return function(b) end")[0].asFunction)
    for i in 0..<200 {
      try function(.object(Blob(world.ledger, Double(i), bytes: 1 << 20)))
      #expect(world.state.externalBytes < 64 << 20)
    }
  }

  @Test func `closing lets go at once, and only once`() throws {
    let world = try World()
    try world.run(
      """
      a = blob.new(1, { bytes = 1000 })
      do local b <close> = a end
      a:close() a:close()
      print(a)
      a = nil
      """)
    #expect(world.ledger.live == 0 && world.state.externalBytes == 0)
    #expect(world.printed == ["Blob (closed)"])
    try world.state.collectGarbage()
    #expect(world.ledger.live == 0)
    // The same Swift object may enter again after it was closed.
    let blob = Blob(world.ledger, 3)
    try world.state.setGlobal("c", .object(blob))
    try world.run("c:close()")
    try world.state.setGlobal("c", .object(blob))
    #expect(try world.run("return c:get()")[0].asNumber == 3)
  }

  @Test func `collection reaches what scripts have dropped`() throws {
    let world = try World()
    try world.run("for i = 1, 10 do local b = blob.new(i, { bytes = 10 }) end")
    #expect(world.state.externalBytes > 0)
    try world.state.collectGarbage()
    #expect(world.ledger.live == 0 && world.state.externalBytes == 0)
  }

  @Test func `finalizers may call native functions, also while a state closes`() throws {
    let world = try World()
    try world.run(
      """
      for i = 1, 100 do
        setmetatable({}, { __gc = function() last = blob.new(1):plus(blob.new(2)):get() end })
        local t = blob.echo({ i, { i } })
      end
      leftover = setmetatable({}, { __gc = function() blob.new(5) end })
      """)
    try world.state.collectGarbage()
    #expect(try world.run("return last")[0].asNumber == 3)
    #expect(world.close() == 0)
    #expect(world.warnings.count == 1 && world.warnings[0].contains("closing"))
  }

  @Test func `the state may be closed and dropped from within`() throws {
    let world = try World()
    nonisolated(unsafe) var state: LuaState? = try LuaState()
    try state!.register(
      NativeModule(
        "me", "",
        functions: [
          NativeFunction("close", "") { _ in
            state?.close()
            state = nil
            return [.object(Blob(world.ledger, 1))]
          }
        ]), isGlobal: true)
    let function = try #require(
      try state?.run("return function() local b = me.close() return b.value end")[0].asFunction)
    #expect(try function()[0].asNumber == 1)
    #expect(throws: LuaError.self) { try function() }
    #expect(world.ledger.live == 0)
  }

  @Test func `garbage is not collected below a native function's feet`() throws {
    let world = try World()
    try world.state.register(
      NativeModule(
        "gc", "",
        functions: [
          NativeFunction("now", "") { [unowned world] _ in
            try world.state.collectGarbage()
            return []
          }
        ]), isGlobal: true)
    #expect(world.message("gc.now()").contains("garbage cannot be collected inside"))
  }
}
