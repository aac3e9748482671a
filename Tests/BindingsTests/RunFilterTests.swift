// Conditions on runs: what they may say, and what they may not reach.

import Bindings
import Foundation
import Metrics
import Repro
import RunStore
import Testing

@Suite struct RunFilterTests {
  /// Three runs: views 2 and 8 with a result, and one without the parameter.
  private static func runs() throws -> [RunSummary] {
    let root = FileManager.default.temporaryDirectory.path + "/eidetic-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: root) }
    let settings: [(String, [String: String], Double)] = [
      ("a", ["views": "2", "base": "nano", "fast": "true"], 0.5),
      ("b", ["views": "8", "base": "tiny", "fast": "false"], 1), ("c", ["steps": "5"], 0),
    ]
    for (name, parameters, recall) in settings {
      let manifest = Manifest(
        experiment: "study", command: ["eidetic"], seeds: [0], dataHash: "", versions: [:],
        blas: "", threads: 1, host: "lab", time: Date(timeIntervalSince1970: 0),
        parameters: parameters)
      let outcomes = (0..<10).map { id in
        Outcome(
          seed: 0, source: "image", target: "text", metric: "full_name", persona: id,
          value: Double(id) < recall * 10 ? 1 : 0)
      }
      let run = Run(path: "\(root)/\(name)")
      try AtomicFile.write(manifest.json.pretty, to: run.manifestPath)
      try run.write(
        ExperimentResult(
          outcomes: outcomes, manifest: manifest, resamples: 100, stream: RandomStream(seed: 0)))
      if name == "b" { try run.tag(adding: ["final"]) }
    }
    return try RunCatalog(root: root).summaries()
  }

  @Test(arguments: [
    ("params.views > 5 and recall > 0.9", ["b"]), ("params.views < 5", ["a"]),
    ("recall >= 0.5", ["a", "b"]), ("params.base == 'tiny'", ["b"]), ("params.fast", ["a"]),
    ("not tags.final", ["a", "c"]), ("tags.final", ["b"]), ("tags.nobody_has_it", []),
    ("metrics.full_name == 0", ["c"]), ("cells['full_name image>text'] > 0.4", ["a", "b"]),
    ("id:find('^[ab]$')", ["a", "b"]), ("state == 'complete'", ["a", "b", "c"]),
    ("seeds == 1 and experiment == 'study' -- a remark", ["a", "b", "c"]),
  ])
  func `expressions choose runs`(expression: String, names: [String]) throws {
    #expect(try RunFilter(expression).matching(Self.runs()).map(\.name) == names)
  }

  @Test(arguments: [
    ("params.viewz > 5", "no run has 'viewz' in params; did you mean 'views'?"),
    ("recal > 0.5", "there is no 'recal'; did you mean 'recall'?"),
    ("os.exit(0)", "there is no 'os'"), ("print(1)", "there is no 'print'"),
    ("recall >", "unexpected symbol"), ("recall > 'a'", "attempt to compare"),
    ("(function() recall = 1 end)()", "a filter changes nothing"),
    ("(function() params.views = 1 end)()", "a filter changes nothing"),
    ("(function() while true do end end)()", "time limit"),
    ("('x'):rep(1 << 30) == ''", "memory"),
  ])
  func `mistakes are explained and nothing else is in reach`(
    expression: String, words: String
  ) throws {
    #expect {
      try RunFilter(expression).matching(Self.runs())
    } throws: { error in
      "\(error)".contains(words) && "\(error)".hasPrefix("--where '\(expression)': ")
    }
  }
}
