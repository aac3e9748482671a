// `eidetic runs` and `eidetic report` as users call them, over run folders made here.

import Foundation
import Metrics
import Repro
import RunStore
import Testing

@Suite struct RunsProgramTests {
  /// Two comparable runs, a broken one and a folder that is none, below runs/.
  private func scratch() throws -> Scratch {
    let scratch = try Scratch()
    try Self.write("2026-study-AAAA", in: scratch, recall: 0.6, views: "2")
    try Self.write("2026-study-BBBB", in: scratch, recall: 0.9, views: "8")
    try AtomicFile.write("{", to: scratch.path + "/runs/2026-bad/manifest.json")
    try AtomicFile.write("hello", to: scratch.path + "/runs/notes/a.txt")
    return scratch
  }

  @discardableResult
  private static func write(
    _ name: String, in scratch: Scratch, recall: Double, views: String, seeds: Range<Int> = 0..<2
  ) throws -> Run {
    let manifest = Manifest(
      experiment: "study", command: ["eidetic", "run", "study.lua"], seeds: Array(seeds),
      dataHash: "d", versions: ["eidetic": "0.1"], blas: "b", threads: 1, host: "lab",
      time: Date(timeIntervalSince1970: 1_769_860_800), parameters: ["views": views, "base": "x"])
    let outcomes = seeds.flatMap { seed in
      ["image", "text"].flatMap { target in
        (0..<20).map { id in
          let isRight = (id * 7 + seed * 3) % 20 < Int(recall * 20)
          return Outcome(
            seed: seed, source: "image", target: target, metric: "full_name", persona: id,
            value: isRight ? 1 : 0, answer: isRight ? "Ada, \(id)" : "\"no\"", truth: "Ada, \(id)")
        }
      }
    }
    let run = Run(path: "\(scratch.path)/runs/\(name)")
    try AtomicFile.write(manifest.json.pretty, to: run.manifestPath)
    try run.write(
      ExperimentResult(
        outcomes: outcomes, manifest: manifest, resamples: 200, stream: RandomStream(seed: 0)))
    return run
  }

  @Test func `the list shows every folder and filters`() throws {
    let scratch = try scratch()
    let all = try scratch.start(["runs", "list"]).wait()
    #expect(all.status == 0, "\(all.errors)")
    #expect(all.output.contains("broken 2026-bad: manifest.json is damaged"))
    #expect(all.output.contains("foreign notes: it holds no manifest.json"))
    #expect(all.output.contains("views=8") && !all.output.contains("base=x"))
    let some = try scratch.start([
      "runs", "list", "--where", "params.views > 5 and recall > 0.8", "--json",
    ]).wait()
    let list = try JSON.parse(some.output)
    guard case .array(let items) = list else { throw CocoaError(.coderInvalidValue) }
    #expect(items.count == 1 && items[0]["id"] == "2026-study-BBBB")
    #expect(items[0]["headline"]?["mean"] == .number(0.9))
    let sorted = try scratch.start(["runs", "list", "--csv", "--sort", "recall", "--limit", "2"])
      .wait().output.split(separator: "\n")
    #expect(sorted.count == 3 && sorted[1].hasPrefix("2026-study-BBBB,study,complete,2,0.9,"))
    for form in ["--markdown", "--latex"] {
      #expect(try scratch.start(["runs", "list", form]).wait().output.contains("study"))
    }
    #expect(try Scratch().start(["runs", "list"]).wait().status == 0)
  }

  @Test(
    arguments: [
      (["list", "--where", "params.viewz > 1"], 2, "did you mean 'views'"),
      (["list", "--where", "os.exit(3)"], 2, "there is no 'os'"),
      (["list", "--sort", "recal"], 2, "did you mean 'recall'"),
      (["list", "--json", "--csv"], 2, "choose one"), (["list", "--limit", "0"], 2, "at least 1"),
      (["list", "--root", "nowhere"], 2, "no folder nowhere"),
      (["show", "2026-study"], 2, "fits 2 runs"), (["show", "zzz"], 2, "is called 'zzz'"),
      (["show", "2026-bad"], 1, "is damaged"), (["show", "runs/notes"], 2, "no manifest.json"),
      (["compare", "AAAA"], 2, "two different runs"), (["compare", "AAAA", "AAAA"], 2, "two"),
      (["compare", "AAAA", "BBBB", "--metric", "x"], 2, "there are full_name"),
      (["tag", "AAAA", "a b"], 2, "is no tag"), (["tag", "AAAA", "--remove"], 2, "which words"),
      (["rm", "AAAA"], 2, "--yes"), (["rm", "runs/notes", "--yes"], 2, "no run"),
      (["list", "--by", "params.viewz"], 2, "did you mean 'params.views'"),
      (["list", "--metric", "full_name"], 2, "add --group or --by"),
      (["list", "--group", "--metric", "x"], 2, "there are full_name"),
      (["gc", "--root", "nowhere"], 2, "no folder nowhere"),
      (["gc", "--older-than", "-1"], 2, "days"),
      (["gc", "--where", "recal < 1"], 2, "did you mean 'recall'"),
      (["index", "--root", "nowhere"], 2, "no folder nowhere"),
      (["rerun", "2026-bad"], 1, "damaged"),
      (["export", "AAAA", "--format", "mlflow"], 2, "which folder"),
      (["export", "AAAA", "BBBB"], 2, "one run at a time"),
      (["export", "2026-bad"], 1, "no result"), (["export", "AAAA", "--format", "xml"], 2, "xml"),
    ] as [([String], Int32, String)])
  func `mistakes have a message and a code`(
    arguments: [String], status: Int32, words: String
  ) throws {
    let scratch = try scratch()
    let done = try scratch.start(["runs"] + arguments).wait()
    #expect(done.status == status && done.errors.contains(words), "\(done.status) \(done.errors)")
    #expect(scratch.exists("runs/2026-study-AAAA/result.json"))
  }

  @Test func `show, compare, tag, export and rm work on one store`() throws {
    let scratch = try scratch()
    let tagged = try scratch.start(["runs", "tag", "BBBB", "final", "figure-2"]).wait()
    #expect(tagged.output == "2026-study-BBBB: figure-2 final\n", "\(tagged.errors)")
    let shown = try scratch.start(["runs", "show", "BBBB"]).wait().output
    for words in [
      "eidetic run study.lua", "params.views", "figure-2 final", "asked by text", "result.json",
    ] { #expect(shown.contains(words), "\(words)") }
    let cells = try scratch.start(["runs", "show", "BBBB", "--csv"]).wait().output
    #expect(cells.contains("full_name image>text,0.9,"), "\(cells)")
    #expect(
      try scratch.start(["runs", "tag", "BBBB", "--json"]).wait().output
        == "[\"figure-2\",\"final\"]\n")
    let compared = try scratch.start(["runs", "compare", "AAAA", "BBBB"]).wait()
    #expect(compared.status == 0, "\(compared.errors)")
    for words in ["parameter views", "+0.30 [", "full_name image>text", "sd 0.00"] {
      #expect(compared.output.contains(words), "\(words)\n\(compared.output)")
    }
    let csv = try scratch.start(["runs", "export", "AAAA", "--format", "csv"]).wait().output
    let lines = csv.split(separator: "\r\n").flatMap { $0.split(separator: "\n") }
    #expect(lines[0] == "seed,persona,group,metric,source,target,value,answer,truth")
    #expect(lines.count == 81 && lines[1].contains("\"Ada, 0\""))
    _ = try scratch.start(["runs", "export", "AAAA", "--format", "json", "--out", "o.json"]).wait()
    #expect(try JSON.parse(scratch.read("o.json")) != .null)
    let removed = try scratch.start(["runs", "rm", "AAAA", "2026-bad", "--yes"]).wait()
    #expect(removed.status == 0 && !scratch.exists("runs/2026-study-AAAA"), "\(removed.errors)")
    #expect(!scratch.exists("runs/2026-bad") && scratch.exists("runs/2026-study-BBBB"))
  }

  @Test func `seeds in several runs are grouped`() throws {
    let scratch = try scratch()
    try Self.write("2026-more-CCCC", in: scratch, recall: 0.9, views: "8", seeds: 2..<5)
    let done = try scratch.start(["runs", "compare", "AAAA", "BBBB", "CCCC", "--group", "--json"])
      .wait()
    let json = try JSON.parse(done.output)
    #expect(json["runs"] == ["2026-study-AAAA", "2026-study-BBBB + 2026-more-CCCC"])
    #expect(done.output.contains("\"seeds\":5"))
  }

  @Test func `reports are written again, also of several runs`() throws {
    let scratch = try scratch()
    let one = try scratch.start(["report", "AAAA"]).wait()
    #expect(one.status == 0 && scratch.exists("runs/2026-study-AAAA/report.html"), "\(one.errors)")
    let two = try scratch.start(["report", "AAAA", "BBBB", "--out", "both.html"]).wait()
    #expect(two.status == 0 && two.output == "report  both.html\n", "\(two.errors)")
    #expect(try scratch.read("both.html").contains("2026-study-BBBB"))
    #expect(try scratch.start(["report", "2026-bad"]).wait().status == 1)
    #expect(try scratch.start(["report"]).wait().status == 2)
    _ = try scratch.write("report.html", "mine")
    #expect(try scratch.start(["report", "AAAA", "BBBB"]).wait().status == 2)
    #expect(try scratch.read("report.html") == "mine")
  }

  @Test func `an experiment that fails is listed as failed`() throws {
    let scratch = try Scratch()
    let script = try scratch.write(
      "script.lua",
      "return require('eidetic').experiment { name = 'x', run = function() error('my fault') end }")
    #expect(try scratch.start(["run", script]).wait().status == 1)
    let list = try scratch.start(["runs", "list"]).wait().output
    #expect(list.contains("failed") && list.contains("my fault"), "\(list)")
  }

  // MARK: Groups and changes

  @Test func `runs are pooled over seeds with mean, deviation and interval`() throws {
    let scratch = try scratch()
    try Self.write("2026-more-CCCC", in: scratch, recall: 0.8, views: "8", seeds: 2..<5)
    let done = try scratch.start(["runs", "list", "--group", "--json"]).wait()
    guard case .array(let groups) = try JSON.parse(done.output) else {
      throw CocoaError(.coderInvalidValue)
    }
    let pooled = try #require(groups.first { $0["by"]?["params.views"] == 8 })
    guard case .array(let runs)? = pooled["runs"], case .array(let cells)? = pooled["cells"] else {
      throw CocoaError(.coderInvalidValue)
    }
    #expect(runs.count == 2 && cells.count == 2 && cells[0]["seeds"] == 5)
    for form in [[], ["--csv"], ["--markdown"], ["--latex"]] {
      let text = try scratch.start(["runs", "list", "--by", "params.views"] + form).wait().output
      #expect(text.contains("full\(form == ["--latex"] ? "\\" : "")_name image"), "\(text)")
    }
  }

  @Test func `runs without a result are compared by what changed`() throws {
    let scratch = try scratch()
    try Self.write("2026-new-DDDD", in: scratch, recall: 0.5, views: "9")
    let new = Run(path: scratch.path + "/runs/2026-new-DDDD")
    unlink(new.resultPath)
    let old = Run(path: scratch.path + "/runs/2026-study-AAAA")
    try AtomicFile.write("one\ntwo\nthree\n", to: old.scriptPath)
    try AtomicFile.write("one\nzwei\nthree\n", to: new.scriptPath)
    for (run, commit) in [(old, "c0ffee"), (new, "c0ffee2")] {
      var manifest = try run.manifest()
      manifest.git = GitState(
        commit: commit, branch: "main", changedFiles: 0, untrackedFiles: 0, patchHash: nil)
      try manifest.write(to: run.manifestPath)
    }
    let done = try scratch.start(["runs", "compare", "AAAA", "DDDD"]).wait()
    #expect(done.status == 0 && done.errors.contains("no numbers to compare"))
    for words in ["parameter views", "git commit", "c0ffee2", "- 2  two", "+ 2  zwei"] {
      #expect(done.output.contains(words), "\(words)\n\(done.output)")
    }
  }

  // MARK: The index

  @Test func `lists use an index, and do without a newer one`() throws {
    let scratch = try scratch()
    #expect(try scratch.start(["runs", "list"]).wait().status == 0)
    #expect(scratch.exists("runs/.index.sqlite"))
    usleep(50_000)
    #expect(try scratch.start(["runs", "index"]).wait().status == 0)
    let again = try JSON.parse(scratch.start(["runs", "index", "--json"]).wait().output)
    #expect(again["folders"] == 4 && again["read"] == 0 && again["removed"] == 0)
    let rebuilt = try JSON.parse(
      scratch.start(["runs", "index", "--rebuild", "--json"]).wait().output)
    #expect(rebuilt["read"] == 4)
    _ = try scratch.write("runs/.index.sqlite", "broken")
    let broken = try scratch.start(["runs", "list"]).wait()
    #expect(broken.status == 0 && broken.errors.isEmpty && broken.output.contains("BBBB"))
  }

  /// Each process makes a run of its own and tells the index of it.
  @Test func `sixteen processes at once lose no run`() throws {
    let scratch = try Scratch()
    let script = try scratch.write("script.lua", Self.quick)
    let running = try (0..<16).map { seed in
      try scratch.start(["run", script, "--seeds", "\(seed),\(seed + 100)"], threads: 1)
    }
    for one in running {
      let done = try one.wait()
      #expect(done.status == 0, "\(done.errors)")
    }
    let first = try JSON.parse(scratch.start(["runs", "index", "--json"]).wait().output)
    #expect(first["folders"] == 16 && first["read"] == 0)
    let complete = try scratch.start(["runs", "list", "--where", "seconds > 0", "--csv"]).wait()
    #expect(complete.output.split(separator: "\n").count == 17)
    // Sixteen that find no index at all.
    for suffix in ["", "-wal", "-shm"] { unlink(scratch.path + "/runs/.index.sqlite" + suffix) }
    let listing = try (0..<16).map { _ in try scratch.start(["runs", "list", "--csv"]) }
    for one in listing {
      let done = try one.wait()
      #expect(done.status == 0 && done.errors.isEmpty, "\(done.errors)")
      #expect(done.output.split(separator: "\n").count == 17)
    }
  }

  private static let quick = """
    local eidetic = require "eidetic"
    return eidetic.experiment { name = "quick", params = { bias = 0.5 }, run = function(ctx)
      local people = eidetic.personas.people { count = 3, rng = ctx.rng }
      ctx:about(people)
      ctx:record({ target = "text" }, { metric = "score", items = people:test("text", "name"),
        values = { ctx.params.bias, 1, ctx.seed } })
    end }
    """

  // MARK: Once more

  @Test func `a run is done once more, and it is said what is the same`() throws {
    let scratch = try Scratch()
    _ = try scratch.write("script.lua", Self.quick)
    let first = try scratch.start(
      ["run", "script.lua", "--seeds", "3,5", "--set", "bias=0.25", "--out", "first"]
    ).wait()
    #expect(first.status == 0, "\(first.errors)")
    let same = try scratch.start(["runs", "rerun", "first", "--out", "second"]).wait()
    #expect(same.status == 0, "\(same.errors)")
    #expect(same.output.contains("data: the same") && same.output.contains("to the bit"))
    let manifest = try Run(path: scratch.path + "/second").manifest()
    #expect(manifest.parameters == ["bias": "0.25"] && manifest.seeds == [3, 5])
    #expect(manifest.ending?.state == .complete && manifest.scriptHash != nil)
    #expect(manifest.command.suffix(2) == ["--out", scratch.path + "/second"])
    // A changed script is told of; the run's copy gives the same, the new script does not.
    _ = try scratch.write("script.lua", Self.quick.replacing("1, ctx.seed", with: "1, 2"))
    let copy = try scratch.start(["runs", "rerun", "first", "--out", "third"]).wait()
    #expect(copy.errors.contains("has changed since") && copy.output.contains("to the bit"))
    let current = try scratch.start(["runs", "rerun", "first", "--out", "4", "--current"]).wait()
    #expect(current.output.contains("outcomes: 2 of 6 differ"), "\(current.output)")
    // Of a rerun, too.
    let again = try scratch.start(["runs", "rerun", "third"]).wait()
    #expect(again.status == 0 && again.output.contains("to the bit"), "\(again.errors)")
    #expect(try scratch.start(["runs", "list"]).wait().output.contains("quick"))
  }

  // MARK: Garbage

  @Test func `what nobody misses is shown first and removed on request`() throws {
    let scratch = try scratch()
    try Self.write("2026-none-EEEE", in: scratch, recall: 0.5, views: "9")
    unlink(scratch.path + "/runs/2026-none-EEEE/result.json")
    try Self.write("2026-kept-FFFF", in: scratch, recall: 0.5, views: "9")
    unlink(scratch.path + "/runs/2026-kept-FFFF/result.json")
    try Run(path: scratch.path + "/runs/2026-kept-FFFF").tag(adding: ["mine"])
    let young = try scratch.start(["runs", "gc"]).wait()
    #expect(young.output.contains("nothing to remove"))
    let old = ["runs", "gc", "--older-than", "0"]
    usleep(1_100_000)
    let shown = try scratch.start(old).wait().output
    #expect(shown.contains("EEEE") && shown.contains("--yes") && !shown.contains("FFFF"))
    #expect(scratch.exists("runs/2026-none-EEEE"))
    let more = try scratch.start(old + ["--where", "recall < 0.7", "--json"]).wait()
    #expect(more.output.contains("AAAA") && !more.output.contains("BBBB"))
    let done = try scratch.start(old + ["--yes"]).wait()
    #expect(done.output.contains("removed 1"), "\(done.errors)")
    #expect(!scratch.exists("runs/2026-none-EEEE") && scratch.exists("runs/2026-kept-FFFF"))
    #expect(scratch.exists("runs/2026-study-AAAA") && scratch.exists("runs/notes/a.txt"))
  }

  // MARK: Export

  @Test func `runs are exported for other programs`() throws {
    let scratch = try scratch()
    let board = try scratch.start([
      "runs", "export", "AAAA", "BBBB", "--format", "tensorboard", "logs",
    ]).wait()
    #expect(board.status == 0, "\(board.errors)")
    #expect(scratch.exists("logs/2026-study-AAAA/seed-1") && scratch.exists("logs/2026-study-BBBB"))
    let flow = try scratch.start(["runs", "export", "AAAA", "--format", "mlflow", "--out", "m"])
      .wait()
    #expect(flow.status == 0 && flow.output.contains("/m/"), "\(flow.errors)")
    for format in ["markdown", "latex"] {
      let text = try scratch.start(["runs", "export", "AAAA", "--format", format]).wait().output
      #expect(text.contains("persona"))
    }
  }
}
