// recall: the greedy answers of a model to a question about each of 1,000 people.

import Networks
import Personas
import Repro
import Training

/// Times greedy answers in both modalities beside PyTorch's, batched and one by one.
struct RecallWorkload: Workload {
  let name = "recall"
  /// Sizes: the real ones, or small ones for a test.
  var preset = "tiny"
  var people = 1000
  /// The most words of an answer, and how many prompts are read at once: Lua's defaults.
  private let limit = 12, batch = 100
  /// Prompts that PyTorch answers one by one.
  private var single: Int { min(people, 100) }

  /// The ways of PyTorch and what the rows call them: `library` is `generate` of Transformers,
  /// `single` a loop of our own.
  private static let ways = [
    ("batched", "batched"), ("library", "one by one"), ("single", "bare loop"),
  ]

  func run(_ options: BenchOptions) throws -> WorkloadResult {
    let subjects = try Subjects(preset: preset, people: people)
    try subjects.teach(steps: min(300, people))
    tell("\(name)  one question about each of \(people) people, pictures and words read before")
    var rows: [Row] = []
    for modality in [Modality.image, .text] { rows += try run(modality, subjects, options) }
    return WorkloadResult(rows: rows)
  }

  private func run(
    _ modality: Modality, _ subjects: Subjects, _ options: BenchOptions
  ) throws -> [Row] {
    let prompts = try subjects.questions(modality)
    let answers = try ours(subjects.model, prompts)
    let words = Double(answers.map(\.count).reduce(0, +)) / Double(answers.count)
    tell("  asked by \(modality): \(words.text(1)) words an answer")
    let peer = try options.python.map { try start($0, subjects.model, prompts) }
    defer { peer?.stop() }
    let ways = try peer.map(waysFound) ?? []
    if let peer { try check(answers, peer, ways) }
    let sides = try inTurn(rounds: options.rounds) {
      try seconds { _ = try ours(subjects.model, prompts) }
    } theirs: {
      guard let peer else { return [] }
      return try ways.map { try ask(peer, $0).seconds }
    }
    return Self.ways.map { way, title in
      // Per prompt: the one-by-one loops answer only some.
      let comparison = Comparison(
        ours: sides.ours.scaled(by: 1 / Double(people)),
        theirs: ways.firstIndex(of: way).map {
          sides.theirs[$0].scaled(by: 1 / Double(asked(way)))
        })
      comparison.tellSides(title, scale: 1e3, unit: "ms a prompt", digits: 3)
      return comparison.row("\(name) by \(modality), \(title)", scale: 1e3, unit: "ms a prompt")
    }
  }

  /// How many prompts PyTorch answers this way.
  private func asked(_ way: String) -> Int { way == "batched" ? people : single }

  /// Which ways can run: Transformers may be missing.
  private func waysFound(_ peer: Peer) throws -> [String] {
    guard case .array(let found)? = try peer.get("ways")["ways"] else {
      throw BenchError("the peer does not say how it can answer")
    }
    let ways = Self.ways.map(\.0).filter { found.contains(.string($0)) }
    if !ways.contains("library") {
      tell("  Transformers is not installed: scripts/bench --install-peers")
    }
    return ways
  }

  private func ours(_ model: VisionLanguageModel, _ prompts: [Example]) throws -> [[Int32]] {
    try stride(from: 0, to: prompts.count, by: batch).flatMap { start in
      let part = Array(prompts[start..<min(start + batch, prompts.count)])
      let read = try ReadPrompts(model, .asking(part, model.configuration), room: limit)
      return try read.greedy(limit: limit, stop: WordTokenizer.end)
    }
  }

  private func start(
    _ python: String, _ model: VisionLanguageModel, _ prompts: [Example]
  ) throws -> Peer {
    let files = HandedOver(python: python)
    try files.plan(model, ["limit": .integer(limit)])
    try files.weights(model)
    try files.examples(prompts, model.configuration, learning: false)
    let peer = try files.start("recall.py")
    let size = try peer.get("tune batched")["batch"]?.double ?? 0
    tell("  PyTorch batched is fastest with \(size.text(0)) prompts at once")
    return peer
  }

  /// All of PyTorch's ways must give our answers; also the warm-up.
  private func check(_ ours: [[Int32]], _ peer: Peer, _ ways: [String]) throws {
    for (way, title) in Self.ways where ways.contains(way) {
      let theirs = try ask(peer, way).answers
      let other = zip(ours, theirs).enumerated().first { $1.0 != $1.1 }
      guard theirs.count == asked(way), other == nil else {
        throw BenchError(
          "PyTorch \(title) answers otherwise at prompt \(other?.offset ?? theirs.count): "
            + "ours \(other?.element.0 ?? []), PyTorch \(other?.element.1 ?? [])")
      }
      tell("  PyTorch \(title): \(theirs.count) answers are equal")
    }
  }

  private func ask(_ peer: Peer, _ way: String) throws -> (seconds: Double, answers: [[Int32]]) {
    let answer = try peer.get("answers \(way) \(asked(way))")
    return (try answer.seconds, answer["answers"]?.lists.map { $0.map { Int32($0) } } ?? [])
  }
}
