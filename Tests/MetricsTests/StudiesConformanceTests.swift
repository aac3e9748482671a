// Studies over seeds and personas, and nulls over all pairings, against numbers made elsewhere:
// Tests/Golden/metrics_studies.py.

import Metrics
import Repro
import Testing

@Suite struct StudiesConformanceTests {
  static let golden = GoldenFamily("studies")
  private let stream = RandomStream(seed: 5)

  /// Values of personas that differ, in seeds that differ.
  private func study(_ d: inout Draws, _ seeds: Int, _ personas: Int) throws -> PersonaTable {
    let effect = d.normals(seeds), spread = d.uniform(0, 1.5)
    let who = d.normals(personas), reach = d.uniform(0, 1.5)
    return try PersonaTable(
      d.matrix(seeds, personas).enumerated().flatMap { seed, row in
        row.enumerated().map { persona, value in
          Outcome(
            seed: seed, source: "image", target: "text", metric: "score", persona: persona,
            value: value + effect[seed] * spread + who[persona] * reach)
        }
      })
  }

  private func design(_ d: inout Draws) -> PersonaDesign {
    d.integer(0, 1) == 1 ? .shared : .perSeed
  }

  @Test func `standard errors over seeds and personas`() throws {
    try Self.golden.check("standard_error") { d in
      let bootstrap = try HierarchicalBootstrap(design: design(&d), resamples: 100)
      let (seeds, personas) = (d.integer(1, 6), d.integer(3, 9))
      let found = bootstrap.mean(
        try study(&d, seeds, personas), bounds: nil, stream: stream)
      return [found.value, found.standardError, found.degreesOfFreedom]
    }
  }

  @Test func `intervals over seeds and personas`() throws {
    // In standard errors; two resamplings of different generators are compared.
    try Self.golden.check("seed_bootstrap", tolerance: 0.25) { d in
      let bootstrap = try HierarchicalBootstrap(design: design(&d))
      let (seeds, personas) = ([1, 7, 9][d.integer(0, 2)], d.integer(8, 14))
      let found = bootstrap.mean(
        try study(&d, seeds, personas), bounds: nil, stream: stream)
      let interval = try #require(found.interval)
      return [interval.low, interval.high].map { ($0 - found.value) / found.standardError }
    }
  }

  @Test func `intervals over clusters`() throws {
    let bootstrap = try ClusterBootstrap()
    try Self.golden.check("cluster_bootstrap", tolerance: 0.15) { d in
      let parts = (0..<d.integer(8, 20)).map { _ in
        d.normals(d.integer(1, 4)).map { $0 * $0 }
      }
      let found = try bootstrap.interval(of: parts, stream: stream) {
        $0.reduce(0, +) / Double($0.count)
      }
      let interval = try #require(found.interval)
      return [found.value]
        + [interval.low, interval.high].map { ($0 - found.value) / found.standardError }
    }
  }

  @Test func `detectable effects of a study`() throws {
    try Self.golden.check("study_effect", tolerance: 1e-8) { d in
      [
        try minimumDetectableEffect(
          standardError: d.uniform(0, 3), degreesOfFreedom: d.uniform(1, 200),
          level: d.uniform(0.5, 0.999), power: d.uniform(0.5, 0.99))
      ]
    }
  }

  @Test func `random pairings come close to all pairings`() throws {
    try Self.golden.check("nulls", tolerance: 0.08) { d in
      let x = d.matrix(5, 3), noise = d.matrix(5, 3), weight = d.uniform(0, 2)
      let y = zip(noise, x).map { zip($0, $1).map { $0 + weight * $1 } }
      let (a, b) = (try FeatureMatrix(x), try FeatureMatrix(y))
      let measures: [any PairedMeasure] = [
        try Alignment(a, b), try Retrieval(a, b), try MutualNeighbours(a, b, k: 2),
        try KernelAlignment(a, b, isUnbiased: false),
        try RepresentationalSimilarity(a, b, distance: .euclidean),
      ]
      let found =
        try measures.map { try $0.null(permutations: 1000, stream: stream) } + [
          try ModalityGap(a, b).null(permutations: 1000, stream: stream)
        ]
      return found.flatMap { [$0?.mean, $0?.deviation, $0?.p] }
    }
  }
}
