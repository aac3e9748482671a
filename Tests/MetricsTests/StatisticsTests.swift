// Statistics: vectors of the survey, the peers' defects, what holds for every input, and failures.

import Metrics
import Repro
import Testing

@Suite struct StatisticsTests {
  private let stream = RandomStream(seed: 7)

  @Test func `V12: Kolmogorov-Smirnov of two samples of five`() throws {
    let test = try KolmogorovSmirnov([0.1, 0.2, 0.3, 0.4, 0.5], [0.35, 0.45, 0.55, 0.65, 0.75])
    #expect(agree(test.statistic, 0.6) && agree(test.p, 0.3571428571))
    #expect(test.isExact && test.count1 == 5 && test.count2 == 5)
  }

  @Test func `V22: area under the curve and true positives at no false positive`() throws {
    let (members, others) = ([0.9, 0.8, 0.7, 0.4], [0.6, 0.5, 0.3, 0.2])
    #expect(try AreaUnderCurve(positives: members, negatives: others).value == 0.875)
    let low = try LowFalsePositiveRecall(positives: members, negatives: others, target: 0)
    #expect(low.truePositiveRate == 0.75 && low.threshold == 0.6 && !low.isResolved)
  }

  @Test func `V25 and peer defect: KL has a direction`() throws {
    let (p, q) = ([0.7, 0.2, 0.1], [0.4, 0.4, 0.2])
    #expect(try agree(#require(try klDivergence(p, q)), 0.1837868974))
    #expect(try agree(#require(try klDivergence(q, p)), 0.1920419932))
    #expect(try klDivergence([1, 1], [1, 0]) == nil && klDivergence([1, 0], [1, 1]) != nil)
    #expect(try agree(jensenShannonDivergence([1, 0], [0, 1]), 0.6931471806))
    #expect(throws: MetricsError.self) { try klDivergence([1, -1], [1, 1]) }
    #expect(throws: MetricsError.self) { try jensenShannonDivergence([0], [0]) }
  }

  @Test func `peer defect: p-values of 1e-239 stay readable as logarithm and statistic`() throws {
    let (a, b) = ((0..<2000).map(Double.init), (0..<2000).map { Double($0) + 1900 })
    let test = try KolmogorovSmirnov(a, b)
    #expect(test.p == 0 && test.statistic == 0.95)
    #expect(test.log10P < -700 && test.log10P > -800)
  }

  @Test func `peer defect: the interval is of the area, not of one minus the area`() throws {
    var d = Draws("mirror", 0)
    let members = d.normals(60).map { $0 + 1 }
    let area = try AreaUnderCurve(positives: members, negatives: d.normals(60))
    #expect(area.value > 0.7 && area.interval.contains(area.value))
    #expect(!area.interval.contains(1 - area.value))
    let swapped = try AreaUnderCurve(positives: members.map { -$0 }, negatives: [0, 1])
    #expect(swapped.interval.contains(swapped.value))
  }

  @Test func `peer defect: a score that is NaN is an error, never left out`() {
    #expect(throws: MetricsError.self) { try AreaUnderCurve(positives: [.nan, 1], negatives: [0]) }
    #expect(throws: MetricsError.self) { try rocCurve(positives: [1], negatives: [.nan]) }
  }

  @Test func `peer defect: 200 non-members do not resolve a false positive rate of 0_001`() throws {
    let others = (0..<200).map(Double.init)
    let low = try LowFalsePositiveRecall(positives: [300, 301], negatives: others, target: 0.001)
    #expect(!low.isResolved && low.smallestResolvable == 0.05)
    #expect(low.note.contains("200 non-members") && low.note.contains("needs 10000"))
    let fine = try LowFalsePositiveRecall(positives: [300, 0], negatives: others, target: 0.05)
    #expect(fine.isResolved && fine.truePositiveRate == 0.5 && fine.falsePositiveRate == 0.05)
  }

  @Test func `a perfect area still has an interval`() throws {
    let area = try AreaUnderCurve(positives: [3, 4, 5], negatives: [0, 1, 2])
    #expect(area.value == 1 && area.interval.high == 1 && area.interval.low < 0.8)
    #expect(area.standardError == 0)
    #expect(try AreaUnderCurve(positives: [1], negatives: [0]).standardError == nil)
    let tied = try AreaUnderCurve(positives: [1, 1], negatives: [1, 1, 1])
    #expect(tied.value == 0.5)
  }

  @Test func `a cluster bootstrap agrees with scipy's BCa on means, whose clusters are single`()
    throws
  {
    // scipy.stats.bootstrap(([0.5, 1.5, …],), np.mean, n_resamples=200000, method="BCa").
    var d = Draws("bootstrap", 0)
    let values = d.normals(30).map { $0 * $0 }
    let result = try ClusterBootstrap(resamples: 20_000).interval(
      of: values.map { [$0] }, stream: stream
    ) { $0.reduce(0, +) / Double($0.count) }
    let interval = try #require(result.interval)
    #expect(agree(result.value, 0.8098840558, 1e-8))
    #expect(abs(interval.low - 0.5396) < 0.02 && abs(interval.high - 1.3488) < 0.03)
  }

  @Test func `prompts of one persona stay together`() throws {
    var d = Draws("clusters", 0)
    let people = d.normals(30).map { center in Array(repeating: center, count: 10) }
    let bootstrap = try ClusterBootstrap(resamples: 2000)
    func width(_ clusters: [[Double]]) throws -> Double {
      let result = try bootstrap.interval(of: clusters, stream: stream) {
        $0.reduce(0, +) / Double($0.count)
      }
      let interval = try #require(result.interval)
      return interval.high - interval.low
    }
    let honest = try width(people), naive = try width(people.flatMap { $0.map { [$0] } })
    #expect(honest / naive > 2.5 && honest / naive < 4)
  }

  @Test func `a bootstrap without spread has no interval`() throws {
    let bootstrap = try ClusterBootstrap(resamples: 100)
    let mean: ([Double]) -> Double = { $0.reduce(0, +) / Double($0.count) }
    #expect(
      try bootstrap.interval(of: [[1], [1]], stream: stream, statistic: mean).interval == nil)
    #expect(try bootstrap.interval(of: [[1, 2]], stream: stream, statistic: mean).interval == nil)
    #expect(throws: MetricsError.self) {
      try bootstrap.interval(of: [[], []], stream: stream, statistic: mean)
    }
    #expect(throws: MetricsError.self) {
      try bootstrap.interval(of: [[1], [2]], stream: stream) { _ in .nan }
    }
  }

  @Test func `random relabellings come close to all relabellings`() throws {
    var d = Draws("relabel", 0)
    let (x, y) = (d.normals(9).map { $0 + 0.8 }, d.normals(8))
    let all = try PermutationTest(x, y, most: 100_000, stream: stream)
    let some = try PermutationTest(x, y, most: 10_000, stream: stream)
    #expect(all.isExact && all.permutations == 24_310 && !some.isExact)
    #expect(abs(all.p - some.p) < 0.015)
    let pairs = try PermutationTest(paired: x, d.normals(9), most: 512, stream: stream)
    #expect(pairs.isExact)
    let never = try PermutationTest([9, 9, 9, 9], [0, 0, 0, 0], most: 20, stream: stream)
    #expect(never.p > 0)
  }

  @Test func `a correlation with a constant column is undefined`() throws {
    #expect(try pearson([1, 1, 1], [1, 2, 3]) == nil)
    #expect(try spearman([1, 2, 3], [5, 5, 5]) == nil)
    #expect(try spearman([1], [2]) == nil)
    let perfect = try #require(try spearman([1, 2, 3, 4], [1, 4, 9, 16]))
    #expect(perfect.value == 1 && perfect.p == 0 && perfect.interval?.high == 1)
    #expect(throws: MetricsError.lengths(op: "pearson", expected: 2, got: 1)) {
      try pearson([1, 2], [1])
    }
    #expect(throws: MetricsError.self) { try pearson([1, .infinity], [1, 2]) }
  }

  @Test func `a collapsed model shows`() throws {
    let dead = try Collapse(Array(repeating: "Ada", count: 9))
    #expect(dead.distinct == 1 && dead.majorityShare == 1 && dead.entropy == 0)
    #expect(throws: MetricsError.self) { try Collapse([]) }
    #expect(try distinctGrams([1, 2], n: 3) == nil)
  }

  @Test func `paired studies see effects that unpaired ones miss`() throws {
    let unpaired = try unpairedMinimumDetectableEffect(personas: 100)
    let paired = try #require(try pairedMinimumDetectableEffect(pairs: 100, discordant: 0.15))
    #expect(paired < 0.11 && unpaired > 0.19)
    #expect(try pairedMinimumDetectableEffect(pairs: 5, discordant: 0.1) == nil)
  }

  @Test func `limits of the exact test`() throws {
    let long = (0..<4000).map(Double.init)
    #expect(throws: MetricsError.self) { try KolmogorovSmirnov(long, long, method: .exact) }
    #expect(try KolmogorovSmirnov(long, long).p == 1)
    #expect(try KolmogorovSmirnov([1], [1]).p == 1)
    #expect(throws: MetricsError.self) { try KolmogorovSmirnov([], [1]) }
  }
}
