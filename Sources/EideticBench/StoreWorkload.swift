// store: how long lists, filters and comparisons take in a store of ten thousand runs.

import Foundation
import Metrics
import Repro
import RunStore

/// Times `eidetic runs` over runs made here, each with a curve of 1,000 points.
struct StoreWorkload: Workload {
  var name = "store"
  var runs = 10_000
  var points = 1000

  func run(_ options: BenchOptions) throws -> WorkloadResult {
    let program = options.programs + "/eidetic"
    guard FileManager.default.isExecutableFile(atPath: program) else {
      throw BenchError("\(program) is missing: swift build -c release --product eidetic")
    }
    let root = FileManager.default.temporaryDirectory.path + "/eidetic-bench-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: root) }
    let names = try MadeStore(root: root, runs: runs, points: points).make()
    tell("store  \(runs) runs with \(points) points each, every call a process of its own")
    let build = try ProgramCall.seconds(program, ["runs", "index", "--root", root])
    tell("  index from nothing  \(build.text(2)) s")
    let writers = try ProgramCall.seconds(
      atOnce: (0..<16).map { _ in ["runs", "index", "--root", root] }, of: program)
    tell("  16 processes bring it up to date at once  \(writers.text(2)) s")
    let calls: [(String, [String])] = [
      ("list", ["list", "--limit", "20"]), ("list all", ["list"]),
      ("filter", ["list", "--where", "params.views > 5 and recall > 0.9"]),
      ("group", ["list", "--group", "--limit", "20"]),
      ("compare", ["compare", names[0], names[1]]),
    ]
    let rows = try calls.map { what, arguments in
      let call = ["runs"] + arguments + ["--root", root]
      _ = try ProgramCall.seconds(program, call)
      let times = Samples(
        try (0..<max(5, options.rounds)).map { _ in try ProgramCall.seconds(program, call) })
      tell("  \(what.padded(-10))\(times.scaled(by: 1e3).text(digits: 0)) ms")
      return Row(
        name: "\(name) \(what)", ours: times.median * 1e3, peer: nil, ratio: nil, unit: "ms",
        hasPeer: false)
    }
    return WorkloadResult(rows: rows)
  }
}

/// A store of many runs, made fast: results differ in manifest and recall, outcomes are few.
private struct MadeStore {
  let root: String
  let runs: Int, points: Int

  /// - Returns: The names of the runs.
  func make() throws -> [String] {
    let patterns = try (0..<10).map { try pattern(recall: 0.5 + 0.05 * Double($0)) }
    return try (0..<runs).map { index in
      let manifest = manifest(index)
      let name =
        "\(manifest.time.iso8601.filter { !"-:".contains($0) })-study-"
        + String(format: "%08d", index)
      let folder = root + "/" + name
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
      let text = patterns[index % patterns.count]
        .replacing("MANIFEST", with: manifest.json.canonical)
      // Not through AtomicFile, which waits for the disk each time.
      for (file, text) in [
        ("manifest.json", manifest.json.pretty), ("result.json", text),
        ("events.jsonl", "{\"event\":\"start\"}\n{\"event\":\"finish\"}\n"), (".lock", ""),
      ] { try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + file)) }
      return name
    }
  }

  private func manifest(_ index: Int) -> Manifest {
    var manifest = Manifest(
      experiment: "study",
      command: ["eidetic", "run", "study.lua", "--set", "views=\(index % 20)"],
      seeds: [index / 100], dataHash: SHA256.hex("\(index)"),
      versions: ["eidetic": "1.0", "lua": "Lua 5.4.4"], blas: "kernels", threads: 2, host: "lab",
      time: Date(timeIntervalSince1970: 1_769_860_800 + Double(index) * 60),
      parameters: [
        "views": "\(index % 20)", "steps": "\(100 * (index % 5 + 1))", "personas": "100",
        "base": "tiny", "lr": "0.0003",
      ])
    manifest.ending = Manifest.Ending(exitCode: 0, time: manifest.time + 30, seconds: 30)
    return manifest
  }

  /// The text of a result with a place for its manifest.
  private func pattern(recall: Double) throws -> String {
    let outcomes = ["image", "text"].flatMap { source in
      ["image", "text"].flatMap { target in
        ["full_name", "first_name", "last_name"].flatMap { metric in
          (0..<20).map { id in
            Outcome(
              seed: 0, source: source, target: target, metric: metric, persona: id,
              value: Double(id) < recall * 20 ? 1 : 0, answer: "Ada \(id)", truth: "Ada \(id)")
          }
        }
      }
    }
    let curve = Curve(
      stage: "inject", seed: 0, points: (1...points).map { ($0, 3 * exp(-Double($0) / 200)) },
      limit: points)
    let result = try ExperimentResult(
      outcomes: outcomes, manifest: manifest(0), curves: [curve], resamples: 200,
      stream: RandomStream(seed: 0))
    return result.text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      guard line.hasPrefix("  \"manifest\": ") else { return String(line) }
      return "  \"manifest\": MANIFEST" + (line.hasSuffix(",") ? "," : "")
    }.joined(separator: "\n")
  }
}
