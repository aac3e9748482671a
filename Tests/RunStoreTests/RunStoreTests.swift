// Run folders and event logs: whole, unique and ordered, whoever else is writing.

import Foundation
import Repro
import RunStore
import Testing

@Suite struct RunStoreTests {
  private func store(_ folder: String, _ seconds: Double = 1_769_860_800) -> RunStore {
    RunStore(root: folder + "/runs") { Date(timeIntervalSince1970: seconds) }
  }

  @Test func `the comment at a script's top may change, the script may not`() async throws {
    try await withFolder { folder in
      let path = folder + "/named"
      let scripts = [
        "-- Measured: nothing yet.\n\nreturn 1\n", "-- Measured: 0.3.\n-- More.\nreturn 1\n",
        "return 1\n",
      ]
      let opened = try scripts.map {
        try RunStore.open(at: path, Study().manifest, script: $0).isEarlier
      }
      #expect(opened == [false, true, true])
      for other in ["return 2\n", "return 1 -- one\n", "--[[ return 1\n]] return 1\n", ""] {
        #expect(throws: RunStoreError.self, "\(other)") {
          try RunStore.open(at: path, Study().manifest, script: other)
        }
      }
    }
  }

  @Test func `a run has its manifest and script before anything else`() async throws {
    try await withFolder { folder in
      let run = try store(folder).create(Study().manifest, script: "return 1\n")
      #expect(run.name.hasPrefix("20260131T120000Z-cross-modal-"))
      #expect(run.name.count == "20260131T120000Z-cross-modal-".count + 8)
      #expect(try run.manifest() == Study().manifest)
      #expect(try String(contentsOfFile: run.scriptPath, encoding: .utf8) == "return 1\n")
      #expect(!FileManager.default.fileExists(atPath: run.resultPath))
      let result = try Study(seeds: 1).result()
      try run.write(result)
      #expect(try run.result() == result)
      try run.writeReport("<p>")
      #expect(FileManager.default.fileExists(atPath: run.reportPath))
    }
  }

  @Test func `names sort by time and stay inside the store`() async throws {
    try await withFolder { folder in
      var manifest = Study().manifest
      manifest.experiment = "../../Etc/Pass wd \u{1F600}"
      let names = try [30.0, 10, 20].map {
        try store(folder, 1_769_860_800 + $0).create(manifest).name
      }
      #expect(names[0].hasPrefix("20260131T120030Z-etc-pass-wd-"))
      #expect(try store(folder).runs().map(\.name) == [names[1], names[2], names[0]])
      manifest.experiment = "💥"
      #expect(try store(folder).create(manifest).name.contains("-run-"))
    }
  }

  @Test func `a name that is taken leads to another one`() async throws {
    try await withFolder { folder in
      var first = RandomStream(seed: 1)
      var same = RandomStream(seed: 1)
      let store = store(folder)
      let a = try store.create(Study().manifest, script: nil, using: &first)
      let b = try store.create(Study().manifest, script: nil, using: &same)
      #expect(a.name != b.name)
      #expect(try store.runs().count == 2)
    }
  }

  @Test func `many creators at once get a folder each`() async throws {
    try await withFolder { folder in
      let store = store(folder)
      let names = try await withThrowingTaskGroup(of: String.self) { group in
        for worker in 0..<8 {
          group.addTask {
            // Equal streams, so that all want the same names.
            var generator = RandomStream(seed: UInt64(worker % 2))
            return try (0..<10).map { _ in
              try store.create(Study().manifest, script: nil, using: &generator).name
            }.joined(separator: " ")
          }
        }
        return try await group.reduce(into: []) { $0 += $1.split(separator: " ").map(String.init) }
      }
      #expect(Set(names).count == 80)
      #expect(try store.runs().allSatisfy { try $0.manifest() == Study().manifest })
    }
  }

  @Test func `a run is found by a part of its name`() async throws {
    try await withFolder { folder in
      let store = store(folder)
      let run = try store.create(Study().manifest)
      #expect(try RunCatalog(root: store.root).run(String(run.name.suffix(8))) == run)
      _ = try store.create(Study().manifest)
      let catalog = RunCatalog(root: store.root)
      #expect(message { _ = try catalog.run("cross") }.contains("'cross' fits 2 runs: "))
      #expect(message { _ = try catalog.run("?") }.contains("is called '?'"))
      #expect(try RunStore(root: folder + "/none").runs().isEmpty)
      try FileManager.default.createDirectory(
        atPath: store.root + "/not a run", withIntermediateDirectories: true)
      #expect(try store.runs().count == 2)
    }
  }

  @Test func `a store below a file cannot be made, and says so`() async throws {
    try await withFolder { folder in
      try AtomicFile.write("x", to: folder + "/runs")
      let text = message { _ = try store(folder).create(Study().manifest) }
      #expect(text.hasPrefix("cannot create \(folder)/runs: "), "\(text)")
    }
  }

  @Test func `events come back in order; a cut last line is set aside and not glued to`()
    async throws
  {
    try await withFolder { folder in
      let path = folder + "/events.jsonl"
      let log = try EventLog(path: path)
      for step in 0..<3 { try log.append(["step": .integer(step), "note": "a\nb"]) }
      try log.flush()
      #expect(try EventLog.read(path).events.count == 3)
      #expect(try EventLog.read(path).cutLines == [])
      let whole = try Data(contentsOf: URL(fileURLWithPath: path))
      for length in whole.indices {
        try whole[..<length].write(to: URL(fileURLWithPath: path))
        let lines = whole[..<length].count { $0 == UInt8(ascii: "\n") }
        let cut = try EventLog.read(path)
        #expect(cut.events.count == lines)
        let isInside = length > 0 && whole[length - 1] != UInt8(ascii: "\n")
        #expect(cut.cutLines == (isInside ? [lines + 1] : []))
        try EventLog(path: path).append(["event": "resumed"])
        let resumed = try EventLog.read(path)
        #expect(resumed.events.last == ["event": "resumed"])
        // A line cut just before its newline is whole again.
        let isWhole = isInside && whole[length] == UInt8(ascii: "\n")
        #expect(resumed.events.count == lines + 1 + (isWhole ? 1 : 0))
        #expect(resumed.cutLines == (isInside && !isWhole ? [lines + 1] : []))
      }
    }
  }

  @Test func `a training's time is the last that its log gives; a run without a log has none`()
    async throws
  {
    try await withFolder { folder in
      let run = Run(path: folder)
      #expect(run.trainingTimes().isEmpty)
      let log = try run.openEvents()
      for (stage, seed, took) in [
        ("a", 0, JSON.number(3)), ("b", 0, .null), ("a", 0, .integer(4)), ("a", 1, .number(5.5)),
        ("a", 2, .string("long")),
      ] {
        try log.append([
          "event": "stage", "stage": .string(stage), "seed": .integer(seed), "took": took,
        ])
      }
      try log.append(["event": "step", "stage": "a", "seed": 3, "took": 1])
      #expect(
        run.trainingTimes() == [
          TrainingTime(stage: "a", seed: 0, seconds: 4),
          TrainingTime(stage: "a", seed: 1, seconds: 5.5),
        ])
    }
  }

  @Test func `several writers do not mix their lines`() async throws {
    try await withFolder { folder in
      let path = folder + "/events.jsonl"
      try await withThrowingTaskGroup(of: Void.self) { group in
        for writer in 0..<4 {
          group.addTask {
            let log = try EventLog(path: path)
            for step in 0..<50 {
              try log.append(["writer": .integer(writer), "step": .integer(step)])
            }
          }
        }
        try await group.waitForAll()
      }
      let contents = try EventLog.read(path)
      #expect(contents.events.count == 200 && contents.cutLines.isEmpty)
    }
    #expect(
      message { _ = try EventLog(path: "/nowhere/events.jsonl") }
        == "cannot append to /nowhere/events.jsonl: No such file or directory; "
        + "earlier events are kept")
  }

  @Test func `the command can be pasted into a shell`() {
    #expect(Study().manifest.commandLine == #"eidetic run 'it'\''s.lua' --seeds 3"#)
  }
}
