// A store as experiments leave it: whole, running, failed and broken runs, and people of the base's
// generator.

import Dashboard
import Foundation
import Metrics
import Personas
import Pictures
import Reporting
import Repro
import RunStore
import Testing

/// A folder of runs that is removed at the end.
final class SampleStore: Sendable {
  let root: String

  init() throws {
    root = FileManager.default.temporaryDirectory.path + "/dashboard-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  func run(_ name: String) -> Run { Run(path: root + "/" + name) }

  func site(
    _ filter: @escaping Site.Filter = { _, runs in runs }
  ) -> Site { Site(store: Store(root: root), filter: filter) }

  static func manifest(
    _ experiment: String = "cross-modal", seeds: Int = 2, views: Int = 20, lr: String = "0.001"
  ) -> Manifest {
    Manifest(
      experiment: experiment, command: ["eidetic", "run", "study.lua", "--seeds", "\(seeds)"],
      seeds: Array(0..<seeds), dataHash: "abc123", versions: ["eidetic": "0.2"], blas: "kernels",
      threads: 2, host: "lab", time: Date(timeIntervalSince1970: 1_769_860_800),
      parameters: ["views": "\(views)", "lr": lr])
  }

  /// The people that an experiment takes from the base of a seed.
  static func people(seed: Int, count: Int) throws -> Population {
    let stream = RandomStream(seed: UInt64(seed)).fork("base").fork("people")
    return try Population(count: 300, stream: stream, reserve: 4000).following(count)
  }

  static func outcomes(seeds: Int, people count: Int = 6, right: Double = 0.5) throws -> [Outcome] {
    try (0..<seeds).flatMap { seed in
      try people(seed: seed, count: count).enumerated().flatMap { index, person in
        ["image", "text"].flatMap { target in
          let isRight = Double(index) < right * Double(count) || target == "image"
          return [("full_name", person.name), ("last_name", person.lastName)].map { metric, truth in
            Outcome(
              seed: seed, source: "image", target: target, metric: metric, persona: person.id,
              value: isRight ? 1 : 0, answer: isRight ? person.name : "Nobody Else", truth: truth)
          }
        }
      }
    }
  }

  static func result(
    _ manifest: Manifest = manifest(), seeds: Int = 2, right: Double = 0.5,
    question: String = "Why?"
  ) throws -> ExperimentResult {
    try ExperimentResult(
      outcomes: outcomes(seeds: seeds, right: right), manifest: manifest, question: question,
      curves: (0..<seeds).map { seed in
        Curve(
          stage: "names from image", seed: seed,
          points: (1...40).map { ($0, 3 / Double($0 + seed)) })
      },
      resamples: 100, stream: RandomStream(seed: 0))
  }

  @discardableResult
  func add(
    _ name: String, _ manifest: Manifest = manifest(), seeds: Int = 2, right: Double = 0.5
  ) throws -> Run {
    let run = run(name)
    try AtomicFile.write(manifest.json.pretty, to: run.manifestPath)
    try AtomicFile.write("-- the script of \(name)\nreturn 1\n", to: run.scriptPath)
    let log = try run.openEvents()
    try log.append(["event": "start", "seed": 0, "seconds": 0.01])
    if seeds > 0 {
      try run.write(try Self.result(manifest, seeds: seeds, right: right))
      try log.append(["event": "finish", "seed": 1, "seconds": 61.5])
    }
    return run
  }

  /// A run that this process seems to work on, for as long as the lock lives.
  func addRunning(_ name: String) throws -> (run: Run, log: EventLog, lock: FileLock) {
    let run = try add(name, seeds: 0)
    let lock = try #require(try FileLock.take(run.lockPath))
    return (run, try run.openEvents(), lock)
  }
}

extension EventLog {
  func step(_ step: Int, of steps: Int = 100, loss: Double, seed: Int = 0) throws {
    try append([
      "event": "step", "stage": "names from image", "seed": .integer(seed), "step": .integer(step),
      "steps": .integer(steps), "loss": .number(loss), "time": .number(Double(step) / 10),
    ])
  }
}

extension Site {
  /// The answer to `GET path?query`.
  func get(_ address: String, headers: [String: String] = [:]) async throws -> Response {
    let head = "GET \(address) HTTP/1.1\r\nHost: localhost\r\n\r\n"
    return await response(to: try RequestHead.parse(Array(head.utf8)))
  }

  func text(_ address: String) async throws -> String {
    try await get(address).text
  }
}

extension Response {
  var text: String {
    switch body {
    case .bytes(let data): String(decoding: data, as: UTF8.self)
    case .file(let file): file.text() ?? ""
    case .live: ""
    }
  }
}
