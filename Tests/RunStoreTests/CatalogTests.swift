// Lists of run folders: every folder has its line, and a line says what is wrong.

import Foundation
import Metrics
import Repro
import RunStore
import Testing

@Suite struct CatalogTests {
  private func folder(_ root: String, _ name: String, _ study: Study? = nil) throws -> Run {
    let run = Run(path: "\(root)/\(name)")
    try FileManager.default.createDirectory(
      atPath: run.path, withIntermediateDirectories: true)
    if let study {
      try AtomicFile.write(study.manifest.json.pretty, to: run.manifestPath)
      if study.seeds > 0 { try run.write(study.result()) }
    }
    return run
  }

  @Test func `the head of a result is the result without its long lists`() async throws {
    try await withFolder { root in
      let run = try folder(root, "a", Study())
      let (head, whole) = (try ExperimentResult.readHead(run.resultPath), try run.result())
      #expect(head.cells == whole.cells && head.manifest == whole.manifest)
      #expect(head.outcomes.isEmpty && head.comparisons.isEmpty && head.curves.isEmpty)
      #expect(head.seeds == whole.seeds && head.notes == whole.notes)
      // On one line, as other programs write JSON, it is read whole.
      try AtomicFile.write(whole.json.canonical, to: run.resultPath)
      #expect(try ExperimentResult.readHead(run.resultPath) == whole)
    }
  }

  @Test func `every folder has a state and a reason`() async throws {
    try await withFolder { root in
      _ = try folder(root, "complete", Study())
      _ = try folder(root, "empty")
      _ = try folder(root, "unfinished", Study(seeds: 2))
      _ = try folder(root, "begun", Study(seeds: 0))
      let failed = try folder(root, "failed", Study(seeds: 1))
      try failed.openEvents().append(["event": "failed", "message": "no such base"])
      let resumed = try folder(root, "resumed", Study(seeds: 1))
      let events = try resumed.openEvents()
      try events.append(["event": "failed", "message": "once"])
      try events.append(["event": "start"])
      let damaged = try folder(root, "damaged", Study())
      try AtomicFile.write("{\"cells\": [", to: damaged.resultPath)
      let newer = try folder(root, "newer", Study())
      let text = try String(contentsOfFile: newer.resultPath, encoding: .utf8)
      try AtomicFile.write(
        text.replacing("\"format\": 1", with: "\"format\": 2"), to: newer.resultPath)
      let held = try folder(root, "held", Study(seeds: 1))
      let lock = try FileLock.take(held.lockPath)
      try AtomicFile.write("a file", to: root + "/notes.txt")
      let all = try RunCatalog(root: root).summaries()
      let states = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0.state) })
      #expect(
        states == [
          "complete": .complete, "empty": .foreign, "unfinished": .unfinished,
          "begun": .unfinished, "failed": .failed, "resumed": .unfinished, "damaged": .broken,
          "newer": .broken, "held": .running,
        ])
      #expect(lock != nil)
      func reason(_ name: String) -> String? { all.first { $0.name == name }?.reason }
      #expect(reason("failed") == "no such base")
      #expect(reason("begun") == "killed, or the machine went down")
      #expect(reason("empty") == "it holds no manifest.json")
      #expect(reason("damaged")?.hasPrefix("result.json is damaged") == true)
      #expect(reason("newer")?.contains("format 2, this version reads up to 1") == true)
      let complete = try #require(all.first { $0.name == "complete" })
      #expect(complete.headline?.key.label == "full_name image>image")
      #expect(complete.parameters == ["personas": .number(20)] && complete.size > 10_000)
      #expect(complete.fields["seeds"] == .number(3))
    }
  }

  @Test func `a run is its path, its name or a part that fits once`() async throws {
    try await withFolder { root in
      for name in ["2026-a-X1", "2026-b-X2", "2027-a-X3"] { _ = try folder(root, name, Study()) }
      _ = try folder(root, "2028-none")
      let catalog = RunCatalog(root: root)
      #expect(try catalog.run("2026-a-X1").name == "2026-a-X1")
      #expect(try catalog.run(root + "/2026-b-X2/").name == "2026-b-X2")
      #expect(try catalog.run("2027").name == "2027-a-X3")
      #expect(try catalog.run("X2").name == "2026-b-X2")
      #expect(
        message { _ = try catalog.run("2026") }
          == "'2026' fits 2 runs: 2026-a-X1, 2026-b-X2; give more of the name")
      #expect(message { _ = try catalog.run("zzz") }.contains("2027-a-X3; see eidetic runs list"))
      #expect(message { _ = try catalog.run("") }.contains("fits"))
      #expect(message { _ = try catalog.run(root + "/2028-none") }.contains("no manifest.json"))
      #expect(message { _ = try catalog.run("./x") }.contains("no such folder"))
    }
  }

  @Test func `tags are kept sorted and lose no word between writers`() async throws {
    try await withFolder { root in
      let run = try folder(root, "a", Study())
      #expect(try run.tags().isEmpty)
      DispatchQueue.concurrentPerform(iterations: 16) { index in
        _ = try? run.tag(adding: ["w\(index + 10)"])
      }
      #expect(try run.tags() == (10..<26).map { "w\($0)" })
      #expect(try run.tag(removing: (11..<26).map { "w\($0)" }) == ["w10"])
      try AtomicFile.write("{", to: run.tagsPath)
      #expect(RunSummary(reading: run).state == .broken)
      #expect(message { try run.tag(adding: ["x"]) }.contains("tags.json is damaged"))
    }
  }

  @Test func `only idle run folders are removed`() async throws {
    try await withFolder { root in
      let run = try folder(root, "a", Study())
      let lock = try FileLock.take(run.lockPath)
      #expect(message { try run.remove() }.contains("a process works on it"))
      withExtendedLifetime(lock) {}
      let export = try folder(root, "people")
      try AtomicFile.write("{\"count\": 5}", to: export.manifestPath)
      try AtomicFile.write("x", to: export.path + "/gallery.png")
      #expect(message { try export.remove() }.contains("it holds 'gallery.png'"))
      #expect(message { try folder(root, "empty").remove() }.contains("no run"))
      let damaged = try folder(root, "damaged", Study())
      try AtomicFile.write("{", to: damaged.manifestPath)
      try damaged.remove()
      #expect(!FileManager.default.fileExists(atPath: damaged.path))
      #expect(try FileManager.default.contentsOfDirectory(atPath: root).count == 3)
    }
  }

  // MARK: Comparison

  @Test func `differences are taken person by person where people are the same`() throws {
    let first = try Study().result()
    var study = Study()
    study.recall["image>text"] = 0.9
    let second = try study.result()
    let comparison = try RunComparison([first, second], resamples: 200)
    #expect(comparison.differences.isEmpty && comparison.obstacles == [nil, nil])
    let key = CellKey(metric: "full_name", keys: ["source": "image", "target": "text"])
    let row = try #require(comparison.rows.first { $0.key == key })
    let gap = try #require(row.gaps[1])
    let expected =
      try #require(second.cell(key)).mean - (try #require(first.cell(key))).mean
    #expect(row.gaps[0] == nil && abs(gap.value - expected) < 1e-12 && gap.count == 60)
    #expect(try #require(gap.interval).low > 0)
  }

  @Test func `other people or seeds give no difference`() throws {
    let first = try Study().result()
    let strangers = first.outcomes.map { outcome in
      var other = outcome
      other.truth = outcome.truth.map { $0 + " II" }
      return other
    }
    let second = try ExperimentResult(
      outcomes: strangers, manifest: Study().manifest, resamples: 200,
      stream: RandomStream(seed: 1))
    let comparison = try RunComparison([first, second], resamples: 200)
    #expect(comparison.obstacles == [nil, "other people in the same seeds"])
    #expect(comparison.rows.allSatisfy { $0.gaps[1] == nil })
    let later = first.outcomes.map { outcome in
      var other = outcome
      other.seed += 10
      return other
    }
    let third = try ExperimentResult(
      outcomes: later, manifest: Study().manifest, resamples: 200, stream: RandomStream(seed: 1))
    #expect(try RunComparison([first, third]).obstacles[1] == "no seed in common")
  }

  @Test func `runs that differ in seeds only are pooled`() throws {
    let whole = try Study(metrics: ["full_name"]).result()
    let parts = try (0..<3).map { seed in
      var manifest = Study().manifest
      manifest.seeds = [seed]
      return (
        name: "part \(seed)",
        result: try ExperimentResult(
          outcomes: whole.outcomes.filter { $0.seed == seed }, manifest: manifest,
          resamples: 200, stream: RandomStream(seed: 9)),
        script: "return 1" as String?
      )
    }
    let groups = try RunGroup.groups(parts)
    #expect(groups.map(\.names) == [["part 0", "part 1", "part 2"]])
    let pooled = groups[0].result
    #expect(pooled.seeds == [0, 1, 2] && pooled.isComplete && pooled.outcomes == whole.outcomes)
    #expect(pooled.cells.map(\.betweenSeedDeviation) == whole.cells.map(\.betweenSeedDeviation))
    let other = (name: "other", result: parts[1].result, script: "return 2" as String?)
    #expect(try RunGroup.groups([parts[0], other]).count == 2)
  }
}
