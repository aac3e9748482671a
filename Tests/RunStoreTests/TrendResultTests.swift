// Trends in a result: which conditions have one, and that the file keeps them.

import Foundation
import Metrics
import Repro
import RunStore
import Testing

@Suite struct TrendResultTests {
  /// Outcomes over the levels of a condition; the share rises with its place among them.
  private func result(
    _ condition: String, _ levels: [String], metric: String = "full_name",
    scales: [String: Scale] = [:]
  ) throws -> ExperimentResult {
    let outcomes = (0..<3).flatMap { seed in
      levels.enumerated().flatMap { place, level in
        (0..<20).map { persona in
          let key = CellKey(
            metric: metric, keys: ["source": "image", "target": "text", condition: level])
          let isRight = (persona + seed) % 20 < 3 + 4 * place
          return Outcome(seed: seed, cell: key, persona: persona, value: isRight ? 1 : 0)
        }
      }
    }
    return try ExperimentResult(
      outcomes: outcomes, manifest: Study().manifest, scales: scales, resamples: 200,
      stream: RandomStream(seed: 9))
  }

  @Test func `three numbers are a trend, two or words are none`() throws {
    let trend = try #require(try result("views", ["1", "10", "100"]).trends.first)
    #expect(trend.condition == "views" && trend.isLogarithmic && trend.levels == [1, 10, 100])
    #expect(trend.key.keys == ["source": "image", "target": "text"])
    #expect(trend.slope > 0 && trend.curve.first?.level == 1 && trend.curve.last?.level == 100)
    #expect(try result("views", ["1", "10"]).trends.isEmpty)
    #expect(try result("sizes", ["nano", "tiny", "mini"]).trends.isEmpty)
    let losses = try result("views", ["1", "2", "3"], metric: "loss", scales: ["loss": .real])
    #expect(losses.trends.isEmpty, "no share, no log odds")
  }

  @Test func `a level of 0 has no logarithm`() throws {
    let trend = try #require(try result("both", ["0", "0.5", "1"]).trends.first)
    #expect(!trend.isLogarithmic && trend.slope > 0)
    #expect(try result("odd", ["1", "inf", "nan"]).trends.isEmpty)
  }

  @Test func `trends are in the file, in the table, and a file without any is read`() async throws {
    let result = try result("views", ["1", "10", "100"])
    #expect(result.table().contains("2 x views"))
    try await withFolder { root in
      let run = Run(path: root)
      try run.write(result)
      #expect(try run.result() == result)
      guard case .object(var members) = result.json else { return }
      members["trends"] = nil
      try AtomicFile.write(JSON.object(members).pretty, to: run.resultPath)
      #expect(try run.result().trends.isEmpty)
    }
  }
}
