// What a manifest says of the user's project and of the end; what can be removed; what is pooled.

import Foundation
import Metrics
import Repro
import RunStore
import Testing

@Suite struct CircumstanceTests {
  @Test func `a manifest keeps project and ending, and an older one is read`() async throws {
    try await withFolder { root in
      var manifest = Study().manifest
      let older = manifest
      manifest.directory = "/home/user/study"
      manifest.scriptHash = SHA256.hex("return 1")
      manifest.git = GitState(
        commit: String(repeating: "a", count: 40), branch: "main", changedFiles: 2,
        untrackedFiles: 1, patchHash: SHA256.hex("patch"))
      manifest.ending = Manifest.Ending(exitCode: 124, time: manifest.time, seconds: 1.5)
      for one in [manifest, older] {
        try one.write(to: root + "/manifest.json")
        #expect(try Manifest.read(root + "/manifest.json") == one)
      }
      #expect(manifest.ending?.state == .timeLimit)
      #expect(manifest.git?.summary == "main aaaaaaaaaaaa, 2 files changed, 1 file untracked")
      let text = manifest.json.pretty.replacing("time limit", with: "tired")
      try AtomicFile.write(text, to: root + "/manifest.json")
      #expect(
        message { _ = try Manifest.read(root + "/manifest.json") }.contains("manifest.ending"))
    }
  }

  @Test func `git tells commit, branch and changes`() async throws {
    try await withFolder { root in
      #expect(GitState.read(of: root) == nil)
      func shell(_ command: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "cd \"$0\" && " + command, root]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
      }
      try shell("git init -q -b trunk && echo one > a.lua && git add a.lua")
      #expect(GitState.read(of: root) == nil)
      try shell("git -c user.name=u -c user.email=u@x commit -q -m first")
      let clean = try #require(GitState.read(of: root))
      #expect(clean.state.branch == "trunk" && clean.state.commit.count == 40)
      #expect(clean.state.changedFiles == 0 && clean.patch == nil && clean.state.patchHash == nil)
      try shell("echo two >> a.lua && echo new > b.lua && git mv a.lua c.lua")
      let dirty = try #require(GitState.read(of: root))
      #expect(dirty.state.changedFiles == 1 && dirty.state.untrackedFiles == 1)
      #expect(dirty.state.commit == clean.state.commit)
      let patch = try #require(dirty.patch)
      #expect(String(decoding: patch, as: UTF8.self).contains("+two"))
      #expect(dirty.state.patchHash == SHA256.hex(patch))
    }
  }

  @Test func `times are written as Foundation writes them`() {
    var draws = RandomStream(seed: 4)
    for _ in 0..<200 {
      let time = Date(timeIntervalSince1970: Double(draws.int(below: 5_000_000_000)) - 1e9)
      #expect(time.iso8601 == time.formatted(.iso8601))
    }
  }

  @Test func `changed lines of a script have their numbers`() {
    let changes = LineChange.changes(from: "a\nb\nc", to: "a\nB\nc\nd")
    #expect(changes.map(\.description) == ["- 2  b", "+ 2  B", "+ 4  d"])
    #expect(LineChange.changes(from: "x", to: "x").isEmpty)
  }

  // MARK: Groups

  @Test func `seeds are pooled once, with Student's interval`() async throws {
    try await withFolder { root in
      let means = [0.2, 0.4, 0.6, 0.8]
      func add(_ name: String, seed: Int, mean: Double, views: String = "2") throws {
        var manifest = Study().manifest
        (manifest.seeds, manifest.parameters) = ([seed], ["views": views])
        let outcomes = (0..<10).map { id in
          Outcome(
            seed: seed, source: "image", target: "text", metric: "full_name", persona: id,
            value: Double(id) < mean * 10 - 0.5 ? 1 : 0)
        }
        let run = Run(path: root + "/" + name)
        try AtomicFile.write(manifest.json.pretty, to: run.manifestPath)
        try run.write(
          ExperimentResult(
            outcomes: outcomes, manifest: manifest, resamples: 100, stream: RandomStream(seed: 0)))
      }
      for (seed, mean) in means.enumerated() { try add("run-\(seed)", seed: seed, mean: mean) }
      // The same seed once more is no further evidence.
      try add("run-again", seed: 3, mean: 0.1)
      try add("run-other", seed: 0, mean: 0.9, views: "8")
      for seed in 0..<3 { try add("equal-\(seed)", seed: seed, mean: 0, views: "9") }
      let groups = SeedGroup.groups(try RunCatalog(root: root).summaries())
      #expect(groups.count == 3)
      let equal = try #require(groups.first { $0.runs[0].name.hasPrefix("equal") }).cells[0]
      #expect(equal.mean == 0 && equal.deviation == 0 && equal.interval?.low == 0)
      #expect(equal.interval?.high ?? 0 > 0.01, "equal seeds are no proof: \(equal)")
      let spread = try #require(groups.first { $0.runs[0].name == "run-0" })
      #expect(spread.runs.count == 5)
      let cell = spread.cells[0]
      #expect(cell.seedCount == 4)
      // run-3 comes before run-again. By hand: 0.5 ± 3.182446 · 0.2581989 / 2.
      #expect(spread.runs.map(\.name).contains("run-again"))
      #expect(abs(cell.mean - 0.5) < 1e-9, "\(cell)")
      #expect(abs((cell.deviation ?? 0) - 0.2581989) < 1e-6)
      #expect(abs((cell.interval?.low ?? 0) - 0.0891480) < 1e-6, "\(cell)")
      #expect(abs((cell.interval?.high ?? 0) - 0.9108520) < 1e-6)
      let other = try #require(groups.first { $0.runs[0].name == "run-other" }).cells[0]
      #expect(other.seedCount == 1 && other.deviation == nil)
      let whole = SeedGroup.groups(
        try RunCatalog(root: root).summaries(), by: ["experiment"], metrics: ["full_name"])
      #expect(whole.count == 1 && whole[0].cells[0].seedCount == 8)
    }
  }

  // MARK: Garbage

  @Test func `only old, idle and unfinished things without tags are garbage`() async throws {
    try await withFolder { root in
      func add(_ name: String, _ study: Study) throws -> Run {
        let run = Run(path: root + "/" + name)
        try AtomicFile.write(study.manifest.json.pretty, to: run.manifestPath)
        if study.seeds > 0 { try run.write(study.result()) }
        return run
      }
      _ = try add("complete", Study(metrics: ["full_name"]))
      _ = try add("begun", Study(seeds: 0))
      let resumable = try add("resumable", Study(seeds: 0))
      try AtomicFile.write("x", to: resumable.checkpointsPath + "/seed-0/1-fit.checkpoint")
      try add("tagged", Study(seeds: 0)).tag(adding: ["keep"])
      let held = try add("held", Study(seeds: 0))
      let lock = try FileLock.take(held.lockPath)
      try AtomicFile.write("{", to: root + "/broken/manifest.json")
      try AtomicFile.write("x", to: root + "/.removed-run-1/manifest.json")
      try AtomicFile.write("x", to: root + "/complete/.result.json.1.2.tmp")
      try AtomicFile.write("x", to: root + "/notes.tmp")
      func found(
        _ age: Double, _ isUnwanted: (RunSummary) -> Bool = { _ in false }
      ) throws
        -> [String]
      {
        try Garbage.find(
          in: root, RunCatalog(root: root).summaries(), olderThan: age,
          now: Date().addingTimeInterval(1000), isUnwanted: isUnwanted
        ).map { String($0.path.dropFirst(root.count + 1)) }
      }
      #expect(try found(2000).isEmpty)
      #expect(try found(500) == ["begun", ".removed-run-1", "complete/.result.json.1.2.tmp"])
      #expect(
        try found(500) { $0.name == "complete" || $0.name == "tagged" || $0.name == "held" }
          .prefix(2) == ["begun", "complete"])
      withExtendedLifetime(lock) {}
      for item in try Garbage.find(
        in: root, RunCatalog(root: root).summaries(), olderThan: 0,
        now: Date().addingTimeInterval(1000))
      where item.run?.name != "held" { try item.remove() }
      #expect(try found(500).allSatisfy { $0 == "held" })
      #expect(FileManager.default.fileExists(atPath: root + "/complete/result.json"))
    }
  }
}
