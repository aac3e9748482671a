// Random calls of every function with random values: nothing traps, and every failure is a Lua
// error. The calls are drawn in Lua from a seeded stream, so a failure can be repeated. More than
// the usual 5,000 calls per seed: EIDETIC_FUZZ_CALLS=200000.

import Bindings
import Foundation
import LuaHost
import TensorCore
import Testing

/// The text of `fuzzer.lua` beside this file.
private func fuzzer() throws -> String {
  let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  return try String(contentsOf: here.appendingPathComponent("fuzzer.lua"), encoding: .utf8)
}

private struct Described {
  let functions: [NativeFunction]

  /// Names, kinds of parameters and options, for the fuzzer.
  var lua: LuaValue {
    // Functions that change the whole process.
    let chosen = functions.filter { !["memory_limit", "threads"].contains($0.name) }
    return .list(
      chosen.map { function in
        .fields([
          "name": .string(function.name),
          "parameters": .list(function.parameters.map { kind($0.kind) }),
          "options": .list(
            function.options.map { .fields(["name": .string($0.name), "kind": kind($0.kind)]) }),
        ])
      })
  }

  private func kind(_ kind: ValueKind) -> LuaValue {
    switch kind {
    case .integer: "integer"
    case .number: "number"
    case .boolean: "boolean"
    case .function: "function"
    case .object(let type): type == LuaRng.self ? "rng" : "tensor"
    case .list(.object): "tensors"
    case .list, .table: "list"
    case .oneOf(let words): .fields(["words": .list(words.map { .string($0) })])
    case .either(let kinds): .fields(["either": .list(kinds.map(self.kind))])
    default: "any"
    }
  }
}

private func fuzz(_ seed: Int, calls: Int) throws {
  let state = try makeState()
  let module = try #require(state.modules.first { $0.name == "eidetic.tensor" })
  let failures =
    try state.run(
      fuzzer(), name: "fuzzer",
      arguments: [
        .integer(seed), .integer(calls), Described(functions: LuaTensor.luaClass.methods).lua,
        Described(functions: module.functions).lua,
        Described(functions: LuaRng.luaClass.methods).lua,
      ])[0].asInteger ?? 0
  print("fuzz seed \(seed): \(failures) of \(calls) calls were errors")
  #expect(failures > calls / 10 && failures < calls / 10 * 9)
}

@Suite struct FuzzTests {
  // In a process of its own: a trap there is a failed test here, and the memory limit is its own.
  @Test(arguments: 1...8) func `random calls end in a result or an error`(seed: Int) async throws {
    let result = try await #require(
      processExitsWith: .success, observing: [\.standardOutputContent]
    ) { [seed] in
      let calls = ProcessInfo.processInfo.environment["EIDETIC_FUZZ_CALLS"].flatMap { Int($0) }
      do { try fuzz(seed, calls: calls ?? 5000) } catch { Issue.record(error) }
    }
    print(String(decoding: result.standardOutputContent, as: UTF8.self), terminator: "")
  }
}
