// MLflow's file store. The same tree was read by MLflow 3.17.2's own client and by
// `mlflow migrate-filestore`; readers.py does it again.

import Foundation
import Interchange
import Metrics
import RunStore
import Testing

@Suite struct MLflowTests {
  @Test func `a run is a tree of files with a nested run per seed`() async throws {
    try await withExportedRun { run, folder in
      let path = try MLflowExport(run.exported(), to: folder + "/mlruns").write()
      func text(_ name: String, in path: String) throws -> String {
        try String(contentsOfFile: path + "/" + name, encoding: .utf8)
      }
      let experiment = String(path.dropLast(33))
      #expect(try text("meta.yaml", in: experiment).contains("name: \"cross-modal: names\"\n"))
      let id = String(path.suffix(32))
      #expect(id.allSatisfy { $0.isHexDigit })
      let meta = try text("meta.yaml", in: path)
      for line in [
        "status: 3", "start_time: 1769860800000", "end_time: 1769860830000", "run_id: \"\(id)\"",
        "run_name: \"run-A\"", "lifecycle_stage: \"active\"",
      ] { #expect(meta.contains(line + "\n"), "\(line)") }
      let result = try run.run.result()
      let cell = try #require(
        result.cell(CellKey(metric: "full_name", keys: ["source": "image", "target": "text"])))
      #expect(
        try text("metrics/full_name/image to text", in: path) == "1769860800000 \(cell.mean) 0\n")
      #expect(try text("params/views", in: path) == "8")
      #expect(try text("tags/mlflow.source.git.commit", in: path) == "c0ffee")
      #expect(try text("tags/tag.final", in: path) == "true")
      #expect(try text("tags/mlflow.note.content", in: path) == result.finding)
      #expect(try text("artifacts/script.lua", in: path) == "return 1\n")
      #expect(FileManager.default.fileExists(atPath: path + "/artifacts/result.json"))

      let runs = try FileManager.default.contentsOfDirectory(atPath: experiment)
        .filter { $0.count == 32 }
      #expect(runs.count == 3)
      let seeds = runs.filter { $0 != id }.map { experiment + "/" + $0 }
      for seed in seeds {
        #expect(try text("tags/mlflow.parentRunId", in: seed) == id)
        #expect(
          try text("metrics/loss/inject", in: seed)
            == "1769860800000 2.0 1\n1769860800000 1.5 2\n1769860800000 0.25 3\n")
      }
      #expect(Set(try seeds.map { try text("params/seed", in: $0) }) == ["0", "1"])
    }
  }

  @Test func `a second export replaces the first and joins its experiment`() async throws {
    try await withExportedRun { run, folder in
      let first = try MLflowExport(run.exported(), to: folder + "/mlruns").write()
      try Data("old".utf8).write(to: URL(fileURLWithPath: first + "/params/gone"))
      let second = try MLflowExport(run.exported(), to: folder + "/mlruns").write()
      #expect(first == second)
      #expect(!FileManager.default.fileExists(atPath: first + "/params/gone"))
      // An experiment of this name that MLflow itself made, with quotes where YAML needs them.
      let other = try RunToExport(at: folder + "/runs/run-B")
      let third = try MLflowExport(other.exported(), to: folder + "/mlruns").write()
      #expect(third != first && third.dropLast(32) == first.dropLast(32))
    }
  }
}
