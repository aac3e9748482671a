// The bootstrap: against numpy, the same at any time and in any thread, and honest at the edges.

import Foundation
import Metrics
import Repro
import Testing

/// A table from a string of 0 and 1, seed after seed.
func table(_ bits: String, seeds: Int, personas: Int) throws -> PersonaTable {
  try PersonaTable(
    bits.enumerated().map { index, bit in
      Outcome(
        seed: index / personas, source: "image", target: "text", metric: "full_name",
        persona: index % personas, value: bit == "1" ? 1 : 0)
    })
}

@Suite struct BootstrapTests {
  let stream = RandomStream(seed: 1)

  @Test func `means, differences and ratios agree with numpy's bootstrap`() throws {
    let cases = Golden.cases("bootstrap")
    #expect(cases.count == 5)
    for c in cases {
      let (seeds, people) = (Int(c["seeds"]!.number), Int(c["personas"]!.number))
      let source = try table(c["source"]!.string, seeds: seeds, personas: people)
      let target = try table(c["target"]!.string, seeds: seeds, personas: people)
      let design: PersonaDesign = c["shared"]!.isTrue ? .shared : .perSeed
      let bootstrap = try HierarchicalBootstrap(design: design, resamples: 10_000)
      let chance = c["chance"]!.number
      let estimates = [
        "mean": bootstrap.mean(target, bounds: 0...1, stream: stream),
        "difference": try #require(
          bootstrap.difference(source, target, bounds: -1...1, stream: stream)),
        "ratio": try #require(
          bootstrap.ratio(target: target, source: source, chance: chance, stream: stream)),
      ]
      for (name, estimate) in estimates {
        let expected = c[name]!.numbers
        let place: Comment = "\(c["name"]!.string) \(name)"
        #expect(agree(estimate.value, expected[0]), place)
        #expect(agree(estimate.standardError, expected[1], 1e-7), place)
        #expect(agree(estimate.degreesOfFreedom, expected[2], 1e-7), place)
        // Two seeds extrapolate sixfold, and so multiply the resampling noise.
        let tolerance = seeds == 2 ? 0.1 : 0.013
        let interval = try #require(estimate.interval)
        #expect(abs(interval.low - expected[3]) < tolerance, place)
        #expect(abs(interval.high - expected[4]) < tolerance, place)
      }
    }
  }

  @Test func `same stream, same numbers, in any thread`() async throws {
    let bootstrap = try HierarchicalBootstrap(design: .shared, resamples: 500)
    let cell = try table(String(repeating: "0110100", count: 30), seeds: 3, personas: 70)
    let alone = bootstrap.mean(cell, bounds: 0...1, stream: stream)
    let together = await withTaskGroup(of: Estimate.self) { group in
      for _ in 0..<8 {
        group.addTask { bootstrap.mean(cell, bounds: 0...1, stream: RandomStream(seed: 1)) }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(together == Array(repeating: alone, count: 8))
    let other = bootstrap.mean(cell, bounds: 0...1, stream: RandomStream(seed: 2))
    #expect(other.interval != alone.interval && other.value == alone.value)
  }

  @Test func `the order of outcomes does not matter, repeated questions are one persona`() throws {
    let outcomes = (0..<60).map { index in
      Outcome(
        seed: index % 3, source: "a", target: "b", metric: "m", persona: index % 20,
        value: Double(index * 7 % 5))
    }
    let one = try PersonaTable(outcomes)
    #expect(one == (try PersonaTable(outcomes.reversed())))
    #expect(one == (try PersonaTable(outcomes + outcomes)))
    #expect(one.seeds == [0, 1, 2] && one.personas.count == 20)
  }

  @Test func `unanimous answers get Wilson's bound over personas, not a point`() throws {
    let bootstrap = try HierarchicalBootstrap(design: .perSeed, resamples: 200)
    let all = try table(String(repeating: "1", count: 300), seeds: 3, personas: 100)
    let estimate = bootstrap.mean(all, bounds: 0...1, stream: stream)
    #expect(estimate.kind == .unanimousWilson)
    #expect(estimate.interval == (try wilsonInterval(successes: 100, trials: 100)))
    #expect(estimate.pValue() == nil)
    let none = try table(String(repeating: "0", count: 300), seeds: 3, personas: 100)
    let gap = try #require(bootstrap.difference(all, none, bounds: -1...1, stream: stream))
    #expect(gap.value == 1 && gap.interval?.high == 1)
    #expect(abs(try #require(gap.interval?.low) - 0.9630065018) < 1e-9)
  }

  @Test func `equal means of two seeds by luck are no certainty`() throws {
    let bootstrap = try HierarchicalBootstrap(design: .perSeed, resamples: 1000)
    let half = try table(String(repeating: "01", count: 40), seeds: 2, personas: 40)
    let estimate = bootstrap.mean(half, bounds: 0...1, stream: stream)
    #expect(estimate.standardError >= (0.25 / 80).squareRoot())
    #expect(try #require(estimate.interval).low < 0.3)
  }

  @Test func `intervals hold the estimate and stay inside the bounds`() throws {
    for seeds in 1...6 {
      for share in [0.02, 0.3, 0.9] {
        var draws = stream.fork("\(seeds) \(share)")
        let bits = (0..<seeds * 30).map { _ in draws.chance(share) ? "1" : "0" }.joined()
        let cell = try table(bits, seeds: seeds, personas: 30)
        for design in PersonaDesign.allCases {
          let bootstrap = try HierarchicalBootstrap(design: design, resamples: 200)
          let estimate = bootstrap.mean(cell, bounds: 0...1, stream: stream)
          let interval = try #require(estimate.interval)
          #expect(interval.contains(estimate.value), "\(seeds) \(share) \(design)")
          #expect(interval.low >= 0 && interval.high <= 1)
          #expect(estimate.kind != .seedPersonaBootstrap || seeds > 1)
        }
      }
    }
  }

  @Test func `what cannot be estimated says so`() throws {
    let bootstrap = try HierarchicalBootstrap(design: .shared, resamples: 200)
    let single = try table("1", seeds: 1, personas: 1)
    let estimate = bootstrap.mean(single, bounds: 0...1, stream: stream)
    #expect(estimate.interval == nil && estimate.kind == .none)
    let low = try table("0000010000", seeds: 1, personas: 10)
    let high = try table("1111111110", seeds: 1, personas: 10)
    #expect(bootstrap.ratio(target: high, source: low, chance: 0.1, stream: stream) == nil)
    let ratio = try #require(
      bootstrap.ratio(target: high, source: low, chance: 0.05, stream: stream))
    #expect(ratio.interval == nil, "some resample has no right answer in the source")
    let elsewhere = try PersonaTable([
      Outcome(seed: 9, source: "a", target: "b", metric: "m", persona: 0, value: 1)
    ])
    #expect(bootstrap.difference(low, elsewhere, bounds: -1...1, stream: stream) == nil)
    #expect(throws: MetricsError.self) { try HierarchicalBootstrap(design: .shared, resamples: 99) }
    #expect(throws: MetricsError.self) {
      try HierarchicalBootstrap(design: .shared, resamples: 200, level: 1)
    }
    #expect(throws: MetricsError.empty(op: "persona table", what: "outcomes")) {
      try PersonaTable([Outcome]())
    }
    #expect(throws: MetricsError.self) {
      try PersonaTable([
        Outcome(seed: 0, source: "a", target: "b", metric: "m", persona: 0, value: .nan)
      ])
    }
  }

  @Test func `pairing sees a difference that independent groups would not`() throws {
    // 40 % and 50 %, but the same personas: every right answer of the first is right in the second.
    let first = String(repeating: "1111000000", count: 10)
    let second = String(repeating: "1111100000", count: 10)
    let bootstrap = try HierarchicalBootstrap(design: .shared, resamples: 2000)
    let estimate = try #require(
      bootstrap.difference(
        try table(second, seeds: 1, personas: 100), try table(first, seeds: 1, personas: 100),
        bounds: -1...1, stream: stream))
    #expect(try #require(estimate.interval).low > 0.02)
    #expect(try #require(estimate.pValue()) < 0.01)
    #expect(0.1 < (try unpairedMinimumDetectableEffect(personas: 100)))
  }

  /// One outcome per persona and seed.
  private func laidOut(_ value: (_ seed: Int, _ persona: Int) -> Double?) throws -> PersonaTable {
    try PersonaTable(
      (0..<3).flatMap { seed in
        (0..<20).compactMap { persona in
          value(seed, persona).map {
            Outcome(
              seed: seed, source: "a", target: "b", metric: "m", persona: persona, value: $0)
          }
        }
      })
  }

  @Test func `a contrast of two cells is their paired difference`() throws {
    let bootstrap = try HierarchicalBootstrap(design: .perSeed, resamples: 500)
    var draws = RandomStream(seed: 4)
    let first = try laidOut { _, _ in draws.chance(0.8) ? 1 : 0 }
    let second = try laidOut { _, persona in persona == 7 ? nil : draws.chance(0.3) ? 1 : 0 }
    let stream = RandomStream(seed: 1)
    let difference = bootstrap.difference(first, second, bounds: -1...1, stream: stream)
    #expect(
      bootstrap.contrast([(1, first), (-1, second)], bounds: -1...1, stream: stream) == difference)
    #expect(difference?.count == 57)
  }

  @Test func `a contrast weighs its cells person by person and takes off a level`() throws {
    let bootstrap = try HierarchicalBootstrap(design: .perSeed, resamples: 500)
    let a = try laidOut { seed, persona in Double(seed + persona) }
    let b = try laidOut { _, persona in Double(persona) }
    let found = try #require(
      bootstrap.contrast(
        [(0.5, a), (-0.5, b)], minus: 0.25, bounds: nil, stream: RandomStream(seed: 1)))
    // 0.5 · (seed + persona − persona) − 0.25 is −0.25, 0.25, 0.75: only seeds differ.
    #expect(abs(found.value - 0.25) < 1e-12)
    #expect(abs(found.standardError - 0.5 / 3.0.squareRoot()) < 1e-12)
    #expect(bootstrap.contrast([], bounds: nil, stream: RandomStream(seed: 1)) == nil)
    let apart = try laidOut { _, persona in persona < 5 ? 1 : nil }
    let others = try laidOut { _, persona in persona < 5 ? nil : 1 }
    #expect(
      bootstrap.contrast([(1, apart), (1, others)], bounds: nil, stream: RandomStream(seed: 1))
        == nil)
  }

  @Test func `where all agree a contrast has the room of one more persona`() throws {
    let bootstrap = try HierarchicalBootstrap(design: .perSeed, resamples: 100)
    let one = try laidOut { _, _ in 1 }
    let found = try #require(
      bootstrap.contrast([(1, one), (-1, one)], bounds: -1...1, stream: RandomStream(seed: 1)))
    let room = try wilsonInterval(successes: 0, trials: 20, level: 0.95).high
    #expect(found.interval == Interval(low: -room, high: room))
  }

  @Test func `the design is told from the truths`() {
    func outcome(_ seed: Int, _ truth: String?) -> Outcome {
      Outcome(
        seed: seed, source: "a", target: "b", metric: "m", persona: 7, value: 1, truth: truth)
    }
    #expect(PersonaDesign(inferredFrom: [outcome(0, "Ada"), outcome(1, "Ada")]) == .shared)
    #expect(PersonaDesign(inferredFrom: [outcome(0, "Ada"), outcome(1, "Bo")]) == .perSeed)
    #expect(PersonaDesign(inferredFrom: [outcome(0, nil), outcome(1, nil)]) == .shared)
  }
}
