// Runs that are one experiment spread over folders: equal but for their seeds.

import Metrics
import Repro

/// Runs of one script with the same parameters and versions, their seeds pooled.
public struct RunGroup: Sendable {
  /// The names of the runs.
  public let names: [String]
  /// All seeds as if one run had done them.
  public let result: ExperimentResult

  /// Groups runs and pools the outcomes of each group. A group of one keeps its result as it is.
  ///
  /// Of a seed that two runs of a group did, the first run's outcomes count: a seed decides a run.
  ///
  /// - Throws: ``MetricsError`` for outcomes that are not finite.
  public static func groups(
    _ runs: [(name: String, result: ExperimentResult, script: String?)]
  ) throws -> [RunGroup] {
    var order: [Identity] = []
    var members: [Identity: [(name: String, result: ExperimentResult)]] = [:]
    for run in runs {
      let identity = Identity(run.result.manifest, run.script)
      if members[identity] == nil { order.append(identity) }
      members[identity, default: []].append((run.name, run.result))
    }
    return try order.map { identity in
      let group = members[identity] ?? []
      return RunGroup(names: group.map(\.name), result: try pooled(group.map(\.result)))
    }
  }

  private struct Identity: Hashable {
    let experiment: String
    let parameters: [String: String], versions: [String: String]
    let script: String?

    init(_ manifest: Manifest, _ script: String?) {
      (experiment, parameters) = (manifest.experiment, manifest.parameters)
      (versions, self.script) = (manifest.versions, script)
    }
  }

  private static func pooled(_ results: [ExperimentResult]) throws -> ExperimentResult {
    let first = results[0]
    guard results.count > 1 else { return first }
    var done: Set<Int> = []
    var outcomes: [Outcome] = []
    var manifest = first.manifest
    for result in results {
      outcomes += result.outcomes.filter { !done.contains($0.seed) }
      done.formUnion(result.seeds)
      manifest.seeds = Set(manifest.seeds).union(result.manifest.seeds).sorted()
    }
    // Levels that the experiment stated; those of binary metrics are told from the truths.
    let stated = results.flatMap(\.cells).filter { $0.scale != .binary }.compactMap { cell in
      cell.chance.map { (cell.key.metric, $0) }
    }
    return try ExperimentResult(
      outcomes: outcomes, manifest: manifest, question: first.question,
      primaryMetric: first.primaryMetric, chance: Dictionary(stated) { first, _ in first },
      scales: results.reduce(into: [:]) { $0.merge($1.fixedScales) { first, _ in first } },
      level: first.level, resamples: first.resamples,
      stream: RandomStream(seed: 0).fork("intervals"))
  }
}
