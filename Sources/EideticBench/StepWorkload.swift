// step-*: forward, backward, clip and AdamW of a preset, ours and PyTorch's in turn.

import Repro

/// Times one training step of a preset beside PyTorch's, eager and compiled.
struct StepWorkload: Workload {
  let name: String
  private let sizes: StepSizes

  /// - Throws: `ModelError` for an unknown preset.
  init(preset: String) throws {
    name = "step-\(preset)"
    sizes = try StepSizes(preset: preset)
  }

  /// Seconds of a step in every round, by who took it.
  private typealias Times = [String: Samples]

  func run(_ options: BenchOptions) throws -> WorkloadResult {
    let training = try StepTraining(sizes)
    let products = StepProducts(sizes.configuration, examples: sizes.examples, rows: sizes.rows)
    tell(
      "\(name)  \((Double(training.model.parameters.count) / 1e6).text(2)) M parameters, "
        + "\(sizes.examples) examples of an image and \(sizes.rows) rows, all labelled; "
        + "\((products.operations / 1e9).text(2)) GFLOP of products in a step")
    let speeds = products.measured(threads: options.threads)
    tell(speeds.text)
    let peers = try options.python.map {
      try StepPeers(
        python: $0, sizes: sizes, model: training.model, compileLimit: options.compileLimit)
    }
    defer { peers?.stop() }
    let losses = try (0..<10).map { _ in try training.step() }
    try peers?.check(losses, name)
    let times = try measure(training, peers?.running ?? [], rounds: options.rounds)
    return result(times, operations: products.operations, speeds)
  }

  /// Rounds in which each side takes steps for about a second, one side after the other.
  private func measure(
    _ training: StepTraining, _ peers: [(mode: String, peer: Peer)], rounds: Int
  ) throws -> Times {
    let one = try seconds { _ = try training.step() }
    let steps = max(2, Int((1 / one).rounded(.up)))
    var times: Times = [:]
    for _ in 0..<rounds {
      let ours = try seconds { for _ in 0..<steps { _ = try training.step() } }
      times["ours", default: Samples([])].values.append(ours / Double(steps))
      for (mode, peer) in peers {
        guard let theirs = try peer.ask("time \(steps)")["seconds"]?.double else {
          throw BenchError("PyTorch \(mode) stopped between two rounds")
        }
        times[mode, default: Samples([])].values.append(theirs)
      }
    }
    return times
  }

  private func result(
    _ times: Times, operations: Double, _ speeds: MeasuredProducts
  ) -> WorkloadResult {
    let ours = times["ours"]!
    let best = times.filter { $0.key != "ours" }.min { $0.value.median < $1.value.median }
    tellTimes(times, operations: operations)
    if let best { tell("  ratio    \((best.value / ours).text(digits: 2)) against \(best.key)") }
    tellShare(ours, speeds)
    // One comparison in three units.
    func row(_ name: String, _ unit: String, _ number: (Double) -> Double) -> Row {
      Row(
        name: name, ours: number(ours.median), peer: best.map { number($0.value.median) },
        ratio: best.map { ($0.value / ours).median }, unit: unit)
    }
    return WorkloadResult(
      rows: [
        row(name, "ms") { $0 * 1e3 }, row("\(name) speed", "GFLOP/s") { operations / $0 / 1e9 },
        row("\(name) against products alone", "share") { speeds.openBLAS / $0 },
        row("\(name) against them without loss", "share") { speeds.withoutLoss / $0 },
      ], products: speeds.json)
  }

  private func tellTimes(_ times: Times, operations: Double) {
    // "ours" sorts behind the modes of PyTorch.
    for (who, samples) in times.sorted(by: { $0.key > $1.key }) {
      tell(
        "  \(who.padded(-8)) \(samples.scaled(by: 1e3).text(digits: 1)) ms, "
          + "\((operations / samples.median / 1e9).text(1)) GFLOP/s")
    }
  }

  private func tellShare(_ ours: Samples, _ speeds: MeasuredProducts) {
    for (who, seconds) in [
      ("OpenBLAS", speeds.openBLAS), ("OpenBLAS on one thread, split without loss",
        speeds.withoutLoss), ("ours", speeds.ours),
    ] {
      tell(
        "  products alone, by \(who): \((seconds * 1e3).text(1)) ms; the step runs at "
          + "\((100 * seconds / ours.median).text(0)) % of their speed")
    }
  }
}
