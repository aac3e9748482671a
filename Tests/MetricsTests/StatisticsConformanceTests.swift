// Statistics against scipy, scikit-learn and statsmodels: Tests/Golden/metrics_statistics.py.

import Metrics
import Repro
import Testing

@Suite struct StatisticsConformanceTests {
  static let golden = GoldenFamily("statistics")

  @Test func `Wilson's interval`() throws {
    try Self.golden.check("wilson") { d in
      let n = d.integer(1, 400)
      let k = d.integer(0, n)
      let interval = try wilsonInterval(successes: k, trials: n, level: d.uniform(0.5, 0.999))
      return [interval.low, interval.high]
    }
  }

  @Test func `logistic curves of grouped answers`() throws {
    try Self.golden.check("logistic_trend") { d in
      let doses = d.uniforms(d.integer(2, 8)).sorted()
      let n = d.integer(1, 200)
      let shares = doses.map { _ in Double(d.integer(0, n)) / Double(n) }
      let trend = LogisticTrend(doses: doses, shares: shares, countPerDose: Double(n))
      return [trend?.intercept ?? .nan, trend?.slope ?? .nan]
    }
  }

  @Test func `exact McNemar`() throws {
    try Self.golden.check("mcnemar", floor: 0) { d in
      [PairedTable(firstOnly: d.integer(0, 60), secondOnly: d.integer(0, 60)).mcnemarP]
    }
  }

  @Test func `Newcombe's intervals of independent and of paired shares`() throws {
    try Self.golden.check("newcombe") { d in
      let (m, n) = (d.integer(1, 200), d.integer(1, 200))
      let (k, j) = (d.integer(0, m), d.integer(0, n))
      let interval = try newcombeInterval(first: (k, m), second: (j, n))
      return [interval.low, interval.high]
    }
    try Self.golden.check("newcombe_paired") { d in
      let n = d.integers(4, 0, 40)
      let interval = try newcombePairedInterval(
        PairedTable(both: n[0], firstOnly: n[1], secondOnly: n[2], neither: n[3] + 1))
      return [interval.low, interval.high]
    }
  }

  @Test func `Holm and Benjamini-Hochberg`() throws {
    try Self.golden.check("holm") { d in holmAdjusted(d.uniforms(d.integer(1, 30))) }
    try Self.golden.check("benjamini_hochberg") { d in
      benjaminiHochbergAdjusted(d.uniforms(d.integer(1, 30)))
    }
  }

  @Test func `Kolmogorov-Smirnov, exact and in the limit`() throws {
    func samples(_ d: inout Draws, _ least: Int, _ most: Int) -> ([Double], [Double]) {
      let (m, n) = (d.integer(least, most), d.integer(least, most))
      let (x, shift) = (d.normals(m), d.uniform(0, 3))
      return (x, d.normals(n).map { $0 + shift })
    }
    try Self.golden.check("ks", tolerance: 1e-11, floor: 0) { d in
      let (x, y) = samples(&d, 1, 40)
      let test = try KolmogorovSmirnov(x, y)
      #expect(test.isExact)
      return [test.statistic, test.p]
    }
    try Self.golden.check("ks_limit", tolerance: 1e-11) { d in
      let (x, y) = samples(&d, 150, 300)
      let test = try KolmogorovSmirnov(x, y)
      #expect(!test.isExact)
      return [test.statistic, test.log10P]
    }
  }

  @Test func `correlations with p-value and interval`() throws {
    try Self.golden.check("pearson", tolerance: 1e-8) { d in
      let n = d.integer(4, 60)
      let (x, slope) = (d.normals(n), d.uniform(-1, 1))
      let r = try pearson(x, zip(x, d.normals(n)).map { slope * $0 + $1 })
      return [r?.value, r?.p, r?.interval?.low, r?.interval?.high]
    }
    try Self.golden.check("spearman", tolerance: 1e-8) { d in
      let n = d.integer(4, 60)
      let r = try spearman(
        d.integers(n, 0, 9).map(Double.init), d.integers(n, 0, 9).map(Double.init))
      return [r?.value, r?.p, r?.interval?.low, r?.interval?.high]
    }
  }

  @Test func `area under the curve, its interval and error, and low false positive rates`() throws {
    func scores(_ d: inout Draws) -> ([Double], [Double]) {
      let (m, n) = (d.integer(2, 60), d.integer(2, 60))
      let members = d.integers(m, 2, 12).map(Double.init)
      return (members, d.integers(n, 0, 10).map(Double.init))
    }
    try Self.golden.check("auc") { d in
      let (p, n) = scores(&d)
      let area = try AreaUnderCurve(positives: p, negatives: n)
      return [area.value, area.standardError, area.interval.low, area.interval.high]
    }
    try Self.golden.check("roc") { d in
      let (p, n) = scores(&d)
      let points = try rocCurve(positives: p, negatives: n)
      return points.map(\.falsePositiveRate) + points.map(\.truePositiveRate)
    }
    try Self.golden.check("low_fpr") { d in
      let (p, n) = scores(&d)
      let target = Double(d.integer(0, 50)) / 100
      let found = try LowFalsePositiveRecall(positives: p, negatives: n, target: target)
      #expect(found.falsePositiveRate <= target)
      return [found.truePositiveRate, try bestBalancedAccuracy(positives: p, negatives: n)]
    }
  }

  @Test func `permutation tests that count every relabelling`() throws {
    let stream = RandomStream(seed: 0)
    try Self.golden.check("permutation") { d in
      let m = d.integer(2, 6)
      let x = d.normals(m)
      let n = d.integer(2, 6)
      let test = try PermutationTest(x, d.normals(n), stream: stream)
      #expect(test.isExact)
      return [test.difference, test.p]
    }
    try Self.golden.check("permutation_paired") { d in
      let n = d.integer(2, 9)
      let test = try PermutationTest(paired: d.normals(n), d.normals(n), stream: stream)
      #expect(test.isExact)
      return [test.difference, test.p]
    }
  }

  @Test func `the ends of a BCa interval`() throws {
    let bootstrap = try ClusterBootstrap()
    try Self.golden.check("bca") { d in
      let n = d.integer(5, 40)
      let data = d.normals(n).map { $0 * $0 }
      let mean = data.reduce(0, +) / Double(n)
      let squares = data.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let error = (squares / Double(n - 1)).squareRoot() / Double(n).squareRoot()
      let left = data.map { (mean * Double(n) - $0) / Double(n - 1) }
      let ends = bootstrap.ends(
        value: mean, replicates: d.normals(300).map { mean + error * $0 }, leftOut: left)
      return [ends?.low, ends?.high]
    }
  }

  @Test func `divergences`() throws {
    try Self.golden.check("divergence") { d in
      let n = d.integer(1, 12)
      let (p, q) = (d.uniforms(n), d.uniforms(n))
      return [try klDivergence(p, q), try jensenShannonDivergence(p, q)]
    }
  }

  @Test func `collapse, calibration and detectable effects`() throws {
    try Self.golden.check("collapse") { d in
      let (count, kinds) = (d.integer(1, 60), d.integer(1, 8))
      let answers = d.words(count, kinds)
      let collapse = try Collapse(answers)
      return [
        Double(collapse.distinct), collapse.majorityShare, collapse.entropy,
        try distinctGrams(answers, n: 2),
      ]
    }
    try Self.golden.check("calibration") { d in
      let n = d.integer(1, 80)
      let (confidence, right) = (d.uniforms(n), d.flags(n))
      return [
        try brierScore(confidences: confidence, correct: right),
        try expectedCalibrationError(
          confidences: confidence, correct: right, bins: d.integer(1, 20)),
      ]
    }
    try Self.golden.check("detectable", tolerance: 1e-8) { d in
      let (n, share) = (d.integer(1, 400), d.uniform(0.02, 0.98))
      return [
        try pairedMinimumDetectableEffect(pairs: n, discordant: share),
        try unpairedMinimumDetectableEffect(personas: n, share: share),
      ]
    }
  }
}
