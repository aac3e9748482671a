// Every function of the surface does what its row says, and has a row and a whole descriptor.

import Bindings
import LuaHost
import Testing

@Suite struct SnippetTests {
  @Test(arguments: snippetTable)
  func `gives what its row says`(row: Snippet) throws {
    #expect(try evaluate(row.lua) == row.result)
  }

  @Test func `every method and function has a row`() throws {
    // The limit is the process's; a test in a process of its own has it.
    let all = (snippetTable.map(\.lua) + rngSnippets + ["t.memory_limit"]).joined(separator: "\n")
    for method in LuaTensor.luaClass.methods + LuaRng.luaClass.methods {
      #expect(all.contains(":\(method.name)"), "Tensor:\(method.name)")
    }
    for module in try makeState().modules where module.name == "eidetic.tensor" {
      for function in module.functions {
        #expect(all.contains("t.\(function.name)"), "tensor.\(function.name)")
      }
    }
  }

  @Test func `every descriptor is whole`() throws {
    let state = try makeState()
    let functions =
      state.modules.filter { $0.name.hasPrefix("eidetic.") }.flatMap(\.functions)
      + [LuaTensor.luaClass, LuaRng.luaClass].flatMap { $0.methods }
    for function in functions {
      #expect(function.since == "1.0", "\(function.name)")
      #expect(function.summary.hasSuffix("."), "\(function.name)")
      for parameter in function.parameters {
        #expect(!parameter.summary.isEmpty, "\(function.name) \(parameter.name)")
      }
      for option in function.options {
        #expect(!option.summary.isEmpty, "\(function.name) \(option.name)")
      }
    }
  }

  @Test func `every example parses`() throws {
    let state = try makeState()
    for type in [LuaTensor.luaClass, LuaRng.luaClass] {
      for example in (type.methods + type.metamethods).compactMap(\.example) {
        let parses =
          (try? state.load(example, name: "example")) != nil
          || (try? state.load("return \(example)", name: "example")) != nil
        #expect(parses, "\(example)")
      }
    }
    for example in state.modules.flatMap(\.functions).compactMap(\.example) {
      let parses =
        (try? state.load(example, name: "example")) != nil
        || (try? state.load("return \(example)", name: "example")) != nil
      #expect(parses, "\(example)")
    }
  }
}
