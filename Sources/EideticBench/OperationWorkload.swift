// lua-op: what a small tensor operation costs from Lua, and what any call from Lua costs.

import Bindings
import CLimits
import Foundation
import LuaHost
import Repro

/// Times small operations from Lua beside Python's, and native functions beside plain C.
struct OperationWorkload: Workload {
  let name = "lua-op"
  var count = 1_000_000

  func run(_ options: BenchOptions) throws -> WorkloadResult {
    tell("\(name)  \(count) operations on tensors of 8 x 8, products and sums in turn")
    var rows = try operations(options)
    tell("  \(count) calls from Lua, the empty loop taken off; plain C checks the same arguments")
    rows += try CallCosts(count: count).rows(rounds: options.rounds)
    return WorkloadResult(rows: rows)
  }

  /// Functions of operations.lua and operations.py.
  private static let kinds = [
    ("plain", "without gradients", "ns an operation"),
    ("gradients", "with gradients", "ns an operation"),
    ("from_table", "table to tensor", "ns a number"),
    ("to_table", "tensor to table", "ns a number"),
  ]

  private func operations(_ options: BenchOptions) throws -> [Row] {
    let state = try Workbench(listener: Silence()).makeState()
    let module = try state.load(file: "scripts/peers/operations.lua").call([])
    let peer = try options.python.map { python in
      let files = HandedOver(python: python)
      try files.plan()
      return try files.start("operations.py", threads: 1)
    }
    defer { peer?.stop() }
    return try Self.kinds.map { kind, title, unit in
      guard let body = module.first?.asTable?[kind].asFunction else {
        throw BenchError("operations.lua lacks \(kind)")
      }
      try check(kind, body, peer)
      let sides = try inTurn(rounds: options.rounds) {
        try ours(body, count).seconds
      } theirs: {
        try peer.map { [try theirs($0, kind, count).seconds] } ?? []
      }
      let comparison = Comparison(ours: sides.ours, theirs: sides.theirs.first)
      tell("  \(title)")
      comparison.tellSides("PyTorch", scale: 1e9, unit: unit, digits: 1)
      return comparison.row("\(name) \(title)", scale: 1e9, unit: "ns")
    }
  }

  /// Both sides must come to the same number; also the warm-up.
  private func check(_ kind: String, _ body: LuaFunction, _ peer: Peer?) throws {
    let few = min(count, 22_000)
    let mine = try ours(body, few)
    guard let peer else { return }
    let other = try theirs(peer, kind, few)
    guard mine.count == other.count, abs(mine.value - other.value) <= 1e-5 * abs(other.value) else {
      throw BenchError("\(kind): ours \(mine.value) by \(mine.count), PyTorch \(other)")
    }
    tell("  \(kind): both come to \(mine.value.text(4))")
  }

  /// Seconds an operation, the result, and how many operations.
  private typealias Outcome = (seconds: Double, value: Double, count: Int)

  private func ours(_ body: LuaFunction, _ count: Int) throws -> Outcome {
    var results: [LuaValue] = []
    let time = try seconds { results = try body.call([.integer(count)]) }
    guard results.count == 2, let value = results[0].asNumber, let done = results[1].asInteger
    else { throw BenchError("operations.lua returned \(results)") }
    return (time / Double(done), value, done)
  }

  private func theirs(_ peer: Peer, _ kind: String, _ count: Int) throws -> Outcome {
    let answer = try peer.get("run \(kind) \(count)")
    let done = answer["count"]?.double ?? .nan
    return (try answer.seconds / done, answer["value"]?.double ?? .nan, Int(done))
  }
}

/// Nobody to tell of progress.
private final class Silence: ProgressListener {
  func progress(stage: String, step: Int, steps: Int, loss: Double?) {}
  func message(_ text: String) {}
}

/// Calls of a function of two numbers and of a method of an object.
private struct CallCosts {
  let count: Int

  private static let loops = """
    local add, cell = calls and calls.add or add, cell
    return {
      empty = function(n) local x = 0; for i = 1, n do x = i end; return x end,
      add = function(n) local x = 0; for i = 1, n do x = add(i, 0.5) end; return x end,
      plus = function(n) local x = 0; for i = 1, n do x = cell:plus(i) end; return x end,
    }
    """

  func rows(rounds: Int) throws -> [Row] {
    let state = try LuaState()
    try state.register(Cell.self)
    try state.register(Cell.module, isGlobal: true)
    try state.setGlobal("cell", .object(Cell()))
    guard let table = try state.run(Self.loops).first?.asTable,
      let plain = el_lua_open(Self.loops)
    else { throw BenchError("the loops could not be loaded") }
    defer { el_lua_close(plain) }
    func ours(_ loop: String) throws -> (seconds: Double, value: Double) {
      guard let body = table[loop].asFunction else { throw BenchError("no loop \(loop)") }
      var results: [LuaValue] = []
      let time = try seconds { results = try body.call([.integer(count)]) }
      return (time / Double(count), results.first?.asNumber ?? .nan)
    }
    func theirs(_ loop: String) throws -> (seconds: Double, value: Double) {
      var value = 0.0, worked: Int32 = 0
      let time = seconds { worked = el_lua_run(plain, loop, count, &value) }
      guard worked == 1 else { throw BenchError("the plain loop \(loop) failed") }
      return (time / Double(count), value)
    }
    return try [("add", "function"), ("plus", "method")].map { loop, title in
      let (mine, other) = (try ours(loop).value, try theirs(loop).value)
      guard mine == other else { throw BenchError("\(loop): ours \(mine), plain C \(other)") }
      let sides = try inTurn(rounds: rounds) {
        try ours(loop).seconds - ours("empty").seconds
      } theirs: {
        [try theirs(loop).seconds - theirs("empty").seconds]
      }
      let comparison = Comparison(ours: sides.ours, theirs: sides.theirs[0])
      tell("  call of a \(title)")
      comparison.tellSides("plain C", scale: 1e9, unit: "ns", digits: 1)
      tell("  overhead   \((comparison.ours / sides.theirs[0]).text(digits: 2)) times plain C")
      return comparison.row("lua-op call of a \(title)", scale: 1e9, unit: "ns")
    }
  }
}

/// A number that Lua holds: the least that a method can do.
private final class Cell: LuaObject {
  private let held = 1.0

  static let luaClass = NativeClass(
    "Cell", "A number.",
    methods: [
      .single(
        "plus", "The sum with a number.", parameters: [.init("number", .number)],
        result: .init(.number)
      ) { a in .number(try a.receiver(Cell.self).held + a.number("number")) }
    ])

  static let module = NativeModule(
    "calls", "The least that a function can do.",
    functions: [
      .single(
        "add", "The sum of two numbers.",
        parameters: [.init("a", .number), .init("b", .number)], result: .init(.number)
      ) { a in .number(try a.number("a") + a.number("b")) }
    ])
}
