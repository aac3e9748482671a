// Retraining, unlearning, representations, neurons, continual learning: vectors of the survey, the
// peers' defects, what holds for every input, and failures.

import Foundation
import Metrics
import Repro
import Testing

@Suite struct ModelsTests {
  private let stream = RandomStream(seed: 3)

  @Test func `V13: CKA, biased and unbiased`() throws {
    let x = try FeatureMatrix([[1, 0], [0, 1], [1, 1], [2, 1], [3, 0]])
    let y = try FeatureMatrix([[1, 2], [0, 1], [3, 1], [2, 2], [0, 3]])
    let biased = try #require(try KernelAlignment(x, y, isUnbiased: false).value())
    let unbiased = try #require(try KernelAlignment(x, y).value())
    #expect(agree(biased, 0.3588853980) && agree(unbiased, -0.2083333333))
  }

  @Test func `V14: PrivLeak`() throws {
    #expect(agree(try #require(try privLeak(unlearned: 0.8, retained: 0.5)), 60))
    #expect(try privLeak(unlearned: 0.8, retained: 0) == nil)
  }

  @Test func `V15: transfers and forgetting`() throws {
    let found = try ContinualLearning(
      accuracy: [[0.9, 0.1, 0.2], [0.7, 0.8, 0.3], [0.6, 0.5, 0.85]],
      baseline: [0.1, 0.1, 0.1])
    #expect(try agree(#require(found.backwardTransfer), -0.3))
    #expect(try agree(#require(found.forwardTransfer), 0.1))
    #expect(try agree(#require(found.forgetting), 0.3))
    let one = try ContinualLearning(accuracy: [[0.5]])
    #expect(one.average == 0.5 && one.backwardTransfer == nil && one.forgetting == nil)
  }

  @Test func `V18: modality gap`() throws {
    let gap = try ModalityGap(
      FeatureMatrix([[1, 0], [0, 1]]), FeatureMatrix([[0.6, 0.8], [0.8, 0.6]]))
    #expect(agree(gap.value, 0.2828427125))
  }

  @Test func `V19: InfoNCE`() throws {
    let x = try FeatureMatrix([[1, 0], [0, 1]])
    let y = try FeatureMatrix([[0.6, 0.8], [0.8, 0.6]])
    #expect(agree(try contrastiveLoss(x, y, temperature: 1), 0.7981388694))
    #expect(agree(try contrastiveLoss(x, y, temperature: 0.1), 2.1269280110))
    #expect(throws: MetricsError.self) { try contrastiveLoss(x, y, temperature: 0) }
  }

  @Test func `V21: entropy and mutual information`() throws {
    #expect(agree(try entropyNats(counts: [3, 1]), 0.5623351446))
    #expect(agree(try mutualInformationNats(joint: [[3, 1], [1, 3]]), 0.1308120359))
  }

  @Test func `peer defect: each neuron is binned by itself, not the first one twice`() throws {
    var d = Draws("peer", 0)
    let (x, y) = (d.normals(4000), d.normals(4000))
    let bins = try Bins(10, covering: x + y)
    // Binning x twice gives I(x; x) = H(x) = 1.9; independent neurons share next to nothing.
    #expect(try neuronMutualInformation(x, y, bins: bins) < 0.05)
    #expect(agree(try neuronMutualInformation(x, x, bins: bins), try neuronEntropy(x, bins: bins)))
  }

  @Test func `peer defect: the same representations give the same SVCCA bits`() throws {
    var d = Draws("svcca", 1)
    let (x, y) = (try FeatureMatrix(d.matrix(30, 8)), try FeatureMatrix(d.matrix(30, 8)))
    let first = try CanonicalCorrelation(x, y).value()
    #expect(try CanonicalCorrelation(x, y).value() == first)
  }

  @Test func `peer defect: the higher the area of the unlearned model, the higher PrivLeak`() throws
  {
    let more = try #require(try privLeak(unlearned: 0.9, retained: 0.5))
    let less = try #require(try privLeak(unlearned: 0.4, retained: 0.5))
    #expect(more > 0 && less < 0)
  }

  @Test func `peer defect: forgetting is gated by what was known before`() throws {
    let found = try AllModalForgetting(
      before: [[true, false, true], [true, false, false]],
      after: [[false, false, true], [false, false, false]])
    #expect(found.eligible == 1 && found.rate == 1 && found.silent == 2)
    #expect(found.modalities[0].leak == 0.5 && found.modalities[1].leak == 0)
    let never = try AllModalForgetting(before: [[false]], after: [[false]])
    #expect(never.rate == nil && never.modalities[0].leak == nil)
    #expect(try residualLeak(before: 0.01, after: 0, chance: 0.01) == nil)
  }

  @Test func `invariances of alignment measures`() throws {
    var d = Draws("invariant", 0)
    let rows = d.matrix(20, 3)
    let x = try FeatureMatrix(rows)
    // A rotation, a scale and a shift.
    let y = try FeatureMatrix(rows.map { [5 - 2 * $0[1], 7 + 2 * $0[0], 2 * $0[2]] })
    for measure: any PairedMeasure in [
      try KernelAlignment(x, y), try KernelAlignment(x, y, isUnbiased: false),
      try CanonicalCorrelation(x, y, keeping: .variance(1)),
      try RepresentationalSimilarity(x, y, distance: .euclidean),
    ] {
      let value = try #require(try measure.value())
      #expect(abs(value - 1) < 1e-9, "\(type(of: measure))")
    }
    let tiny = try FeatureMatrix(rows.map { $0.map { $0 * 1e-9 + 3 } })
    #expect(abs(try #require(try KernelAlignment(x, tiny).value()) - 1) < 1e-5)
  }

  @Test func `nulls: what corresponds stands out, what does not does not`() throws {
    var d = Draws("null", 0)
    let x = d.matrix(24, 5)
    let noise = d.matrix(24, 5)
    let near = try FeatureMatrix(zip(x, noise).map { zip($0, $1).map { $0 + 0.3 * $1 } })
    let (a, far) = (try FeatureMatrix(x), try FeatureMatrix(noise))
    func measures(_ y: FeatureMatrix) throws -> [any PairedMeasure] {
      [
        try KernelAlignment(a, y), try CanonicalCorrelation(a, y, keeping: .directions(3)),
        try MutualNeighbours(a, y, k: 4), try RepresentationalSimilarity(a, y),
        try Retrieval(a, y), try Alignment(a, y),
      ]
    }
    for measure in try measures(near) {
      let null = try #require(try measure.null(permutations: 200, stream: stream))
      #expect(null.p < 0.01, "\(type(of: measure))")
      let z = try #require(null.z)
      #expect(measure.higherIsCloser ? z > 3 : z < -3, "\(type(of: measure))")
    }
    for measure in try measures(far) {
      let null = try #require(try measure.null(permutations: 200, stream: stream))
      #expect(null.p > 0.02 && abs(null.z ?? 0) < 3, "\(type(of: measure)) \(null)")
    }
    let neighbours = try MutualNeighbours(a, far, k: 4)
    let null = try #require(try neighbours.null(permutations: 400, stream: stream))
    #expect(abs(null.mean - neighbours.chance) < 0.02)
  }

  @Test func `modalities apart are told apart, mixed ones are not`() throws {
    var d = Draws("separate", 0)
    let x = d.matrix(40, 4)
    let apart = try FeatureMatrix(d.matrix(40, 4).map { [$0[0] + 6, $0[1], $0[2], $0[3]] })
    let mixed = try FeatureMatrix(d.matrix(40, 4))
    let a = try FeatureMatrix(x)
    let strong = try LinearSeparability(a, apart, stream: stream)
    #expect(try strong.accuracy() > 0.85)
    let null = try #require(try strong.null(permutations: 30, stream: stream))
    #expect(null.p < 0.05 && abs(null.mean - 0.5) < 0.1)
    #expect(try LinearSeparability(a, mixed, stream: stream).accuracy() < 0.7)
    let gap = try ModalityGap(a, apart)
    #expect(try #require(try gap.null(permutations: 200, stream: stream)).p < 0.01)
    let none = try ModalityGap(a, mixed)
    #expect(try #require(try none.null(permutations: 200, stream: stream)).p > 0.05)
  }

  @Test func `collapsed representations`() throws {
    let dead = try FeatureMatrix(Array(repeating: [0.1, 0.2, 0.3], count: 6))
    var d = Draws("dead", 0)
    let x = try FeatureMatrix(d.matrix(6, 3))
    #expect(try KernelAlignment(dead, x).value() == nil)
    #expect(try KernelAlignment(dead, x, kernel: .rbf(bandwidth: 1)).value() == nil)
    #expect(try CanonicalCorrelation(x, dead).value() == nil)
    #expect(try RepresentationalSimilarity(x, dead, distance: .euclidean).value() == nil)
    #expect(try Retrieval(dead, x).forward.recall(at: 1) <= 0.2)
    #expect(try participationRatio(dead) == nil)
    #expect(try uniformity(dead) > -1e-12)
    #expect(try KernelAlignment(dead, x).null(permutations: 5, stream: stream) == nil)
  }

  @Test func `a constant neuron has no entropy, a silent one no selectivity`() throws {
    let bins = try Bins(covering: [2, 2, 2])
    #expect(try neuronEntropy([2, 2, 2], bins: bins) == 0)
    #expect(try neuronEntropy([1e308, -1e308], bins: Bins(covering: [1e308, -1e308])) > 0.6)
    #expect(try nearestNeighbourEntropy([1, 1, 1, 1, 5], k: 2) == nil)
    #expect(try selectivity([0, 0], groups: [1, 2]) == nil)
    #expect(try selectivity([4, 0], groups: [1, 2]) == 2)
    #expect(try modalitySelectivity([0], [0]) == nil)
    #expect(try modalitySelectivity([-3], [0]) == 1)
  }

  @Test func `histories of learning`() throws {
    let history = try LearningHistory(correct: [false, true, false, true, true])
    #expect(history.forgettingEvents == 1 && history.firstLearned == 1)
    #expect(history.learnedForGood == 3)
    let never = try LearningHistory(correct: [false, false])
    #expect(never.firstLearned == nil && never.learnedForGood == nil)
    #expect(try LearningHistory(correct: [true]).learnedForGood == 0)
  }

  @Test func `a model that is always right was not made so by the example`() throws {
    let effect = try counterfactualMemorization(
      scores: [[1], [1], [1], [1]], included: [[true], [false], [true], [false]])[0]
    #expect(effect?.value == 0)
    let always = try counterfactualMemorization(scores: [[1], [1]], included: [[true], [true]])
    #expect(always.count == 1 && always[0] == nil)
    let label = try #require(
      try labelMemorization(
        correct: [[true], [true], [false], [false]],
        included: [[true], [true], [false], [false]])[0])
    #expect(label.value == 1 && label.interval.low < 0.7 && label.interval.high == 1)
    #expect(try LeaveOneOut(with: [1], without: [0]).interval == nil)
  }

  @Test func `work that would not fit into memory is refused`() throws {
    let long = try FeatureMatrix(rows: 9000, columns: 1, values: Array(repeating: 1, count: 9000))
    #expect(throws: MetricsError.self) { try KernelAlignment(long, long) }
    #expect(throws: MetricsError.self) { try Retrieval(long, long) }
    #expect(throws: MetricsError.self) { try uniformity(long) }
    #expect(throws: MetricsError.self) {
      try tracIn(training: [long], questions: [long], rates: [1])
    }
    let text = String(repeating: "a ", count: 30_001)
    #expect(throws: MetricsError.self) { try editSimilarity(text, "a") }
    #expect(throws: MetricsError.self) {
      try Rouge.longestSubsequence(answer: "a", reference: text)
    }
  }

  @Test func `mistakes are errors`() throws {
    let x = try FeatureMatrix([[1, 2], [3, 4]])
    let zero = try FeatureMatrix([[0, 0], [1, 1]])
    let long = try FeatureMatrix([[1, 2], [3, 4], [5, 6]])
    #expect(throws: MetricsError.self) { try FeatureMatrix([[1], [1, 2]]) }
    #expect(throws: MetricsError.self) { try FeatureMatrix([]) }
    #expect(throws: MetricsError.self) { try FeatureMatrix([[.nan]]) }
    #expect(throws: MetricsError.self) { try KernelAlignment(x, x) }
    #expect(throws: MetricsError.self) { try KernelAlignment(x, long, isUnbiased: false) }
    #expect(throws: MetricsError.self) { try Retrieval(x, zero) }
    #expect(throws: MetricsError.self) { try MutualNeighbours(x, x, k: 2) }
    #expect(throws: MetricsError.self) { try LinearSeparability(x, x, folds: 3, stream: stream) }
    #expect(throws: MetricsError.self) { try modelUtility([]) }
    #expect(throws: MetricsError.self) { try modelUtility([-0.1]) }
    #expect(try modelUtility([0, 1]) == 0)
    #expect(throws: MetricsError.self) { try ContinualLearning(accuracy: [[1, 1]]) }
    #expect(throws: MetricsError.self) { try Relearning(steps: [1, 1], recall: [0, 1]) }
    #expect(throws: MetricsError.self) { try tracIn(training: [x], questions: [x], rates: []) }
    #expect(throws: MetricsError.self) {
      try counterfactualMemorization(scores: [[1]], included: [[true, false]])
    }
    #expect(throws: MetricsError.self) { try nearestNeighbourEntropy([1, 2], k: 2) }
  }
}
