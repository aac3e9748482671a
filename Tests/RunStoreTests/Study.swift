// A made-up study with the shape of the real one, small enough to compute in milliseconds.

import Foundation
import Metrics
import Repro
import RunStore

/// Builds outcomes, manifest and result of a cross-modal study.
struct Study {
  var seeds = 3
  var planned = 3
  var personas = 20
  var controls = 10
  /// Mean recall by `source>target`.
  var recall = ["image>image": 0.95, "image>text": 0.3, "text>image": 0.02, "text>text": 1.0]
  var metrics = ["full_name", "rank"]

  var manifest: Manifest {
    Manifest(
      experiment: "cross-modal", command: ["eidetic", "run", "it's.lua", "--seeds", "3"],
      seeds: Array(0..<planned), dataHash: "abc123", versions: ["eidetic": "0.1", "swift": "6.3"],
      blas: "OpenBLAS 0.3.21 Zen", threads: 2, host: "lab",
      time: Date(timeIntervalSince1970: 1_769_860_800.25), parameters: ["personas": "20"])
  }

  var outcomes: [Outcome] {
    let root = RandomStream(seed: 5)
    return (0..<seeds).flatMap { seed in
      recall.sorted { $0.key < $1.key }.flatMap { cell, mean in
        let ends = cell.split(separator: ">").map(String.init)
        var draws = root.fork("\(seed) \(cell)")
        return (0..<personas + controls).flatMap { id in
          let isMember = id < personas
          let isRight = isMember && draws.chance(mean)
          let truth = "Person \(seed) \(id)"
          return metrics.map { metric in
            Outcome(
              seed: seed, source: ends[0], target: ends[1], metric: metric, persona: id,
              group: isMember ? .member : .control,
              value: metric == "rank"
                ? (isRight ? 1 : Double(2 + draws.int(below: 99))) : isRight ? 1 : 0,
              answer: metric == "rank" ? nil : isRight ? truth : "Nobody <\(id)>", truth: truth)
          }
        }
      }
    }
  }

  func result(resamples: Int = 200) throws -> ExperimentResult {
    let curve = Curve(
      stage: "inject image", seed: 0,
      points: (1...1000).map { (step: $0, value: 3 * exp(-Double($0) / 200)) })
    return try ExperimentResult(
      outcomes: outcomes, manifest: manifest, question: "Does it transfer?",
      chance: ["rank": 50.5], curves: [curve], notes: ["a note"], resamples: resamples,
      stream: RandomStream(seed: 9))
  }
}

/// A folder that is removed at the end.
func withFolder<T>(_ body: (String) async throws -> T) async throws -> T {
  let path = NSTemporaryDirectory() + "/eidetic-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: path) }
  return try await body(path)
}

/// The text of what `body` throws.
func message(_ body: () throws -> Void) -> String {
  do { try body() } catch { return "\(error)" }
  return "no error"
}
