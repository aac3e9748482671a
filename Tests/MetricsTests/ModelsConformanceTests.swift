// Retraining, unlearning, representations, neurons and continual learning against numbers made
// elsewhere: Tests/Golden/metrics_models.py.

import Metrics
import Repro
import Testing

@Suite struct ModelsConformanceTests {
  static let golden = GoldenFamily("models")

  /// Two representations that share a part.
  private func views(
    _ d: inout Draws, _ least: Int = 5, _ most: Int = 14
  ) throws -> (FeatureMatrix, FeatureMatrix) {
    let (n, p, q) = (d.integer(least, most), d.integer(2, 6), d.integer(2, 6))
    let x = d.matrix(n, p)
    var y = d.matrix(n, q)
    for i in 0..<n { y[i][0] += 2 * x[i][0] }
    return (try FeatureMatrix(x), try FeatureMatrix(y))
  }

  private func sameSpace(_ d: inout Draws) throws -> (FeatureMatrix, FeatureMatrix) {
    let (n, p) = (d.integer(2, 14), d.integer(2, 6))
    let x = d.matrix(n, p)
    let y = zip(d.matrix(n, p), x).map { zip($0, $1).map { $0 + 1.5 * $1 + 0.25 } }
    return (try FeatureMatrix(x), try FeatureMatrix(y))
  }

  @Test func `kernel alignment, canonical correlation, neighbours, similarity`() throws {
    try Self.golden.check("cka") { d in
      let (x, y) = try views(&d)
      let rbf = KernelAlignment.Kernel.rbf(bandwidth: 0.8)
      return [
        try KernelAlignment(x, y, isUnbiased: false).value(),
        try KernelAlignment(x, y).value(),
        try KernelAlignment(x, y, isUnbiased: false, kernel: rbf).value(),
        try KernelAlignment(x, y, kernel: rbf).value(),
      ]
    }
    try Self.golden.check("svcca", tolerance: 1e-7) { d in
      let (x, y) = try views(&d, 8, 20)
      return [
        try CanonicalCorrelation(x, y, keeping: .directions(2)).value(),
        try CanonicalCorrelation(x, y, keeping: .variance(0.9)).value(),
      ]
    }
    try Self.golden.check("mutual_knn") { d in
      let (x, y) = try views(&d)
      return [try MutualNeighbours(x, y, k: d.integer(1, 4)).value()]
    }
    try Self.golden.check("rsa") { d in
      let (x, y) = try views(&d)
      return [
        try RepresentationalSimilarity(x, y, distance: .euclidean).value(),
        try RepresentationalSimilarity(x, y).value(),
      ]
    }
    try Self.golden.check("rsa_correlation") { d in
      let n = d.integer(4, 12)
      let (x, y) = (try FeatureMatrix(d.matrix(n, 5)), try FeatureMatrix(d.matrix(n, 4)))
      return [try RepresentationalSimilarity(x, y, distance: .correlation).value()]
    }
  }

  @Test func `retrieval and geometry of the shared space`() throws {
    try Self.golden.check("retrieval") { d in
      let (x, y) = try sameSpace(&d)
      let found = try Retrieval(x, y)
      return try [found.forward, found.backward].flatMap {
        [$0.recall(at: 1), $0.recall(at: 3), try $0.summary.medianRank]
      }
    }
    try Self.golden.check("geometry") { d in
      let (x, y) = try sameSpace(&d)
      let gap = try ModalityGap(x, y)
      let alignment = try Alignment(x, y)
      let shifted = try gap.shifted(by: 0.5)
      return [
        gap.value, try alignment.value(), alignment.pairedCosine, alignment.unpairedCosine,
        try uniformity(x), try participationRatio(x), try ModalityGap(shifted.0, shifted.1).value,
      ]
    }
  }

  @Test func `the contrastive loss`() throws {
    try Self.golden.check("contrastive") { d in
      let (x, y) = try sameSpace(&d)
      return [try contrastiveLoss(x, y, temperature: d.uniform(0.05, 2))]
    }
  }

  @Test func `the linear classifier`() throws {
    try Self.golden.check("logistic", tolerance: 1e-6) { d in
      let (n, p) = (d.integer(6, 30), d.integer(1, 4))
      let (x, y) = (try FeatureMatrix(d.matrix(n, p)), d.flags(n))
      let c = d.uniform(0.1, 5)
      guard y.contains(true), y.contains(false) else {
        #expect(throws: MetricsError.self) { try LogisticClassifier(x, y, c: c) }
        return Array(repeating: nil, count: p + 1)
      }
      let fit = try LogisticClassifier(x, y, c: c)
      return fit.weights + [fit.intercept]
    }
    try Self.golden.check("separability") { d in
      let (x, y) = try sameSpace(&d)
      let folds = (0..<x.rows).map { $0 % 2 }
      return [try LinearSeparability(x, y, fold: folds, c: 1).accuracy()]
    }
  }

  @Test func `retraining`() throws {
    try Self.golden.check("counterfactual") { d in
      let (m, n) = (d.integer(4, 20), d.integer(1, 5))
      let scores = d.matrix(m, n)
      let included = (0..<m).map { _ in d.flags(n) }
      return try counterfactualMemorization(scores: scores, included: included).flatMap {
        $0?.standardError == nil ? [nil, nil] : [$0?.value, $0?.standardError]
      }
    }
    try Self.golden.check("influence") { d in
      let (m, n, q) = (d.integer(4, 12), d.integer(1, 4), d.integer(1, 4))
      let scores = d.matrix(m, q)
      let included = (0..<m).map { _ in d.flags(n) }
      return try counterfactualInfluence(scores: scores, included: included).flatMap {
        $0.map { $0?.value }
      }
    }
    try Self.golden.check("label_memorization") { d in
      let m = d.integer(4, 40)
      let correct = d.flags(m, 0.6).map { [$0] }
      let found = try labelMemorization(
        correct: correct, included: d.flags(m, 0.7).map { [$0] })[0]
      if let found { #expect(found.interval.contains(found.value)) }
      return [found?.value, found?.standardError]
    }
    try Self.golden.check("leave_one_out") { d in
      let n = d.integer(2, 12)
      let effect = try LeaveOneOut(with: d.normals(n), without: d.normals(n))
      return [effect.value, effect.interval?.low, effect.interval?.high]
    }
    try Self.golden.check("tracin") { d in
      let (c, n) = (d.integer(1, 3), d.integer(1, 3))
      let (m, p) = (d.integer(1, 3), d.integer(1, 5))
      let training = try (0..<c).map { _ in try FeatureMatrix(d.matrix(n, p)) }
      let questions = try (0..<c).map { _ in try FeatureMatrix(d.matrix(m, p)) }
      let rates = d.uniforms(c)
      return try [false, true].flatMap {
        try tracIn(training: training, questions: questions, rates: rates, isCosine: $0).values
      }
    }
  }

  @Test func `unlearning`() throws {
    try Self.golden.check("unlearning") { d in
      let scores = d.uniforms(d.integer(1, 9), 0.05, 1)
      let values = d.uniforms(3)
      var total = 0.0
      let steps = d.uniforms(6, 0.1, 1).map { step -> Double in
        total += step
        return total
      }
      let curve = try Relearning(steps: steps, recall: d.uniforms(6))
      return [
        try modelUtility(scores), try privLeak(unlearned: values[1], retained: values[0]),
        try residualLeak(before: values[0], after: values[1], chance: values[2]),
        try stressRetention(before: values[0], after: values[1]), curve.area, curve.steps,
      ]
    }
    try Self.golden.check("all_modal") { d in
      let n = d.integer(1, 40)
      let before = (0..<2).map { _ in d.flags(n, 0.8) }
      let after = (0..<2).map { _ in d.flags(n, 0.3) }
      let found = try AllModalForgetting(before: before, after: after)
      return [found.rate, Double(found.silent)] + found.modalities.map(\.leak)
    }
  }

  @Test func `neurons and continual learning`() throws {
    try Self.golden.check("neurons") { d in
      let n = d.integer(5, 80)
      let x = d.normals(n)
      let y = zip(x, d.normals(n)).map { 0.7 * $0 + $1 }
      let bins = try Bins(d.integer(2, 12), covering: x + y)
      return [
        try neuronEntropy(x, bins: bins), try neuronMutualInformation(x, y, bins: bins),
      ]
    }
    try Self.golden.check("nearest") { d in
      let (n, k) = (d.integer(6, 60), d.integer(1, 4))
      let x = d.normals(n)
      let y = zip(x, d.normals(n)).map { 0.7 * $0 + $1 }
      return [
        try nearestNeighbourEntropy(x, k: k),
        // scikit-learn cuts at 0.
        max(0, try nearestNeighbourInformation(x, y, k: k)),
      ]
    }
    try Self.golden.check("selective") { d in
      let n = d.integer(4, 40)
      let activations = d.uniforms(n)
      let groups = d.integers(n, 0, 4)
      return [
        try selectivity(activations, groups: groups),
        try modalitySelectivity(d.normals(n), d.normals(n)),
      ]
    }
    try Self.golden.check("continual") { d in
      let t = d.integer(2, 7)
      let accuracy = (0..<t).map { _ in d.uniforms(t) }
      let found = try ContinualLearning(
        accuracy: accuracy, baseline: d.uniforms(t), joint: d.uniforms(t))
      let history = try LearningHistory(correct: d.flags(20))
      return [
        found.average, found.backwardTransfer, found.forwardTransfer, found.forgetting,
        found.intransigence, Double(history.forgettingEvents),
        history.firstLearned.map(Double.init),
      ]
    }
  }
}
