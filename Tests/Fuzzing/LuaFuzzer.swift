// Random calls of every native function that scripts can reach, with random values: nothing traps,
// nothing hangs, and every failure is a Lua error. What may be called comes from the descriptors, so
// new functions are fuzzed from the day they are there.

import Bindings
import Foundation
import LuaHost
import TensorCore

/// A sequence of calls that its seed decides.
package final class LuaFuzzer {
  /// How the calls ended.
  package struct Tally: Sendable {
    package var calls = 0, errors = 0, timeouts = 0
  }

  /// A failure that is no Lua error of a call.
  package struct Broken: Error, CustomStringConvertible {
    package let description: String
  }

  private let folder: String
  private let workbench: Workbench
  private let state: LuaState
  private let step: LuaFunction, notReached: LuaFunction
  package private(set) var tally = Tally()

  /// Seconds after which a call is asked to stop, and after which it then counts as a hang.
  private static let patience = 5.0, grace = 30.0

  /// Makes a sandbox with everything in it.
  ///
  /// - Parameters:
  ///   - seed: Decides all calls.
  ///   - note: Hears of each call before it is made.
  ///   - onHang: Called from another thread when a call does not end.
  package init(
    seed: Int, note: @escaping (String) -> Void, onHang: @escaping @Sendable () -> Void
  ) throws {
    folder = NSTemporaryDirectory() + "eidetic-fuzz-\(UUID().uuidString)"
    StoragePool.limitBytes = 64 << 20
    workbench = Workbench(
      listener: Silence(), cacheFolder: folder + "/cache", outFolder: folder + "/run")
    state = try workbench.makeState(
      profile: .sandbox,
      limits: ScriptLimits(
        seconds: Self.patience, grace: Self.grace, memory: 256 << 20, onStuck: onHang),
      print: { _ in })
    try state.register(Self.module(note))
    let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let source = try String(
      contentsOf: here.appendingPathComponent("fuzzer.lua"), encoding: .utf8)
    let made = try state.run(
      source, name: "fuzzer", arguments: [.integer(seed), .list(Self.entries(state))])
    let functions = made.compactMap(\.asFunction)
    guard functions.count == 2 else { throw Broken(description: "fuzzer.lua gave no functions") }
    (step, notReached) = (functions[0], functions[1])
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// Makes calls.
  ///
  /// - Throws: ``Broken`` when one ends in anything but a result or a Lua error.
  package func run(calls: Int) throws {
    for _ in 0..<calls {
      tally.calls += 1
      do {
        if try step.call().first?.asBoolean == true { tally.errors += 1 }
      } catch let error as LuaError where error.kind == .timeLimit {
        tally.timeouts += 1
      } catch let error as LuaError where error.kind == .memory {
        tally.errors += 1
      } catch {
        throw Broken(description: "call \(tally.calls): \(error)")
      }
    }
  }

  /// Functions of which no call has ended in a result so far.
  package func unreached() throws -> [String] {
    try notReached.call().first?.asTable?.strings ?? []
  }

  private static func module(_ note: @escaping (String) -> Void) -> NativeModule {
    NativeModule(
      "fuzz", "What the fuzzer asks of its host.",
      functions: [
        NativeFunction("note", "Before a call.", parameters: [.init("call", .string)]) {
          note(try $0.string("call"))
          return []
        },
        NativeFunction(
          "class", "The class of an object.",
          parameters: [.init("value", .reference, optional: true)]
        ) { arguments in
          guard case .object(let object) = arguments["value"] else { return [.nil] }
          return [.string(type(of: object).luaClass.name)]
        },
      ])
  }
}

// MARK: - What may be called

extension LuaFuzzer {
  /// They change the whole process.
  private static let left: Set<String> = ["eidetic.tensor.memory_limit", "eidetic.tensor.threads"]

  /// Calls that train, answer, draw many pictures or write files.
  private static let heavy: Set<String> = [
    "eidetic.training", "eidetic.runs", "eidetic.models", "Model", "Run", "Strangers",
  ]
  private static let rare: Set<String> = [
    "cached", "save", "picture", "test", "people", "gradient_check", "minimize", "fit",
  ]

  private static func entries(_ state: LuaState) -> [LuaValue] {
    let functions = state.modules.filter { $0.name != "fuzz" }.flatMap { module in
      module.functions.map { entry(module.name, "function", $0) }
    }
    let members = state.classes.flatMap { type in
      type.methods.map { entry(type.name, "method", $0) }
        + type.metamethods.map { entry(type.name, "operator", $0) }
        + type.properties.map {
          entry(type.name, "property", NativeFunction($0.name, $0.summary) { _ in [] })
        }
    }
    return (functions + members).compactMap { $0 }
  }

  private static func entry(
    _ owner: String, _ sort: String, _ function: NativeFunction
  ) -> LuaValue? {
    guard !left.contains("\(owner).\(function.name)") else { return nil }
    let isRare = heavy.contains(owner) || rare.contains(function.name)
    return .fields([
      "owner": .string(owner), "sort": .string(sort), "name": .string(function.name),
      "weight": .integer(isRare ? 1 : 20),
      "parameters": .list(
        function.parameters.map { .fields(["name": .string($0.name), "kind": kind($0.kind)]) }),
      "options": .list(
        function.options.map {
          .fields([
            "name": .string($0.name), "kind": kind($0.kind), "required": .boolean($0.isRequired),
          ])
        }),
    ])
  }

  private static func kind(_ kind: ValueKind) -> LuaValue {
    switch kind {
    case .integer: "integer"
    case .number: "number"
    case .boolean: "boolean"
    case .string: "string"
    case .function: "function"
    case .table: "table"
    case .object(let type): .fields(["object": .string(type.luaClass.name)])
    case .list(let element): .fields(["list": self.kind(element)])
    case .oneOf(let words): .fields(["words": .list(words.map { .string($0) })])
    case .either(let kinds): .fields(["either": .list(kinds.map(self.kind))])
    default: "any"
    }
  }
}

private final class Silence: ProgressListener {
  func progress(stage: String, step: Int, steps: Int, loss: Double?) {}
  func message(_ text: String) {}
}
