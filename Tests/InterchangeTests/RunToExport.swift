// A small run with everything that exports take.

import Foundation
import Interchange
import Metrics
import Repro
import RunStore

struct RunToExport: Sendable {
  let run: Run

  /// One grey pixel.
  static let png = Array(
    Data(
      base64Encoded: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNoaGgAAAMEAYFL09Ia"
        + "AAAAAElFTkSuQmCC") ?? Data())

  func exported() throws -> ExportedRun {
    try ExportedRun(run, pictures: [.init(seed: 0, persona: 3, png: Self.png)])
  }

  init(at path: String) throws {
    run = Run(path: path)
    var manifest = Manifest(
      experiment: "cross-modal: names", command: ["eidetic", "run", "s.lua"], seeds: [0, 1],
      dataHash: "d", versions: ["eidetic": "1"], blas: "b", threads: 2, host: "lab",
      time: Date(timeIntervalSince1970: 1_769_860_800),
      parameters: ["views": "8", "base": "tiny", "fast": "true"])
    manifest.git = GitState(
      commit: "c0ffee", branch: "main", changedFiles: 0, untrackedFiles: 0, patchHash: nil)
    var draws = RandomStream(seed: 1)
    let outcomes = (0..<2).flatMap { seed in
      (0..<20).flatMap { id in
        let isRight = draws.chance(0.6)
        return [("full_name", isRight ? 1.0 : 0), ("rank", isRight ? 1 : Double(2 + id))].map {
          Outcome(
            seed: seed, source: "image", target: "text", metric: $0.0, persona: id, value: $0.1,
            answer: nil, truth: "Person \(id)")
        }
      }
    }
    let curves = (0..<2).map { seed in
      Curve(stage: "inject", seed: seed, points: [(1, 2), (2, 1.5), (3, 0.25)])
    }
    try AtomicFile.write("return 1\n", to: run.scriptPath)
    try run.write(
      ExperimentResult(
        outcomes: outcomes, manifest: manifest, curves: curves, resamples: 100,
        stream: RandomStream(seed: 0)))
    manifest.ending = Manifest.Ending(exitCode: 0, time: manifest.time + 30, seconds: 30)
    try AtomicFile.write(manifest.json.pretty, to: run.manifestPath)
    try run.tag(adding: ["final"])
  }
}

/// A run and a folder for exports, removed at the end.
func withExportedRun(_ body: (RunToExport, String) async throws -> Void) async throws {
  let folder = FileManager.default.temporaryDirectory.path + "/eidetic-\(UUID().uuidString)"
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try await body(RunToExport(at: folder + "/runs/run-A"), folder)
}
