// `eidetic runs list`.

import ArgumentParser
import Bindings
import Foundation
import LuaHost
import Reporting
import Repro
import RunStore

struct RunsList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List runs: state, parameters, recall with its interval.",
    discussion: """
      --where takes a Lua expression. It may use id, experiment, state, seeds (how many are done),
      recall (of the primary metric's first cell, with low and high), time, seconds, size, host,
      data_hash, commit, and the tables params, metrics, cells and tags. A run without a value
      asked for is left out.

      --group pools runs that differ in nothing but their seeds: a line per group and cell with
      the mean of the seeds' means, their standard deviation (sd) and the 95 % interval by
      Student's t; of one seed the run's own interval, which is over people. --by chooses what
      makes a group.

      States: complete, running, unfinished (interrupted, stopped by the time limit or killed:
      eidetic runs resume goes on), failed, broken (a file cannot be read), foreign (no run).

      Examples:
        eidetic runs list
        eidetic runs list --where 'params.views > 5 and recall > 0.9' --sort recall
        eidetic runs list --where 'state == "complete" and tags.final' --json
        eidetic runs list --where 'cells["full_name image>text"] > 0.2' --limit 10
        eidetic runs list --sort params.views --latex
        eidetic runs list --group --where 'experiment == "cross-modal"'
        eidetic runs list --by params.views --by params.steps --metric full_name --csv
      """)

  @OptionGroup var root: RootOption

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp("Only runs for which this Lua expression holds.", valueName: "expr"))
  var condition: String?

  @Option(
    help: ArgumentHelp(
      "A field, params.NAME or metrics.NAME; time, size, numbers and metrics the largest first.",
      valueName: "key"))
  var sort: String = "time"

  @Flag(help: "The other way round.")
  var reverse = false

  @Option(help: "At most this many.")
  var limit: Int?

  @Flag(help: "Pool runs that differ in their seeds only.")
  var group = false

  @Option(
    help: ArgumentHelp(
      "Pool runs by this field or params.NAME; may be given again.", valueName: "key"))
  var by: [String] = []

  @Option(help: "With --group: only cells of this metric; may be given again.")
  var metric: [String] = []

  @OptionGroup var form: TableOptions

  func validate() throws {
    if !metric.isEmpty, !group, by.isEmpty {
      throw ValidationError("--metric chooses cells of groups: add --group or --by")
    }
    if let limit, limit < 1 { throw ValidationError("--limit \(limit): expected at least 1") }
  }

  func run() throws {
    guard FileManager.default.fileExists(atPath: root.root) else {
      if root.root != "runs" { throw Failure(code: 2, "error: there is no folder \(root.root)") }
      return form.json ? print("[]") : printError("no runs yet: there is no folder runs/")
    }
    var runs = try root.summaries()
    if let condition {
      do { runs = try RunFilter(condition).matching(runs) } catch {
        throw Failure(code: 2, "error: \(error)")
      }
    }
    runs = try RunOrder(key: sort, reverse: reverse).sorted(runs)
    if group || !by.isEmpty { return try printGroups(runs) }
    if let limit { runs = Array(runs.prefix(limit)) }
    if form.json { return print(JSON.array(runs.map(\.json)).canonical) }
    let isForPeople = form.style == .plain
    print(
      isForPeople ? RunsTable(runs).short.text(.plain) : RunsTable(runs).whole(form.style),
      terminator: "")
    if isForPeople { for run in runs { printReason(run) } }
  }

  private func printGroups(_ runs: [RunSummary]) throws {
    for key in by where !runs.isEmpty && !runs.contains(where: { $0.value(key) != nil }) {
      let known = RunSummary.fieldNames + Set(runs.flatMap(\.sortKeys)).sorted()
      let hint = LuaState.suggestion(for: key, among: known).map { "; did you mean '\($0)'?" }
      throw Failure(code: 2, "error: --by \(key): no run has it\(hint ?? "")")
    }
    let metrics = Set(runs.flatMap { $0.cells.map(\.key.metric) })
    if let stranger = metric.first(where: { !metrics.contains($0) }) {
      throw Failure(
        code: 2,
        "error: --metric \(stranger): there are \(metrics.sorted().joined(separator: ", "))")
    }
    var groups = SeedGroup.groups(
      runs, by: by.isEmpty ? nil : by, metrics: metric.isEmpty ? nil : Set(metric))
    if let limit { groups = Array(groups.prefix(limit)) }
    let table = GroupTable(groups, keys: by)
    if form.json { return print(table.json.canonical) }
    print(table.table(form.style).text(form.style), terminator: "")
  }

  private func printReason(_ run: RunSummary) {
    guard let reason = run.reason else { return }
    let line = reason.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    print("\(run.state.rawValue) \(DataTable.visible(run.name)): \(DataTable.visible(line))")
  }
}

/// By which value runs are ordered.
struct RunOrder {
  let key: String
  let reverse: Bool

  /// Runs without the value come last either way; equal ones keep the order of their names.
  ///
  /// - Throws: ``Failure`` for a key that no run has.
  func sorted(_ runs: [RunSummary]) throws -> [RunSummary] {
    // Places are sorted, not runs: a run is large to move.
    let values = runs.map { $0.value(key) }
    guard
      runs.isEmpty || RunSummary.fieldNames.contains(key) || values.contains(where: { $0 != nil })
    else {
      let known = Set(runs.flatMap(\.sortKeys)).union(RunSummary.fieldNames).sorted()
      let hint = LuaState.suggestion(for: key, among: known).map { "did you mean '\($0)'?" }
      throw Failure(
        code: 2,
        "error: --sort \(key): no run has it; "
          + (hint ?? "there are \(known.joined(separator: ", "))"))
    }
    let ascends = (key == "time" ? false : !isNumeric(values.compactMap(\.self))) != reverse
    let places = values.indices.filter { values[$0] != nil }.sorted { a, b in
      if values[a] == values[b] { return a < b }
      return isBefore(values[a], values[b]) == ascends
    }
    return (places + values.indices.filter { values[$0] == nil }).map { runs[$0] }
  }

  private func isNumeric(_ values: [FieldValue]) -> Bool {
    values.contains { if case .number = $0 { true } else { false } }
  }

  private func isBefore(_ a: FieldValue?, _ b: FieldValue?) -> Bool {
    switch (a, b) {
    case (.number(let a)?, .number(let b)?): a < b
    case (.number?, _): true
    case (_, .number?): false
    default: a?.shown ?? "" < b?.shown ?? ""
    }
  }
}

extension FieldValue {
  var shown: String {
    switch self {
    case .number(let number): json.canonical == "null" ? "\(number)" : json.canonical
    case .flag(let flag): flag ? "true" : "false"
    case .text(let text): text
    }
  }
}

extension RunSummary {
  var sortKeys: [String] {
    (manifest?.parameters ?? [:]).keys.map { "params.\($0)" } + metrics.keys.map { "metrics.\($0)" }
  }

  /// Everything that the list knows.
  var json: JSON {
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
}

extension RunSummary.Cell {
  var json: JSON {
    .object([
      "cell": .string(key.label), "mean": .number(mean),
      "low": interval.map { .number($0.low) } ?? .null,
      "high": interval.map { .number($0.high) } ?? .null,
    ])
  }
}

/// Runs as rows.
struct RunsTable {
  let runs: [RunSummary]

  init(_ runs: [RunSummary]) { self.runs = runs }

  /// For a terminal: few parameters, short numbers.
  var short: DataTable {
    let names = telling
    return DataTable(
      columns: ["run", "state", "seeds", "params", "recall", "of", "started", "size", "tags"],
      rows: runs.map { run in
        let values = names.compactMap { name in run.manifest?.parameters[name].map { (name, $0) } }
        return [
          run.name, run.state.rawValue, seeds(run),
          values.map { "\($0)=\($1.prefix(16))" }.joined(separator: " "),
          run.headline.map { "\(Number.short($0.mean)) \(Number.range($0.interval))" } ?? "–",
          run.headline?.key.label ?? "–",
          run.manifest.map { started($0.time) } ?? "–", byteCount(run.size),
          run.tags.joined(separator: " "),
        ]
      })
  }

  private func started(_ time: Date) -> String {
    String(time.iso8601.prefix(16)).replacing("T", with: " ")
  }

  private func seeds(_ run: RunSummary) -> String {
    guard let manifest = run.manifest else { return "–" }
    return run.seeds.count == manifest.seeds.count
      ? "\(run.seeds.count)" : "\(run.seeds.count)/\(manifest.seeds.count)"
  }

  /// Parameters that differ between the runs say most; without any, the first ones.
  private var telling: [String] {
    let all = runs.compactMap(\.manifest?.parameters)
    let names = Set(all.flatMap(\.keys)).sorted()
    let differing = names.filter { name in Set(all.map { $0[name] }).count > 1 }
    return Array((differing.isEmpty ? names : differing).prefix(4))
  }

  /// For programs and papers: all parameters. Papers get short numbers, programs all digits.
  func whole(_ style: DataTable.Style) -> String {
    let names = Set(runs.flatMap { $0.manifest.map { Array($0.parameters.keys) } ?? [] }).sorted()
    let fields = ["id", "experiment", "state", "seeds", "recall", "low", "high", "time", "size"]
    let isForReading = style != .csv
    let rows = runs.map { run in
      let texts = fields.map { name -> String in
        let value = run.field(name)
        if isForReading, case .number(let number)? = value,
          ["recall", "low", "high"].contains(name)
        {
          return Number.short(number)
        }
        return value?.shown ?? ""
      }
      return texts + [run.tags.joined(separator: " ")]
        + names.map { run.manifest?.parameters[$0] ?? "" }
        + (isForReading ? [] : [run.reason ?? ""])
    }
    return DataTable(
      columns: fields + ["tags"] + names.map { "params.\($0)" } + (isForReading ? [] : ["reason"]),
      rows: rows
    ).text(style)
  }
}
