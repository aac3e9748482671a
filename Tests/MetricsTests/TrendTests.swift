// Curves over doses: sensitivities against differences, intervals in studies whose truth is known.

import Foundation
import Metrics
import Repro
import Testing

@Suite struct TrendTests {
  private static let doses = [0.0, 1, 2, 3.5, 6]

  @Test func `what has no curve`() {
    #expect(LogisticTrend(doses: [], shares: [], countPerDose: 10) == nil)
    #expect(LogisticTrend(doses: [2, 2], shares: [0, 1], countPerDose: 10) == nil)
    #expect(LogisticTrend(doses: [1, 2], shares: [0], countPerDose: 10) == nil)
    #expect(LogisticTrend(doses: [1, 2], shares: [0, .nan], countPerDose: 10) == nil)
    #expect(LogisticTrend(doses: [1, .infinity], shares: [0, 1], countPerDose: 10) == nil)
    #expect(LogisticTrend(doses: [1, 2], shares: [0, 1], countPerDose: 0) == nil)
  }

  @Test func `doses at 0 and 1 throughout have a finite curve`() throws {
    for shares in [[0, 0, 0, 0, 0.0], [1, 1, 1, 1, 1], [0, 0, 0, 1, 1], [1, 1, 0, 0, 0]] {
      let trend = try #require(
        LogisticTrend(doses: Self.doses, shares: shares, countPerDose: 1e6))
      #expect(trend.slope.isFinite && trend.intercept.isFinite)
      #expect((0...1).contains(trend.share(at: 3)))
      let rise = shares[4] - shares[0]
      #expect(rise == 0 ? abs(trend.slope) < 1e-9 : trend.slope * rise > 1)
    }
  }

  /// Five seeds that differ in height, and people; the slope is 0.5 by construction.
  private func study(
    _ stream: RandomStream, slope: Double = 0.5
  ) throws -> [(dose: Double, cell: PersonaTable)] {
    var draws = stream
    let heights = (0..<5).map { _ in -1.5 + 0.5 * Normal.quantile(draws.uniform(0x1p-53, 1)) }
    return try Self.doses.map { dose in
      (
        dose,
        try PersonaTable(
          heights.enumerated().flatMap { seed, height in
            (0..<60).map { persona in
              let p = 1 / (1 + exp(-height - slope * dose))
              return Outcome(
                seed: seed, source: "image", target: "text", metric: "full_name",
                persona: persona, value: draws.chance(p) ? 1 : 0)
            }
          })
      )
    }
  }

  @Test func `the interval of the slope holds the truth about as often as it says`() throws {
    let bootstrap = try HierarchicalBootstrap(design: .perSeed, resamples: 400)
    let root = RandomStream(seed: 11)
    let held = try (0..<120).count { round in
      let stream = root.fork(round)
      let found = bootstrap.trend(try study(stream), at: [], stream: stream.fork("draws"))
      // The curve of the pooled shares is a little flatter than that of one seed.
      return try #require(found?.slope.interval).contains(0.48)
    }
    #expect((108...120).contains(held), "\(held) of 120")
  }

  @Test func `without a slope it is rarely found`() throws {
    let bootstrap = try HierarchicalBootstrap(design: .perSeed, resamples: 200)
    let root = RandomStream(seed: 12)
    let found = try (0..<120).count { round in
      let stream = root.fork(round)
      let trend = bootstrap.trend(
        try study(stream, slope: 0), at: [], stream: stream.fork("draws"))
      return try #require(trend?.slope.pValue()) < 0.05
    }
    #expect(found <= 14, "\(found) of 120")
  }

  @Test func `the band holds the curve and follows the places`() throws {
    let bootstrap = try HierarchicalBootstrap(design: .perSeed, resamples: 400)
    let stream = RandomStream(seed: 13)
    let trend = try #require(
      bootstrap.trend(try study(stream), at: [0, 3, 6], stream: stream.fork("draws")))
    #expect(trend.curve.map(\.dose) == [0, 3, 6])
    for point in trend.curve {
      let interval = try #require(point.interval)
      #expect(interval.low < point.share && point.share < interval.high)
      #expect(interval.low > 0 && interval.high < 1)
    }
    #expect(trend.curve[0].share < trend.curve[2].share)
  }

  @Test func `two doses, no shared people, no spread: no trend`() throws {
    let bootstrap = try HierarchicalBootstrap(design: .perSeed, resamples: 200)
    let stream = RandomStream(seed: 14)
    let cells = try study(stream)
    #expect(bootstrap.trend(Array(cells.prefix(2)), at: [], stream: stream) == nil)
    func cell(_ personas: Range<Int>, _ value: Double) throws -> PersonaTable {
      try PersonaTable(
        personas.map {
          Outcome(
            seed: 0, source: "image", target: "text", metric: "full_name", persona: $0,
            value: value)
        })
    }
    let strangers = [(0.0, try cell(0..<9, 0)), (1, try cell(9..<18, 1)), (2, try cell(0..<9, 1))]
    #expect(bootstrap.trend(strangers, at: [], stream: stream) == nil)
    let silent = [(0.0, try cell(0..<9, 0)), (1, try cell(0..<9, 0)), (2, try cell(0..<9, 0))]
    #expect(bootstrap.trend(silent, at: [0], stream: stream) == nil)
  }
}
