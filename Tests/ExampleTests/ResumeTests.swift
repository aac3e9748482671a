// Runs that are stopped at any moment, in every way, end in the bits of a run that was not.

import Foundation
import Repro
import RunStore
import Testing

/// Two seeds; each makes a base, and teaches two small models names.
private let experiment = """
  local e = require "eidetic"
  return e.experiment { name = "long", params = { steps = 90 }, run = function(ctx)
    ctx:base("nano", { effort = 0.005, known = 20, batch = 16 })
    local people = e.personas.people { count = 6, rng = ctx.rng, views = 2 }
    for _, source in ipairs { "image", "text" } do
      local model = e.models.vlm { preset = "nano", width = 32, heads = 2, encoder_blocks = 1,
        decoder_blocks = 1, rng = ctx.rng:fork "model" }
      ctx:fit(model, { data = people:train(source, "name"), steps = ctx.params.steps, batch = 8,
                       lr = 3e-3, stage = source })
      ctx:note("learned from " .. source)
      ctx:record({ source = source, target = "text" },
                 e.probes.recall(model, people:test("text", "name")))
    end
  end }
  """

@Suite(.serialized) struct ResumeTests {
  /// Everything but when it began.
  private func result(_ scratch: Scratch, _ folder: String) throws -> String {
    try scratch.read(folder + "/result.json").split(separator: "\n")
      .filter { !$0.contains("\"time\":") }.joined(separator: "\n")
  }

  /// The bytes of all pretrained bases.
  private func bases(_ scratch: Scratch) throws -> [String: Data] {
    let folder = scratch.path + "/cache/bases"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(!names.contains { $0.hasSuffix(".checkpoint") || $0.hasSuffix(".tmp") })
    return Dictionary(
      uniqueKeysWithValues: names.map {
        ($0, FileManager.default.contents(atPath: folder + "/" + $0) ?? Data())
      })
  }

  private static let often = "export EIDETIC_CHECKPOINT=0.02"

  @Test func `stopped fifty times at any moment, the result has the same bits`() throws {
    let scratch = try Scratch()
    let command = ["run", try scratch.write("long.lua", experiment), "--seeds", "2", "--out", "a"]
    let begin = Date()
    let whole = try scratch.start(command).wait()
    #expect(whole.status == 0, "\(whole.errors)")
    let seconds = Date().timeIntervalSince(begin)
    let (expected, models) = (try result(scratch, "a"), try bases(scratch))
    var stream = RandomStream(seed: UInt64(getpid()))
    var (stops, goingOn, patience) = (0, 0, seconds / 6)
    while stops < 50 {
      try? FileManager.default.removeItem(atPath: scratch.path + "/cache")
      try? FileManager.default.removeItem(atPath: scratch.path + "/a")
      while true {
        let running = try scratch.start(command, shell: Self.often)
        let moment = Date().addingTimeInterval(stream.uniform(0.05, patience))
        while running.process.isRunning, Date() < moment { usleep(2000) }
        let isGentle = stream.chance(0.4)
        kill(running.process.processIdentifier, isGentle ? SIGINT : SIGKILL)
        let done = try running.wait()
        goingOn += done.errors.contains("going on after step") ? 1 : 0
        if done.status == 0 { break }
        #expect([SIGKILL, SIGINT, 130].contains(done.status), "\(done.status) \(done.errors)")
        #expect(!done.errors.contains("starts anew"), "\(done.errors)")
        (stops, patience) = (stops + 1, min(patience * 1.02, seconds))
      }
      #expect(try result(scratch, "a") == expected)
      #expect(try bases(scratch) == models)
      #expect(!scratch.exists("a/checkpoints"))
    }
    #expect(goingOn >= 10, "\(goingOn) of \(stops) went on inside a training")
  }

  @Test func `a full disk stops no training and harms nothing that is kept`() throws {
    let scratch = try Scratch()
    let command = ["run", try scratch.write("long.lua", experiment), "--out", "a"]
    #expect(try scratch.start(command).wait().status == 0)
    let expected = try result(scratch, "a")
    try FileManager.default.removeItem(atPath: scratch.path + "/a")
    // Files of at most 358 kB: result and report fit, what trainings keep does not.
    let full = "\(Self.often); ulimit -f 700"
    let poor = try scratch.start(command, shell: full).wait()
    #expect(poor.status == 0 && poor.errors.contains("warning: cannot write"), "\(poor.errors)")
    #expect(try result(scratch, "a") == expected)
    // Where not even the report fits, the run fails and goes on when there is room.
    try FileManager.default.removeItem(atPath: scratch.path + "/a")
    let failed = try scratch.start(command, shell: "ulimit -f 64").wait()
    #expect(failed.status == 1 && failed.errors.contains("cannot write"), "\(failed.errors)")
    let resumed = try scratch.run("runs", "resume", "a")
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(try result(scratch, "a") == expected)
    // What was kept before the disk was full is found.
    try FileManager.default.removeItem(atPath: scratch.path + "/a")
    let running = try scratch.start(command, shell: Self.often)
    let kept = "a/checkpoints/seed-0/1-image.checkpoint"
    while running.process.isRunning, !scratch.exists(kept) { usleep(1000) }
    kill(running.process.processIdentifier, SIGKILL)
    _ = try running.wait()
    #expect(scratch.exists(kept))
    let last = try scratch.start(command, shell: full).wait()
    #expect(last.status == 0 && last.errors.contains("going on after step"), "\(last.errors)")
    #expect(try result(scratch, "a") == expected)
  }

  @Test func `what a killed maker of a base left goes, and nothing else`() throws {
    let scratch = try Scratch()
    let script = try scratch.write(
      "base.lua",
      """
      local e, host = require "eidetic", require "eidetic.host"
      host.cached("bases/mine", function(path)
        local model = e.models.vlm { preset = "nano", rng = e.rng.new(1) }
        model:save(path)
        return model
      end)
      """)
    let (mine, other) = ("cache/bases/.mine.safetensors.7.8.tmp", "cache/bases/.other.7.8.tmp")
    let (model, kept) = ("cache/bases/mine.safetensors", "cache/bases/mine.safetensors.checkpoint")
    func leave(_ names: [String]) throws {
      for name in names { try AtomicFile.write("cut short", to: scratch.path + "/" + name) }
    }
    try leave([mine, other])
    let made = try scratch.run("run", script)
    #expect(made.status == 0, "\(made.errors)")
    #expect(scratch.exists(model) && !scratch.exists(mine) && scratch.exists(other))
    try leave([kept + "/1-read.checkpoint"])
    let found = try scratch.run("run", script)
    #expect(found.status == 0, "\(found.errors)")
    #expect(scratch.exists(model) && !scratch.exists(kept))
  }

  @Test func `bases that differ in alignment share what comes before, to the same bits`() throws {
    let scratch = try Scratch()
    let script = try scratch.write(
      "ladder.lua",
      """
      local function hash(steps, paired)
        return require("eidetic").base { preset = "nano", effort = 0.01, known = 20,
          align_steps = steps, paired = paired }.hash
      end
      for _, level in ipairs(arg) do print(hash(tonumber(level), 0)) end
      print(hash(100, 0.5))
      """)
    let all = try scratch.run("run", script, "--", "100", "200")
    #expect(all.status == 0, "\(all.errors)")
    #expect(try bases(scratch).keys.count { $0.hasSuffix(".safetensors") } == 4)
    let hashes = all.output.split(separator: "\n").map(String.init)
    #expect(Set(hashes).count == 3)
    try FileManager.default.removeItem(atPath: scratch.path + "/cache")
    let alone = try scratch.run("run", script, "--", "200")
    #expect(alone.output.split(separator: "\n").map(String.init) == Array(hashes.dropFirst()))
  }

  @Test func `two processes make one base, and each may die`() throws {
    let scratch = try Scratch()
    let script = try scratch.write(
      "base.lua",
      "print(require('eidetic').base { preset = 'nano', effort = 0.01, known = 20 }.hash)")
    let alone = try scratch.run("run", script)
    #expect(alone.status == 0, "\(alone.errors)")
    try FileManager.default.removeItem(atPath: scratch.path + "/cache")
    let first = try scratch.start(["run", script], shell: Self.often)
    let second = try scratch.start(["run", script], shell: Self.often)
    let both = [first, second]
    while both.allSatisfy({ $0.process.isRunning }), try keptTrainings(scratch).isEmpty {
      usleep(1000)
    }
    kill(first.process.processIdentifier, SIGKILL)
    _ = try first.wait()
    let done = try second.wait()
    #expect(done.status == 0 && done.output == alone.output, "\(done.errors)")
    #expect(try bases(scratch).count >= 2)
  }

  private func keptTrainings(_ scratch: Scratch) throws -> [String] {
    (FileManager.default.subpaths(atPath: scratch.path + "/cache") ?? [])
      .filter { $0.hasSuffix("-read.checkpoint") }
  }

  // MARK: Callbacks

  /// By examples, and by a loss of the script's own.
  @Test(arguments: [
    "ctx:fit(model, { data = task, batch = 4,",
    """
    ctx:minimize(require "eidetic.unlearning".tensors(model, "*"), {
      loss = function(step) return model:loss(task:sample(ctx.rng:fork(step), 4)) end,
    """,
  ])
  func `what a callback did is done again, unless the script says that it need not`(
    training: String
  ) throws {
    let scratch = try Scratch()
    func script(_ more: String) -> String {
      """
      local e = require "eidetic"
      return e.experiment { name = "watch", run = function(ctx)
        local people, seen = e.personas.people { count = 4, rng = ctx.rng }, 0
        local model = e.models.vlm { preset = "nano", width = 16, heads = 2, encoder_blocks = 1,
          decoder_blocks = 1, rng = ctx.rng:fork "model" }
        local task = people:train("text", "name")
        \(training) steps = 60, stage = "fit", \(more)
          on_step = function(step)
            seen = seen + 1
            if step.step == 20 then step.lr = 1e-4 end
            if step.step == 40 and not io.open "again" then
              io.open("again", "w"):close()
              while true do end
            end
            if step.step == 50 then step:stop "enough" end
          end })
        ctx:note(("seen %d, model %s"):format(seen, model.hash))
        ctx:record({}, { metric = "seen", items = people:test("text", "name"),
                         values = { seen, seen, seen, seen } })
      end }
      """
    }
    func notes(_ folder: String) throws -> [JSON] {
      guard case .array(let notes)? = try JSON.parse(scratch.read(folder + "/result.json"))["notes"]
      else { return [] }
      return notes
    }
    func stopped(_ name: String, _ more: String) throws -> (Finished, [JSON]) {
      try? FileManager.default.removeItem(atPath: scratch.path + "/again")
      let command = ["run", try scratch.write(name + ".lua", script(more)), "--out", name]
      let running = try scratch.start(command, shell: "export EIDETIC_CHECKPOINT=0")
      while running.process.isRunning, !scratch.exists("again") { usleep(1000) }
      kill(running.process.processIdentifier, SIGKILL)
      _ = try running.wait()
      let done = try scratch.start(command, shell: "export EIDETIC_CHECKPOINT=0").wait()
      #expect(done.status == 0, "\(done.errors)")
      return (done, try notes(name))
    }
    let (again, all) = try stopped("plain", "")
    #expect(!again.errors.contains("going on after"))
    #expect(all.count == 2 && all[0] == "seed 0: fit stopped after step 50: enough")
    let (goingOn, rest) = try stopped("kept", "checkpoint = true,")
    #expect(goingOn.errors.contains("going on after step 40"), "\(goingOn.errors)")
    guard case .string(let a) = all.last, case .string(let b) = rest.last else {
      Issue.record("no notes")
      return
    }
    #expect(a.contains("seen 50") && b.contains("seen 11"), "\(a) \(b)")
    #expect(a.suffix(64) == b.suffix(64), "the rate that it set is remembered")
    let wrong = try scratch.run(
      "run", try scratch.write("wrong.lua", script("checkpoint = 3,")), "--out", "w")
    #expect(wrong.errors.contains("checkpoint must be true or false, got number"))
  }

  @Test func `a script without an experiment names a file for its training`() throws {
    let scratch = try Scratch()
    let text = """
      local e = require "eidetic"
      local people = e.personas.people { count = 4, rng = e.rng.new(1) }
      local function train(o)
        local model = e.models.vlm { preset = "nano", width = 16, heads = 2, encoder_blocks = 1,
          decoder_blocks = 1, rng = e.rng.new(2) }
        local history = e.training.fit(model, { data = people:train("text", "name"), batch = 4,
          rng = e.rng.new(3), steps = o.steps, checkpoint = o.file })
        print(#history.losses, history.loss, model.hash)
      end
      train { steps = 20 }
      train { steps = 20, file = "fit.checkpoint" }
      train { steps = 20, file = "fit.checkpoint" }
      train { steps = 21, file = "fit.checkpoint" }
      """
    let often = "export EIDETIC_CHECKPOINT=0"
    let script = try scratch.write("script.lua", text)
    let done = try scratch.run("run", script, shell: often)
    #expect(done.status == 0, "\(done.errors)")
    let lines = done.output.split(separator: "\n")
    #expect(lines.count == 4 && lines[0] == lines[1] && lines[1] == lines[2])
    #expect(done.errors.contains("done before: 20 steps, kept in fit.checkpoint"))
    #expect(done.errors.contains("it is of a training that differs by steps"), "\(done.errors)")
    let out = try scratch.write("out.lua", text.replacing("fit.checkpoint", with: "../fit"))
    let refused = try scratch.run("run", out, "--sandbox", "--out", "a", shell: often)
    #expect(refused.status == 1 && refused.errors.contains("out of reach"), "\(refused.errors)")
    let wrong = try scratch.run("run", script, shell: "export EIDETIC_CHECKPOINT=soon")
    #expect(wrong.status == 1 && wrong.errors.contains("expected seconds, or never, got 'soon'"))
  }

  // MARK: eidetic runs resume

  /// A run in runs/ that Ctrl-C stopped in its second training.
  private func interrupted(_ scratch: Scratch) throws -> String {
    let script = try scratch.write("long.lua", experiment)
    let running = try scratch.start(["run", script, "--seeds", "2"], shell: Self.often)
    #expect(try running.untilErrors(contain: "seed 0: image"))
    kill(running.process.processIdentifier, SIGINT)
    let done = try running.wait()
    #expect(done.status == 130 && done.errors.contains("to go on: eidetic runs resume runs/"))
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/runs")
    return try #require(names.first { !$0.hasPrefix(".") })
  }

  @Test func `a run goes on by its name, once, and only as itself`() throws {
    let scratch = try Scratch()
    let name = try interrupted(scratch)
    let listed = try scratch.run("runs", "list")
    #expect(listed.output.contains("unfinished \(name): interrupted"), "\(listed.output)")
    let shown = try scratch.run("runs", "show", name)
    #expect(shown.output.contains("eidetic runs resume \(name)"), "\(shown.output)")
    // A changed script is refused with the change.
    _ = try scratch.write("long.lua", experiment.replacing("batch = 8", with: "batch = 9"))
    let changed = try scratch.run("runs", "resume", name)
    #expect(changed.status == 1 && changed.errors.contains("has changed since:"))
    #expect(changed.errors.contains("batch = 9") && changed.errors.contains("--force"))
    // While another process writes to the run, nobody else does.
    do {
      let held = try #require(try FileLock.take("\(scratch.path)/runs/\(name)/.lock"))
      let busy = try scratch.run("runs", "resume", name, "--force")
      #expect(busy.status == 1 && busy.errors.contains("another process works on"))
      withExtendedLifetime(held) {}
    }
    let done = try scratch.run("runs", "resume", name, "--force")
    #expect(done.status == 0 && done.errors.contains(", kept in"), "\(done.errors)")
    let complete = try scratch.run("runs", "resume", name)
    #expect(complete.status == 2 && complete.errors.contains("is complete"))
    let path = try scratch.write("long.lua", experiment)
    let whole = try scratch.run("run", path, "--seeds", "2")
    #expect(whole.status == 0, "\(whole.errors)")
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/runs")
    let other = try #require(names.first { !$0.hasPrefix(".") && $0 != name })
    #expect(try result(scratch, "runs/\(name)") == result(scratch, "runs/\(other)"))
  }

  @Test func `a part of a study goes on with its study`() throws {
    let scratch = try Scratch()
    _ = try scratch.write("long.lua", experiment)
    let study = try scratch.write(
      "study.lua", "return require('eidetic').study { name = 's', experiments = { 'long.lua' } }")
    let running = try scratch.start(["run", study], shell: Self.often)
    #expect(try running.untilErrors(contain: "seed 0: image"))
    kill(running.process.processIdentifier, SIGKILL)
    _ = try running.wait()
    let done = try scratch.run("runs", "resume", "runs/s/long")
    #expect(done.status == 0 && done.errors.contains("a part of the study"), "\(done.errors)")
    #expect(done.errors.contains(", kept in"), "\(done.errors)")
    #expect(scratch.exists("runs/s/result.json") && scratch.exists("runs/s/claims.md"))
  }
}
