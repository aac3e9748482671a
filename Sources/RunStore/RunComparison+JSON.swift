// A comparison for programs.

import Metrics
import Repro

extension RunComparison {
  /// The comparison with the names of its runs.
  ///
  /// - Parameters:
  ///   - scripts: The text of each run's script, where there is one.
  ///   - rows: Which cells; by default all.
  public func json(names: [String], scripts: [String?], rows: [Row]? = nil) -> JSON {
    .object([
      "runs": .array(names.map { .string($0) }),
      "differences": Self.json(differences),
      "script_changes": Self.json(scriptChanges: scripts),
      "obstacles": .array(obstacles.map { $0.map { .string($0) } ?? .null }),
      "cells": .array(
        (rows ?? self.rows).map { row in
          .object([
            "cell": .string(row.key.label),
            "runs": .array(zip(row.cells, row.gaps).map(Self.json)),
          ])
        }),
    ])
  }

  /// What differs, one value per run.
  public static func json(_ differences: [Difference]) -> JSON {
    .array(
      differences.map {
        .object([
          "what": .string($0.what),
          "values": .array($0.values.map { $0.map { .string($0) } ?? .null }),
        ])
      })
  }

  /// One list per run; of the first, and of a run without a script, an empty one.
  public static func json(scriptChanges scripts: [String?]) -> JSON {
    .array(
      scripts.map { script in
        guard let script, let first = scripts[0] else { return [] }
        return .array(
          LineChange.changes(from: first, to: script).map { .string($0.description) })
      })
  }

  private static func json(_ cell: CellResult?, _ gap: Estimate?) -> JSON {
    guard let cell else { return .null }
    return .object([
      "mean": .number(cell.mean), "low": .optional(cell.interval?.low),
      "high": .optional(cell.interval?.high), "sd": .optional(cell.betweenSeedDeviation),
      "n": .integer(cell.count), "seeds": .integer(cell.seedCount),
      "difference": .optional(gap?.value), "difference_low": .optional(gap?.interval?.low),
      "difference_high": .optional(gap?.interval?.high),
      "pairs": gap.map { .integer($0.count) } ?? .null,
    ])
  }
}
