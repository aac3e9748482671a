// A run as MLflow's file store keeps it: a folder per experiment and run, a file per metric,
// parameter and tag (mlflow/store/tracking/file_store.py). MLflow's own database has dozens of
// tables that change with its version; `mlflow migrate-filestore` fills it from these files.

import Foundation
import Metrics
import Repro
import RunStore

/// Writes a run, and a run nested in it per seed.
///
/// The run has parameters, tags, artifacts and the means of cells with their intervals; the runs of
/// its seeds have the curves and the seeds' means.
public struct MLflowExport {
  private let run: ExportedRun
  private let root: String

  /// An export into a folder that `mlflow` takes as `--backend-store-uri`.
  public init(_ run: ExportedRun, to folder: String) {
    self.run = run
    root = URL(fileURLWithPath: folder).standardizedFileURL.path
  }

  /// Writes, replacing an earlier export of the run.
  ///
  /// - Returns: The run's folder.
  /// - Throws: `FileWriteError`.
  public func write() throws -> String {
    let experiment = try experimentID()
    let whole = Self.identifier("run", run.run.name)
    let folder = "\(root)/\(experiment)/\(whole)"
    for id in [whole] + run.result.seeds.map({ Self.identifier("seed \($0)", run.run.name) }) {
      try? FileManager.default.removeItem(atPath: "\(root)/\(experiment)/\(id)")
    }
    try writeRun(whole, named: run.run.name, in: experiment, metrics: cells, tags: tags)
    for file in ["result.json", "report.html", "script.lua", "manifest.json", "changes.patch"] {
      guard let bytes = FileManager.default.contents(atPath: run.run.path + "/" + file) else {
        continue
      }
      try AtomicFile.write(bytes, to: "\(folder)/artifacts/\(file)")
    }
    for seed in run.result.seeds {
      try writeRun(
        Self.identifier("seed \(seed)", run.run.name), named: "\(run.run.name) seed \(seed)",
        in: experiment, metrics: metrics(of: seed),
        tags: tags.merging(["mlflow.parentRunId": whole]) { $1 },
        parameters: ["seed": "\(seed)"])
    }
    return folder
  }

  // MARK: What is written

  private struct Point {
    let step: Int
    let value: Double
  }

  private var cells: [String: [Point]] {
    var found: [String: [Point]] = [:]
    for cell in run.result.cells {
      let tag = ExportedRun.tag(cell.key)
      found[tag] = [Point(step: 0, value: cell.mean)]
      if let interval = cell.interval {
        found[tag + " low"] = [Point(step: 0, value: interval.low)]
        found[tag + " high"] = [Point(step: 0, value: interval.high)]
      }
    }
    return found
  }

  private func metrics(of seed: Int) -> [String: [Point]] {
    var found: [String: [Point]] = [:]
    for cell in run.result.cells {
      for mean in cell.seedMeans where mean.seed == seed {
        found[ExportedRun.tag(cell.key)] = [Point(step: 0, value: mean.mean)]
      }
    }
    for curve in run.result.curves where curve.seed == seed {
      found["\(curve.quantity)/\(curve.stage)"] = zip(curve.steps, curve.values).map {
        Point(step: $0, value: $1)
      }
    }
    return found
  }

  private var tags: [String: String] {
    let manifest = run.manifest
    var found = [
      "mlflow.source.type": "LOCAL", "mlflow.source.name": manifest.commandLine,
      "mlflow.note.content": run.result.finding, "eidetic.data_hash": manifest.dataHash,
      "eidetic.host": manifest.host, "eidetic.blas": manifest.blas,
    ]
    for (name, version) in manifest.versions { found["eidetic.version.\(name)"] = version }
    for tag in (try? run.run.tags()) ?? [] { found["tag.\(tag)"] = "true" }
    if let git = manifest.git {
      found["mlflow.source.git.commit"] = git.commit
      found["mlflow.source.git.branch"] = git.branch
      found["eidetic.git"] = git.summary
    }
    return found
  }

  // MARK: Files

  private func writeRun(
    _ id: String, named name: String, in experiment: String, metrics: [String: [Point]],
    tags: [String: String], parameters own: [String: String] = [:]
  ) throws {
    let folder = "\(root)/\(experiment)/\(id)"
    let manifest = run.manifest
    let start = Self.milliseconds(manifest.time)
    let end = manifest.ending.map { Self.milliseconds($0.time) } ?? start
    try writeYAML(
      [
        "artifact_uri": URL(fileURLWithPath: folder + "/artifacts").absoluteString,
        "entry_point_name": "", "experiment_id": experiment, "lifecycle_stage": "active",
        "run_id": id, "run_name": name, "run_uuid": id, "source_name": "", "source_version": "",
        "user_id": "",
      ], numbers: ["end_time": end, "source_type": 4, "start_time": start, "status": status],
      to: folder + "/meta.yaml")
    for (name, points) in metrics {
      let lines = points.map { "\(start) \($0.value) \($0.step)\n" }.joined()
      try AtomicFile.write(lines, to: "\(folder)/metrics/\(Self.safe(name))")
    }
    for (name, text) in manifest.parameters.merging(own, uniquingKeysWith: { $1 }) {
      try AtomicFile.write(String(text.prefix(6000)), to: "\(folder)/params/\(Self.safe(name))")
    }
    for (name, text) in tags.merging(["mlflow.runName": name], uniquingKeysWith: { $1 }) {
      try AtomicFile.write(text, to: "\(folder)/tags/\(Self.safe(name))")
    }
    try? FileManager.default.createDirectory(
      atPath: folder + "/artifacts", withIntermediateDirectories: true)
  }

  /// FINISHED, FAILED or KILLED of MLflow's `RunStatus`.
  private var status: Int {
    if run.result.isComplete { return 3 }
    return run.manifest.ending?.state == .failed ? 4 : 5
  }

  /// The experiment of this name that the folder has, or a new one.
  private func experimentID() throws -> String {
    let name = run.manifest.experiment
    let line = "name: \(Self.quoted(name))"
    for entry in (try? FileManager.default.contentsOfDirectory(atPath: root))?.sorted() ?? [] {
      let meta = try? String(contentsOfFile: "\(root)/\(entry)/meta.yaml", encoding: .utf8)
      // MLflow itself writes plain names without quotes.
      let lines = meta?.split(separator: "\n").map(String.init) ?? []
      if lines.contains(line) || lines.contains("name: \(name)") { return entry }
    }
    // Of digits alone, as MLflow makes them; its own are random.
    let id = Self.identifier("experiment", name).utf8.prefix(18).map { "\($0 % 10)" }.joined()
    let time = Self.milliseconds(run.manifest.time)
    try writeYAML(
      [
        "artifact_location": URL(fileURLWithPath: "\(root)/\(id)").absoluteString,
        "experiment_id": id, "lifecycle_stage": "active", "name": name,
      ], numbers: ["creation_time": time, "last_update_time": time],
      to: "\(root)/\(id)/meta.yaml")
    return id
  }

  private func writeYAML(_ texts: [String: String], numbers: [String: Int], to path: String) throws
  {
    let members = texts.mapValues(Self.quoted).merging(numbers.mapValues { "\($0)" }) { $1 }
    let lines = members.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)\n" }
    try AtomicFile.write(lines.joined(), to: path)
  }

  /// YAML's double-quoted style takes JSON's strings.
  private static func quoted(_ text: String) -> String { JSON.string(text).canonical }

  private static func milliseconds(_ time: Date) -> Int { Int(time.timeIntervalSince1970 * 1000) }

  /// 32 hexadecimal digits, the same at every export.
  private static func identifier(_ kind: String, _ name: String) -> String {
    String(SHA256.hex("\(kind)\n\(name)").prefix(32))
  }

  /// MLflow takes letters, digits, `_-. :/`; a name is a path below the kind's folder.
  private static func safe(_ name: String) -> String {
    let text = String(
      name.map { character in
        let isPlain = character.isASCII && (character.isLetter || character.isNumber)
        return isPlain || "_-. :/".contains(character) ? character : "_"
      })
    return text.split(separator: "/").map { $0.allSatisfy { $0 == "." } ? "_" : String($0) }
      .joined(separator: "/")
  }
}
