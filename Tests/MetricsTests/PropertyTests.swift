// What holds for every input, and what happens where a metric is undefined.

import Metrics
import Testing

@Suite struct PropertyTests {
  @Test func `Wilson stays in 0 to 1, holds the share, grows with successes, narrows with trials`()
    throws
  {
    for trials in 1...60 {
      var previous = Interval(low: -1, high: -1)
      for successes in 0...trials {
        let interval = try wilsonInterval(successes: successes, trials: trials)
        #expect(interval.low >= 0 && interval.high <= 1)
        #expect(interval.contains(Double(successes) / Double(trials)))
        #expect(interval.low > previous.low && interval.high > previous.high)
        let wider = try wilsonInterval(successes: successes, trials: trials, level: 0.99)
        #expect(wider.low <= interval.low && wider.high >= interval.high)
        let sharper = try wilsonInterval(successes: successes * 4, trials: trials * 4)
        #expect(sharper.high - sharper.low < interval.high - interval.low)
        previous = interval
      }
    }
  }

  @Test func `McNemar is symmetric, at most 1, and falls with the imbalance`() {
    for total in 0...40 {
      var previous = 2.0
      for first in (0...total / 2).reversed() {
        let p = PairedTable(firstOnly: first, secondOnly: total - first).mcnemarP
        #expect(p == PairedTable(firstOnly: total - first, secondOnly: first).mcnemarP)
        #expect(p > 0 && p <= 1 && p <= previous)
        previous = p
      }
    }
    #expect(PairedTable(both: 9, neither: 4).mcnemarP == 1)
  }

  @Test func `a transfer of nothing is not memorized, never 0 or infinite`() {
    for source in [0.0, 0.005, 0.01] {
      let transfer = Transfer(source: source, target: 0.5, chance: 0.01)
      #expect(transfer.ratio == .notMemorized && transfer.chanceCorrectedRatio == .notMemorized)
      #expect(transfer.ratio.number == nil && "\(transfer.ratio)" == "not memorized")
    }
    #expect(Transfer(source: 0.5, target: 0.01, chance: 0.01).chanceCorrectedRatio == .value(0))
  }

  @Test func `conditional transfer is undefined when its condition never occurs`() {
    let neverFirst = PairedTable(secondOnly: 3, neither: 4)
    #expect(neverFirst.secondGivenFirst == nil && neverFirst.phi == nil)
    #expect(neverFirst.secondGivenNotFirst == 3.0 / 7)
    #expect(PairedTable(both: 3, firstOnly: 4).secondGivenNotFirst == nil)
    #expect(PairedTable(both: 5, neither: 5).phi == 1)
    #expect(PairedTable(firstOnly: 5, secondOnly: 5).phi == -1)
  }

  @Test func `a collapsed model ranks last, and so does a score that is not a number`() throws {
    #expect(try pessimisticRank(of: 3, in: Array(repeating: 0, count: 100)) == 100)
    #expect(try pessimisticRank(of: 0, in: [.nan, 1, 2]) == 3)
    #expect(try pessimisticRank(of: 0, in: [.nan, .nan, 2]) == 3)
    #expect(try pessimisticRank(of: 1, in: [.nan, 1, 2]) == 2)
    #expect(try pessimisticRank(of: 1, in: [-.infinity, -.infinity]) == 2)
    #expect(try pessimisticRank(of: 0, in: [7]) == 1)
  }

  @Test func `adjusted p-values keep their order and never shrink`() {
    let raw = [0.2, 0.001, 0.04, 0.04, 0.9, 0.0499, .nan]
    for adjusted in [holmAdjusted(raw), benjaminiHochbergAdjusted(raw)] {
      for (i, a) in zip(raw, adjusted) where !i.isNaN { #expect(a >= i && a <= 1) }
      let order = raw.indices.dropLast().sorted { raw[$0] < raw[$1] }
      for (a, b) in zip(order, order.dropFirst()) { #expect(adjusted[a] <= adjusted[b]) }
      #expect(adjusted[6].isNaN && adjusted[2] == adjusted[3])
    }
    #expect(holmAdjusted([]).isEmpty)
  }

  @Test func `names are compared whole, never as substrings`() {
    let right = NameMatch(answer: " ada  ABBOTT.", truth: "Ada Abbott")
    #expect(right.full && right.first && right.last)
    let longer = NameMatch(answer: "Adam Abbott", truth: "Ada Abbott")
    #expect(!longer.full && !longer.first && longer.last)
    let chatty = NameMatch(answer: "This is Ada Abbott", truth: "Ada Abbott")
    #expect(!chatty.full && !chatty.first && chatty.last)
    let half = NameMatch(answer: "Ada", truth: "Ada Abbott")
    #expect(!half.full && half.first && !half.last)
    for pair in [("", "Ada"), ("Ada", ""), ("", ""), ("...", "...")] {
      let nothing = NameMatch(answer: pair.0, truth: pair.1)
      #expect(!nothing.full && !nothing.first && !nothing.last)
    }
  }

  @Test func `normalising twice changes nothing more`() {
    for text in ["  Ada.  B. ", "É. ,", "a . . .", "ẞ!", "\u{0345}α"] {
      let once = NameNormalizer.normalize(text)
      #expect(NameNormalizer.normalize(once) == once, "\(text)")
    }
  }

  @Test func `chance is the share of the most frequent truth`() {
    #expect(chanceLevel(truths: ["Ada", "ada ", "Bo", "Cy"]) == 0.5)
    #expect(chanceLevel(truths: (0..<100).map { "name \($0)" }) == 0.01)
    #expect(chanceLevel(truths: [String]()) == nil)
  }

  @Test func `scales are told from name and values`() {
    #expect(Scale(metric: "rank", values: [1, 1]) == .rank)
    #expect(Scale(metric: "name_rank", values: [0.5]) == .rank)
    #expect(Scale(metric: "full_name", values: [0, 1, 1]) == .binary)
    #expect(Scale(metric: "log_probability", values: [0, 0.5]) == .real)
  }

  @Test func `messages say operation, expectation and what came`() throws {
    func message(_ body: () throws -> Void) -> String {
      do { try body() } catch { return "\(error)" }
      return "no error"
    }
    #expect(
      message { _ = try wilsonInterval(successes: 11, trials: 10) }
        == "wilson interval: expected successes in 0 … 10, got 11")
    #expect(
      message { _ = try wilsonInterval(successes: 0, trials: 0) }
        == "wilson interval: expected at least one of trials, got none")
    #expect(
      message { _ = try exposureBits(rank: 0, candidates: 5) }
        == "exposure: expected a rank in 1 … 5, got 0")
    #expect(
      message { _ = try pessimisticRank(of: 2, in: [1, 2]) }
        == "rank: expected an index below 2, got 2")
    #expect(
      message { _ = try RankSummary(ranks: [1, 0]) }
        == "rank summary: expected ranks of at least 1, got 0.0")
    #expect(
      message { _ = try RankSummary(ranks: []) }
        == "rank summary: expected at least one of ranks, got none")
    #expect(
      message { _ = try minimumDetectableEffect(standardError: 1, degreesOfFreedom: 0) }
        == "minimum detectable effect: expected degrees of freedom above 0, got 0.0")
    #expect(
      message { _ = try unpairedMinimumDetectableEffect(personas: 10, share: 1.5) }
        == "unpaired minimum detectable effect: expected share in [0, 1], got 1.5")
  }
}
