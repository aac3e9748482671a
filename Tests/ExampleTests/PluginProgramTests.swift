// Plug-ins, templates, specs and the doctor at the command line.

import Foundation
import Repro
import Testing

@Suite struct PluginProgramTests {
  @Test func `the listing tells origin, shadows and mistakes`() throws {
    let scratch = try Scratch()
    try scratch.place("probes/recall.lua", probe("recall", first))
    try scratch.place("probes/broken.lua", "return { name = = 1 }")
    try scratch.place("data/eidetic/probes/mine.lua", probe("mine", first))
    try scratch.place("more/extra.lua", probe("extra", first))
    let done = try scratch.own("probe", "list", "--probe-path", "more")
    #expect(done.status == 0, "\(done.errors)")
    for line in [
      #/extra +path +A probe\./#, #/mine +user +A probe\./#, #/recall +project +A probe\./#,
      #/recall +shipped +shadowed by probes/recall\.lua/#, #/broken +project +BROKEN \(1 mistake/#,
      #/probe 'broken' cannot be used:\n +probes/broken\.lua: .*:1: /#,
    ] { #expect(done.output.contains(line), "\(done.output)") }
    let json = try JSON.parse(scratch.own("plugin", "list", "probe", "--json").output)
    guard case .array(let rows)? = json["plugins"] else {
      Issue.record("no list")
      return
    }
    #expect(rows.contains { $0["name"] == "mine" && $0["origin"] == "user" })
    #expect(try scratch.own("plugin", "list").output.contains(#/dataset +personas +shipped/#))
    #expect(try scratch.run("probe", "list", "--probe-path", "none").status == 2)
  }

  @Test func `a probe runs by name, from any folder`() throws {
    let scratch = try Scratch()
    try scratch.place("data/eidetic/probes/mine.lua", probe("mine", first))
    let table = try scratch.own(["probe", "run", "mine"] + quick)
    #expect(table.status == 0, "\(table.errors)")
    #expect(table.output.contains(#/mean \[95 % interval\] +0\.2 \[.*\] +n 5/#), "\(table.output)")
    #expect(table.output.contains(#/never-trained people +0\.2/#), "\(table.output)")
    let json = try JSON.parse(
      scratch.own(["probe", "run", "mine", "--json", "--out", "kept"] + quick).output)
    #expect(json["per_item"] == [1, 0, 0, 0, 0] && json["mean"] == .number(0.2))
    #expect(json["control"]?["n"] == 5 && json["origin"] == "user" && json["run"] == "kept")
    let kept = try JSON.parse(scratch.read("kept/result.json"))
    #expect(kept["experiment"] == "probe mine" && kept["complete"] == true)
    #expect(scratch.exists("kept/report.html"))
    let script = try scratch.write(
      "s.lua", "print(require('eidetic').probe('extra').origin)")
    try scratch.place("more/extra.lua", probe("extra", first))
    #expect(try scratch.run("run", script, "--probe-path", "more").output == "path\n")
  }

  /// It is made of Lua values, which cannot go from one state to another.
  @Test func `a probe runs on a model in Lua`() throws {
    let scratch = try Scratch()
    let model = ["--model", "oracle:kind=image-only,count=10,know=4"]
    let one = try scratch.own(["probe", "run", "recall", "--param", "modality=image"] + model)
    #expect(one.output.contains(#/mean \[95 % interval\] +0\.4 /#), "\(one.errors)")
    let two = try scratch.own(["probe", "run", "recall", "consistency", "--out", "two"] + model)
    #expect(two.status == 0 && two.output.contains("consistency: "), "\(two.errors)")
    #expect(scratch.exists("two/recall/report.html"))
  }

  @Test func `all probes run, and one that fails leaves the others running`() throws {
    let scratch = try Scratch()
    try scratch.place("probes/fails.lua", probe("fails", "error 'boom'"))
    try scratch.place("probes/broken.lua", "return { name = = 1 }")
    let done = try scratch.own(["probe", "run", "all", "--out", "kept"] + quick)
    #expect(done.status == 0, "\(done.errors)")
    for line in [
      #/recall +image +/#, #/recall +text +/#, #/occlusion +/#, #/membership +text +.*0\.5/#,
      #/left out: counterfactual, it trains; add --training/#, #/FAILED: fails: .*boom/#,
      #/FAILED: broken: /#,
    ] { #expect(done.output.contains(line), "\(done.output)") }
    let kept = try JSON.parse(scratch.read("kept/result.json"))
    #expect(kept["experiment"] == "probe all" && kept["complete"] == true)
    guard case .array(let cells)? = kept["cells"] else {
      Issue.record("no cells")
      return
    }
    #expect(cells.count > 60)
    #expect(try scratch.read("kept/report.html").contains("patching block 1"))
    let known = try JSON.parse(
      scratch.own(
        "probe", "run", "all", "--json", "--model", "oracle:kind=lookup,count=10,know=4"
      ).output)
    guard case .array(let results)? = known["results"] else {
      Issue.record("no results")
      return
    }
    for result in results where result["probe"] == "recall" {
      #expect(result["mean"] == .number(0.4))
    }
    #expect(try scratch.own(["probe", "run", "all", "--param", "a=1"] + quick).status == 1)
  }

  /// What is printed and what is kept are computed apart, the one per way of showing people, the
  /// other for all ways of a metric at once.
  @Test func `the table and the result agree on every interval`() throws {
    let scratch = try Scratch()
    let printed = try JSON.parse(
      scratch.own(["probe", "run", "all", "--json", "--out", "kept"] + quick).output)
    let kept = try JSON.parse(scratch.read("kept/result.json"))
    guard case .array(let results)? = printed["results"], case .array(let cells)? = kept["cells"]
    else {
      Issue.record("no results")
      return
    }
    var unanimous = 0
    for result in results {
      guard case .string(let metric)? = result["metric"], case .string(let way)? = result["way"]
      else { continue }
      let names: [JSON] = [.string(metric), .string("\(metric)_by_\(way)")]
      let cell = cells.last {
        names.contains($0["metric"] ?? .null) && ($0["target"] ?? "") == .string(way)
      }
      #expect(cell?["interval_kind"] == result["interval_kind"], "\(metric) by \(way)")
      #expect(cell?["mean"] == result["mean"], "\(metric) by \(way)")
      if result["interval_kind"] == "wilson_unanimous" { unanimous += 1 }
    }
    #expect(results.count > 20 && unanimous > 0)
  }

  @Test func `processes share the models to train`() throws {
    let scratch = try Scratch()
    let arguments =
      ["probe", "run", "counterfactual", "--param", "models=4", "--param", "steps=2"] + quick
    let shell = "export EIDETIC_CACHE=\"$PWD/cache\""
    let one = try scratch.start(arguments + ["--processes", "2", "--json"], shell: shell).wait()
    #expect(one.status == 0, "\(one.errors)")
    let again = try scratch.start(arguments + ["--json"], shell: shell).wait()
    #expect(again.output == one.output)
    #expect(try scratch.run("probe", "run", "recall", "--processes", "0").status == 2)
  }

  @Test func `a helper ends with the process that it helps`() throws {
    let scratch = try Scratch()
    let long = ["probe", "run", "counterfactual", "--param", "models=400", "--param", "steps=50"]
    let run = try scratch.start(long + quick + ["--processes", "2"])
    let children = "/proc/\(run.process.processIdentifier)/task/\(run.process.processIdentifier)"
    var helper: Int32?
    for _ in 0..<600 where helper == nil {
      usleep(50_000)
      let list = try String(contentsOfFile: children + "/children", encoding: .utf8)
      helper = list.split(separator: " ").first.flatMap { Int32($0) }
    }
    let id = try #require(helper)
    usleep(1_000_000)
    kill(run.process.processIdentifier, SIGKILL)
    _ = try run.wait()
    for _ in 0..<400 where kill(id, 0) == 0 { usleep(50_000) }
    #expect(kill(id, 0) != 0)
    kill(id, SIGKILL)
  }

  @Test func `help of a probe shows its parameters`() throws {
    let done = try Scratch().run("probe", "run", "recall", "--help")
    #expect(done.status == 0 && done.output.contains("modality  (image | text, default text)"))
    #expect(done.output.contains("--param"))
    #expect(try Scratch().run("method", "run", "grad-diff", "-h").output.contains("retain_weight"))
    #expect(try Scratch().run("plugin", "show", "model", "base").output.contains("effort"))
  }

  /// Arguments, exit code, what the message says.
  static let mistakes: [([String], Int32, String)] = [
    (["probe", "run"], 2, "which probe?"), (["probe", "run", "recall"], 2, "--model"),
    (["probe", "run", "nothing"] + quick, 1, "there is no probe 'nothing'"),
    (["probe", "run", "recall", "--param", "modality=sound"] + quick, 1, "one of 'image', 'text'"),
    (["probe", "run", "recall", "--param", "steps=1"] + quick, 1, "no parameter 'steps'"),
    (["probe", "run", "recall", "--seed", "-1"] + quick, 2, "seed"),
    (["probe", "run", "recall", "--model", "untrained:preset=nano"], 1, "--data"),
    (["probe", "run", "recall", "--model", "x.safetensors"], 1, "x.safetensors"),
    (["probe", "show", "nothing"], 1, "there is no probe"),
    (["plugin", "list", "thing"], 2, "thing"),
    (["method", "run", "grad-diff", "--forget", "2"] + quick, 2, "between 0 and 1"),
    (["method", "run", "grad-diff", "--model", "untrained:preset=huge"], 1, "huge"),
    (["method", "run", "grad-diff", "--model", "oracle"], 1, "one in Lua has no parameters"),
    (["method", "run", "grad-diff", "--forget", "0.01"] + quick, 1, "nobody to forget"),
    (["method", "run", "grad-diff", "--out", "a.bin"] + quick, 2, ".safetensors"),
    (["new", "probe", "Bad_Name"], 2, "hyphens"), (["new", "probe", "../up"], 2, "hyphens"),
    (["test", "nowhere_spec.lua"], 2, "cannot read"), (["test"], 2, "no *_spec.lua"),
  ]

  @Test(arguments: mistakes.indices)
  func `a mistake ends in one message and its exit code`(index: Int) throws {
    let (arguments, status, text) = Self.mistakes[index]
    let done = try Scratch().start(arguments).wait()
    #expect(done.status == status && done.errors.contains(text), "\(done.status) \(done.errors)")
    #expect(done.output.isEmpty && !done.errors.contains("Fatal"), "\(done.output)")
  }

  @Test(arguments: [
    probe("stuck", "while true do pcall(function() while true do end end) end"),
    "while true do end",
  ])
  func `Ctrl-C stops an endless plug-in and names it`(source: String) throws {
    let scratch = try Scratch()
    try scratch.place("probes/stuck.lua", source)
    let running = try scratch.start(["probe", "run", "stuck"] + quick)
    usleep(1_000_000)
    kill(running.process.processIdentifier, SIGINT)
    let done = try running.wait()
    #expect(done.status == 130, "\(done.errors)")
    #expect(done.errors.contains("interrupted in probe 'stuck' (probes/stuck.lua)"))
    #expect(try scratch.start(["probe", "run", "recall"] + quick).wait().status == 0)
  }

  @Test func `documents are read whole and by part`() throws {
    let scratch = try Scratch()
    #expect(try scratch.run("docs").output.contains("tutorial"))
    #expect(try scratch.run("docs", "tutorial").output.hasPrefix("# From `1 + 1`"))
    let part = try scratch.run("docs", "reference", "Tensor:softmax").output
    #expect(part.hasPrefix("### Tensor:softmax\n") && !part.contains("### Tensor:sort"), "\(part)")
    #expect(try scratch.run("docs", "reference", "rng.new").output.contains("seed: integer"))
    #expect(try scratch.run("docs", "tutorial", "2").output.hasPrefix("## 2. Tensors"))
    #expect(try scratch.run("docs", "python", "--path").output.hasSuffix("from_python.md\n"))
    #expect(try scratch.run("docs", "nothing").status == 2)
    #expect(try scratch.run("docs", "python", "nothing").errors.contains("no part of python"))
    #expect(try scratch.run("repl", input: "help 'tutorial'").output.hasPrefix("# From `1 + 1`"))
  }

  @Test func `a method leaves a model that a probe can read`() throws {
    let scratch = try Scratch()
    let done = try scratch.start(
      ["method", "run", "gradient-ascent", "--forget", "0.4", "--param", "steps=2"] + quick
        + ["--out", "m.safetensors"]
    ).wait()
    #expect(done.status == 0, "\(done.errors)")
    #expect(
      done.output.contains("2 to forget, 3 to keep") && done.output.contains("retain, by text"))
    let probe = try scratch.run("probe", "run", "rank", "--model", "m.safetensors")
    #expect(probe.status == 0 && probe.output.contains("n 5"), "\(probe.errors)")
  }

  @Test func `a method is compared with the model made anew, gated on what was memorized`() throws {
    let scratch = try Scratch()
    let model = "memorized:preset=nano,effort=0.002,known=5,count=5,steps=2"
    let done = try scratch.start(
      ["method", "run", "retrain", "--model", model, "--forget", "0.4", "--json"]
    ).wait()
    #expect(done.status == 0, "\(done.errors)")
    let scores = try JSON.parse(done.output)["scores"]
    #expect(scores?["forget"]?["image"]?["memorized"] == .integer(0))
    #expect(scores?["forget"]?["image"]?["residual"] == nil)
    // The method makes the gold model itself.
    let distance = try #require(scores?["forget"]?["text"]?["quality"]?["statistic"])
    #expect([.integer(0), .number(0)].contains(distance))
    #expect(scores?["utility"]?["gold"] == scores?["utility"]?["after"])
    let text = try scratch.start(
      ["method", "run", "npo", "--model", model, "--forget", "0.4", "--param", "steps=1"]
    ).wait()
    #expect(text.output.contains("not memorized: 0 of 2"), "\(text.output)\(text.errors)")
    #expect(text.output.contains("forget quality, by image KS"))
    let refused = try scratch.start(["method", "run", "retrain"] + quick).wait()
    #expect(refused.status == 1 && refused.errors.contains("does not say how it was made"))
  }
}

@Suite struct TemplateTests {
  @Test func `a project works as it is written, and nothing is overwritten`() throws {
    let scratch = try Scratch()
    let made = try scratch.run("new", "project", "study")
    #expect(made.status == 0, "\(made.errors)")
    let inside = "cd study"
    let settings = try JSON.parse(scratch.read("study/.luarc.json"))
    guard case .array(let folders)? = settings["workspace.library"],
      case .string(let stubs)? = folders.first
    else {
      Issue.record("no library in .luarc.json")
      return
    }
    #expect(FileManager.default.fileExists(atPath: stubs + "/Tensor.lua"))
    for arguments in [["new", "method", "bounded"], ["new", "probe", "more"]] {
      #expect(try scratch.start(arguments, shell: inside).wait().status == 0)
    }
    let tests = try scratch.run("test", shell: inside)
    #expect(tests.status == 0, "\(tests.output)\(tests.errors)")
    #expect(tests.output.contains(#/8 passed, 0 failed/#), "\(tests.output)")
    let outside = try scratch.run("test", "study/probes/more_spec.lua", "--filter", "refuses")
    #expect(outside.status == 0 && outside.output.contains("1 passed"), "\(outside.output)")
    let experiment = try scratch.run(
      "run", "experiments/image-to-text.lua", "--set", "base=nano", "--set", "effort=0.01",
      "--set", "personas=4", "--set", "steps=2", shell: inside)
    #expect(experiment.status == 0 && experiment.output.contains("report.html"))
    let probe = try scratch.start(["probe", "run", "last-name"] + quick, shell: inside).wait()
    #expect(probe.status == 0, "\(probe.errors)")
    let method = try scratch.start(
      ["method", "run", "bounded", "--forget", "0.4", "--param", "steps=1"] + quick, shell: inside
    ).wait()
    #expect(method.status == 0, "\(method.errors)")

    try scratch.place("study/probes/more.lua", "mine")
    let again = try scratch.run("new", "probe", "more", shell: inside)
    #expect(again.status == 1 && again.errors.contains("probes/more.lua exists"))
    #expect(try scratch.run("new", "project", "study").status == 1)
    #expect(try scratch.read("study/probes/more.lua") == "mine")
  }
}

@Suite struct SpecTests {
  @Test func `failures tell line, expected and got`() throws {
    let scratch = try Scratch()
    let spec = try scratch.write(
      "a_spec.lua",
      """
      describe("all", function()
        it("adds", function() expect(1 + 1):equals(2) end)
        it("differs", function()
          expect({ a = { 1, 2 } }):equals { a = { 1, 3 } }
        end)
        it("raises", function() local t; return t.x end)
        it("is near", function() expect(0.1 + 0.2):near(0.3) expect(0 / 0):near(1) end)
        it("is between", function() expect(3):between(1, 2) end)
        it("contains", function() expect("abc"):contains "bc" expect({ 1 }):contains(2) end)
        it("fails", function() expect(function() error "x" end):fails "x" expect(print):fails() end)
      end)
      """)
    let done = try scratch.run("test", spec)
    #expect(done.status == 1 && done.output.contains("1 passed, 6 failed"), "\(done.output)")
    for text in [
      "a_spec.lua:4: expected { a = { 1, 3 } }, got { a = { 1, 2 } }",
      "a_spec.lua:6: attempt to index a nil value (local 't')",
      "a_spec.lua:7: expected 1 within 1e-06, got ", "a_spec.lua:8: expected a number from 1 to 2",
      "a_spec.lua:9: expected a list with 2, got { 1 }",
      "a_spec.lua:10: expected an error, got none",
    ] { #expect(done.output.contains(text), "\(text)\n\(done.output)") }
    #expect(try scratch.run("test", spec, "--filter", "adds").status == 0)
    let none = try scratch.run("test", spec, "--filter", "nothing")
    #expect(none.status == 1 && none.errors.contains("no test has 'nothing'"))
  }

  @Test(arguments: [
    ("", "there is no test in it"), ("x = = 1", "a_spec.lua:1:"),
    ("error 'early'", "a_spec.lua:1: early"), ("it('x')", "expected a name and a function"),
  ])
  func `a spec that cannot be run fails`(source: String, text: String) throws {
    let scratch = try Scratch()
    let bad = try scratch.write("a_spec.lua", source)
    let good = try scratch.write(
      "b_spec.lua", "it('is', function() expect(rawget(_G, 'x')):equals(nil) end)")
    let done = try scratch.run("test", bad, good)
    #expect(done.status == 1 && done.output.contains(text), "\(done.output)")
    #expect(done.output.contains("1 passed, 1 failed"), "\(done.output)")
  }

  @Test func `Ctrl-C stops a spec`() throws {
    let scratch = try Scratch()
    let spec = try scratch.write("a_spec.lua", "it('x', function() while true do end end)")
    let running = try scratch.start(["test", spec])
    usleep(800_000)
    kill(running.process.processIdentifier, SIGINT)
    #expect(try running.wait().status == 130)
  }
}

@Suite struct DoctorTests {
  @Test func `a whole installation is well`() throws {
    let done = try Scratch().own("doctor")
    #expect(done.status == 0, "\(done.output)\(done.errors)")
    for text in [
      "kernels", "2 threads", "singular values by OpenBLAS", "_meta", "all is well", "cache",
    ] {
      #expect(done.output.contains(text), "\(done.output)")
    }
  }

  @Test func `broken plug-ins and folders are told`() throws {
    let scratch = try Scratch()
    try scratch.place("probes/broken.lua", "return 7")
    _ = try scratch.write("file", "")
    let done = try scratch.start(
      ["doctor"], shell: "export EIDETIC_CACHE=\"$PWD/file/cache\" XDG_DATA_HOME=\"$PWD/data\""
    ).wait()
    #expect(done.status == 1 && done.output.contains("2 to repair"), "\(done.output)")
    #expect(done.output.contains(#/BROKEN  probe +broken: .*return a table/#))
    #expect(done.output.contains("set EIDETIC_CACHE to a folder of yours"), "\(done.output)")
  }
}
