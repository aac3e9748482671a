// `eidetic runs compare`: what differs, and by how much.

import ArgumentParser
import Foundation
import Metrics
import Reporting
import Repro
import RunStore

struct RunsCompare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare runs: what changed between them, and every cell side by side.",
    discussion: """
      What changed comes from the manifests and scripts: command, parameters, people,
      lines of the script, git commit and uncommitted changes, versions, machine.
      Runs without a result have this part alone.

      Each further run stands beside the first. Where both asked the same people in
      the same seeds, the difference is taken person by person and has an interval;
      otherwise none is given. sd is the standard deviation of the seed means.

      --group pools runs that differ in their seeds only, as one run of all these
      seeds.

      Examples:
        eidetic runs compare 0C5K9QXW 7M2TPA1Z
        eidetic runs compare 0C5K9QXW 7M2TPA1Z --metric full_name --markdown
        eidetic runs compare runs/*-cross-modal-* --group --csv
      """)

  @Argument(help: "The runs; two or more.") var runs: [String]
  @Flag(help: "Pool runs that differ in their seeds only.") var group = false
  @Option(help: "Only cells of this metric; may be given again.") var metric: [String] = []
  @OptionGroup var form: TableOptions
  @OptionGroup var root: RootOption

  func run() throws {
    let found = try root.find(runs)
    guard found.count > 1 else {
      throw Failure(code: 2, "error: nothing to compare: give two different runs or more")
    }
    guard found.allSatisfy({ FileManager.default.fileExists(atPath: $0.resultPath) }) else {
      return try printChanges(found)
    }
    let loaded = try found.map { run in
      (name: run.name, result: try run.resultOrFailure(), script: run.scriptText)
    }
    var names = loaded.map(\.name)
    var results = loaded.map(\.result)
    var scripts = loaded.map(\.script)
    if group {
      let groups = try failing { try RunGroup.groups(loaded) }
      names = groups.map { $0.names.count == 1 ? $0.names[0] : $0.names.joined(separator: " + ") }
      scripts = groups.map { group in loaded.first { $0.name == group.names[0] }?.script ?? nil }
      results = groups.map(\.result)
    }
    let comparison = try failing { try RunComparison(results, scripts: scripts) }
    let known = Set(comparison.rows.map(\.key.metric))
    if let stranger = metric.first(where: { !known.contains($0) }) {
      throw Failure(
        code: 2,
        "error: --metric \(stranger): there are \(known.sorted().joined(separator: ", "))")
    }
    let rows = comparison.rows.filter { metric.isEmpty || metric.contains($0.key.metric) }
    let letters = names.indices.map { "run \($0 + 1)" }
    if form.json { return print(comparison.json(names: names, scripts: scripts, rows: rows).canonical) }
    if form.style != .plain {
      return print(flat(names, rows, form.style).text(form.style), terminator: "")
    }
    for (letter, name) in zip(letters, names) { print("\(letter): \(DataTable.visible(name))") }
    print("\nwhat differs:")
    print(differences(comparison.differences, letters).text(.plain))
    for line in scriptChanges(scripts, letters) { print(line) }
    print("mean [interval], sd between seeds; difference to run 1 [interval]:")
    print(side(rows, letters).text(.plain), terminator: "")
    for (letter, obstacle) in zip(letters, comparison.obstacles) {
      if let obstacle { print("\nno difference of run 1 and \(letter) by person: \(obstacle)") }
    }
  }

  /// Runs without a result have manifests and scripts alone.
  private func printChanges(_ found: [Run]) throws {
    guard !group, metric.isEmpty else {
      let missing = found.first { !FileManager.default.fileExists(atPath: $0.resultPath) }
      throw Failure(
        code: 1, "error: \(missing?.path ?? "a run") has no result yet: no seed is done")
    }
    let manifests = try failing { try found.map { try $0.manifest() } }
    let scripts = found.map(\.scriptText)
    let changes = RunComparison.differences(
      manifests, seeds: manifests.map(\.seeds), scripts: scripts)
    let letters = found.indices.map { "run \($0 + 1)" }
    if form.json {
      let members: JSON = [
        "runs": .array(found.map { .string($0.name) }), "differences": RunComparison.json(changes),
        "script_changes": RunComparison.json(scriptChanges: scripts), "cells": [],
      ]
      return print(members.canonical)
    }
    if form.style != .plain {
      return print(differences(changes, found.map(\.name)).text(form.style), terminator: "")
    }
    for (letter, run) in zip(letters, found) { print("\(letter): \(DataTable.visible(run.name))") }
    print("\nwhat differs:")
    print(differences(changes, letters).text(.plain), terminator: "")
    for line in scriptChanges(scripts, letters) { print(line) }
    printError("note: no numbers to compare: not every run has a result yet")
  }

  private func differences(
    _ differences: [RunComparison.Difference], _ letters: [String]
  ) -> DataTable {
    DataTable(
      columns: [""] + letters,
      rows: differences.isEmpty
        ? [["nothing"] + letters.map { _ in "" }]
        : differences.map { [$0.what] + $0.values.map { $0 ?? "–" } })
  }

  /// The first lines of each script that are not those of run 1.
  private func scriptChanges(_ scripts: [String?], _ letters: [String]) -> [String] {
    guard let first = scripts.first ?? nil else { return [] }
    return zip(scripts, letters).dropFirst().flatMap { script, letter -> [String] in
      guard let script, script != first else { return [] }
      let changes = LineChange.changes(from: first, to: script)
      let shown = changes.prefix(30).map { "  " + DataTable.visible($0.description) }
      let rest = changes.count - shown.count
      return ["lines of the script, run 1 (-) and \(letter) (+):"] + shown
        + (rest > 0 ? ["  and \(rest) more"] : []) + [""]
    }
  }

  /// A cell per line, a run per column.
  private func side(_ rows: [RunComparison.Row], _ letters: [String]) -> DataTable {
    DataTable(
      columns: ["cell"] + [letters[0]] + letters.dropFirst().flatMap { [$0, "difference"] },
      rows: rows.map { row in
        [row.key.label]
          + row.cells.indices.flatMap { index -> [String] in
            let cell = row.cells[index].map(Self.estimate) ?? "–"
            return index == 0 ? [cell] : [cell, row.gaps[index].map(Self.gap) ?? "–"]
          }
      })
  }

  private static func estimate(_ cell: CellResult) -> String {
    "\(Number.short(cell.mean)) \(Number.range(cell.interval))"
      + (cell.betweenSeedDeviation.map { " sd \(Number.short($0))" } ?? "")
  }

  private static func gap(_ gap: Estimate) -> String {
    "\(gap.value > 0 ? "+" : "")\(Number.short(gap.value)) \(Number.range(gap.interval))"
  }

  /// A line per cell and run.
  private func flat(
    _ names: [String], _ rows: [RunComparison.Row], _ style: DataTable.Style
  ) -> DataTable {
    func text(_ value: Double?) -> String {
      value.map { style == .csv ? JSON.number($0).canonical : Number.short($0) } ?? ""
    }
    return DataTable(
      columns: [
        "cell", "run", "seeds", "n", "mean", "low", "high", "sd", "difference", "difference_low",
        "difference_high",
      ],
      rows: rows.flatMap { row in
        names.indices.compactMap { index in
          row.cells[index].map { cell in
            let gap = row.gaps[index]
            return [row.key.label, names[index], "\(cell.seedCount)", "\(cell.count)"]
              + [
                cell.mean, cell.interval?.low, cell.interval?.high, cell.betweenSeedDeviation,
                gap?.value, gap?.interval?.low, gap?.interval?.high,
              ].map(text)
          }
        }
      })
  }
}
