// The benchmark program; scripts/bench builds and calls it.

import ArgumentParser
import Foundation
import Repro
import TensorCore

@main
struct EideticBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scripts/bench",
    abstract: "Measure Eidetic beside the same work in PyTorch.",
    discussion: """
      Without a name all of them run:

      \(Catalog.text)

      scripts/bench --install-peers installs PyTorch and pycairo for the comparison.

      Examples:
        scripts/bench --install-peers
        scripts/bench
        scripts/bench recall rank --rounds 3
        scripts/bench step-base --rounds 9 --json bench.json
      """)

  @Argument(help: "What to measure.")
  var names: [String] = []

  @Option(help: ArgumentHelp("Writes the results to a file.", valueName: "file"))
  var json: String?

  @Option(help: "How often each side is measured, in turn.")
  var rounds: Int = 5

  @Option(help: "A Python that has PyTorch.")
  var python: String?

  @Option(help: "Seconds that PyTorch may take to compile.")
  var compileLimit: Int = 60

  @Option(
    help: ArgumentHelp("Takes `--rounds` steps of a preset; prints losses.", visibility: .hidden))
  var alone: String?

  func validate() throws {
    guard (1...1000).contains(rounds) else {
      throw ValidationError("--rounds: expected 1 ... 1000, got \(rounds)")
    }
    guard (1...3600).contains(compileLimit) else {
      throw ValidationError("--compile-limit: expected 1 ... 3600, got \(compileLimit)")
    }
    _ = try workloads()
  }

  /// The benchmarks asked for, each once.
  private func workloads() throws -> [any Workload] {
    let chosen = names.isEmpty ? Catalog.standard : names
    return try chosen.map { name in
      guard let workload = try Catalog.workload(name) else {
        throw ValidationError(
          "unknown benchmark '\(name)'; known are \(Catalog.standard.joined(separator: ", "))")
      }
      return workload
    }
  }

  func run() throws {
    if let alone {
      tell(try MemoryWorkload.alone(preset: alone, steps: rounds).canonical)
      return
    }
    signal(SIGPIPE, SIG_IGN)
    var others = Disturbances()
    let limits = others.watch("limits", threads: Machine.threadCount) { Limits() }
    tell(limits.text + "\n")
    let options = BenchOptions(
      rounds: rounds, python: python, compileLimit: compileLimit,
      programs: Bundle.main.executableURL?.deletingLastPathComponent().path ?? ".",
      threads: limits.threads)
    var results: [(name: String, result: WorkloadResult)] = []
    var failed = false
    for workload in try workloads() {
      do {
        let result = try others.watch(workload.name, threads: limits.threads) {
          try workload.run(options)
        }
        results.append((workload.name, result))
      } catch {
        // What was not the same work has no number; the others still do.
        failed = true
        tell("\(workload.name): FAILED: \(error)")
      }
      tell("")
    }
    tellTable(results.flatMap(\.result.rows))
    if let warning = others.summary { tell("\n" + warning) }
    if let json { try AtomicFile.write(content(limits, others, results).pretty, to: json) }
    if failed { throw ExitCode(1) }
  }

  private func tellTable(_ rows: [Row]) {
    tell(Row.head)
    for row in rows { tell(row.text) }
  }

  private func content(
    _ limits: Limits, _ others: Disturbances,
    _ results: [(name: String, result: WorkloadResult)]
  ) -> JSON {
    var machine = limits.json
    let products = results.compactMap { name, result in result.products.map { (name, $0) } }
    machine["other_work"] = others.json
    machine["products"] = .object(Dictionary(products) { $1 })
    return [
      "machine": .object(machine), "rows": .array(results.flatMap(\.result.rows).map(\.json)),
    ]
  }
}
