// One run under way: what it has recorded so far, and the files it leaves. After every seed all that
// is known is written, so nothing recorded is lost.

import Foundation
import LuaHost
import Metrics
import Personas
import Reporting
import Repro
import RunStore
import TensorCore

/// Collects the outcomes of an experiment and writes its result.
final class RunRecorder {
  private let workbench: Workbench
  private let run: Run
  private let question: String
  private let claims: [Claim]
  private let events: EventLog
  /// Of two processes one may write to the run; `nil` after the end.
  private var lock: FileLock?
  private var manifest: Manifest
  private var seed = 0
  private var completed: Set<Int> = []
  /// What an earlier process left, as long as nothing is new.
  private var earlier: ExperimentResult?
  private var outcomes: [Outcome] = []
  private var curves: [Curve] = []
  private var notes: [String] = []
  private var chance: [String: Double] = [:]
  private var scales: [String: Scale] = [:]
  private var dataHashes: Set<String> = []
  private var examples = ReportExamples()
  /// Where the trainings of the seed under way are kept.
  private(set) var checkpoint: LuaCheckpoint
  private let start = Date()
  /// How long earlier processes that ended worked on the run.
  private var earlierSeconds = 0.0

  /// Makes the run's folder, or goes on with a run of the same script, parameters and versions.
  ///
  /// - Throws: ``RunStoreError`` or `FileWriteError`, also when the folder holds something else.
  init(
    _ workbench: Workbench, name: String, question: String, parameters: [String: String],
    seeds: [Int], claims: [Claim], folder: String? = nil, script path: String? = nil
  ) throws {
    self.workbench = workbench
    self.question = question
    self.claims = claims
    manifest = Manifest(
      experiment: name, command: workbench.command, seeds: seeds, dataHash: "",
      versions: Workbench.versions, blas: Workbench.products,
      threads: Machine.threadCount, host: ProcessInfo.processInfo.hostName, time: start,
      parameters: parameters)
    let script = try (path ?? workbench.script).map {
      try String(contentsOfFile: $0, encoding: .utf8)
    }
    manifest.directory = FileManager.default.currentDirectoryPath
    manifest.scriptHash = script.map { SHA256.hex($0) }
    // A project that one does not trust is not asked: its settings may start programs.
    let git = workbench.confinement == nil ? GitState.read(of: workbench.projectFolder) : nil
    manifest.git = git?.state
    var isEarlier = false
    if let folder = folder ?? workbench.outFolder {
      (run, isEarlier) = try RunStore.open(at: folder, manifest, script: script)
    } else {
      run = try RunStore(root: workbench.runsFolder).create(manifest, script: script)
    }
    guard let lock = try FileLock.take(run.path + "/.lock") else {
      throw RunStoreError.cannotCreate(path: run.path, reason: "another process works on this run")
    }
    self.lock = lock
    checkpoint = LuaCheckpoint(run.checkpointsPath + "/none")
    events = try run.openEvents()
    if isEarlier { try restore() }
    try keepCircumstances(git?.patch, isEarlier: isEarlier)
    try log(["event": "start"])
    workbench.recorder = self
  }

  /// Patches above this size are told by their hash alone.
  private static let patchLimit = 1 << 20

  /// The changes of the user's project stand beside the manifest; an earlier ending is over.
  private func keepCircumstances(_ patch: Data?, isEarlier: Bool) throws {
    if let patch, patch.count <= Self.patchLimit { try AtomicFile.write(patch, to: run.patchPath) }
    guard isEarlier else { return }
    var kept = try run.manifest()
    manifest.time = kept.time
    earlierSeconds = kept.ending?.seconds ?? 0
    if kept.ending != nil {
      kept.ending = nil
      try kept.write(to: run.manifestPath)
    }
  }

  /// Writes into `manifest.json` how this process ended, and lets go of the run.
  private func end(exitCode: Int32) throws {
    var kept = try run.manifest()
    kept.ending = Manifest.Ending(
      exitCode: Int(exitCode), time: Date(),
      seconds: earlierSeconds + Date().timeIntervalSince(start))
    try kept.write(to: run.manifestPath)
    lock = nil
  }

  /// Takes over the seeds that an earlier process completed; of others nothing is kept.
  private func restore() throws {
    guard FileManager.default.fileExists(atPath: run.eventsPath) else { return }
    var done: Set<Int> = []
    let events = try run.events().events
    for event in events {
      if event["event"] == "seed done", case .integer(let seed)? = event["seed"] {
        done.insert(seed)
      }
      if event["event"] == "data", case .string(let hash)? = event["hash"] {
        dataHashes.insert(hash)
      }
    }
    guard !done.isEmpty, FileManager.default.fileExists(atPath: run.resultPath) else { return }
    let result = try run.result()
    completed = done.intersection(result.seeds)
    outcomes = result.outcomes.filter { completed.contains($0.seed) }
    curves = result.curves.filter { completed.contains($0.seed) }
    notes = notesOfDoneSeeds(events) ?? result.notes
    for seed in completed { place(of: seed).remove() }
    for cell in result.cells where cell.scale != .binary { chance[cell.key.metric] = cell.chance }
    scales = result.fixedScales
    earlier = result
    manifest.seeds = Array(Set(manifest.seeds).union(completed)).sorted()
    if !completed.isEmpty {
      let list = completed.sorted().map(String.init).joined(separator: ", ")
      workbench.listener.message("going on: done before: seed \(list)")
    }
  }

  /// A seed that was stopped will make its remarks again. `nil` for a log of an older version.
  private func notesOfDoneSeeds(_ events: [JSON]) -> [String]? {
    var (kept, ofSeed): ([String], [String]) = ([], [])
    for event in events {
      switch event["event"] {
      case "seed": ofSeed = []
      case "note": if case .string(let text)? = event["text"] { ofSeed.append(text) }
      case "seed done": (kept, ofSeed) = (kept + ofSeed, [])
      default: break
      }
    }
    return events.contains { $0["event"] == "note" } ? kept : nil
  }

  /// The run's folder.
  var path: String { run.path }

  /// Starts a seed.
  ///
  /// - Returns: Whether it is still to be done.
  func begin(seed: Int) throws -> Bool {
    guard !completed.contains(seed) else { return false }
    self.seed = seed
    earlier = nil
    checkpoint = place(of: seed)
    checkpoint.removeDrafts()
    try log(["event": "seed"])
    return true
  }

  /// Ends a seed: its outcomes are written.
  func completeSeed() throws {
    completed.insert(seed)
    try save()
    try log(["event": "seed done"])
    checkpoint.remove()
  }

  private func place(of seed: Int) -> LuaCheckpoint {
    LuaCheckpoint("\(run.checkpointsPath)/seed-\(seed)")
  }

  /// Adds data to what the result's data hash covers.
  func add(dataHash: String) throws {
    if dataHashes.insert(dataHash).inserted {
      try log(["event": "data", "hash": .string(dataHash)])
    }
  }

  /// Adds a remark.
  func add(note: String) throws {
    notes.append(note)
    try log(["event": "note", "text": .string(note)])
  }

  /// Keeps a chart of the seed under way; the report shows it.
  func add(_ chart: Chart, name: String) throws {
    try run.keep(chart, name: name, seed: seed)
    try log(["event": "chart", "name": .string(name)])
  }

  /// Adds the losses of a stage, one per step, and how long it took.
  func add(stage: String, losses: [Double], seconds: Double?) throws {
    curves.append(
      Curve(
        stage: stage, seed: seed, points: losses.enumerated().map { ($0.offset + 1, $0.element) }))
    try log([
      "event": "stage", "stage": .string(stage), "steps": .integer(losses.count),
      "loss": losses.last.map { .number($0) } ?? .null,
      "took": seconds.map { .number($0) } ?? .null,
    ])
  }

  /// Scores answers that are names: full, first and last name apart.
  func add(names answers: [String], _ items: [Item], keys: [String: String], group: Group) throws {
    try check(count: answers.count, items)
    for (item, answer) in zip(items, answers) {
      let match = NameMatch(answer: answer, truth: item.answer)
      let words = item.answer.split(separator: " ").map(String.init)
      for (metric, isRight, truth) in [
        ("full_name", match.full, item.answer), ("first_name", match.first, words.first ?? ""),
        ("last_name", match.last, words.last ?? ""),
      ] {
        add(metric, keys, group, item, isRight ? 1 : 0, answer: answer, truth: truth)
      }
    }
    if group == .member { examples.add(items, answers, keys: keys, seed: seed) }
    try logCell("full_name", keys, group)
  }

  /// Adds one number per item.
  func add(
    _ metric: String, values: [Double], _ items: [Item], keys: [String: String], group: Group,
    chance level: Double?, scale: Scale?
  ) throws {
    try check(count: values.count, items)
    try state(scale, of: metric, values)
    if let level { chance[metric] = level }
    for (item, value) in zip(items, values) {
      add(metric, keys, group, item, value, answer: nil, truth: nil)
    }
    try logCell(metric, keys, group)
  }

  /// Remembers the scale of a metric. What does not lie on it is refused here, where the script can
  /// still be told the line.
  private func state(_ stated: Scale?, of metric: String, _ values: [Double]) throws {
    guard let scale = stated ?? scales[metric] else { return }
    if let before = scales[metric], before != scale {
      throw LuaError(
        "record: '\(metric)' is of scale '\(before.rawValue)' in this run, not '\(scale.rawValue)'; "
          + "a metric has one scale", kind: .argument)
    }
    if let odd = values.first(where: { !scale.admits($0) }) {
      throw LuaError(
        "record: expected values of '\(metric)' \(scale.expectation), got \(odd.luaText)",
        kind: .argument)
    }
    scales[metric] = scale
  }

  private func check(count: Int, _ items: [Item]) throws {
    guard count == items.count else {
      throw LuaError("record: \(items.count) items but \(count) outcomes", kind: .argument)
    }
    guard !items.contains(where: { $0.person == nil }) else {
      throw LuaError("record: outcomes are kept per person; strangers have none", kind: .argument)
    }
  }

  private func add(
    _ metric: String, _ keys: [String: String], _ group: Group, _ item: Item, _ value: Double,
    answer: String?, truth: String?
  ) {
    outcomes.append(
      Outcome(
        seed: seed, cell: CellKey(metric: metric, keys: keys, group: group),
        persona: item.person ?? 0, value: value, answer: answer, truth: truth))
  }

  private func logCell(_ metric: String, _ keys: [String: String], _ group: Group) throws {
    let cell = CellKey(metric: metric, keys: keys, group: group)
    let values = outcomes.lazy.filter { $0.seed == self.seed && $0.cell == cell }.map(\.value)
    try log([
      "event": "cell", "metric": .string(metric), "keys": .object(keys.mapValues { .string($0) }),
      "group": .string(group.description), "n": .integer(values.count),
      "mean": .number(values.reduce(0, +) / Double(max(values.count, 1))),
    ])
  }

  private func log(_ event: [String: JSON]) throws {
    var line = event
    line["seed"] = .integer(seed)
    line["seconds"] = .number((Date().timeIntervalSince(start) * 1000).rounded() / 1000)
    try events.append(.object(line))
  }

  // MARK: Files

  /// Writes `result.json` with everything recorded so far.
  @discardableResult
  func save(isFinished: Bool = false) throws -> ExperimentResult {
    manifest.dataHash = SHA256.hex(dataHashes.sorted().joined(separator: "\n"))
    let result = try ExperimentResult(
      outcomes: outcomes, manifest: manifest, question: question, chance: chance, scales: scales,
      claims: claims, curves: curves, notes: notes, isFinished: isFinished,
      stream: RandomStream(seed: 0).fork("intervals"))
    try run.write(result)
    try events.flush()
    return result
  }

  /// Writes result and report.
  ///
  /// - Returns: The table and where the files are, for the user.
  func finish() throws -> String {
    // A process may have been killed after its last result and before its report.
    if let earlier, earlier.isComplete, FileManager.default.fileExists(atPath: run.reportPath) {
      try? FileManager.default.removeItem(atPath: run.checkpointsPath)
      try end(exitCode: 0)
      return summary(earlier)
    }
    let result = try save(isFinished: true)
    try run.writeReport(Report(result, of: run, gallery: examples.gallery()).html())
    try log(["event": "finish"])
    try? FileManager.default.removeItem(atPath: run.checkpointsPath)
    try end(exitCode: 0)
    return summary(result)
  }

  private func summary(_ result: ExperimentResult) -> String {
    "\(result.table())\n\(result.finding)\n\n"
      + result.notes.map { $0 + "\n" }.joined() + (result.notes.isEmpty ? "" : "\n")
      + "result  \(run.resultPath)\nreport  \(run.reportPath)"
  }

  /// Writes what an experiment that failed has recorded, its unfinished seed included.
  ///
  /// - Returns: Where, or `nil` when nothing was recorded.
  func saveUnfinished(failure: String?, exitCode: Int32) throws -> String? {
    if let failure { try log(["event": "failed", "message": .string(failure)]) }
    if !outcomes.isEmpty { try save() }
    try end(exitCode: exitCode)
    return outcomes.isEmpty ? nil : run.resultPath
  }
}
