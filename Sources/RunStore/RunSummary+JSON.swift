// What lists say of runs and groups: as JSON for programs, in few words for people.

import Foundation
import Repro

extension FieldValue {
  /// As JSON; whole numbers without a fraction.
  public var json: JSON {
    switch self {
    case .number(let number): Int(exactly: number).map { .integer($0) } ?? .number(number)
    case .flag(let flag): .bool(flag)
    case .text(let text): .string(text)
    }
  }

  /// As text.
  public var shown: String {
    switch self {
    case .number(let number): json.canonical == "null" ? "\(number)" : json.canonical
    case .flag(let flag): flag ? "true" : "false"
    case .text(let text): text
    }
  }
}

extension RunSummary {
  /// Everything that the list knows.
  public var json: JSON {
    var members: [String: JSON] = [
      "id": .string(name), "path": .string(path), "state": .string(state.rawValue),
      "reason": reason.map { .string($0) } ?? .null, "size": .integer(size),
      "seeds": .array(seeds.map { .integer($0) }), "tags": .array(tags.map { .string($0) }),
      "cells": .array(cells.map(\.json)), "headline": headline?.json ?? .null,
    ]
    if let manifest {
      members["experiment"] = .string(manifest.experiment)
      members["time"] = .string(manifest.time.iso8601)
      members["seconds"] = manifest.ending.map { .number($0.seconds) } ?? .null
      members["commit"] = manifest.git.map { .string($0.commit) } ?? .null
      members["seeds_planned"] = .array(manifest.seeds.map { .integer($0) })
      members["params"] = .object(parameters.mapValues(\.json))
    }
    return .object(members)
  }

  /// How many seeds are done: `5`, or `2/5` when more are planned.
  public var seedCount: String {
    guard let manifest else { return "–" }
    return seeds.count == manifest.seeds.count
      ? "\(seeds.count)" : "\(seeds.count)/\(manifest.seeds.count)"
  }
}

extension RunSummary.Cell {
  /// Label, mean and interval.
  public var json: JSON {
    .object([
      "cell": .string(key.label), "mean": .number(mean),
      "low": .optional(interval?.low), "high": .optional(interval?.high),
    ])
  }
}

extension [RunSummary] {
  /// The few parameters that tell the runs apart; without any, the first ones.
  public var tellingParameters: [String] {
    let all = compactMap(\.manifest?.parameters)
    let names = Set(all.flatMap(\.keys)).sorted()
    let differing = names.filter { name in Set(all.map { $0[name] }).count > 1 }
    return Array<String>((differing.isEmpty ? names : differing).prefix(4))
  }
}

extension SeedGroup {
  /// What makes the group, its runs, and each cell over their seeds.
  public var json: JSON {
    .object([
      "by": .object(values.mapValues(\.json)),
      "runs": .array(runs.map { .string($0.name) }),
      "cells": .array(
        cells.map { cell in
          .object([
            "cell": .string(cell.key.label), "seeds": .integer(cell.seedCount),
            "mean": .number(cell.mean), "sd": .optional(cell.deviation),
            "low": .optional(cell.interval?.low), "high": .optional(cell.interval?.high),
          ])
        }),
    ])
  }
}
