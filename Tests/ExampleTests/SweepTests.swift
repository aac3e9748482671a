// Sweeps through the program: plans, processes here, failures, kills, two at once.

import Foundation
import Repro
import Testing

/// A folder with an experiment and a sweep of it.
final class SweepScratch {
  let scratch: Scratch

  /// - Parameters:
  ///   - body: What the experiment does before it records; `p` are its parameters.
  ///   - sweep: Fields of the sweep, after name and experiment.
  init(_ sweep: String, body: String = "") throws {
    scratch = try Scratch()
    _ = try scratch.write(
      "part.lua",
      """
      local e = require "eidetic"
      return e.experiment { name = "part", quick = { steps = 9 },
        params = { steps = 1, rate = 0.5, size = "nano", on = true }, run = function(ctx)
          local p = ctx.params
          local function note(text)
            local file <close> = io.open("notes.txt", "a")
            file:write(text, "\\n")
          end
          local function exists(name)
            local file <close> = io.open(name)
            return file ~= nil
          end
          note(("begin %d %d"):format(p.steps, ctx.seed))
          \(body)
          local people = e.personas.people { count = 3, rng = ctx.rng }
          ctx:record({ source = "a", target = "b" },
                     { metric = "x", items = people:test("text", "name"), values = { 0, 1, 1 } })
          note(("end %d %d"):format(p.steps, ctx.seed))
        end }
      """)
    try write(sweep)
  }

  func write(_ sweep: String) throws {
    _ = try scratch.write(
      "sweep.lua",
      """
      return require("eidetic").sweep { name = "s", experiment = "part.lua", \(sweep) }
      """)
  }

  func run(_ arguments: String...) throws -> Finished {
    try scratch.start(["sweep"] + arguments, threads: 1).wait()
  }

  func start(_ arguments: String...) throws -> Running {
    try scratch.start(["sweep"] + arguments, threads: 1)
  }

  /// Each task: its id, settings, and how it stands.
  func tasks(_ arguments: String...) throws -> [JSON] {
    let done = try scratch.start(["sweep"] + arguments + ["--json"], threads: 1).wait()
    guard done.status == 0, case .array(let tasks)? = try JSON.parse(done.output)["tasks"] else {
      throw NoTasks(text: done.errors)
    }
    return tasks
  }

  struct NoTasks: Error { let text: String }

  func states() throws -> [String] {
    try tasks("status", "sweeps/s").map { task in
      if case .string(let state)? = task["status"]?["state"] { state } else { "" }
    }
  }

  func ids(_ arguments: String...) throws -> [String] {
    try tasks("plan", "sweep.lua").map { if case .string(let id)? = $0["id"] { id } else { "" } }
  }

  var notes: [String] {
    ((try? scratch.read("notes.txt")) ?? "").split(separator: "\n").map(String.init)
  }

  /// Waits until the notes say so, for a minute at most.
  func until(_ isReached: ([String]) -> Bool) -> Bool {
    for _ in 0..<1200 {
      if isReached(notes) { return true }
      usleep(50_000)
    }
    return false
  }
}

@Suite(.serialized) struct SweepTests {
  // MARK: Expansion

  @Test func `a grid keeps its ids when it grows`() throws {
    let sweep = try SweepScratch("parameters = { steps = { values = { 1, 2 } } }, seeds = 2")
    let before = try sweep.ids()
    #expect(before.count == 4 && Set(before).count == 4)
    #expect(try sweep.ids() == before)
    try sweep.write(
      "parameters = { steps = { values = { 2, 1, 3 } }, size = { value = 'nano' } }, seeds = 3")
    let after = try sweep.ids()
    #expect(after.count == 9 && Set(before).isSubset(of: after))
    // Another script is another run.
    let script = try sweep.scratch.read("part.lua")
    _ = try sweep.scratch.write("part.lua", script + "-- changed\n")
    #expect(try Set(sweep.ids()).isDisjoint(with: after))
  }

  @Test func `what is drawn follows from the seed and does not change when more is drawn`() throws {
    let parameters = """
      method = "random", seed = 4, parameters = {
        rate = { distribution = "log_uniform_values", min = 1e-4, max = 1e-1 },
        size = { values = { "a", "b" }, probabilities = { 0.9, 0.1 } }
      """
    let sweep = try SweepScratch(parameters + " }, count = 20")
    let first = try sweep.tasks("plan", "sweep.lua")
    let rates = first.compactMap { task -> Double? in
      guard case .string(let text)? = task["settings"]?["rate"] else { return nil }
      return Double(text)
    }
    #expect(rates.count == 20 && Set(rates).count == 20)
    #expect(rates.allSatisfy { $0 >= 1e-4 && $0 <= 1e-1 })
    #expect(rates.count { $0 < 1e-2 } > 5 && rates.count { $0 > 1e-3 } > 5, "even in logarithms")
    let ids = try sweep.ids()
    try sweep.write(parameters + ", steps = { min = 1, max = 1000 } }, count = 40")
    let more = try sweep.tasks("plan", "sweep.lua")
    #expect(more.count == 40)
    #expect(
      more.prefix(20).map { $0["settings"]?["rate"] } == first.map { $0["settings"]?["rate"] })
    try sweep.write(parameters + " }, count = 30")
    #expect(try Array(sweep.ids().prefix(20)) == ids)
    try sweep.write(parameters.replacing("seed = 4", with: "seed = 5") + " }, count = 20")
    #expect(try Set(sweep.ids()).isDisjoint(with: ids))
  }

  @Test func `lists and generators say each condition`() throws {
    let sweep = try SweepScratch("parameters = { { steps = 3 }, { rate = 2, on = false } }")
    let list = try sweep.tasks("plan", "sweep.lua")
    #expect(list.map { $0["settings"] } == [["steps": "3"], ["on": "false", "rate": "2.0"]])
    let ids = try sweep.ids()
    try sweep.write(
      """
      parameters = function(rng)
        coroutine.yield { steps = 3 }
        local again = { rate = 2.0, on = false }
        coroutine.yield(again)
        coroutine.yield(again)
      end
      """)
    #expect(try sweep.ids() == ids)
    #expect(try sweep.run("plan", "sweep.lua").errors.contains("1 tasks are the same as others"))
    #expect(try sweep.tasks("plan", "sweep.lua", "--seeds", "3,").map { $0["seed"] } == [3, 3])
  }

  /// Fields of a sweep and what the message says.
  static let mistakes: [(String, String)] = [
    ("", "field 'parameters' is missing"),
    ("parameters = {}, sedes = 3", "unknown field 'sedes'"),
    ("parameters = 3", "must be a table or a function, got number"),
    ("parameters = { stepz = { value = 1 } }", "part has no parameter 'stepz'; it has on, rate"),
    ("parameters = { steps = { value = 1.5 } }", "'steps' takes an integer, got 1.5"),
    ("parameters = { rate = { value = 0/0 } }", "'rate' takes a finite number"),
    ("parameters = { size = { value = 3 } }", "'size' takes a string, got number"),
    ("parameters = { on = { value = 'yes' } }", "'on' takes a boolean, got string"),
    ("parameters = { steps = { 1, 2 } }", "write { values = { … } }"),
    ("parameters = { steps = 3 }", "write { value = 3 }"),
    ("parameters = { steps = { values = {} } }", "a list of one value or more"),
    ("parameters = { steps = { valuez = { 1 } } }", "unknown field 'valuez'"),
    ("parameters = { steps = { value = 1, min = 2 } }", "'value' stands alone"),
    ("parameters = { steps = { min = 1, max = 2 } }", "random needs 'count'"),
    ("method = 'grid', parameters = { steps = { min = 1, max = 2 } }", "need method = \"random\""),
    ("method = 'bayes', parameters = {}", "there is no method 'bayes'; there are generator, grid"),
    (
      "count = 2, parameters = { rate = { distribution = 'gauss' } }",
      "there is no distribution 'gauss'; there are int_uniform"
    ),
    ("count = 2, parameters = { rate = { min = 2, max = 1 } }", "'min' must be below 'max'"),
    ("count = 2, parameters = { rate = { min = 2 } }", "needs 'max'"),
    (
      "count = 2, parameters = { rate = { distribution = 'log_uniform_values', min = 0, max = 1 }}",
      "'min' must be above 0"
    ),
    (
      "count = 2, parameters = { rate = { distribution = 'normal', min = 0 } }",
      "normal takes mu, sigma, not 'min'"
    ),
    (
      "method = 'random', count = 2, parameters = { on = { values = { true }, probabilities = {} } }",
      "must be 1 numbers"
    ),
    ("count = 0, method = 'random', parameters = {}", "random needs 'count'"),
    ("count = 2, parameters = {}", "'count' is for random, not for grid"),
    ("parameters = {}, seeds = 0", "'seeds' must be how many"),
    ("parameters = {}, seeds = { 1, 1 }", "distinct integers"),
    ("parameters = {}, seeds = { a = 1 }", "distinct integers"),
    ("parameters = { { steps = 1 }, 7 }", "condition 2 is no table"),
    ("parameters = function() coroutine.yield(7) end", "yielded number instead of a table"),
    ("parameters = function() error 'mine' end", "mine"),
    ("parameters = function() end", "there are no conditions"),
    ("parameters = function() while true do coroutine.yield {} end end", "more than 100000 tasks"),
    ("parameters = {}, seeds = 200000", "more than 100000 tasks"),
    ("parameters = {}, memory = 'much'", "memory 'much' is no size"),
    ("parameters = {}, memory = 3", "'memory' must be a string"),
    ("parameters = {}, name = '../x'", "no name for a sweep"),
    ("parameters = {}, experiment = 'nowhere.lua'", "nowhere.lua"),
    ("parameters = {}, experiment = 'sweep.lua'", "does not return an experiment"),
  ]

  @Test(arguments: mistakes.indices)
  func `a mistake in a sweep is one clear message`(index: Int) throws {
    let (fields, text) = Self.mistakes[index]
    let done = try SweepScratch(fields).run("plan", "sweep.lua")
    #expect(done.status == 1 && done.errors.contains(text), "\(done.status) \(done.errors)")
  }

  @Test func `other mistakes are told, too`() throws {
    let sweep = try SweepScratch("parameters = {}")
    #expect(try sweep.run("nowhere.lua").status == 2)
    #expect(try sweep.run("run", ".").errors.contains("holds no plan.jsonl"))
    #expect(try sweep.run("plan", "part.lua").errors.contains("returns no sweep"))
    let plain = try sweep.scratch.run("run", "sweep.lua")
    #expect(plain.status == 1 && plain.errors.contains("eidetic sweep run"), "\(plain.errors)")
    #expect(try sweep.run("run", "sweep.lua", "--jobs", "0").status == 2)
    let many = try sweep.run("run", "sweep.lua", "--jobs", "5000")
    #expect(many.status == 2 && many.errors.contains("processors here"), "\(many.errors)")
    #expect(try sweep.run("plan", "sweep.lua").status == 0)
    let none = try sweep.run("task", "--plan", "sweeps/s", "--index", "2")
    #expect(none.status == 2 && none.errors.contains("no task 2; it has 1"), "\(none.errors)")
  }

  // MARK: Running

  @Test func `a sweep runs, tells what came out, and is done`() throws {
    let sweep = try SweepScratch("parameters = { steps = { values = { 1, 2 } } }, seeds = 2")
    let done = try sweep.run("sweep.lua", "--jobs", "2")
    #expect(done.status == 0, "\(done.errors)")
    #expect(done.output.contains("4 tasks: 4 done"), "\(done.output)")
    #expect(done.output.contains("params.steps") && done.output.contains("0.67"), "\(done.output)")
    #expect(try sweep.scratch.read("sweeps/s/report.html").contains("steps=2"))
    #expect(sweep.notes.count == 8)
    let again = try sweep.run("run", "sweep.lua")
    #expect(again.status == 0 && sweep.notes.count == 8, "nothing is done twice")
    try sweep.write("parameters = { steps = { values = { 1, 2, 3 } } }, seeds = 2")
    #expect(try sweep.run("run", "sweep.lua").status == 0)
    #expect(sweep.notes.count == 12)
    let list = try sweep.scratch.run("runs", "list", "--root", "sweeps/s/runs", "--group")
    #expect(list.status == 0 && list.output.contains("params.steps"), "\(list.output)")
    let id = try sweep.ids()[0]
    let rerun = try sweep.scratch.run(
      "runs", "rerun", id, "--root", "sweeps/s/runs", "--out", "again")
    #expect(rerun.output.contains("all 3 the same, to the bit"), "\(rerun.output)\(rerun.errors)")
    let task = try sweep.run("task", "--plan", "sweeps/s", "--index", "1")
    #expect(task.status == 0 && task.output.contains("is done"))
  }

  @Test func `failed tasks wait until they are asked for`() throws {
    let sweep = try SweepScratch(
      "parameters = { steps = { values = { 1, 2, 3 } } }",
      body: "if p.steps == 2 and not exists 'fixed' then error 'too bad' end")
    let done = try sweep.run("run", "sweep.lua")
    #expect(done.status == 1 && done.errors.contains("1 of 3 tasks failed"), "\(done.errors)")
    #expect(done.output.contains("part.lua:") && done.output.contains("too bad"), "\(done.output)")
    #expect(try sweep.states() == ["done", "failed", "done"])
    let log = "sweeps/s/tasks/\(try sweep.ids()[1])/log.txt"
    #expect(try sweep.scratch.read(log).contains("too bad"))
    _ = try sweep.scratch.write("fixed", "")
    #expect(try sweep.run("run", "sweep.lua").status == 1 && sweep.notes.count == 5)
    #expect(try sweep.run("run", "sweeps/s", "--retry").status == 0 && sweep.notes.count == 7)
    #expect(try sweep.states() == ["done", "done", "done"])
    #expect(try sweep.scratch.read(log).contains("── try 2"))
  }

  @Test func `a changed script is not run under an old plan`() throws {
    let sweep = try SweepScratch("parameters = {}")
    #expect(try sweep.run("plan", "sweep.lua").status == 0)
    _ = try sweep.scratch.write("part.lua", sweep.scratch.read("part.lua") + "-- changed\n")
    let done = try sweep.run("run", "sweeps/s")
    #expect(done.status == 1 && done.output.contains("not the script that was planned"))
    #expect(sweep.notes.isEmpty)
    #expect(try sweep.run("run", "sweep.lua").status == 0)
  }

  @Test func `a child that is killed is named, and the others go on`() throws {
    let sweep = try SweepScratch(
      "parameters = { steps = { values = { 1, 2, 3 } } }",
      body: "if p.steps == 2 and not exists 'fixed' then os.execute 'kill -KILL $PPID' end")
    let done = try sweep.run("run", "sweep.lua")
    #expect(done.status == 1, "\(done.errors)")
    #expect(done.output.contains("killed by SIGKILL, perhaps for lack of memory"), "\(done.output)")
    #expect(try sweep.states() == ["done", "failed", "done"])
    _ = try sweep.scratch.write("fixed", "")
    #expect(try sweep.run("run", "sweep.lua", "--retry").status == 0)
    #expect(try sweep.states() == ["done", "done", "done"])
  }

  private static let slow = "while not exists 'go' do end"

  @Test func `Ctrl-C stops the tasks, and the same command goes on`() throws {
    let sweep = try SweepScratch("parameters = {}, seeds = 3", body: Self.slow)
    let running = try sweep.start("run", "sweep.lua", "--jobs", "1")
    #expect(sweep.until { $0.count == 1 })
    kill(running.process.processIdentifier, SIGINT)
    let done = try running.wait()
    #expect(done.status == 130 && done.errors.contains("goes on"), "\(done.errors)")
    #expect(try sweep.states() == ["interrupted", "waiting", "waiting"])
    _ = try sweep.scratch.write("go", "")
    #expect(try sweep.run("run", "sweep.lua").status == 0)
    #expect(try sweep.states() == ["done", "done", "done"])
  }

  @Test func `when the parent is killed the tasks stop, and the next call goes on`() throws {
    let sweep = try SweepScratch("parameters = {}, seeds = 3", body: Self.slow)
    let running = try sweep.start("run", "sweep.lua", "--jobs", "1")
    #expect(sweep.until { $0.count == 1 })
    kill(running.process.processIdentifier, SIGKILL)
    #expect(try running.wait().status == SIGKILL)
    var states: [String] = []
    for _ in 0..<100 where states.first != "interrupted" { states = try sweep.states() }
    #expect(states == ["interrupted", "waiting", "waiting"], "the orphan has stopped")
    _ = try sweep.scratch.write("go", "")
    #expect(try sweep.run("run", "sweep.lua").status == 0)
    #expect(try sweep.states() == ["done", "done", "done"])
    #expect(Set(sweep.notes.filter { $0.hasPrefix("end") }).count == 3)
  }

  @Test func `two calls at once share the work, and a dead one's task is taken over`() throws {
    let sweep = try SweepScratch(
      "parameters = {}, seeds = 6",
      body: "if ctx.seed == 0 and not exists 'go' then while not exists 'go' do end end")
    let first = try sweep.start("run", "sweep.lua", "--jobs", "1")
    #expect(sweep.until { $0 == ["begin 1 0"] })
    let second = try sweep.start("run", "sweep.lua", "--jobs", "1")
    // The second does all but the one that the first holds, and waits for that.
    #expect(sweep.until { $0.count == 11 })
    #expect(second.process.isRunning && first.process.isRunning)
    #expect(Set(sweep.notes).count == 11, "no task was begun twice: \(sweep.notes)")
    kill(first.process.processIdentifier, SIGKILL)
    _ = try first.wait()
    _ = try sweep.scratch.write("go", "")
    let done = try second.wait()
    #expect(done.status == 0 && done.output.contains("6 tasks: 6 done"), "\(done.errors)")
  }

  @Test func `two calls that begin together do each task once`() throws {
    let sweep = try SweepScratch(
      "parameters = {}, seeds = 10", body: "if ctx.seed == 5 then error 'too bad' end")
    #expect(try sweep.run("plan", "sweep.lua").status == 0)
    let both = try (0..<2).map { _ in try sweep.start("run", "sweep.lua", "--jobs", "2") }
    for running in both {
      let done = try running.wait()
      #expect(done.status == 1, "\(done.errors)")
      #expect(done.output.contains("10 tasks: 9 done, 1 failed"), "\(done.output)")
    }
    #expect(sweep.notes.count == 19 && Set(sweep.notes).count == 19, "\(sweep.notes)")
  }

  @Test func `tasks that do not fit beside each other run one after the other`() throws {
    let kilobytes =
      try String(contentsOfFile: "/proc/meminfo", encoding: .utf8)
      .split(separator: "\n").first { $0.hasPrefix("MemAvailable") }
      .flatMap { Int($0.filter(\.isNumber)) } ?? 0
    let declared = "memory = '\(kilobytes * 6 / 10)K'"
    let sweep = try SweepScratch("parameters = {}, seeds = 3, \(declared)")
    let done = try sweep.run("run", "sweep.lua", "--jobs", "2")
    #expect(done.status == 0, "\(done.errors)")
    for (a, b) in zip(sweep.notes, sweep.notes.dropFirst()) where a.hasPrefix("begin") {
      #expect(b == a.replacing("begin", with: "end"), "\(sweep.notes)")
    }
    try sweep.write("parameters = {}, memory = '900T'")
    let large = try sweep.run("run", "sweep.lua")
    #expect(large.status == 1 && large.errors.contains("this machine has"), "\(large.errors)")
  }

  @Test func `the example is a sweep of the main experiment`() throws {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../scripts/sweeps/steps.lua").standardized.path
    let done = try Scratch().run("sweep", "plan", script)
    #expect(done.status == 0 && done.output.contains("18 tasks: 18 waiting"), "\(done.errors)")
  }
}
