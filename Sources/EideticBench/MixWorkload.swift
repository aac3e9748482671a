// mix-tiny: one epoch of the cross-modal mixture, packed here, padded there.

import Networks
import Repro
import TensorCore
import Training

/// Times an epoch of examples of different length beside PyTorch's.
struct MixWorkload: Workload {
  let name: String
  private let preset: String
  /// Examples of the epoch: 100 people, 20 views, two modalities, at the real size.
  private let examples: Int
  private let batch = 64
  private let rate: Float = 3e-4, decay: Float = 0.01, clip: Float = 1
  /// Losses may differ by this much in the first ten steps, and their mean over the epoch.
  private static let tolerance = (steps: 1e-4, mean: 1e-3)

  init(preset: String, examples: Int = 4000) {
    (name, self.preset, self.examples) = ("mix-\(preset)", preset, examples)
  }

  func run(_ options: BenchOptions) throws -> WorkloadResult {
    let subjects = try Subjects(preset: preset, people: 100)
    let all = try subjects.practice(examples)
    describe(all, subjects.model.configuration)
    let peer = try options.python.map { try start($0, subjects.model, all) }
    defer { peer?.stop() }
    let (_, losses) = try epoch(subjects.model, all)
    if let peer { try check(losses, peer) }
    let sides = try inTurn(rounds: options.rounds) {
      try epoch(subjects.model, all).seconds
    } theirs: {
      try peer.map { [try $0.get("epoch").seconds] } ?? []
    }
    let comparison = Comparison(ours: sides.ours, theirs: sides.theirs.first)
    comparison.tellSides("padded", scale: 1, unit: "s an epoch", digits: 2)
    return WorkloadResult(rows: [comparison.row(name, scale: 1, unit: "s an epoch")])
  }

  private func describe(_ all: [Example], _ sizes: ModelConfiguration) {
    let lengths = all.map { example in
      1 + example.prompt.count + example.answer.count
        + (example.pixels == nil ? 0 : sizes.imageTokens - 1)
    }
    let padded = stride(from: 0, to: all.count, by: batch).map { start in
      let part = lengths[start..<min(start + batch, all.count)]
      return part.count * part.max()!
    }.reduce(0, +)
    let labels = all.map { $0.answer.count + 1 }.reduce(0, +)
    let rows = lengths.reduce(0, +)
    tell(
      "\(name)  \(all.count) examples in batches of \(batch): \(rows) rows packed, \(padded) padded, "
        + "\(labels) labelled, \(all.count { $0.pixels != nil }) pictures")
  }

  /// An epoch from the given weights; what is timed begins with the examples and ends with the last
  /// step.
  private func epoch(
    _ start: VisionLanguageModel, _ all: [Example]
  ) throws -> (seconds: Double, losses: [Double]) {
    let model = try start.clone()
    let optimizer = AdamW(decay: decay, clip: clip)
    var losses: [Double] = []
    let time = try seconds {
      for start in stride(from: 0, to: all.count, by: batch) {
        let part = Array(all[start..<min(start + batch, all.count)])
        let loss = try model.loss(.learning(part, model.configuration))
        losses.append(Double(try loss.value.item()))
        try loss.backward()
        try optimizer.step(model.parameters.all, rate: rate)
      }
    }
    return (time, losses)
  }

  private func start(
    _ python: String, _ model: VisionLanguageModel, _ all: [Example]
  ) throws -> Peer {
    let files = HandedOver(python: python)
    try files.plan(
      model,
      [
        "batch": .integer(batch), "rate": .number(Double(rate)), "decay": .number(Double(decay)),
        "clip": .number(Double(clip)),
      ])
    try files.weights(model)
    try files.examples(all, model.configuration, learning: true)
    return try files.start("mix.py")
  }

  private func check(_ ours: [Double], _ peer: Peer) throws {
    let theirs = try peer.get("epoch")["losses"]?.doubles ?? []
    guard theirs.count == ours.count else {
      throw BenchError("\(ours.count) steps, PyTorch \(theirs.count)")
    }
    let first = zip(ours, theirs).prefix(10).map { abs($0 - $1) }.max() ?? .infinity
    let mean = abs(zip(ours, theirs).map { $0 - $1 }.reduce(0, +) / Double(ours.count))
    guard first <= Self.tolerance.steps, mean <= Self.tolerance.mean else {
      throw BenchError("losses differ by \(first) in ten steps, in the mean by \(mean)")
    }
    tell(
      "  losses agree to \(String(format: "%.1e", first)) in ten steps, "
        + "in the mean of \(ours.count) to \(String(format: "%.1e", mean))")
  }
}
