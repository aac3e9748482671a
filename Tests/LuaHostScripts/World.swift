// A Lua state with a module and a class to play with. Objects are counted per world, because tests
// run side by side.

import Foundation
import LuaHost

package final class Ledger {
  package init() {}
  package var live = 0
  package var made = 0
  package var onMake: (() -> Void)?
}

package struct Spill: Error, Equatable, CustomStringConvertible {
  package let litres: Int
  package init(litres: Int) { self.litres = litres }
  package var description: String { "blob.spill: expected 0 litres, got \(litres)" }
}

/// A number with memory behind it.
package final class Blob: LuaObject {
  let ledger: Ledger
  package var value: Double
  private let memory: UnsafeMutableRawPointer?
  package let luaByteCount: Int

  package init(_ ledger: Ledger, _ value: Double, bytes: Int = 0) {
    self.ledger = ledger
    self.value = value
    luaByteCount = bytes
    memory = bytes > 0 ? malloc(bytes) : nil
    if let memory { memset(memory, 1, bytes) }
    ledger.live += 1
    ledger.made += 1
    ledger.onMake?()
  }

  deinit {
    free(memory)
    ledger.live -= 1
  }

  static func binary(
    _ name: String, _ combine: @escaping (Double, Double) -> Double
  ) -> NativeFunction {
    let operand = ValueKind.either([.number, .object(Blob.self)])
    return NativeFunction(
      name, "Combines two operands.",
      parameters: [.init("left", operand), .init("right", operand)],
      results: [.init(.object(Blob.self))]
    ) { arguments in
      let numbers = [arguments[0], arguments[1]].map {
        $0.asNumber ?? $0.asObject(Blob.self)!.value
      }
      let blob = try arguments.receiver(Blob.self)
      return [.object(Blob(blob.ledger, combine(numbers[0], numbers[1])))]
    }
  }

  package static let luaClass = NativeClass(
    "Blob", "A number with memory behind it.",
    methods: [
      NativeFunction(
        "plus", "Adds another blob.", parameters: [.init("other", .object(Blob.self))],
        results: [.init(.object(Blob.self))]
      ) { arguments in
        let blob = try arguments.receiver(Blob.self)
        let other = try arguments.object("other", Blob.self)
        return [.object(Blob(blob.ledger, blob.value + other.value))]
      },
      NativeFunction("self", "Gives itself.", results: [.init(.object(Blob.self))]) {
        [.object(try $0.receiver(Blob.self))]
      },
      NativeFunction("get", "Gives its number.", results: [.init(.number)]) {
        [.number(try $0.receiver(Blob.self).value)]
      },
    ],
    metamethods: [
      binary("__add") { $0 + $1 }, binary("__sub") { $0 - $1 },
      NativeFunction("__unm", "Negates.", parameters: [.init("self", .object(Blob.self))]) {
        let blob = try $0.receiver(Blob.self)
        return [.object(Blob(blob.ledger, -blob.value))]
      },
      NativeFunction("__len", "Counts bytes.", parameters: [.init("self", .object(Blob.self))]) {
        [.integer(try $0.receiver(Blob.self).luaByteCount)]
      },
      NativeFunction("__tostring", "Shows it.", parameters: [.init("self", .object(Blob.self))]) {
        [.string("Blob(\(try $0.receiver(Blob.self).value))")]
      },
      NativeFunction(
        "__index", "Gives a digit.",
        parameters: [
          .init("self", .object(Blob.self)), .init("key", .either([.integer, .list(.integer)])),
        ]
      ) { arguments in
        let key = try arguments["key"].asInteger ?? arguments.integers("key").reduce(0, +)
        guard key >= 1 else { throw LuaError("index \(key) is out of range; positions start at 1") }
        return [.number(try arguments.receiver(Blob.self).value + Double(key))]
      },
      NativeFunction(
        "__call", "Scales.",
        parameters: [.init("self", .object(Blob.self)), .init("factor", .number)]
      ) { [.number(try $0.receiver(Blob.self).value * $0.number("factor"))] },
    ],
    properties: [
      .init("value", .number, "Its number.") {
        .number(try $0.receiver(Blob.self).value)
      } set: {
        try $0.receiver(Blob.self).value = try $0.number("value")
      },
      .init("bytes", .integer, "Its bytes.") { .integer(try $0.receiver(Blob.self).luaByteCount) },
    ])
}

/// Another class, to be wrong with.
package final class Stone: LuaObject {
  package static let luaClass = NativeClass("Stone", "Does nothing.")
}

package final class World {
  package let ledger = Ledger()
  package var printed: [String] = []
  package var warnings: [String] = []
  package var kept: [LuaValue] = []
  package var hoarded: [Arguments] = []
  private var lua: LuaState?
  package var state: LuaState { lua! }

  package init(
    _ profile: LuaState.Profile = .open, memoryLimit: Int? = nil, instructionLimit: Int? = nil,
    timeLimit: Double? = nil, grace: Double = 3, onStuck: @escaping @Sendable () -> Void = {}
  ) throws {
    lua = try LuaState(
      profile: profile, memoryLimit: memoryLimit, instructionLimit: instructionLimit,
      timeLimit: timeLimit, grace: grace, onStuck: onStuck,
      print: { [unowned self] in printed.append($0) },
      warn: { [unowned self] in warnings.append($0) })
    try state.register(makeModule(), isGlobal: true)
  }

  /// Ends the state and says how many objects outlived it.
  package func close() -> Int {
    (kept, hoarded) = ([], [])
    ledger.onMake = nil
    lua = nil
    return ledger.live
  }

  /// Brings the module `grain`.
  package func addGrains() throws { try state.register(Grain.module(self), isGlobal: true) }

  @discardableResult
  package func run(_ source: String) throws -> [LuaValue] {
    try state.run(source, name: "test.lua")
  }

  /// The message of the error that a script ends in.
  package func message(_ source: String) -> String {
    do {
      try run(source)
      return "no error"
    } catch {
      return (error as? LuaError)?.message ?? "\(error)"
    }
  }

  package func makeModule() -> NativeModule {
    NativeModule(
      "blob", "Makes blobs.",
      functions: [make, spill, add, call, echo, keep, spin, stop, fit, sum, stone, again],
      constants: [.init("most", 7, "The most."), .init("names", ["a", "b"], "Names.")])
  }

  private var make: NativeFunction {
    NativeFunction(
      "new", "Makes a blob.", parameters: [.init("value", .number, "Its number.", default: 0)],
      options: [.init("bytes", .integer, "Memory behind it.", default: 0, unit: "bytes")],
      results: [.init(.object(Blob.self), "The blob.")], since: "0.1",
      example: "local b = blob.new(1)"
    ) { [ledger] arguments in
      let bytes = try arguments.integer("bytes")
      guard bytes >= 0 else { throw LuaError("blob.new: expected 0 bytes or more, got \(bytes)") }
      return [.object(Blob(ledger, try arguments.number("value"), bytes: bytes))]
    }
  }

  private var spill: NativeFunction {
    NativeFunction("spill", "Throws.", parameters: [.init("litres", .integer)]) { [ledger] in
      let held = Blob(ledger, 1)
      throw Spill(litres: try $0.integer("litres") + Int(held.value) - 1)
    }
  }

  private var add: NativeFunction {
    NativeFunction(
      "add", "Adds integers.",
      parameters: [.init("a", .integer), .init("b", .integer, default: 1)],
      results: [.init(.integer)]
    ) { [.integer(try $0.integer("a") &+ $0.integer("b"))] }
  }

  private var call: NativeFunction {
    NativeFunction(
      "call", "Calls a function.",
      parameters: [.init("f", .function), .init("arguments", .any, variadic: true)]
    ) { try $0.function("f").call(Array($0.rest)) }
  }

  private var echo: NativeFunction {
    NativeFunction(
      "echo", "Gives back what it gets.", parameters: [.init("values", .any, variadic: true)]
    ) { Array($0.rest) }
  }

  private var keep: NativeFunction {
    NativeFunction("keep", "Keeps a value.", parameters: [.init("value", .reference)]) {
      [unowned self] arguments in
      kept.append(arguments["value"])
      return [arguments["value"]]
    }
  }

  private var spin: NativeFunction {
    NativeFunction("spin", "Works until it is interrupted.") { arguments in
      while true {
        try arguments.checkInterrupt()
        usleep(200)
      }
    }
  }

  private var stop: NativeFunction {
    NativeFunction("stop", "Asks to stop.") { [unowned self] _ in
      state.interrupt()
      return []
    }
  }

  private var fit: NativeFunction {
    NativeFunction(
      "fit", "Calls back in every step.",
      options: [
        .init("steps", .integer, "How many.", default: 3, unit: "steps"),
        .init("rate", .number, "How fast."),
        .init("mode", .oneOf(["slow", "fast"]), default: "slow"),
        .init("on_step", .function, "Called with the step.", required: true),
      ], results: [.init(.integer, "Steps done.")]
    ) { arguments in
      let steps = try arguments.integer("steps")
      for step in stride(from: 1, through: steps, by: 1) {
        try arguments.checkInterrupt()
        if try arguments.function("on_step").call([.integer(step)]).first?.asBoolean == false {
          return [.integer(step)]
        }
      }
      return [.integer(steps)]
    }
  }

  private var sum: NativeFunction {
    NativeFunction("sum", "Adds up a list.", parameters: [.init("list", .list(.number))]) {
      [.number(try $0.numbers("list").reduce(0, +))]
    }
  }

  private var stone: NativeFunction {
    NativeFunction("stone", "Makes a stone.") { _ in [.object(Stone())] }
  }

  /// Swallows the callback's error and throws its own.
  private var again: NativeFunction {
    NativeFunction("again", "Calls; on failure throws.", parameters: [.init("f", .function)]) {
      do { return try $0.function("f").call() } catch { throw Spill(litres: 99) }
    }
  }
}
