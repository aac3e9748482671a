// rank: the log-probability of each of 1,000 names after each of 100 prompts.

import Networks
import Personas
import Repro
import Training

/// Times scores of candidates, each prompt read once, beside PyTorch's naive batch.
struct RankWorkload: Workload {
  let name = "rank"
  var preset = "tiny"
  var people = 1000
  /// Prompts of each modality, and how many of them PyTorch scores: two of each.
  var asked = 50
  private let naive = 2
  /// Scores of the two sides may differ by this much, in nats.
  static let tolerance = 1e-3

  func run(_ options: BenchOptions) throws -> WorkloadResult {
    let subjects = try Subjects(preset: preset, people: people)
    try subjects.teach(steps: min(50, people))
    let prompts = try [Modality.image, .text].flatMap { try subjects.questions($0, first: asked) }
    let names = try subjects.people.map {
      try subjects.encoder.tokenizer.encode($0.name) + [WordTokenizer.end]
    }
    tell(
      "\(name)  \(names.count) names after each of \(prompts.count) prompts, half of them pictures; "
        + "PyTorch scores \(2 * naive) of the prompts, its time is scaled per prompt")
    let scores = try ours(subjects.model, prompts, names)
    let peer = try options.python.map { try start($0, subjects.model, prompts, names) }
    defer { peer?.stop() }
    if let peer { tell("  scores agree to \(try check(scores, peer)) nats") }
    let sides = try inTurn(rounds: options.rounds) {
      try seconds { _ = try ours(subjects.model, prompts, names) } / Double(prompts.count)
    } theirs: {
      try peer.map { [try ask($0).seconds / Double(chosen.count)] } ?? []
    }
    let comparison = Comparison(ours: sides.ours, theirs: sides.theirs.first)
    comparison.tellSides("naive", scale: 1e3, unit: "ms a prompt", digits: 1)
    return WorkloadResult(rows: [comparison.row(name, scale: 1e3, unit: "ms a prompt")])
  }

  /// The prompts that PyTorch scores: the first of each modality.
  private var chosen: [Int] { (0..<naive).flatMap { [$0, asked + $0] }.sorted() }

  private func ours(
    _ model: VisionLanguageModel, _ prompts: [Example], _ names: [[Int32]]
  ) throws -> [[Double]] {
    // As many at once as `model:rank` takes.
    try stride(from: 0, to: prompts.count, by: 25).flatMap { start in
      let part = Array(prompts[start..<min(start + 25, prompts.count)])
      let room = names.map(\.count).max() ?? 1
      return try ReadPrompts(model, .asking(part, model.configuration), room: room)
        .logProbabilities(ofCandidates: names)
    }
  }

  private func start(
    _ python: String, _ model: VisionLanguageModel, _ prompts: [Example], _ names: [[Int32]]
  ) throws -> Peer {
    let files = HandedOver(python: python)
    let lists = names.map { JSON.array($0.map { .integer(Int($0)) }) }
    try files.plan(model, ["candidates": .array(lists)])
    try files.weights(model)
    try files.examples(prompts, model.configuration, learning: false)
    let peer = try files.start("rank.py")
    let size = try peer.get("tune")["batch"]?.double ?? 0
    tell("  PyTorch is fastest with \(size.text(0)) candidates at once")
    return peer
  }

  private func check(_ ours: [[Double]], _ peer: Peer) throws -> String {
    let theirs = try ask(peer).scores
    let apart = zip(chosen, theirs).flatMap { prompt, scores in
      zip(ours[prompt], scores).map { abs($0 - $1) }
    }
    guard apart.count == chosen.count * people, let most = apart.max(), most <= Self.tolerance
    else { throw BenchError("scores differ by \(apart.max() ?? .infinity) nats") }
    return most.formatted(.number.notation(.scientific).precision(.significantDigits(2)))
  }

  private func ask(_ peer: Peer) throws -> (seconds: Double, scores: [[Double]]) {
    let answer = try peer.get("scores \(chosen.map(String.init).joined(separator: " "))")
    return (try answer.seconds, answer["scores"]?.lists ?? [])
  }
}
