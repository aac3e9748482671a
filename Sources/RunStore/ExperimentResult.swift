// The one file a finished experiment leaves behind: every outcome, every number computed from them,
// and what it takes to make them again. The report and the table are printed from it alone.

import Metrics
import Repro

/// A loss or other quantity over training steps, short enough to draw.
public struct Curve: Equatable, Sendable {
  /// The part of training, for example `inject image`.
  public var stage: String
  /// The training seed.
  public var seed: Int
  /// What the values are, for example `loss`.
  public var quantity: String
  /// The steps, ascending.
  public var steps: [Int]
  /// One value per step.
  public var values: [Double]

  /// Creates a curve of at most `limit` points; longer ones are averaged in equal stretches, each
  /// placed at its last step.
  ///
  /// Values that are not finite are dropped: a chart cannot show them, the event log has them.
  public init(
    stage: String, seed: Int, quantity: String = "loss", points: [(step: Int, value: Double)],
    limit: Int = 200
  ) {
    let finite = points.filter(\.value.isFinite)
    let count = min(finite.count, max(1, limit))
    let stretches = (0..<count).map { part in
      finite[finite.count * part / count..<finite.count * (part + 1) / count]
    }
    self.stage = stage
    self.seed = seed
    self.quantity = quantity
    steps = stretches.compactMap { $0.last?.step }
    values = stretches.map { $0.reduce(0) { $0 + $1.value } / Double($0.count) }
  }
}

/// The mean of one seed.
public struct SeedMean: Equatable, Sendable {
  /// The training seed.
  public var seed: Int
  /// The mean over its personas.
  public var mean: Double
}

/// How never-trained twins scored where a cell's members scored.
public struct ControlResult: Equatable, Sendable {
  /// The mean over seeds and twins.
  public var mean: Double
  /// Its interval, when there is one.
  public var interval: Interval?
  /// How many outcomes.
  public var count: Int
}

/// All numbers of one cell.
public struct CellResult: Equatable, Sendable {
  /// Metric, conditions and group.
  public var key: CellKey
  /// What kind of number the metric is.
  public var scale: Scale
  /// The mean over seeds and personas.
  public var mean: Double
  /// Where the mean may lie for new seeds and personas; `nil` when too little was measured.
  public var interval: Interval?
  /// How the interval was made.
  public var intervalKind: IntervalKind
  /// Wilson's interval of all answers pooled, for binary metrics; too narrow over several seeds.
  public var wilson: Interval?
  /// How many outcomes.
  public var count: Int
  /// How many personas per seed, at most.
  public var personaCount: Int
  /// How many seeds.
  public var seedCount: Int
  /// What blind guessing scores; `nil` when unknown.
  public var chance: Double?
  /// The mean of each seed.
  public var seedMeans: [SeedMean]
  /// The standard deviation of the seed means; `nil` for one seed.
  public var betweenSeedDeviation: Double?
  /// The same cell asked about never-trained twins.
  public var control: ControlResult?
  /// Further summaries of ranks.
  public var ranks: RankSummary?

  /// Whether the interval lies above the chance level; `nil` when either is unknown.
  ///
  /// For ranks, lower is better and the interval must lie below.
  public var isBetterThanChance: Bool? {
    guard let interval, let chance else { return nil }
    return scale == .rank ? interval.high < chance : interval.low > chance
  }
}

/// Two cells compared persona by persona.
public struct Comparison: Adjustable, Equatable, Sendable {
  /// What is compared.
  public enum Kind: String, Sendable, CaseIterable {
    /// Source modality against another modality; the difference is the transfer gap.
    case transfer
    /// One direction of transfer against the opposite one.
    case asymmetry
  }

  /// One seed's 2×2 table.
  public struct SeedTable: Equatable, Sendable {
    /// The training seed.
    public var seed: Int
    /// Its personas' two answers.
    public var table: PairedTable
  }

  /// A ratio of recalls with its interval.
  public struct Ratio: Equatable, Sendable {
    /// The ratio, or that nothing was memorized.
    public var value: Transfer.Ratio
    /// Its interval, when it has both ends.
    public var interval: Interval?
  }

  /// What is compared.
  public var kind: Kind
  /// The first cell, for a transfer the source modality itself.
  public var first: CellKey
  /// The second cell.
  public var second: CellKey
  /// First minus second, over personas in both; the main estimate.
  public var difference: Double
  /// The bootstrap interval of the difference.
  public var interval: Interval?
  /// How the interval was made.
  public var intervalKind: IntervalKind
  /// The t test of no difference, seeds and personas random; `nil` when all pairs agree.
  public var pValue: Double?
  /// `pValue` adjusted by Holm for all comparisons of this metric.
  public var adjustedPValue: Double?
  /// The smallest difference that a study of this precision finds in 8 of 10 repetitions.
  public var minimumDetectableEffect: Double?
  /// How many pairs.
  public var count: Int
  /// Second over first, for transfers of binary metrics.
  public var ratio: Ratio?
  /// The same, both corrected for chance.
  public var chanceCorrectedRatio: Ratio?
  /// The pairs of each seed, for binary metrics.
  public var seedTables: [SeedTable]
  /// All pairs, for binary metrics. Its McNemar test treats answers of one model as independent
  /// and so rejects too often over several seeds.
  public var pooledTable: PairedTable?
}

/// An experiment's outcomes and everything computed from them.
public struct ExperimentResult: Equatable, Sendable {
  /// The version of the file format that this code writes.
  public static let format = 1

  /// The experiment's name.
  public let experiment: String
  /// What the experiment asks, in one sentence; may be empty.
  public let question: String
  /// The metric that the finding is about.
  public let primaryMetric: String
  /// The seeds with outcomes, ascending.
  public let seeds: [Int]
  /// Whether all that was planned is in.
  public let isComplete: Bool
  /// Whether seeds share their people.
  public let design: PersonaDesign
  /// The level of all intervals.
  public let level: Double
  /// How many resamples the intervals rest on.
  public let resamples: Int
  /// The cells, in order of their keys; controls stand inside their member cell.
  public let cells: [CellResult]
  /// The comparisons: for each source, source against target; then the asymmetries.
  public let comparisons: [Comparison]
  /// Curves over the conditions that are numbers, by metric and route.
  public let trends: [TrendResult]
  /// What the experiment set out to show, each with its effect and verdict.
  public let claims: [ClaimResult]
  /// Training curves.
  public let curves: [Curve]
  /// Remarks for the reader, printed as they are.
  public let notes: [String]
  /// Every answer.
  public let outcomes: [Outcome]
  /// What it takes to make the run again.
  public let manifest: Manifest

  init(
    experiment: String, question: String, primaryMetric: String, seeds: [Int], isComplete: Bool,
    design: PersonaDesign, level: Double, resamples: Int, cells: [CellResult],
    comparisons: [Comparison], trends: [TrendResult], claims: [ClaimResult], curves: [Curve],
    notes: [String], outcomes: [Outcome], manifest: Manifest
  ) {
    self.experiment = experiment
    self.question = question
    self.primaryMetric = primaryMetric
    self.seeds = seeds
    self.isComplete = isComplete
    self.design = design
    self.level = level
    self.resamples = resamples
    self.cells = cells
    self.comparisons = comparisons
    self.trends = trends
    self.claims = claims
    self.curves = curves
    self.notes = notes
    self.outcomes = outcomes
    self.manifest = manifest
  }

  /// The scales by metric that further outcomes cannot change, because they were stated or follow
  /// from the name; a result built from more outcomes needs them again.
  public var fixedScales: [String: Scale] {
    cells.reduce(into: [:]) { found, cell in
      if cell.scale == .share || cell.scale == .rank { found[cell.key.metric] = cell.scale }
    }
  }

  /// Returns the cell with this key.
  public func cell(_ key: CellKey) -> CellResult? { cells.first { $0.key == key } }

  /// Returns the members' cell of a source × target experiment.
  public func cell(source: String, target: String, metric: String? = nil) -> CellResult? {
    cells.first {
      $0.key.source == source && $0.key.target == target && $0.key.group == .member
        && $0.key.metric == metric ?? primaryMetric
    }
  }
}
