// From outcomes to a result. Each cell and comparison draws from a stream forked by its own name,
// so adding a cell changes no other cell's interval.

import Metrics
import Repro

extension ExperimentResult {
  /// Computes all numbers of an experiment.
  ///
  /// A run that is not finished is built the same way from what there is; see `isComplete`.
  ///
  /// - Parameters:
  ///   - outcomes: Every answer, in any order; values must be finite.
  ///   - manifest: Names the experiment and the seeds that were planned.
  ///   - question: What the experiment asks, in one sentence.
  ///   - primaryMetric: What the finding is about; `full_name`, or else the first metric.
  ///   - chance: Chance levels by metric. Binary metrics whose outcomes carry the truth need none:
  ///     the share of the most frequent truth is taken.
  ///   - scales: Scales by metric as the experiment states them; the others are guessed from name
  ///     and values.
  ///   - claims: What the experiment set out to show.
  ///   - design: Whether seeds share their people; by default told from the truths.
  ///   - isFinished: Whether the experiment's function has returned.
  ///   - stream: All randomness of the intervals.
  /// - Throws: ``MetricsError`` for a value that is not finite or not on the stated scale, or a bad
  ///   level or resample count.
  public init(
    outcomes: [Outcome], manifest: Manifest, question: String = "", primaryMetric: String? = nil,
    chance: [String: Double] = [:], scales: [String: Scale] = [:], claims: [Claim] = [],
    curves: [Curve] = [], notes: [String] = [], design: PersonaDesign? = nil, level: Double = 0.95,
    resamples: Int = 10_000, isFinished: Bool = true, stream: RandomStream
  ) throws {
    let sorted = outcomes.sorted(by: Self.isOrdered)
    let design = design ?? PersonaDesign(inferredFrom: sorted)
    let bootstrap = try HierarchicalBootstrap(design: design, resamples: resamples, level: level)
    let builder = try ResultBuilder(
      outcomes: sorted, chance: chance, scales: scales, bootstrap: bootstrap, stream: stream)
    let metrics = Set(sorted.map(\.cell.metric)).sorted()
    let seeds = Set(sorted.map(\.seed)).sorted()
    let cells = try builder.cells()
    self.init(
      experiment: manifest.experiment, question: question,
      primaryMetric: primaryMetric
        ?? (metrics.contains("full_name") ? "full_name" : metrics.first ?? "full_name"),
      seeds: seeds,
      isComplete: isFinished
        && cells.allSatisfy { cell in
          Set(manifest.seeds).isSubset(of: cell.seedMeans.map(\.seed))
        } && Set(manifest.seeds).isSubset(of: seeds),
      design: design, level: level, resamples: resamples, cells: cells,
      comparisons: try builder.comparisons(),
      trends: builder.trends(),
      claims: builder.judged(claims, of: manifest.experiment),
      curves: curves, notes: notes, outcomes: sorted,
      manifest: manifest)
  }

  /// One order whatever order the answers came in, so that equal results are equal files.
  private static func isOrdered(_ a: Outcome, _ b: Outcome) -> Bool {
    if a.seed != b.seed { return a.seed < b.seed }
    if a.cell != b.cell { return a.cell < b.cell }
    if a.persona != b.persona { return a.persona < b.persona }
    if a.value != b.value { return a.value < b.value }
    return (a.answer ?? "", a.truth ?? "") < (b.answer ?? "", b.truth ?? "")
  }
}

private struct ResultBuilder {
  let byCell: [CellKey: [Outcome]]
  let tables: [CellKey: PersonaTable]
  let scales: [CellKey: Scale]
  let chance: [String: Double]
  let bootstrap: HierarchicalBootstrap
  let stream: RandomStream

  init(
    outcomes: [Outcome], chance: [String: Double], scales: [String: Scale],
    bootstrap: HierarchicalBootstrap, stream: RandomStream
  ) throws {
    if let odd = outcomes.first(where: { scales[$0.cell.metric]?.admits($0.value) == false }) {
      throw MetricsError.outOfRange(
        op: odd.cell.metric, what: "values", got: "\(odd.value)",
        expected: scales[odd.cell.metric]?.expectation ?? "")
    }
    byCell = Dictionary(grouping: outcomes, by: \.cell)
    tables = try byCell.mapValues { try PersonaTable($0) }
    let byMetric = Dictionary(grouping: outcomes, by: \.cell.metric)
      .reduce(into: scales) { found, entry in
        found[entry.key] =
          found[entry.key] ?? Scale(metric: entry.key, values: entry.value.lazy.map(\.value))
      }
    self.scales = byCell.keys.reduce(into: [:]) { $0[$1] = byMetric[$1.metric] }
    (self.chance, self.bootstrap, self.stream) = (chance, bootstrap, stream)
  }

  // MARK: Cells

  func cells() throws -> [CellResult] {
    try byCell.keys.filter { $0.group != .control }.sorted().map(cell)
  }

  private func cell(_ key: CellKey) throws -> CellResult {
    guard let outcomes = byCell[key], let table = tables[key], let scale = scales[key] else {
      throw MetricsError.empty(op: "cell \(key)", what: "outcomes")
    }
    let estimate = bootstrap.mean(
      table, bounds: scale.range, stream: stream.fork("\(key)"))
    return CellResult(
      key: key, scale: scale, mean: estimate.value, interval: estimate.interval,
      intervalKind: estimate.kind, wilson: try wilson(outcomes, scale), count: outcomes.count,
      personaCount: table.seeds.map { seed in
        Set(outcomes.lazy.filter { $0.seed == seed }.map(\.persona)).count
      }.max() ?? 0,
      seedCount: table.seeds.count, chance: chance(key, outcomes, scale),
      seedMeans: zip(table.seeds, table.seedMeans).map { SeedMean(seed: $0, mean: $1) },
      betweenSeedDeviation: table.betweenSeedDeviation, control: control(of: key, scale),
      ranks: scale == .rank ? try RankSummary(ranks: outcomes.map(\.value)) : nil)
  }

  private func wilson(_ outcomes: [Outcome], _ scale: Scale) throws -> Interval? {
    guard scale == .binary else { return nil }
    return try wilsonInterval(
      successes: outcomes.count { $0.value == 1 }, trials: outcomes.count, level: bootstrap.level)
  }

  /// Seeds with their own people have their own chance; the mean over seeds is what a blind guesser
  /// would score.
  private func chance(_ key: CellKey, _ outcomes: [Outcome], _ scale: Scale) -> Double? {
    if let given = chance[key.metric] { return given }
    guard scale == .binary else { return nil }
    let bySeed = Dictionary(grouping: outcomes, by: \.seed).sorted { $0.key < $1.key }
    let part = NamePart(rawValue: key.metric) ?? .full
    let levels = bySeed.map { chanceLevel(truths: $0.value.compactMap(\.truth), part: part) }
    let known = levels.compactMap { $0 }
    guard !known.isEmpty, known.count == levels.count else { return nil }
    return known.reduce(0, +) / Double(known.count)
  }

  private func control(of key: CellKey, _ scale: Scale) -> ControlResult? {
    let twin = key.asked(of: .control)
    guard key.group == .member, let outcomes = byCell[twin], let table = tables[twin] else {
      return nil
    }
    let estimate = bootstrap.mean(
      table, bounds: scale.range, stream: stream.fork("\(twin)"))
    return ControlResult(
      mean: estimate.value, interval: estimate.interval, count: outcomes.count)
  }

  // MARK: Comparisons

  func comparisons() throws -> [Comparison] {
    let keys = byCell.keys.filter { $0.group != .control && $0.source != "" }.sorted()
    let transfers = keys.filter { $0.target != $0.source && $0.target != "" }.map {
      (Comparison.Kind.transfer, $0.with("target", $0.source), $0)
    }
    let asymmetries = keys.filter { $0.source < $0.target }.map {
      (Comparison.Kind.asymmetry, $0, $0.with("source", $0.target).with("target", $0.source))
    }
    return adjustedByHolm(
      try (transfers + asymmetries).compactMap { try compare($0.0, $0.1, $0.2) },
      within: \.first.metric)
  }

  private func compare(
    _ kind: Comparison.Kind, _ first: CellKey, _ second: CellKey
  ) throws -> Comparison? {
    guard let a = tables[first], let b = tables[second], let scale = scales[first] else {
      return nil
    }
    let stream = stream.fork("\(first) - \(second)")
    guard
      let gap = bootstrap.difference(a, b, bounds: scale.rangeOfDifferences, stream: stream)
    else { return nil }
    let paired = scale == .binary ? pairedTables(first: a, second: b) : nil
    let hasRatio = kind == .transfer && scale == .binary
    let chance = chance(first, byCell[first] ?? [], scale) ?? 0
    return Comparison(
      kind: kind, first: first, second: second, difference: gap.value, interval: gap.interval,
      intervalKind: gap.kind, pValue: gap.pValue(), adjustedPValue: nil,
      minimumDetectableEffect: gap.standardError > 0
        ? try Metrics.minimumDetectableEffect(
          standardError: gap.standardError, degreesOfFreedom: gap.degreesOfFreedom,
          level: bootstrap.level) : nil,
      count: gap.count,
      ratio: hasRatio ? ratio(b, a, above: chance, subtracting: 0, stream) : nil,
      chanceCorrectedRatio: hasRatio
        ? ratio(b, a, above: chance, subtracting: chance, stream) : nil,
      seedTables: (paired?.perSeed ?? []).map {
        Comparison.SeedTable(seed: $0.seed, table: $0.table)
      },
      pooledTable: paired?.pooled)
  }

  private func ratio(
    _ target: PersonaTable, _ source: PersonaTable, above chance: Double,
    subtracting offset: Double, _ stream: RandomStream
  ) -> Comparison.Ratio {
    let estimate =
      source.mean > chance
      ? bootstrap.ratio(target: target, source: source, chance: offset, stream: stream) : nil
    return Comparison.Ratio(
      value: estimate.map { .value($0.value) } ?? .notMemorized, interval: estimate?.interval)
  }

  // MARK: Trends

  func trends() -> [TrendResult] {
    TrendBuilder(tables: tables, scales: scales, bootstrap: bootstrap, stream: stream).trends()
  }

  // MARK: Claims

  /// The family is all claims of the experiment.
  func judged(_ claims: [Claim], of experiment: String) -> [ClaimResult] {
    ClaimResult.adjusted(claims.map { ClaimResult($0, of: experiment, estimate($0)) })
  }

  private func estimate(_ claim: Claim) -> Estimate? {
    let terms = claim.terms.compactMap { term in
      tables[term.cell].map { (weight: term.weight, cell: $0) }
    }
    guard terms.count == claim.terms.count else { return nil }
    return bootstrap.contrast(
      terms, minus: claim.offset, bounds: bounds(claim), stream: stream.fork("claim \(claim.text)"))
  }

  /// How far the weighted sum of shares can go at most.
  private func bounds(_ claim: Claim) -> ClosedRange<Double>? {
    guard claim.terms.allSatisfy({ scales[$0.cell]?.range == 0...1 }) else { return nil }
    let weights = claim.terms.map(\.weight)
    return weights.filter { $0 < 0 }.reduce(
      -claim.offset, +)...weights.filter { $0 > 0 }.reduce(-claim.offset, +)
  }
}
