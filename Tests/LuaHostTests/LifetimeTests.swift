// What outlives a Lua state: values, errors and results that a test library takes apart to show them.

import LuaHost
import LuaHostScripts
import Testing

@Suite struct LifetimeTests {
  /// Everything that reflection reaches, as a test library writes it into a failure.
  private func text(_ value: Any) -> String {
    var text = ""
    dump(value, to: &text)
    return text
  }

  /// The state is closed when this returns.
  private func results(_ source: String) throws -> [LuaValue] {
    let world = try World()
    defer { _ = world.close() }
    return try world.run("blob.add(1) " + source)
  }

  @Test func `results that outlive their state can be looked at`() throws {
    let values = try results(
      "return print, blob, blob.add, coroutine.create(print), { f = print, {} }, io.stdout")
    for value in values { #expect(text(value).count < 10_000, "the whole interpreter is in it") }
    #expect(text(values[0]).contains("function"))
    #expect(values.count == 6)
  }

  @Test func `errors that outlive their state can be looked at`() throws {
    for source in ["error(print)", "blob.spill(3)", "blob.call(error, {})", "blob.add({})"] {
      let error = #expect(throws: LuaError.self) { try results(source) }
      #expect(text(try #require(error)).count < 10_000)
    }
  }

  @Test func `what outlives its state is an error to use`() throws {
    let values = try results("return print, blob.add, coroutine.create(print)")
    let function = try #require(values[0].asFunction)
    #expect(throws: LuaError.self) { try function() }
    let other = try World()
    for value in values {
      #expect(throws: LuaError.self) { try other.state.setGlobal("x", value) }
      #expect(other.state.help(value) == nil)
      #expect(other.state.nativeFunction(value) == nil)
    }
  }

  @Test func `objects of a state that was closed during the call reach Swift`() throws {
    let world = try World()
    nonisolated(unsafe) var state: LuaState? = try LuaState()
    try state!.register(
      NativeModule(
        "me", "",
        functions: [
          NativeFunction("close", "") { _ in
            state = nil
            return [.object(Blob(world.ledger, 7))]
          }
        ]), isGlobal: true)
    let function = try #require(
      try state?.run("return function() return me.close(), { me.close() } end")[0].asFunction)
    let results = try function()
    #expect(results[0].asObject(Blob.self)?.value == 7)
    #expect(results[1].asTable?.items[0].asObject(Blob.self)?.value == 7)
    #expect(throws: LuaError.self) { try function() }
  }
}
