// `runs.summarize`: the numbers that stand beside a mean, for outcomes that no run keeps.

import Foundation
import LuaHost
import Metrics
import Personas
import Repro
import RunStore

extension RunsBinding {
  static let summarize = NativeFunction(
    "summarize", "Mean, interval, chance level and control of one outcome per person.",
    parameters: [
      .init("metric", .string, "Its name."),
      .init("items", .object(LuaItems.self), "What was asked."),
      .init("values", .list(.number), "One per item."),
    ],
    options: [
      .init("seed", .integer, "The seed of the model.", default: 0),
      .init("truths", .list(.string), "What would have been right; the chance level follows."),
      .init("chance", .number, "What blind guessing scores."),
      .init("scale", Scale.kind, Scale.explained),
      .init("control_items", .object(LuaItems.self), "The same asked about never-trained people."),
      .init("control_values", .list(.number), "One per control item."),
    ],
    results: [
      .init(
        .table, "mean, low, high, interval_kind, n, chance, control (mean, low, high, n), scale")
    ],
    since: "1.0", example: "runs.summarize(\"rank\", items, model:rank(items, people.names)).mean"
  ) { a in
    let metric = try a.string("metric"), seed = try a.integer("seed")
    func outcomes(
      _ items: [Item], _ values: [Double], _ truths: [String]?, _ group: Group
    ) throws -> [Outcome] {
      guard items.count == values.count, truths == nil || truths?.count == items.count else {
        throw LuaError(
          "summarize: \(items.count) items but \(values.count) values"
            + (truths.map { " and \($0.count) truths" } ?? ""), kind: .argument)
      }
      return items.indices.map { i in
        Outcome(
          seed: seed, cell: CellKey(metric: metric, keys: [:], group: group),
          persona: items[i].person ?? i, value: values[i], truth: truths?[i])
      }
    }
    var all = try outcomes(
      a.object("items", LuaItems.self).items, a.numbers("values"), a.strings(ifGiven: "truths"),
      .member)
    if let items = try a.object(ifGiven: "control_items", LuaItems.self)?.items {
      all += try outcomes(items, a.numbers("control_values"), nil, .control)
    }
    let manifest = Manifest(
      experiment: metric, command: [], seeds: [seed], dataHash: "", versions: [:], blas: "",
      threads: 1, host: "", time: Date(timeIntervalSince1970: 0))
    let chance = try a.number(ifGiven: "chance").map { [metric: $0] } ?? [:]
    let scale = try a.string(ifGiven: "scale").flatMap(Scale.init(rawValue:))
    let result = try ExperimentResult(
      outcomes: all, manifest: manifest, chance: chance, scales: scale.map { [metric: $0] } ?? [:],
      stream: RandomStream(seed: 0).fork("intervals"))
    guard let cell = result.cells.first else {
      throw LuaError("summarize: there are no outcomes", kind: .argument)
    }
    return [.fields(cell.fields)]
  }
}

extension Scale {
  /// As an argument of scripts.
  static let kind = ValueKind.oneOf(allCases.map(\.rawValue))
  static let explained =
    "What values are: 0 or 1, shares from 0 to 1, ranks from 1 (lower is better), any number. "
    + "Told from name (`…_rank`) and values when not given; `share` is never guessed."
}

extension CellResult {
  /// As scripts read it.
  fileprivate var fields: [String: LuaValue] {
    ends(interval).merging([
      "mean": .number(mean), "interval_kind": .string(intervalKind.rawValue),
      "scale": .string(scale.rawValue), "n": .integer(count), "chance": optional(chance),
      "better_than_chance": isBetterThanChance.map { .boolean($0) } ?? .nil,
      "control": control.map {
        .fields(
          ends($0.interval).merging(["mean": .number($0.mean), "n": .integer($0.count)]) { $1 })
      } ?? .nil,
    ]) { $1 }
  }
}

private func optional(_ number: Double?) -> LuaValue { number.map { .number($0) } ?? .nil }

private func ends(_ interval: Interval?) -> [String: LuaValue] {
  ["low": optional(interval?.low), "high": optional(interval?.high)]
}
