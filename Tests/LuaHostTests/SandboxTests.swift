// What scripts can reach: compared with lists, and attacked.

import Foundation
import LuaHost
import LuaHostScripts
import Testing

/// Every value reachable by name, as `string.rep`.
private let listing = """
  local names = {}
  for name, value in pairs(_G) do
    names[#names + 1] = name
    if type(value) == 'table' and value ~= _G and name ~= 'blob' then
      for key in pairs(value) do names[#names + 1] = name .. '.' .. key end
    end
  end
  table.sort(names)
  return names
  """

private let always = """
  _G _VERSION assert blob collectgarbage coroutine coroutine.close coroutine.create \
  coroutine.isyieldable coroutine.resume coroutine.running coroutine.status coroutine.wrap \
  coroutine.yield error getmetatable help ipairs load math math.abs math.acos math.asin math.atan \
  math.ceil math.cos math.deg math.exp math.floor math.fmod math.huge math.log math.max \
  math.maxinteger math.min math.mininteger math.modf math.pi math.rad math.random math.randomseed \
  math.sin math.sqrt math.tan math.tointeger math.type math.ult next os os.clock os.date \
  os.difftime os.time pairs pcall print rawequal rawget rawlen rawset require select setmetatable \
  string string.byte string.char string.find string.format string.gmatch string.gsub string.len \
  string.lower string.match string.pack string.packsize string.rep string.reverse string.sub \
  string.unpack string.upper table table.concat table.insert table.move table.pack table.remove \
  table.sort table.unpack tonumber tostring type utf8 utf8.char utf8.charpattern utf8.codepoint \
  utf8.codes utf8.len utf8.offset warn xpcall
  """

private let trusted = """
  debug debug.getinfo debug.traceback dofile io io.close io.flush io.input io.lines io.open \
  io.output io.popen io.read io.stderr io.stdin io.stdout io.tmpfile io.type io.write loadfile \
  os.execute os.exit os.getenv os.remove os.rename os.tmpname
  """

@Suite struct SandboxTests {
  private func names(_ world: World, _ source: String = listing) throws -> [String] {
    try world.run(source)[0].asTable?.strings ?? []
  }

  private func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }

  @Test func `the open profile holds what the list says`() throws {
    #expect(try names(World()) == (words(always) + words(trusted)).sorted())
  }

  @Test func `the sandbox holds what the list says`() throws {
    #expect(try names(World(.sandbox)) == words(always).sorted())
  }

  @Test func `an isolated chunk holds what the sandbox holds`() throws {
    let world = try World()
    let chunk = try world.state.load(listing, name: "plug-in", isolated: true)
    #expect(try chunk()[0].asTable?.strings == words(always).sorted())
  }

  @Test(arguments: Scripts.escapes, [LuaState.Profile.open, .sandbox])
  func `no way out`(source: String, profile: LuaState.Profile) throws {
    let world = try World(profile, memoryLimit: 256 << 20)
    do {
      let results = try world.run(source)
      #expect(
        results.first?.asBoolean != true
          && (results.first?.isNil ?? true || results.first?.asBoolean == false), "\(source)")
    } catch {
      #expect(error is LuaError)
    }
    let check =
      "assert(blob.add(1) == 2 and ('x'):upper() == 'X' and blob.new(3):get() == 3) return 1"
    #expect(try world.run(check)[0].asInteger == 1, "\(source)")
    #expect(world.close() == 0)
  }

  /// Random functions with random values, from a seed that is part of the failure.
  @Test(arguments: 1...20)
  func `random calls never trap`(seed: Int) throws {
    let world = try World(instructionLimit: 5_000_000)
    try world.state.register(Blob.self)
    try world.state.seedRandom(seed)
    try world.run(Scripts.random)
    #expect(try world.run("return blob.add(1)")[0].asInteger == 2)
    #expect(world.close() == 0)
  }

  @Test func `an isolated chunk changes nothing for others`() throws {
    let world = try World()
    try world.run("secret = 'shared'")
    let plugIn = try world.state.load(
      """
      leak = 1
      string.upper = nil
      table.insert = error
      math.huge = 0
      _G.print = nil
      assert(rawget(_G, 'secret') == nil and rawget(_G, 'io') == nil)
      assert(rawget(load('return _G')(), 'secret') == nil)
      assert(not pcall(require, 'io') and not pcall(require, 'debug'))
      assert(require 'string'.lower and require 'blob' == blob)
      assert(not pcall(setmetatable, {}, { __gc = error }))
      assert(not pcall(function() return undefined_name end))
      return blob.add(4)
      """, name: "plug-in", isolated: true)
    #expect(try plugIn()[0].asInteger == 5)
    try world.run(
      "assert(rawget(_G, 'leak') == nil and string.upper and print and math.huge > 1 and table.insert ~= error)"
    )
  }

  @Test func `the environment does not reach in`() throws {
    setenv("LUA_INIT", "error('from the environment')", 1)
    setenv("LUA_PATH", "/tmp/?.lua", 1)
    defer {
      unsetenv("LUA_INIT")
      unsetenv("LUA_PATH")
    }
    #expect(try World().message("require 'nothing'").contains("there are no module folders"))
  }

  @Test func `locale is out of reach`() throws {
    #expect(try World().message("os.setlocale('de_DE')").contains("attempt to call a nil value"))
  }
}

@Suite struct ModuleTests {
  private func folder(_ files: [String: String]) throws -> String {
    let root = NSTemporaryDirectory() + "eidetic-lua-\(UUID().uuidString)"
    for (name, text) in files {
      let url = URL(fileURLWithPath: root).appendingPathComponent(name)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: url, atomically: true, encoding: .utf8)
    }
    return root
  }

  @Test func `require finds files and folders once, in order`() throws {
    let root = try folder([
      "a.lua":
        "count = (rawget(_G, 'count') or 0) + 1 return { name = ..., path = select(2, ...) }",
      "b/init.lua": "return require 'b.c'", "b/c.lua": "return 'c'", "nothing.lua": "x = 1",
    ])
    defer { try? FileManager.default.removeItem(atPath: root) }
    let world = try World()
    world.state.moduleRoots = ["/nowhere", root]
    try world.run(
      "print(require 'a'.name, require 'a'.path, count, require 'b', (require 'nothing'))")
    #expect(world.printed == ["a\t\(root)/a.lua\t1\tc\ttrue"])
    #expect(world.message("require 'd'").contains("module 'd' not found (/nowhere/d.lua, "))
  }

  @Test func `failing modules say where, and may be tried again`() throws {
    let root = try folder([
      "bad.lua": "\n\nerror 'broken'", "wrong.lua": "x = =", "loop.lua": "require 'loop'",
      "code.lua": "\u{1B}Lua", "script.lua": "#!/usr/bin/lua\nerror 'second line'",
    ])
    defer { try? FileManager.default.removeItem(atPath: root) }
    let world = try World()
    world.state.moduleRoots = [root]
    for _ in 0..<2 {
      #expect(world.message("require 'bad'").hasSuffix("bad.lua:3: broken"))
      #expect(world.message("require 'wrong'").hasSuffix("wrong.lua:1: unexpected symbol near '='"))
      #expect(world.message("require 'loop'").contains("requires itself"))
      #expect(world.message("require 'code'").contains("attempt to load a binary chunk"))
      #expect(world.message("require 'script'").hasSuffix("script.lua:2: second line"))
    }
    do {
      try world.run("require 'bad'")
    } catch let error as LuaError {
      #expect(error.traceback.map(\.line) == [3, 1])
    }
  }

  @Test func `files run with their arguments`() throws {
    let root = try folder(["main.lua": "return arg[0], arg[1], #arg, ..."])
    defer { try? FileManager.default.removeItem(atPath: root) }
    let world = try World()
    let results = try world.state.run(file: root + "/main.lua", arguments: ["x", "y"])
    #expect(
      results.map { $0.asString ?? "\($0.asInteger ?? -1)" } == [
        root + "/main.lua", "x", "2", "x", "y",
      ])
    #expect(throws: LuaError.self) { try world.state.run(file: root + "/none.lua") }
  }

  @Test func `modules nest, and contradictions are refused`() throws {
    let world = try World()
    try world.state.register(NativeModule("blob.deep", "Below.", constants: [.init("x", 1)]))
    #expect(try world.run("return blob.deep.x + require 'blob.deep'.x")[0].asInteger == 2)
    let broken: [NativeModule] = [
      NativeModule("blob", "Twice."), NativeModule("a-b", ""), NativeModule("", ""),
      NativeModule(
        "m", "",
        functions: [NativeFunction("f", "") { _ in [] }, NativeFunction("f", "") { _ in [] }]),
      NativeModule("m", "", functions: [NativeFunction("1", "") { _ in [] }]),
      NativeModule(
        "m", "",
        functions: [
          NativeFunction("f", "", parameters: [.init("a", .any, optional: true), .init("b", .any)])
          { _ in [] }
        ]),
      NativeModule(
        "m", "",
        functions: [
          NativeFunction("f", "", parameters: [.init("a", .integer, default: "x")]) { _ in [] }
        ]),
      NativeModule(
        "m", "",
        functions: [
          NativeFunction("f", "", parameters: [.init("a", .any)], options: [.init("a", .any)]) {
            _ in []
          }
        ]),
    ]
    for module in broken {
      #expect(throws: LuaError.self) { try world.state.register(module) }
    }
    #expect(world.state.modules.map(\.name) == ["blob", "blob.deep"])
  }
}
