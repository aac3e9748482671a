// What differs between runs: their circumstances, and what was measured, cell by cell.

import Foundation
import Metrics
import Repro

/// Two or more results side by side; the first is what the others are compared with.
public struct RunComparison: Sendable {
  /// One circumstance that is not the same everywhere.
  public struct Difference: Equatable, Sendable {
    /// For example `parameter views`.
    public let what: String
    /// One text per run; `nil` where a run has none.
    public let values: [String?]
  }

  /// One cell in all runs.
  public struct Row: Sendable {
    /// The cell.
    public let key: CellKey
    /// Its numbers, `nil` where a run has no such cell.
    public let cells: [CellResult?]
    /// This run minus the first, over the same seeds and personas; `nil` for the first itself and
    /// where nothing is shared.
    public let gaps: [Estimate?]
  }

  /// What differs in manifests and scripts.
  public let differences: [Difference]
  /// The cells of all runs, in order.
  public let rows: [Row]
  /// One per run: why there are no differences by person; `nil` when there are.
  public let obstacles: [String?]

  /// Compares.
  ///
  /// - Parameters:
  ///   - scripts: The text of each run's script, where there is one.
  ///   - resamples: Of each interval of a difference.
  /// - Throws: ``MetricsError`` for outcomes that are not finite.
  public init(
    _ results: [ExperimentResult], scripts: [String?] = [], resamples: Int = 2000
  ) throws {
    differences = Self.differences(
      results.map(\.manifest), seeds: results.map(\.seeds), scripts: scripts)
    let pairings = results.map { Pairing(results[0], $0) }
    obstacles = pairings.enumerated().map { $0.offset == 0 ? nil : $0.element.obstacle }
    let keys = Set(results.flatMap { $0.cells.map(\.key) }).sorted()
    let stream = RandomStream(seed: 0).fork("runs compare")
    rows = try keys.map { key in
      Row(
        key: key, cells: results.map { $0.cell(key) },
        gaps: try pairings.enumerated().map { index, pairing in
          index == 0 ? nil : try pairing.gap(key, resamples, stream.fork("\(index) \(key)"))
        })
    }
  }

  /// What changed between runs, from their manifests alone: command, people, script, the user's
  /// project under git, parameters, versions, machine.
  ///
  /// - Parameters:
  ///   - seeds: The seeds of each run.
  ///   - scripts: The text of each run's script, where there is one.
  public static func differences(
    _ manifests: [Manifest], seeds: [[Int]], scripts: [String?] = []
  ) -> [Difference] {
    var all: [Difference] = [
      Difference(what: "experiment", values: manifests.map(\.experiment)),
      Difference(what: "command", values: manifests.map(\.commandLine)),
      Difference(
        what: "seeds", values: seeds.map { $0.map(String.init).joined(separator: ",") }),
      Difference(
        what: "people (data hash)", values: manifests.map { String($0.dataHash.prefix(12)) }),
      Difference(
        what: "script (SHA-256)",
        values: scripts.map { $0.map { String(SHA256.hex($0).prefix(12)) } }),
      Difference(what: "git commit", values: manifests.map { $0.git.map { $0.commit } }),
      Difference(what: "git branch", values: manifests.map { $0.git.map { $0.branch } }),
      Difference(
        what: "uncommitted changes (SHA-256)",
        values: manifests.map { manifest in
          manifest.git.map { $0.patchHash.map { String($0.prefix(12)) } ?? "none" }
        }),
      Difference(what: "BLAS", values: manifests.map(\.blas)),
      Difference(what: "threads", values: manifests.map { "\($0.threads)" }),
      Difference(what: "host", values: manifests.map(\.host)),
    ]
    for (title, member) in [
      ("parameter", \Manifest.parameters), ("version of", \Manifest.versions),
    ] as [(String, KeyPath<Manifest, [String: String]>)] {
      for name in Set(manifests.flatMap { $0[keyPath: member].keys }).sorted() {
        all.append(
          Difference(
            what: "\(title) \(name)", values: manifests.map { $0[keyPath: member][name] }))
      }
    }
    return all.filter { Set($0.values).count > 1 }
  }
}

/// What two results share: the seeds in which the same people were asked.
private struct Pairing {
  let first: ExperimentResult, second: ExperimentResult
  let seeds: Set<Int>
  let obstacle: String?

  init(_ first: ExperimentResult, _ second: ExperimentResult) {
    (self.first, self.second) = (first, second)
    let shared = Set(first.seeds).intersection(second.seeds)
    let (a, b) = (Self.truths(first), Self.truths(second))
    // The same number can be two people; what would have been right for them tells them apart.
    let strangers = Set(
      a.lazy.filter { question, truth in b[question].map { $0 != truth } ?? false }.map(\.key.seed))
    let acquainted = Set(a.keys.lazy.filter { b[$0] != nil }.map(\.seed))
    let haveSameData = first.manifest.dataHash == second.manifest.dataHash
    seeds = shared.filter { seed in
      !strangers.contains(seed) && (acquainted.contains(seed) || haveSameData)
    }
    obstacle =
      shared.isEmpty ? "no seed in common" : seeds.isEmpty ? "other people in the same seeds" : nil
  }

  private struct Question: Hashable {
    let seed: Int, persona: Int
    let metric: String
    let group: Group
  }

  private static func truths(_ result: ExperimentResult) -> [Question: String] {
    var found: [Question: String] = [:]
    for outcome in result.outcomes {
      guard let truth = outcome.truth else { continue }
      found[
        Question(
          seed: outcome.seed, persona: outcome.persona, metric: outcome.cell.metric,
          group: outcome.cell.group)] = truth
    }
    return found
  }

  func gap(_ key: CellKey, _ resamples: Int, _ stream: RandomStream) throws -> Estimate? {
    let tables = try [second, first].map { result -> PersonaTable? in
      let outcomes = result.outcomes.filter { $0.cell == key && seeds.contains($0.seed) }
      return outcomes.isEmpty ? nil : try PersonaTable(outcomes)
    }
    guard let a = tables[0], let b = tables[1] else { return nil }
    let isBinary = first.cell(key)?.scale == .binary && second.cell(key)?.scale == .binary
    return try HierarchicalBootstrap(
      design: first.design, resamples: resamples, level: first.level
    ).difference(a, b, bounds: isBinary ? -1...1 : nil, stream: stream)
  }
}
