// Many runs in few lines: what differs in nothing but the seed is pooled. Summaries are enough for
// it, so thousands of runs take no longer than their list.

import Foundation
import Metrics

/// Runs that belong together, with the mean of each cell over their seeds.
public struct SeedGroup: Sendable {
  /// A cell over all seeds of a group.
  public struct Cell: Equatable, Sendable {
    /// Metric, conditions and group of people.
    public var key: CellKey
    /// How many seeds.
    public var seedCount: Int
    /// The mean of the seeds' means.
    public var mean: Double
    /// The standard deviation between the seeds' means; `nil` for one seed.
    public var deviation: Double?
    /// The 95 % interval of the mean for new seeds, from Student's t over the seeds' means; of one
    /// seed, and of seeds that all agree, a run's own interval, which is over people.
    public var interval: Interval?
  }

  /// What the group's runs have in common, by the names of ``RunSummary/field(_:)`` and `params.…`.
  public let values: [String: FieldValue]
  /// The runs.
  public let runs: [RunSummary]
  /// The cells, in order.
  public let cells: [Cell]

  /// Groups runs; those without a cell are left out.
  ///
  /// A seed counts once per set of parameters, versions and script: a seed decides a run, and doing
  /// it again is no further evidence.
  ///
  /// - Parameters:
  ///   - keys: Fields and `params.…` whose values make a group; `nil` for experiment, all
  ///     parameters, versions and script.
  ///   - metrics: Whose cells are wanted; `nil` for the members' cells of the primary metric.
  public static func groups(
    _ runs: [RunSummary], by keys: [String]? = nil, metrics: Set<String>? = nil
  ) -> [SeedGroup] {
    var order: [Identity] = []
    var members: [Identity: [RunSummary]] = [:]
    for run in runs where !run.cells.isEmpty {
      let identity = keys.map { Identity(run, $0) } ?? Identity(run)
      if members[identity] == nil { order.append(identity) }
      members[identity, default: []].append(run)
    }
    var quantiles = Quantiles()
    return order.map { SeedGroup(members[$0] ?? [], keys, metrics, &quantiles) }
  }

  private init(
    _ runs: [RunSummary], _ keys: [String]?, _ metrics: Set<String>?, _ quantiles: inout Quantiles
  ) {
    self.runs = runs
    let first = runs[0]
    let names = keys ?? (["experiment"] + first.parameters.keys.map { "params.\($0)" })
    var values: [String: FieldValue] = [:]
    for name in names { values[name] = first.value(name) }
    self.values = values
    var means: [CellKey: [Identity: [Int: Double]]] = [:]
    var intervals: [CellKey: Interval] = [:]
    var binary: Set<CellKey> = []
    for run in runs {
      let identity = Identity(run)
      for cell in run.cells where metrics?.contains(cell.key.metric) ?? run.isPrimary(cell) {
        for mean in cell.seedMeans where means[cell.key]?[identity]?[mean.seed] == nil {
          means[cell.key, default: [:]][identity, default: [:]][mean.seed] = mean.mean
        }
        if intervals[cell.key] == nil { intervals[cell.key] = cell.interval }
        if cell.isBinary { binary.insert(cell.key) }
      }
    }
    var cells: [Cell] = []
    for key in means.keys.sorted() {
      cells.append(
        Cell(
          key, means[key]?.values.flatMap(\.values) ?? [], alone: intervals[key],
          bounds: binary.contains(key) ? 0...1 : nil, &quantiles))
    }
    self.cells = cells
  }

  private struct Identity: Hashable {
    private let texts: [String?]

    init(_ run: RunSummary, _ keys: [String]) { texts = keys.map { run.value($0)?.key } }

    init(_ run: RunSummary) {
      let sorted = [run.manifest?.parameters ?? [:], run.manifest?.versions ?? [:]].flatMap {
        $0.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] } + [""]
      }
      texts = [run.manifest?.experiment, run.manifest?.scriptHash] + sorted
    }
  }
}

extension SeedGroup.Cell {
  /// Sums do not depend on the order in which a dictionary gives its values.
  fileprivate init(
    _ key: CellKey, _ means: [Double], alone: Interval?, bounds: ClosedRange<Double>?,
    _ quantiles: inout Quantiles
  ) {
    let sorted = means.sorted()
    let count = Double(sorted.count)
    let mean = sorted.reduce(0, +) / max(count, 1)
    (self.key, self.mean, seedCount) = (key, mean, sorted.count)
    guard sorted.count > 1 else {
      interval = alone
      return
    }
    let squares = sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = (squares / (count - 1)).squareRoot()
    self.deviation = deviation
    // No spread between two seeds does not tell that there is none.
    guard deviation > 0 else {
      interval = alone
      return
    }
    let reach = quantiles.ofStudent(sorted.count - 1) * deviation / count.squareRoot()
    let limits = bounds ?? -Double.infinity...Double.infinity
    interval = Interval(
      low: max(mean - reach, limits.lowerBound), high: min(mean + reach, limits.upperBound))
  }
}

/// Quantiles that thousands of groups ask for again and again.
private struct Quantiles {
  private var known: [Int: Double] = [:]

  mutating func ofStudent(_ degreesOfFreedom: Int) -> Double {
    if let quantile = known[degreesOfFreedom] { return quantile }
    let quantile = StudentT.quantile(0.975, degreesOfFreedom: Double(degreesOfFreedom))
    known[degreesOfFreedom] = quantile
    return quantile
  }
}

extension RunSummary {
  fileprivate func isPrimary(_ cell: Cell) -> Bool {
    cell.key.metric == primaryMetric && cell.key.group == .member
  }

  /// A value by the name that filters use: a field, `params.NAME` or `metrics.NAME`.
  public func value(_ name: String) -> FieldValue? {
    if name.hasPrefix("params.") { return parameter(String(name.dropFirst(7))) }
    if name.hasPrefix("metrics.") { return metric(String(name.dropFirst(8))).map { .number($0) } }
    return field(name)
  }
}

extension FieldValue {
  /// Equal values have equal keys, values of different kinds different ones.
  fileprivate var key: String {
    switch self {
    case .number(let number): "n\(number)"
    case .flag(let flag): "f\(flag)"
    case .text(let text): "t\(text)"
    }
  }
}
