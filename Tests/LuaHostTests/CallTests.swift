// Calls in both directions, and the values they carry.

import LuaHost
import LuaHostScripts
import Testing

@Suite struct CallTests {
  @Test func `native functions compute`() throws {
    let world = try World()
    try world.run(
      """
      print(blob.add(2), blob.add(2, 5), blob.add(3.0))
      local a, b = blob.new(1), blob.new(2)
      print(a:plus(b):get(), (a + b).value, (a - 5).value, (5 - a).value, (-a):get(), #a)
      print(a[2], a[{1, 2}], a(4), a, a.bytes)
      a.value = 9
      print(a.value, blob.most, blob.names[2])
      """)
    #expect(
      world.printed == [
        "3\t7\t4", "3.0\t3.0\t-4.0\t4.0\t-1.0\t0", "3.0\t4.0\t4.0\tBlob(1.0)\t0", "9.0\t7\tb",
      ])
    #expect(world.close() == 0)
  }

  @Test func `values come back as they went in`() throws {
    let world = try World()
    let results = try world.run(
      """
      return blob.echo(nil, true, 3, 3.0, math.huge, "a\\0b", "\\xff\\xfe", {}, {1, 2}, {1, 2.5},
        {"x", {y = {}}}, {1, "b", n = nil, k = 1})
      """)
    #expect(results.count == 12)
    #expect(results[0].isNil && results[1].asBoolean == true && results[2].kindName == "integer")
    #expect(results[3].kindName == "number" && results[4].asNumber == .infinity)
    #expect(results[5].asString == "a\0b")
    #expect(results[6].asString == nil && results[6].asBytes == [0xFF, 0xFE])
    #expect(results[7].asTable?.count == 0 && results[7].asTable?.numbers == [])
    #expect(results[8].asTable?.integers == [1, 2] && results[9].asTable?.numbers == [1, 2.5])
    #expect(results[10].asTable?.items[1].asTable?["y"].asTable?.count == 0)
    #expect(
      results[11].asTable?.items[1].asString == "b" && results[11].asTable?["k"].asInteger == 1)
  }

  @Test func `large integers among doubles stay exact`() throws {
    let world = try World()
    for source in ["{9007199254740993, 0.5}", "{0.5, 9007199254740993}"] {
      let items = try #require(world.run("return blob.echo(\(source))")[0].asTable?.items)
      #expect(items.contains { $0.asInteger == 9_007_199_254_740_993 }, "\(source)")
    }
  }

  @Test func `lists keep every order of construction`() throws {
    let world = try World()
    try world.run(
      "t = {}  for i = 1000, 1, -1 do t[i] = i end  u = {}  for i = 1, 50 do u[i] = {i} end")
    #expect(try world.run("return blob.echo(t)")[0].asTable?.integers == Array(1...1000))
    let nested = try world.run("return blob.echo(u)")[0].asTable?.items
    #expect(nested?.compactMap { $0.asTable?.integers?.first } == Array(1...50))
  }

  @Test func `arguments and options of a kind take the same values`() throws {
    let kinds: [ValueKind] = [
      .any, .reference, .boolean, .integer, .number, .string, .oneOf(["a", "b"]), .table,
      .list(.integer), .function, .object(Blob.self), .either([.number, .object(Blob.self)]),
      .either([.list(.number), .string]),
    ]
    let values = [
      "true", "3", "3.0", "3.5", "'a'", "'z'", "'\\xff'", "{}", "{1}", "{'a'}", "{k = 1}", "print",
      "blob.new(1)", "blob.stone()", "coroutine.create(print)",
    ]
    let world = try World()
    for (index, kind) in kinds.enumerated() {
      let one = NativeFunction("one", "", parameters: [.init("value", kind)]) { _ in [] }
      let two = NativeFunction("two", "", options: [.init("value", kind)]) { _ in [] }
      try world.state.register(
        NativeModule("kind\(index)", "", functions: [one, two]), isGlobal: true)
    }
    for index in kinds.indices {
      for value in values {
        let results = try world.run(
          "return pcall(kind\(index).one, \(value)), pcall(kind\(index).two, {value = \(value)})")
        #expect(results[0].asBoolean == results[1].asBoolean, "\(kinds[index]) of \(value)")
      }
    }
    #expect(world.close() == 0)
  }

  @Test func `objects keep their identity`() throws {
    let world = try World()
    let source =
      "local a = blob.new(1); return rawequal(a, a:self()), rawequal(a, blob.echo({a})[1]), a == a"
    #expect(try world.run(source).map(\.asBoolean) == [true, true, true])
    #expect(world.ledger.made == 1)
  }

  @Test func `objects without identity are the same where they come from the arguments`() throws {
    let world = try World()
    try world.addGrains()
    let source = """
      local a = grain.new(1)
      return a == a:self(), a == a:twice(), a == blob.echo({a})[1], a:twice():twice():get()
      """
    let results = try world.run(source)
    #expect(results[0].asBoolean == true && results[1].asBoolean == false)
    #expect(results[2].asBoolean == false && results[3].asInteger == 4)
    #expect(world.close() == 0)
  }

  @Test func `a body may give something else than one object`() throws {
    let world = try World()
    try world.addGrains()
    do {  // the results hold an object
      let results = try world.run(
        """
        local a = grain.new(1)
        a:twice()
        return a:spoil(1), a:spoil(2), a:spoil(3), pcall(a.spoil, a)
        """)
      #expect(results[0].isNil && results[1].asObject(Blob.self) != nil)
      #expect(results[2].asString == "text" && results[3].asBoolean == false)
    }
    #expect(world.close() == 0)
  }

  @Test func `arguments that a body keeps outlive the call`() throws {
    let world = try World()
    try world.addGrains()
    try world.run("grain.hoard(1.5, grain.new(7)) grain.hoard(2, grain.new(8)) collectgarbage()")
    #expect(try world.hoarded.map { try $0.number("number") } == [1.5, 2])
    #expect(try world.hoarded.map { try $0.object("grain", Grain.self).value } == [7, 8])
    #expect(world.close() == 0)
  }

  @Test func `an object that is closed during a call is gone for the rest of it`() throws {
    let world = try World()
    try world.addGrains()
    let source = "a, b = grain.new(1), grain.new(2); return function() b:close() end"
    let close = try #require(try world.run(source)[0].asFunction)
    world.ledger.onMake = { _ = try? close.call() }
    #expect(
      world.message("return a:after(b)")
        == "test.lua:1: Grain:after: argument #1 'other' must be Grain, got nil")
    #expect(world.message("return a:after(b)").contains("is a closed Grain"))
    #expect(world.close() == 0)
  }

  @Test func `tables by reference stay the same table`() throws {
    let world = try World()
    try world.run("t = {}; u = blob.keep(t); t.x = 5; print(rawequal(t, u))")
    #expect(world.printed == ["true"])
    #expect(world.kept[0].kindName == "table")
    try world.state.setGlobal("v", world.kept[0])
    #expect(try world.run("return v.x")[0].asInteger == 5)
  }

  @Test func `functions inside tables can be called`() throws {
    let world = try World()
    let table = try world.run("return { on = function(x) return x * 2, 'b' end }")[0].asTable
    let function = try #require(table?["on"].asFunction)
    let results = try function(21)
    #expect(results[0].asInteger == 42 && results[1].asString == "b")
  }

  @Test func `callbacks nest until Lua says stop, and the state lives on`() throws {
    let world = try World()
    try world.run(
      "function down(n) if n > 0 then return blob.call(down, n - 1) end return 'end' end")
    #expect(try world.run("return down(50)")[0].asString == "end")
    #expect(world.message("down(1000)").contains("stack overflow"))
    #expect(try world.run("return down(50)")[0].asString == "end")
  }

  @Test func `callbacks cannot yield across Swift`() throws {
    let world = try World()
    let results = try world.run(
      "return coroutine.resume(coroutine.create(function() blob.call(coroutine.yield, 1) end))")
    #expect(results[0].asBoolean == false)
    #expect(results[1].asString?.contains("attempt to yield across a C-call boundary") == true)
  }

  @Test func `native functions work inside coroutines`() throws {
    let world = try World()
    let results = try world.run(
      """
      local step = coroutine.wrap(function(x)
        local y = coroutine.yield(blob.call(function() return blob.add(x) end))
        return blob.new(y):get()
      end)
      return step(1), step(7)
      """)
    #expect(results.map(\.asNumber) == [2, 7])
  }

  @Test func `many arguments and results pass`() throws {
    let world = try World()
    #expect(
      try world.run("return select('#', blob.echo(table.unpack({}, 1, 5000)))")[0].asInteger == 5000
    )
    #expect(
      try world.run("return #{blob.echo(table.unpack({string.byte(('x'):rep(200), 1, -1)}))}")[0]
        .asInteger == 200)
  }

  @Test func `handles outlive the state and calls on them fail cleanly`() throws {
    var state: LuaState? = try LuaState()
    let function = try #require(try state?.run("return function() return 1 end")[0].asFunction)
    state = nil
    #expect(throws: LuaError.self) { try function() }
  }

  @Test func `dropped handles are let go of`() throws {
    let world = try World()
    let before = world.state.liveReferences
    for _ in 0..<100 { try world.run("blob.call(function() end); blob.echo({f = print})") }
    try world.run("return")
    #expect(world.state.liveReferences <= before + 1)
  }

  @Test func `values of another state are refused`() throws {
    let world = try World(), other = try World()
    let function = try world.run("return print")[0]
    #expect(throws: LuaError.self) { try other.state.setGlobal("f", function) }
  }

  @Test func `file arguments, globals and random numbers`() throws {
    let world = try World()
    try world.state.setGlobal("x", .list([1, .fields(["y": .list([])])]))
    #expect(try world.state.global("x").asTable?.items[0].asInteger == 1)
    #expect(try world.state.global("missing").isNil)
    try world.state.seedRandom(7)
    let first = try world.run("return math.random(1 << 40), math.random()")
    try world.state.seedRandom(7)
    let second = try world.run("return math.random(1 << 40), math.random()")
    #expect(first[0].asInteger == second[0].asInteger && first[1].asNumber == second[1].asNumber)
    // The generator is Lua 5.4's xoshiro256**: the same seed gives the same numbers everywhere.
    #expect(first[0].asInteger == 813_858_772_800)
  }
}
