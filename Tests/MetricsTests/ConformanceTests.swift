// Every metric against numbers made outside this project: the vectors of the metric survey, and
// Tests/Golden/metrics.json. Each vector's test bears its number:
//
//   here                    V5 exposure, V11 Wilson, V16 McNemar, V17 transfer, V23 Holm and BH
//   LikelihoodTests         V1 extraction strength, V2 exact memorization, V3 Min-K, V4 Min-K++,
//                           V6 truth ratio, V9 LiRA, V10 RMIA, V24 dataset usage
//   ModelsTests             V13 CKA, V14 PrivLeak, V15 transfers and forgetting, V18 modality gap,
//                           V19 InfoNCE, V21 entropy and mutual information
//   StatisticsTests         V12 Kolmogorov-Smirnov, V22 area under the curve, V25 KL
//   UnlearningLossTests     V7 NPO, V8 SimNPO, V20 CE-U, UNDIAL, WGA, SatImp, PDU, V25 KL again
//
// and each defect that the survey found in peers has a test that begins with "peer defect".

import Metrics
import Repro
import Testing

@Suite struct ConformanceTests {
  @Test func `V5: exposure of ranks 1, 10, 100 among 100`() throws {
    #expect(agree(try exposureBits(rank: 1, candidates: 100), 6.6438561898))
    #expect(agree(try exposureBits(rank: 10, candidates: 100), 3.3219280949))
    #expect(try exposureBits(rank: 100, candidates: 100) == 0)
  }

  @Test func `V11: Wilson intervals`() throws {
    let middle = try wilsonInterval(successes: 7, trials: 10)
    #expect(agree(middle.low, 0.3967781475) && agree(middle.high, 0.8922087326))
    let none = try wilsonInterval(successes: 0, trials: 100)
    #expect(none.low == 0 && agree(none.high, 0.0369934982, 1e-8))
    let all = try wilsonInterval(successes: 100, trials: 100)
    #expect(agree(all.low, 0.9630065018) && all.high == 1)
  }

  @Test func `V16: exact McNemar of 1 against 6`() {
    #expect(agree(PairedTable(firstOnly: 1, secondOnly: 6).mcnemarP, 0.125, 1e-12))
  }

  @Test func `V17: transfer gap and ratios`() {
    let transfer = Transfer(source: 0.9, target: 0.45, chance: 0.01)
    #expect(agree(transfer.gap, 0.45))
    #expect(transfer.ratio.number.map { agree($0, 0.5) } == true)
    #expect(transfer.chanceCorrectedRatio.number.map { agree($0, 0.4943820225) } == true)
  }

  @Test func `V23: Holm and Benjamini-Hochberg`() {
    let raw = [0.01, 0.04, 0.03, 0.005]
    #expect(zip(holmAdjusted(raw), [0.03, 0.06, 0.06, 0.02]).allSatisfy { agree($0, $1) })
    #expect(
      zip(benjaminiHochbergAdjusted(raw), [0.02, 0.04, 0.04, 0.02]).allSatisfy { agree($0, $1) })
  }

  @Test func `distributions agree with scipy`() {
    let normal = Golden.cases("normal_quantile").map(\.numbers)
    #expect(normal.count == 9)
    for c in normal { #expect(abs(Normal.quantile(c[0]) - c[1]) < 1e-9, "p = \(c[0])") }
    let quantiles = Golden.cases("t_quantile").map(\.numbers)
    #expect(quantiles.count == 30)
    for c in quantiles {
      #expect(agree(StudentT.quantile(c[0], degreesOfFreedom: c[1]), c[2]), "\(c)")
    }
    let tails = Golden.cases("t_tail").map(\.numbers)
    #expect(tails.count == 30)
    for c in tails {
      #expect(agree(StudentT.twoSidedTail(c[0], degreesOfFreedom: c[1]), c[2]), "\(c)")
    }
    let betas = Golden.cases("beta").map(\.numbers)
    #expect(betas.count == 25)
    for c in betas { #expect(abs(regularizedBeta(c[0], c[1], c[2]) - c[3]) < 1e-11, "\(c)") }
  }

  @Test func `Wilson agrees with statsmodels`() throws {
    let cases = Golden.cases("wilson").map(\.numbers)
    #expect(cases.count == 21)
    for c in cases {
      let got = try wilsonInterval(successes: Int(c[0]), trials: Int(c[1]), level: c[2])
      #expect(abs(got.low - c[3]) < 1e-12 && abs(got.high - c[4]) < 1e-12, "\(c)")
    }
  }

  @Test func `McNemar agrees with statsmodels`() {
    let cases = Golden.cases("mcnemar").map(\.numbers)
    #expect(cases.count == 9)
    for c in cases {
      let table = PairedTable(both: 3, firstOnly: Int(c[0]), secondOnly: Int(c[1]), neither: 5)
      #expect(agree(table.mcnemarP, c[2]), "\(c), got \(table.mcnemarP)")
    }
  }

  @Test func `adjusted p-values agree with statsmodels`() {
    let cases = Golden.cases("multiple").map { $0.list.map(\.numbers) }
    #expect(cases.count == 4)
    for c in cases {
      #expect(zip(holmAdjusted(c[0]), c[1]).allSatisfy { agree($0, $1) }, "\(c[0])")
      #expect(zip(benjaminiHochbergAdjusted(c[0]), c[2]).allSatisfy { agree($0, $1) }, "\(c[0])")
    }
  }

  @Test func `the normaliser agrees with Python's unicodedata and casefold`() {
    let cases = Golden.cases("normalize").map { $0.list.map(\.string) }
    #expect(cases.count == 22)
    for c in cases { #expect(NameNormalizer.normalize(c[0]) == c[1], "\(c[0])") }
  }

  @Test func `pessimistic ranks agree with scipy's rankdata`() throws {
    let cases = Golden.cases("ranks").map { $0.list.map(\.numbers) }
    #expect(cases.count == 4)
    for c in cases {
      let got = try c[0].indices.map { Double(try pessimisticRank(of: $0, in: c[0])) }
      #expect(got == c[1])
    }
  }

  @Test func `rank summaries agree with numpy`() throws {
    let expected = Golden.cases("rank_summary")
    let summary = try RankSummary(ranks: expected[0].numbers)
    #expect(agree(summary.meanReciprocalRank, expected[1].number))
    #expect(summary.medianRank == expected[2].number)
    #expect(agree(summary.hitsAt1, expected[3].number))
    #expect(agree(summary.hitsAt5, expected[4].number))
    #expect(agree(summary.hitsAt10, expected[5].number))
  }

  @Test func `conditional transfer and phi agree with numpy`() throws {
    let expected = Golden.cases("paired")
    var table = PairedTable()
    for (a, b) in zip(expected[0].numbers, expected[1].numbers) {
      table.add(first: a == 1, second: b == 1)
    }
    #expect(table.count == 60)
    #expect(agree(try #require(table.phi), expected[2].number))
    #expect(agree(try #require(table.secondGivenFirst), expected[3].number))
    #expect(agree(try #require(table.secondGivenNotFirst), expected[4].number))
  }

  @Test func `minimum detectable effects agree with scipy`() throws {
    let unpaired = Golden.cases("unpaired_mde").map(\.numbers)
    #expect(unpaired.count == 5)
    for c in unpaired {
      #expect(agree(try unpairedMinimumDetectableEffect(personas: Int(c[0])), c[1]))
    }
    let table = [20: 0.44, 50: 0.28, 100: 0.20, 200: 0.14, 500: 0.09]
    for (personas, effect) in table {
      #expect(abs(try unpairedMinimumDetectableEffect(personas: personas) - effect) < 0.005)
    }
    for c in Golden.cases("mde").map(\.numbers) {
      let got = try minimumDetectableEffect(standardError: c[0], degreesOfFreedom: c[1])
      #expect(agree(got, c[2]), "\(c)")
    }
  }
}
