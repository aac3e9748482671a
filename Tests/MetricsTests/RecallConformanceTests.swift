// Recall, likelihood and membership against numbers made elsewhere: Tests/Golden/metrics_recall.py.

import Foundation
import Metrics
import Testing

@Suite struct RecallConformanceTests {
  static let golden = GoldenFamily("recall")

  private static let names = [
    "Ada Abbott", "Zo\u{eb} Mu\u{f1}oz", "Zoe\u{308} Mun\u{303}oz", "Ann Lee", "Hannah Lee",
    "Anna Leeds", "Jean-Luc Picard", "J. R. Smith", "Stra\u{df}e Gro\u{df}",
  ]

  private func spelled(_ d: inout Draws, _ name: String) -> String {
    [
      name, name.uppercased(), name.lowercased(), "  \(name) ", "\(name).",
      name.replacingOccurrences(of: " ", with: "\t  "), "x\(name)",
      String(name.split(separator: " ").last!),
    ][d.integer(0, 7)]
  }

  @Test func `exact match of full, first and last names, and blind guessing`() throws {
    try Self.golden.check("exact_match") { d in
      var (said, meant) = ([String](), [String]())
      for _ in 0..<d.integer(1, 12) {
        let truth = Self.names[d.integer(0, 8)]
        said.append(spelled(&d, d.uniform() < 0.3 ? Self.names[d.integer(0, 8)] : truth))
        meant.append(truth)
      }
      let parts = zip(said, meant).map { NameMatch(answer: $0, truth: $1) }
      func share(_ part: (NameMatch) -> Bool) -> Double {
        Double(parts.count(where: part)) / Double(parts.count)
      }
      let match = try ExactMatch(answers: said, truths: meant)
      #expect(match.correct == parts.map(\.full))
      return [
        match.accuracy, share(\.first), share(\.last),
        try ExactMatch(answers: said, truths: meant, normalizer: .none).accuracy,
        chanceLevel(truths: meant),
      ]
    }
  }

  @Test func `transfer`() throws {
    try Self.golden.check("transfer") { d in
      let found = Transfer(source: d.uniform(), target: d.uniform(), chance: d.uniform(0, 0.3))
      return [found.gap, found.ratio.number, found.chanceCorrectedRatio.number]
    }
  }

  @Test func `consistency, multi-hop recall and paired answers`() throws {
    try Self.golden.check("consistency") { d in
      let (n, kinds) = (d.integer(1, 60), d.integer(1, 6))
      let (a, b, t) = (d.words(n, kinds), d.words(n, kinds), d.words(n, kinds))
      let all = try Consistency(a, b)
      let split = try ConsistencyByCorrectness(a, b, truths: t)
      #expect(all.agreement <= split.bound + 1e-12)
      return [all.agreement, all.kappa, split.sameAndRight, split.sameAndWrong, split.bound]
    }
    try Self.golden.check("multi_hop") { d in
      let n = d.integer(1, 40)
      let hops = try MultiHop(
        firstHop: d.flags(n, 0.7), secondHop: d.flags(n, 0.7), joined: d.flags(n, 0.7))
      return [hops.deficit, hops.joinedGivenBoth]
    }
    try Self.golden.check("paired") { d in
      let n = d.integer(2, 60)
      let table = try PairedTable(first: d.flags(n, 0.6), second: d.flags(n, 0.4))
      return [
        Double(table.both), Double(table.firstOnly), Double(table.secondOnly),
        Double(table.neither), table.phi, table.difference, table.secondGivenFirst,
      ]
    }
  }

  @Test func `likelihoods and ranks`() throws {
    try Self.golden.check("likelihood") { d in
      let values = d.logProbabilities(d.integer(1, 40))
      let answer = try SequenceLikelihood(values)
      return [
        answer.logProbability, answer.mean, answer.perplexity, try choiceProbability(values),
      ]
    }
    try Self.golden.check("ranks") { d in
      let n = d.integer(1, 40)
      let scores = d.integers(n, 0, 9).map(Double.init)
      let place = d.integer(0, n - 1)
      let rank = try pessimisticRank(of: place, in: scores)
      return [
        Double(rank), try middleRank(of: place, in: scores),
        try exposureBits(rank: rank, candidates: n),
      ]
    }
  }

  @Test func `summaries of ranks`() throws {
    try Self.golden.check("rank_summary") { d in
      let ranks = d.integers(d.integer(1, 30), 1, 20).map(Double.init)
      let summary = try RankSummary(ranks: ranks)
      return [
        summary.meanReciprocalRank, summary.medianRank, summary.hitsAt1, summary.hitsAt5,
        summary.hitsAt10, try hits(at: d.integer(1, 20), ranks),
      ]
    }
  }

  private func tokens(_ d: inout Draws) -> (predicted: [Int], labels: [Int]) {
    let labels = d.integers(d.integer(1, 12), 0, 4)
    let said = zip(labels, d.uniforms(labels.count)).map { $1 < 0.75 ? $0 : ($0 + 1) % 5 }
    return (said, labels)
  }

  @Test func `extraction`() throws {
    try Self.golden.check("extraction") { d in
      let (said, labels) = tokens(&d)
      return [
        try exactMemorization(predicted: said, labels: labels),
        try extractionStrength(predicted: said, labels: labels),
      ]
    }
    try Self.golden.check("prefixes") { d in
      let pairs = (0..<6).map { _ in tokens(&d) }
      return try prefixExtraction(
        predicted: pairs.map(\.predicted), labels: pairs.map(\.labels), prefixes: [0, 1, 2, 4, 8]
      ).flatMap { [Double($0.count), Double($0.extracted)] }
    }
    try Self.golden.check("discoverable") { d in
      let (s, p) = (-d.uniform(0.001, 12), d.uniform(0.01, 0.99))
      return [
        try queriesToExtract(logProbability: s, probability: p),
        try extractionProbability(logProbability: s, queries: d.integer(1, 500)),
      ]
    }
  }

  @Test func `text overlap and truth ratios`() throws {
    try Self.golden.check("overlap") { d in
      let reference = d.words(d.integer(2, 14), 9).joined(separator: " ")
      let said = d.words(d.integer(1, 14), 9).joined(separator: " ")
      let scores = [
        try Rouge.grams(1, answer: said, reference: reference),
        try Rouge.grams(2, answer: said, reference: reference),
        try Rouge.longestSubsequence(answer: said, reference: reference),
      ]
      return scores.flatMap { [$0.precision, $0.recall, $0.f1] } + [
        try editSimilarity(said, reference)
      ]
    }
    try Self.golden.check("truth_ratio") { d in
      let paraphrase = d.uniform(0, 4)
      let ratio = try TruthRatio(
        paraphrase: paraphrase, perturbed: d.uniforms(d.integer(1, 6), 0, 5))
      let ratios = d.uniforms(d.integer(1, 20), 0.01, 3)
      return [
        ratio.arithmetic, ratio.geometric, ratio.geometricShare,
        try TruthRatio.forgetScore(ratios), try TruthRatio.retainScore(ratios),
      ]
    }
  }

  @Test func `scores from a text's own tokens`() throws {
    try Self.golden.check("min_k") { d in
      let values = d.logProbabilities(d.integer(1, 40))
      return [try minKScore(values, share: Double(d.integer(1, 100)) / 100)]
    }
    try Self.golden.check("min_k_plus_plus") { d in
      let (n, v) = (d.integer(1, 12), d.integer(2, 9))
      let rows = d.matrix(n, v).map { row in
        let total = log(row.reduce(0) { $0 + exp($1) })
        return row.map { $0 - total }
      }
      let ids = d.integers(n, 0, v - 1)
      let share = Double(d.integer(1, 100)) / 100
      return [try minKPlusPlusScore(distributions: rows, tokens: ids, share: share)]
    }
    try Self.golden.check("references") { d in
      let x = d.logProbabilities(d.integer(1, 20))
      let y = d.logProbabilities(d.integer(1, 20))
      let score = try ZlibScore(x, text: d.words(d.integer(1, 40), 30).joined(separator: " "))
      return [
        try referenceScore(x, reference: y), try referenceRatioScore(x, reference: y),
        Double(score.compressedBytes), score.value,
        try neighbourhoodScore(x[0], neighbours: d.logProbabilities(5)),
      ]
    }
    try Self.golden.check("familiarity") { d in
      let x = d.logProbabilities(d.integer(1, 20))
      return [
        try lossScore(x), try recallScore(x, afterPrefix: d.logProbabilities(d.integer(1, 20))),
      ]
    }
    try Self.golden.check("gradient_norm") { d in
      let parts = (0..<d.integer(1, 4)).map { _ in d.normals(d.integer(1, 9)) }
      let p = [1, 2, 3, Double.infinity][d.integer(0, 3)]
      return [
        try gradientNormScore(parts, p: p), try gradientNormScore(parts, p: p, isGlobal: false),
      ]
    }
  }

  @Test func `scores against retrained models`() throws {
    try Self.golden.check("lira") { d in
      let inside = d.normals(d.integer(2, 9)).map { $0 + 2 }
      let outside = d.normals(d.integer(2, 9))
      let phi = try logitConfidence(logProbability: -d.uniform(0.0001, 5))
      let lira = try LiRA(
        confidence: phi, inside: .init(fitting: inside), outside: .init(fitting: outside))
      return [phi, lira.logRatio, lira.offline, try pooledDeviation([inside, outside, [9]])]
    }
    try Self.golden.check("rmia") { d in
      let (p, out, inside) = (d.uniform(), d.uniforms(4), d.uniforms(3))
      let (a, gamma) = (d.uniform(), d.uniform(1, 2))
      let population = d.uniforms(20, 0, 2)
      let offline = try #require(try rmiaRatio(probability: p, outside: out, a: a))
      let rates = d.uniforms(3)
      return [
        offline, try rmiaRatio(probability: p, outside: out, inside: inside),
        try rmiaScore(ratio: offline, population: population, gamma: gamma),
        try datasetUsage(
          flagged: rates[0], truePositiveRate: rates[1], falsePositiveRate: rates[2]),
      ]
    }
  }
}
