// Texts made from descriptors.

import LuaHost
import LuaHostScripts
import Testing

@Suite struct HelpTests {
  @Test func `help tells what a function takes and gives`() throws {
    let world = try World()
    try world.run("help(blob.new) help('blob.fit') help('Blob:plus')")
    #expect(
      world.printed[0] == """
        blob.new([value: number = 0], { [bytes] }) -> Blob
          Makes a blob.
          value  number, 0 by default. Its number.
        options
          bytes  integer in bytes, 0 by default. Memory behind it.
        returns
          Blob  The blob.
        since 0.1
        example
          local b = blob.new(1)
        """)
    #expect(world.printed[1].contains("on_step  function. Required. Called with the step."))
    #expect(world.printed[2] == "no help for this string", "no object of the class was seen yet")
  }

  @Test func `help knows modules, objects, methods and properties`() throws {
    let world = try World()
    try world.state.register(Blob.self)
    try world.run(
      "help(blob) help(blob.new()) help('Blob:plus') help('Blob.value') help(help) help(7) help({})"
    )
    #expect(
      world.printed[0].hasPrefix(
        "module blob\n  Makes blobs.\n  add(a: integer, [b: integer = 1]) -> integer\n"))
    #expect(world.printed[1].contains("  :plus(other: Blob) -> Blob\n    Adds another blob."))
    #expect(world.printed[2].hasPrefix("Blob:plus(other: Blob) -> Blob"))
    #expect(world.printed[3] == "Blob.value: number, may be assigned\n  Its number.")
    #expect(world.printed[4].hasPrefix("help(what: any value)"))
    #expect(world.printed[5...] == ["no help for this integer", "no help for this table"])
  }

  @Test func `the dump lists every name with its signature`() throws {
    let world = try World()
    try world.state.register(Blob.self)
    let lines = world.state.apiDump.split(separator: "\n").map(String.init)
    #expect(lines == lines.sorted())
    for line in [
      "Blob.__unm(self: Blob)", "Blob.bytes: integer", "Blob.value: number (rw)",
      "Blob:plus(other: Blob) -> Blob", "blob.add(a: integer, [b: integer = 1]) -> integer",
      "blob.most = 7", "blob.call(f: function, ...)", "class Blob", "module blob",
      "blob.fit({ [steps], [rate], [mode], on_step }) -> integer",
    ] {
      #expect(lines.contains(line), "\(line)")
    }
  }

  @Test func `stubs parse and name everything`() throws {
    let world = try World()
    let module = LuaStubs.text(of: world.state.modules[0])
    let type = LuaStubs.text(of: Blob.luaClass)
    for text in [module, type] { _ = try world.state.load(text, name: "stub") }
    #expect(module.hasPrefix("---@meta blob\n"))
    #expect(
      module.contains(
        """
        ---@class blob.fit.Options
        ---@field steps? integer How many. In steps. Default 3.
        ---@field rate? number How fast.
        ---@field mode? "slow"|"fast" Default "slow".
        ---@field on_step function Called with the step.

        --- Calls back in every step.
        ---@param options blob.fit.Options
        ---@return integer # Steps done.
        function blob.fit(options) end
        """))
    #expect(type.contains("---@operator add(number|Blob): Blob\n"))
    #expect(type.contains("---@param other Blob\n---@return Blob\nfunction Blob:plus(other) end\n"))
    #expect(type.contains("function Blob:close() end\n"))
    for function in world.state.modules[0].functions {
      #expect(module.contains("function blob.\(function.name)("))
    }
  }
}
