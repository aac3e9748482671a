// Recall, likelihood and membership: vectors of the survey, the peers' defects, and failures.

import Foundation
import Metrics
import Testing

@Suite struct LikelihoodTests {
  @Test func `V1 and V2: extraction strength and exact memorization`() throws {
    let labels = [5, 2, 7, 7]
    for (predicted, expected) in [
      ([5, 9, 7, 7], 0.5), ([1, 1, 1, 1], 0), ([1, 1, 1, 7], 0.25), ([5, 2, 7, 7], 1),
    ] {
      #expect(try extractionStrength(predicted: predicted, labels: labels) == expected)
    }
    #expect(try exactMemorization(predicted: [5, 9, 7, 7], labels: labels) == 0.75)
  }

  @Test func `V3: Min-K`() throws {
    let values = [-0.1, -2, -0.5, -3]
    #expect(try minKScore(values, share: 0.5) == -2.5)
    #expect(try minKScore(values, share: 0.2) == -3)
  }

  @Test func `V4: Min-K++ standardises by the model's own distribution`() throws {
    let row = [0.7, 0.2, 0.1].map { log($0) }
    for (token, z) in [0.6330918235, -1.1486118264, -2.1344191120].enumerated() {
      let score = try minKPlusPlusScore(distributions: [row], tokens: [token])
      #expect(agree(score, z))
    }
  }

  @Test func `V6: truth ratios, both forms`() throws {
    let ratio = try TruthRatio(paraphrase: 1, perturbed: [2, 3])
    #expect(agree(ratio.arithmetic, 0.2516073620) && agree(ratio.geometric, 0.2231301601))
    #expect(agree(ratio.geometricShare, 0.8175744762))
    #expect(agree(ratio.arithmeticShare, 0.7989726093))
  }

  @Test func `V9: LiRA`() throws {
    let lira = try LiRA(
      confidence: 2, inside: .init(mean: 3, deviation: 1), outside: .init(mean: 0, deviation: 1))
    #expect(try agree(#require(lira.logRatio), 1.5) && agree(lira.offline, 0.9772498681))
  }

  @Test func `V10 and V24: RMIA and dataset usage`() throws {
    let ratio = try #require(try rmiaRatio(probability: 0.8, outside: [0.4], a: 0.3))
    #expect(agree(ratio, 1.3114754098))
    #expect(try rmiaScore(ratio: ratio, population: [0.9, 1.2, 1.4, 1.0]) == 0.75)
    let usage = try datasetUsage(flagged: 0.55, truePositiveRate: 0.8, falsePositiveRate: 0.1)
    #expect(agree(try #require(usage), 0.6428571429))
  }

  @Test func `peer defect: no match at all is 0, not one over the length`() throws {
    for length in 1...8 {
      let labels = Array(repeating: 1, count: length)
      let nothing = try extractionStrength(predicted: labels.map { _ in 0 }, labels: labels)
      #expect(nothing == 0)
    }
  }

  @Test func `peer defect: Min-K of a name of three tokens is a number`() throws {
    for length in 1...4 {
      let values = (0..<length).map { -Double($0) }
      #expect(try minKScore(values, share: 0.2) == values.min())
    }
  }

  @Test func `peer defect: wrong answers are averaged within a question, each form by its name`()
    throws
  {
    let one = try TruthRatio(paraphrase: 1, perturbed: [0.5, 4])
    let two = try TruthRatio(paraphrase: 1, perturbed: [3, 3])
    #expect(one.arithmetic > 0.8 && one.geometric < 0.3 && two.arithmetic < 0.2)
    // Averaged over all questions at once both would be the same.
    #expect(
      try agree(TruthRatio.forgetScore([one.arithmetic, two.arithmetic]), 0.4922947264, 1e-8))
  }

  @Test func `peer defect: a part of a longer name is not the name`() throws {
    let match = try ExactMatch(
      answers: ["Hannah", "Ann.", "", "ANN"], truths: ["Ann", "Ann", "", "Ann"])
    #expect(match.correct == [false, true, false, true] && match.accuracy == 0.5)
    let strict = try ExactMatch(answers: ["ANN"], truths: ["Ann"], normalizer: .none)
    #expect(strict.accuracy == 0)
    #expect(TextNormalizer.name.rawValue == NameNormalizer.name)
  }

  @Test func `peer defect: all token positions of the answer count, the last too`() throws {
    #expect(try SequenceLikelihood([-1, -2, -6]).mean == -3)
  }

  @Test func `peer defect: every membership score is higher for the more familiar text`() throws {
    let (familiar, strange) = ([-0.1, -0.2, -0.1], [-2.0, -3, -1])
    #expect(try lossScore(familiar) > lossScore(strange))
    #expect(try minKScore(familiar) > minKScore(strange))
    #expect(
      try referenceScore(familiar, reference: strange)
        > referenceScore(strange, reference: strange))
    let ratio = try #require(try referenceRatioScore(familiar, reference: strange))
    #expect(ratio > 1)
    #expect(try ZlibScore(familiar, text: "ab").value > ZlibScore(strange, text: "ab").value)
    #expect(try gradientNormScore([[0.1]]) > gradientNormScore([[5]]))
    #expect(
      try neighbourhoodScore(-1, neighbours: [-5]) > neighbourhoodScore(-5, neighbours: [-1]))
  }

  @Test func `peer defect: short texts are marked where zlib only measures its wrapper`() throws {
    let short = try ZlibScore([-1], text: "Ada Abbott lives in Springfield")
    #expect(short.isShort && short.compressedBytes > 31)
    #expect(try !ZlibScore([-1], text: String(repeating: "Ada ", count: 30)).isShort)
  }

  @Test func `a certain model has a finite logit and no ratio`() throws {
    #expect(try logitConfidence(logProbability: 0) < 28)
    #expect(try logitConfidence(logProbability: -800) == -800)
    #expect(try referenceRatioScore([0, 0], reference: [-1]) == nil)
    #expect(try recallScore([0], afterPrefix: [-1]) == nil)
    #expect(try recallScore([-1], afterPrefix: [-2]) == 2)
  }

  @Test func `a distribution without spread counts 0 in Min-K++`() throws {
    let flat = Array(repeating: -log(4.0), count: 4)
    #expect(try minKPlusPlusScore(distributions: [flat], tokens: [2]) == 0)
    #expect(try minKPlusPlusScore(distributions: [[0, -.infinity]], tokens: [0]) == 0)
    #expect(throws: MetricsError.self) {
      try minKPlusPlusScore(distributions: [[1, 2]], tokens: [0])  // logits
    }
    #expect(throws: MetricsError.self) {
      try minKPlusPlusScore(distributions: [flat], tokens: [4])
    }
  }

  @Test func `the bound of consistency and its collapse`() throws {
    let dead = try Consistency(["a", "a"], ["a", "a"])
    #expect(dead.agreement == 1 && dead.kappa == nil && dead.chance == 1)
    let opposite = try Consistency(["a", "b"], ["b", "a"])
    #expect(opposite.kappa == -1)
  }

  @Test func `texts in any script`() throws {
    let rouge = try Rouge.longestSubsequence(answer: "Zoë MÜLLER", reference: "zoë müller")
    #expect(rouge.f1 == 1)
    #expect(try editSimilarity("", "") == 1 && editSimilarity("abc", "") == 0)
    #expect(try Rouge.grams(1, answer: "", reference: "a").f1 == 0)
    #expect(throws: MetricsError.self) { try Rouge.grams(2, answer: "a b", reference: "a") }
  }

  @Test func `what is undefined is nil, what is malformed is an error`() throws {
    #expect(try queriesToExtract(logProbability: -1000, probability: 0.5) == nil)
    #expect(try queriesToExtract(logProbability: 0, probability: 0.5) == 1)
    #expect(try datasetUsage(flagged: 0.5, truePositiveRate: 0.1, falsePositiveRate: 0.1) == nil)
    #expect(try rmiaRatio(probability: 0.5, outside: [0], a: 1) == nil)
    #expect(try pooledDeviation([[1], []]) == nil)
    #expect(throws: MetricsError.self) { try SequenceLikelihood([]) }
    #expect(throws: MetricsError.self) { try SequenceLikelihood([0.5]) }
    #expect(throws: MetricsError.self) { try minKScore([-1], share: 0) }
    #expect(throws: MetricsError.self) { try LiRA.Gaussian(fitting: [1]) }
    #expect(throws: MetricsError.self) { try LiRA.Gaussian(fitting: [1, 1]) }
    #expect(throws: MetricsError.self) { try TruthRatio(paraphrase: 1, perturbed: []) }
    #expect(throws: MetricsError.self) { try gradientNormScore([[]]) }
    #expect(throws: MetricsError.self) { try rmiaScore(ratio: 1, population: []) }
    #expect(throws: MetricsError.self) {
      try prefixExtraction(predicted: [], labels: [], prefixes: [1])
    }
    #expect(try TruthRatio.forgetScore([0, 2]) == 0.25)
    #expect(throws: MetricsError.self) { try TruthRatio.retainScore([-1]) }
  }
}
