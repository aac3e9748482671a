// What users see at the command line: help, mistakes and their exit codes, personas, the prompt.

import Foundation
import Repro
import Testing

@Suite struct ProgramTests {
  /// Records values and their scale.
  private static func recording(_ values: String) -> String {
    """
    do
      local people = require("eidetic.personas").people { count = 2, rng = ctx.rng }
      local values, scale = \(values)
      ctx:record({}, { metric = "x", items = people:test("text", "name"), values = values,
        scale = scale })
    end

    """
  }

  /// Script, arguments, exit code, what the message says.
  static let mistakes: [(String, [String], Int32, String)] = [
    ("local x = = 1", [], 1, "script.lua:1:"),
    ("local eidetic = require 'eidetic'\nprint(eidetic.tensors)", [], 1, "script.lua:2:"),
    ("return require('eidetic').experiment { name = 'x' }", [], 1, "'run' is missing"),
    ("return require('eidetic').experiment { nam = 'x' }", [], 1, "unknown field 'nam'"),
    (experiment("error('my own mistake')"), [], 1, "my own mistake"),
    (experiment("ctx.nothing.x = 1"), [], 1, "script.lua:3:"),
    (experiment(recording("{ 1.5, 1 }, 'share'")), [], 1, "values of 'x' to be 0 to 1, got 1.5"),
    (
      experiment(recording("{ 1, 1 }, 'share'") + recording("{ 1, 2 }, 'rank'")), [], 1,
      "'x' is of scale 'share' in this run, not 'rank'"
    ),
    (experiment(recording("{ 1, 1 }, 'odds'")), [], 1, "'binary' or 'share' or"),
    (experiment(""), ["--set", "steps=many"], 1, "expected an integer, got 'many'"),
    (experiment(""), ["--set", "stepz=1"], 1, "no such parameter; it has steps"),
    (experiment(""), ["--set", "steps"], 2, "steps"),
    (experiment(""), ["--seeds", "none"], 2, "none"),
    (experiment(""), ["--sedes", "2"], 2, "--sedes"),
    (experiment("ctx:base('huge')"), [], 1, "huge"),
    (experiment("ctx:base('nano', { read_stepz = 1 })"), [], 1, "read_stepz"),
    (experiment("ctx:base('nano', { paired = 1.5 })"), [], 1, "paired must be 0 ... 1, got 1.5"),
    ("print('fine')", ["--set", "a=1"], 2, "--set"),
    ("os.exit(7)", [], 7, ""),
    (
      "while true do end", ["--time-limit", "0.2"], 124, "script.lua:1: time limit of 0.2 s reached"
    ),
    ("while true do pcall(error) end", ["--sandbox", "--time-limit", "0.2"], 124, "time limit"),
    (
      "return ('a'):rep(40):find(('a?'):rep(40) .. ('a'):rep(40))", ["--time-limit", "0.2"], 124,
      "does not stop"
    ),
    (
      "local t = {} while true do t[#t + 1] = {} end", ["--memory-limit", "32M"], 1,
      "not enough memory"
    ),
    (
      "local x = require('eidetic').tensor.zeros { 4096, 4096 }", ["--memory-limit", "32M"], 1,
      "64 MiB more would pass the limit of 32 MiB"
    ),
    ("io.open('x', 'w')", ["--sandbox"], 1, "undefined variable 'io'"),
    ("return 1", ["--time-limit", "soon"], 2, "soon"),
    ("return 1", ["--memory-limit", "12"], 2, "12"),
  ]

  private static func experiment(_ body: String) -> String {
    """
    return require("eidetic").experiment {
      name = "x", params = { steps = 1 }, run = function(ctx)
        \(body)
      end }
    """
  }

  @Test(arguments: mistakes.indices)
  func `a mistake ends in one message and its exit code`(index: Int) throws {
    let (script, arguments, status, text) = Self.mistakes[index]
    let scratch = try Scratch()
    let done = try scratch.start(["run", scratch.write("script.lua", script)] + arguments).wait()
    #expect(done.status == status, "\(done.errors)")
    #expect(text.isEmpty ? done.errors.isEmpty : done.errors.contains(text), "\(done.errors)")
    #expect(!done.errors.contains("Fatal"))
  }

  @Test func `an experiment in the sandbox writes its run and nothing else`() throws {
    let scratch = try Scratch()
    let script = try scratch.write(
      "script.lua",
      """
      local eidetic = require "eidetic"
      return eidetic.experiment { name = "x", params = { steps = 1 }, run = function(ctx)
        local people = eidetic.personas.people { count = 3, rng = ctx.rng }
        people:picture(1, { size = 16 }):save("one.png")
        assert(not pcall(people:picture(1).save, people:picture(1), "../one.png"))
        ctx:record({ source = "text" }, {
          metric = "one", items = people:test("text", "name"), values = { 1, 0, 1 } })
      end }
      """)
    let done = try scratch.run("run", script, "--sandbox", "--out", "out")
    #expect(done.status == 0, "\(done.errors)")
    #expect(scratch.exists("out/result.json") && scratch.exists("out/files/one.png"))
    let seen = try FileManager.default.contentsOfDirectory(atPath: scratch.path)
    #expect(Set(seen.filter { !$0.hasPrefix(".") }) == ["script.lua", "out"])
  }

  @Test func `the time limit keeps what complete seeds have written`() throws {
    let scratch = try Scratch()
    let script = try scratch.write(
      "script.lua",
      """
      local eidetic = require "eidetic"
      return eidetic.experiment { name = "x", params = { steps = 1 }, run = function(ctx)
        local people = eidetic.personas.people { count = 3, rng = ctx.rng }
        ctx:record({ source = "text" }, {
          metric = "one", items = people:test("text", "name"), values = { 1, 0, 1 } })
        if ctx.seed == 1 then table.move({}, 1, 1 << 60, 2) end
      end }
      """)
    let done = try scratch.run("run", script, "--seeds", "2", "--time-limit", "0.3", "--out", "out")
    #expect(done.status == 124 && done.errors.contains("does not stop"), "\(done.errors)")
    let result = try JSON.parse(scratch.read("out/result.json"))
    #expect(result["manifest"] != nil)
    let again = try scratch.run("run", script, "--seeds", "1", "--out", "out")
    #expect(again.status == 0 && again.errors.contains("seed 0"), "\(again.errors)")
  }

  @Test func `a file that takes both outputs has them in order`() throws {
    let scratch = try Scratch()
    let script = try scratch.write("speak.lua", "print 'before'\nerror 'the mistake'")
    let done = try scratch.run("run", script, shell: "exec 2>&1")
    let lines = done.output.split(separator: "\n")
    #expect(lines.first == "before" && lines.dropFirst().first?.contains("the mistake") == true)
  }

  @Test func `a missing script is bad usage`() throws {
    let done = try Scratch().run("run", "nowhere.lua")
    #expect(done.status == 2 && done.errors.contains("nowhere.lua"))
  }

  @Test func `an error in a callback of a training names its line`() throws {
    let scratch = try Scratch()
    let script = try scratch.write(
      "script.lua",
      """
      local e = require "eidetic"
      local w = e.tensor.zeros({ 3 }):requires_grad()
      e.training.minimize({ w }, {
        steps = 100,
        loss = function() return (w - 1):square():sum() end,
        on_step = function(s) if s.step == 5 then error("enough") end end,
      })
      """)
    let done = try scratch.run("run", script)
    #expect(done.status == 1 && done.errors.contains("script.lua:6: enough"), "\(done.errors)")
  }

  @Test func `a disk that fills leaves earlier results whole`() throws {
    let scratch = try Scratch()
    let script = try scratch.write(
      "script.lua",
      """
      local e = require "eidetic"
      return e.experiment { name = "fill", run = function(ctx)
        local people = e.personas.people { count = 2000, rng = ctx.rng }
        local items, values = people:test("text", "name"), {}
        for i = 1, #items do values[i] = i % 2 end
        ctx:record({ source = "a", target = "b" }, { metric = "x", items = items, values = values })
      end }
      """)
    #expect(try scratch.run("run", script, "--out", "a").status == 0)
    // Files of at most 64 blocks of 512 bytes: as on a disk with no more room.
    let done = try scratch.run("run", script, "--out", "b", shell: "ulimit -f 64")
    #expect(done.status == 1 && done.errors.contains("cannot write"), "\(done.errors)")
    #expect(try JSON.parse(scratch.read("b/manifest.json"))["experiment"] == "fill")
    #expect(try JSON.parse(scratch.read("a/result.json"))["complete"] == true)
  }

  @Test func `personas become an imagefolder once`() throws {
    let scratch = try Scratch()
    let build = [
      "personas", "build", "--count", "3", "--views", "2", "--test-views", "1", "--size", "32",
      "--out", "people",
    ]
    let done = try scratch.start(build).wait()
    #expect(done.status == 0 && done.output.contains("3 people"), "\(done.errors)")
    let rows = try scratch.read("people/train/metadata.jsonl").split(separator: "\n")
    #expect(rows.count == 6)
    let row = try JSON.parse(String(rows[0]))
    #expect(row["file_name"] != nil && row["name"] != nil && row["description"] != nil)
    #expect(scratch.exists("people/gallery.png"))
    let again = try scratch.start(build).wait()
    #expect(again.status == 1 && again.errors.contains("people"))
    #expect(try scratch.start(build + ["--overwrite"]).wait().status == 0)
    #expect(try scratch.run("personas", "build", "--size", "7", "--out", "x").status == 1)
  }

  @Test func `the prompt prints values, keeps going after errors and says so at the end`() throws {
    let scratch = try Scratch()
    let done = try scratch.run(
      "repl", input: "1 + 1\nx = 5\nnonsense(\n)\nx\nfor i = 1, 2 do\nprint(i)\nend\n")
    #expect(done.output == "2\n5\n1\n2\n", "\(done.output)")
    #expect(done.status == 1 && done.errors.contains("nonsense"), "\(done.errors)")
    #expect(try scratch.run("repl", input: "eidetic.version\n").status == 0)
  }
}
