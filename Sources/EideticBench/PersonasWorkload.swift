// personas: how fast people are drawn and described, on one and two threads, in how much memory.

import Foundation
import Personas
import Repro

/// Times portraits beside pycairo's, and shows that a million people need no memory.
struct PersonasWorkload: Workload {
  let name = "personas"
  /// Divides the counts, for tests.
  var shrink = 1
  /// The two sides' plain pictures may differ by this much: the mean over pixels and channels of
  /// the distance between levels of 0 ... 255, averaged over some people.
  static let tolerance = 10.0
  /// Growth of the resident size that counts as none, in bytes.
  static let slack = 16 << 20

  func run(_ options: BenchOptions) throws -> WorkloadResult {
    // A million people cannot all look different.
    let people = try Population(
      count: 1_000_000 / shrink, stream: RandomStream(seed: 23), policy: .independent)
    let looks = try (0..<min(100, people.count)).map { try people.persona($0) }
    tell("\(name)  pictures with light, noise and clutter, drawn anew each")
    let peer = try options.python.map { try start($0, looks, people) }
    defer { peer?.stop() }
    var rows: [Row] = []
    for (side, count) in [(64, 2000 / shrink), (224, 200 / shrink)] {
      if let peer { try check(looks, side, peer) }
      rows += try pictures(people, side: side, count: count, peer, options)
    }
    rows += try descriptions(people, count: 100_000 / shrink, options)
    rows.append(try memory(people))
    return WorkloadResult(rows: rows)
  }

  // MARK: - Speed

  private func pictures(
    _ people: Population, side: Int, count: Int, _ peer: Peer?, _ options: BenchOptions
  ) throws -> [Row] {
    @Sendable func draw(_ position: Int) throws {
      let person = try people.persona(position)
      let view = View(persona: person.id, index: 0, stream: people.viewStream)
      _ = try person.appearance.portrait(side: side, view: view)
    }
    let fewer = max(1, count / 4)
    _ = try peer?.get("draw \(side) \(max(1, fewer / 4))")
    return try speeds("\(side) px", "images/s", count, options, work: draw) {
      try peer.map { [try $0.get("draw \(side) \(fewer)").seconds / Double(fewer)] } ?? []
    }
  }

  private func descriptions(
    _ people: Population, count: Int, _ options: BenchOptions
  ) throws -> [Row] {
    try speeds("descriptions", "descriptions/s", count, options) { position in
      let person = try people.persona(position)
      var stream = people.viewStream.fork(person.id).fork(0)
      _ = people.vocabulary.describe(person.appearance, from: &stream)
    } theirs: {
      []
    }
  }

  /// One thread beside the peer's one, and the gain of a second.
  private func speeds(
    _ what: String, _ unit: String, _ count: Int, _ options: BenchOptions,
    work: @escaping @Sendable (Int) throws -> Void, theirs: () throws -> [Double]
  ) throws -> [Row] {
    var two = Samples([])
    let sides = try inTurn(rounds: options.rounds) {
      two.values.append(try Self.time(count, threads: 2, work) / Double(count))
      return try Self.time(count, threads: 1, work) / Double(count)
    } theirs: {
      try theirs()
    }
    let comparison = Comparison(ours: sides.ours, theirs: sides.theirs.first)
    let gain = comparison.ours / two
    tell("  \(what)")
    comparison.tellSides("pycairo", scale: 1e6, unit: "us on one thread", digits: 1)
    tell(
      "  two threads \(two.scaled(by: 1e6).text(digits: 1)) us, \(gain.text(digits: 2)) times as fast"
    )
    return [
      Row(
        name: "\(name) \(what)", ours: 1 / comparison.ours.median,
        peer: comparison.theirs.map { 1 / $0.median }, ratio: comparison.ratio?.median,
        unit: unit, hasPeer: unit == "images/s"),
      Row(
        name: "\(name) \(what), 2 threads", ours: 1 / two.median, peer: nil, ratio: nil,
        unit: unit, hasPeer: false),
      Row(
        name: "\(name) \(what), gain of a second", ours: gain.median, peer: nil, ratio: nil,
        unit: "times", hasPeer: false),
    ]
  }

  private static func time(
    _ count: Int, threads: Int, _ work: @escaping @Sendable (Int) throws -> Void
  ) throws -> Double {
    var done = 0.0
    let time = seconds {
      done = Limits.onThreads(threads) { thread in
        // Neighbours in turn: every thread gets people of every kind.
        stride(from: thread, to: count, by: threads)
          .reduce(0.0) { sum, position in (try? work(position)) == nil ? sum : sum + 1 }
      }
    }
    guard Int(done) == count else { throw BenchError("\(count - Int(done)) people failed") }
    return time
  }

  // MARK: - The other side

  private func start(_ python: String, _ looks: [Persona], _ people: Population) throws -> Peer {
    let files = HandedOver(python: python)
    let list = looks.map { person -> JSON in
      let view = View(persona: person.id, index: 0, stream: people.viewStream)
      let values = Attribute.allCases.map { ($0.key, JSON.integer(person.appearance[$0])) }
      return [
        "look": .object(Dictionary(uniqueKeysWithValues: values)), "view": Self.json(view),
      ]
    }
    try files.plan(nil, ["people": .array(list), "neutral": Self.json(.neutral)])
    return try files.start("portraits.py", threads: 1)
  }

  private static func json(_ view: View) -> JSON {
    let fields: [(String, Float)] = [
      ("shift_right", view.shiftRight), ("shift_down", view.shiftDown), ("scale", view.scale),
      ("tilt", view.tilt), ("turn", view.turn), ("light", view.light),
      ("light_right", view.lightRight), ("light_down", view.lightDown),
      ("clutter", view.clutter), ("noise", view.noise),
    ]
    return .object(Dictionary(uniqueKeysWithValues: fields.map { ($0, .number(Double($1))) }))
  }

  /// Both sides must draw the same people: their plain pictures are nearly the same.
  private func check(_ looks: [Persona], _ side: Int, _ peer: Peer) throws {
    let apart = try (0..<12).map { number -> Double in
      let ours = try looks[number].appearance.portrait(side: side).pixels
      let theirs = try peer.get("plain \(side) \(number)")["pixels"]?.doubles ?? []
      guard theirs.count == ours.count else { throw BenchError("pycairo drew another size") }
      return zip(ours, theirs).map { abs(Double($0) - $1) }.reduce(0, +) / Double(ours.count)
    }
    let mean = apart.reduce(0, +) / Double(apart.count)
    guard mean <= Self.tolerance else {
      throw BenchError("pictures of \(side) pixels differ by \(mean.text(1)) levels")
    }
    tell(
      "  \(side) px: plain pictures differ by \(mean.text(1)) of 255 levels, "
        + "\(apart.max()!.text(1)) at most")
  }

  // MARK: - Memory

  /// Passes over all people with a description of each and a picture of every thousandth; the
  /// resident size after a hundredth of the way is compared with the largest later.
  private func memory(_ people: Population) throws -> Row {
    var first = 0, most = 0
    for (position, person) in people.enumerated() {
      var stream = people.viewStream.fork(person.id).fork(0)
      _ = people.vocabulary.describe(person.appearance, from: &stream)
      if position % 1000 == 0 {
        _ = try person.appearance.portrait(side: 224, view: View(stream))
      }
      if (position + 1) % max(1, people.count / 100) == 0 {
        let now = Program.residentBytes() ?? 0
        if first == 0 { first = now }
        most = max(most, now)
      }
    }
    let growth = Double(most - first) / 1e6
    guard most - first <= Self.slack else {
      throw BenchError("\(people.count) people: the memory grew by \(growth.text(1)) MB")
    }
    tell(
      "  \(people.count) people in turn: resident \((Double(most) / 1e6).text(0)) MB, grown by "
        + "\(growth.text(1)) MB after the first hundredth")
    return Row(
      name: "\(name) memory of \(people.count)", ours: growth, peer: nil, ratio: nil,
      unit: "MB grown", hasPeer: false)
  }
}
