// Plans: ids that stay, files that are read strictly.

import Foundation
import Repro
import RunStore
import Sweeps
import Testing

/// A folder that is removed at the end.
final class Place {
  let path = FileManager.default.temporaryDirectory.path + "/sweeps-\(UUID().uuidString)"
  var folder: SweepFolder { SweepFolder(path: path) }
  deinit { try? FileManager.default.removeItem(atPath: path) }
}

func task(_ seed: Int = 0, steps: Int = 1) -> PlannedTask {
  PlannedTask(
    experiment: "My Test", script: "/tmp/x.lua", scriptHash: "ab", seed: seed,
    parameters: ["steps": .integer(steps), "list": [1, 2]], settings: ["steps": "\(steps)"],
    isQuick: false, versions: ["eidetic": "1"])
}

func plan(_ tasks: [PlannedTask]) -> Plan {
  Plan(name: "p", summary: "s", directory: "/tmp", memory: 1 << 20, tasks: tasks)
}

@Suite struct PlanTests {
  @Test func `an id follows from what decides a run and from nothing else`() {
    let first = task()
    #expect(first.id == task().id && first.id.hasPrefix("my-test-"), "\(first.id)")
    // Computed with sha256sum; another value would do every finished task again.
    #expect(first.id == "my-test-bd2fcfb5cf96", "\(first.id)")
    var others: [PlannedTask] = [task(1), task(steps: 2)]
    for change: (inout PlannedTask) -> Void in [
      { $0.scriptHash = "cd" }, { $0.versions["eidetic"] = "2" }, { $0.experiment = "Other" },
      { $0.parameters["more"] = true },
    ] {
      var other = first
      change(&other)
      others.append(other)
    }
    #expect(Set(others.map(\.id) + [first.id]).count == 7)
    // How a parameter came to its value, and where the script lies, decides nothing.
    var same = first
    (same.settings, same.isQuick, same.script) = ([:], true, "/elsewhere.lua")
    #expect(same.id == first.id)
  }

  @Test func `equal tasks are planned once`() {
    let made = plan([task(), task(1), task()])
    #expect(made.tasks == [task(), task(1)] && made.repeats == 1)
  }

  @Test func `a task is a command that one may type`() {
    #expect(
      task(3).command(out: "o")
        == ["run", "/tmp/x.lua", "--seeds", "3,", "--set", "steps=1", "--out", "o"])
  }

  @Test func `a plan is read as it was written, and an equal one is not written again`() throws {
    let place = Place(), made = plan([task(), task(1)])
    try place.folder.write(made)
    #expect(try place.folder.plan() == made)
    let before = try FileManager.default.attributesOfItem(atPath: place.folder.planPath)
    try place.folder.write(made)
    let after = try FileManager.default.attributesOfItem(atPath: place.folder.planPath)
    #expect(before[.systemFileNumber] as? Int == after[.systemFileNumber] as? Int)
    try place.folder.write(plan([task(2)]))
    #expect(try place.folder.plan().tasks == [task(2)])
  }

  @Test func `a folder with other things is left alone`() throws {
    let place = Place()
    try AtomicFile.write("mine", to: place.path + "/notes.txt")
    #expect(throws: SweepError.occupied(place.folder.path)) {
      try place.folder.write(plan([task()]))
    }
    #expect(throws: SweepError.noPlan(place.folder.path)) { try place.folder.plan() }
  }

  @Test(arguments: [
    ("\"seed\":0", "\"seed\":7"), ("\"index\":1", "\"index\":2"),
    ("\"quick\":false", "\"quick\":1"),
    ("{", ""), ("\"steps\":1", "\"steps\":2"), ("\"seed\":0,", ""),
  ])
  func `a line that was changed is refused by its number`(old: String, new: String) throws {
    let place = Place()
    try place.folder.write(plan([task()]))
    let text = try String(contentsOfFile: place.folder.planPath, encoding: .utf8)
    try AtomicFile.write(
      text.replacing(old, with: new, maxReplacements: 1), to: place.folder.planPath)
    let error = #expect(throws: RunStoreError.self) { try place.folder.plan() }
    #expect("\(error.map { "\($0)" } ?? "")".contains("plan.jsonl is damaged"))
  }

  @Test func `a newer format is refused`() throws {
    let place = Place()
    try place.folder.write(plan([task()]))
    let text = try String(contentsOfFile: place.folder.headPath, encoding: .utf8)
    try AtomicFile.write(
      text.replacing("\"format\": 1", with: "\"format\": 2"), to: place.folder.headPath)
    let error = #expect(throws: RunStoreError.self) { try place.folder.plan() }
    #expect("\(error.map { "\($0)" } ?? "")".contains("update eidetic"))
  }
}
