// What the benchmark says of numbers, without measuring anything.

import EideticBench
import Repro
import Testing

@Suite struct StatisticsTests {
  @Test func `the median is the middle or the mean of two`() {
    #expect(Samples([3, 1, 2]).median == 2)
    #expect(Samples([4, 1, 3, 2]).median == 2.5)
    #expect(Samples([7]).median == 7)
    #expect(Samples([2, 1, 4]).text(digits: 1) == "2.0 (1.0 – 4.0)")
  }

  @Test func `ratios are taken within a round`() {
    // The second round was disturbed on both sides; the ratio does not see it.
    let comparison = Comparison(ours: Samples([1, 10, 1]), theirs: Samples([2, 20, 3]))
    #expect(comparison.ratio?.values == [2, 2, 3])
    let row = comparison.row("work", scale: 1e3, unit: "ms")
    #expect(
      row.json == [
        "name": "work", "ours": 1000.0, "peer": 3000.0, "ratio": 2.0, "unit": "ms",
      ])
  }

  @Test func `without a peer its numbers are null`() {
    let row = Comparison(ours: Samples([1]), theirs: nil).row("work", scale: 1, unit: "s")
    #expect(row.json == ["name": "work", "ours": 1.0, "peer": .null, "ratio": .null, "unit": "s"])
    #expect(row.text.contains("not installed"))
  }

  @Test func `sides work in turn`() {
    var order = ""
    let (ours, theirs) = inTurn(rounds: 2) {
      order += "o"
      return 1
    } theirs: {
      order += "t"
      return [2, 3]
    }
    #expect(order == "otot")
    #expect(ours.values == [1, 1])
    #expect(theirs.map(\.values) == [[2, 2], [3, 3]])
  }

  @Test func `an exponent is the slope of logarithms`() {
    let sizes = [1.0, 2, 4, 8]
    #expect(abs(Series.exponent(sizes, sizes.map { 5 * $0 * $0 }) - 2) < 1e-12)
    #expect(abs(Series.exponent(sizes, [3, 3, 3, 3])) < 1e-12)
  }
}

@Suite struct CoreUseTests {
  private func use(all: Double, own: Double, clock: Double, stolen: Double = 0) -> CoreUse {
    CoreUse(all: all, stolen: stolen, own: own, clock: clock, processors: 2)
  }

  @Test func `work that is not ours disturbs`() {
    let start = use(all: 100, own: 50, clock: 0)
    let alone = use(all: 120, own: 70, clock: 10)
    #expect(alone.disturbance(since: start, threads: 2) == 0)
    let beside = use(all: 125, own: 70, clock: 10)
    #expect(beside.disturbance(since: start, threads: 2) == 0.5)
    // With one thread a second processor is free for others.
    #expect(beside.disturbance(since: start, threads: 1) == 0)
    let robbed = use(all: 120, own: 70, clock: 10, stolen: 3)
    #expect(abs(robbed.disturbance(since: start, threads: 2) - 0.3) < 1e-12)
  }

  @Test func `only much of it is warned of`() {
    #expect(Disturbances.warning("step", 0.05) == nil)
    #expect(Disturbances.warning("step", 0.5)?.contains("0.50 processors") == true)
    var found = Disturbances()
    found.note("quiet", 0.01)
    #expect(found.summary == nil)
    found.note("loud", 1.5)
    #expect(found.summary?.contains("loud") == true)
    #expect(found.summary?.contains("quiet") == false)
    #expect(found.json["loud"] == ["processors": 1.5, "too_much": true])
    #expect(found.json["quiet"]?["too_much"] == false)
  }

  @Test func `the system's counters are read`() throws {
    let text = "cpu  10 20 30 1000 5 1 2 7 4 0\ncpu0 5 10 15 500 2 1 1 3 2 0\nintr 1\n"
    let (all, stolen, processors) = CoreUse.machine(text)
    #expect(all == 63 && stolen == 7 && processors == 1)
    // A name may hold anything.
    let line = "42 (a) b (c)) S 7 42 42 0 -1 4194304 1 2 0 0 11 12 13 14 20 0 1 0 99 0 0"
    let process = try #require(CoreUse.Process(stat: line))
    #expect(process.id == 42 && process.parent == 7 && process.ticks == 50)
    #expect(CoreUse.Process(stat: "nonsense") == nil)
  }

  @Test func `our own work is not others'`() {
    let start = CoreUse.now
    #expect(start.own > 0 && start.all >= start.own && start.processors >= 1)
    var sum = 0.0
    while CoreUse.now.own - start.own < 0.05 { sum += 1 }
    let end = CoreUse.now
    #expect(end.clock > start.clock && end.all >= start.all && sum > 0)
  }
}
