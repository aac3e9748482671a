// `eidetic runs show`: all that a run folder says.

import ArgumentParser
import Foundation
import Reporting
import Repro
import RunStore

struct RunsShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show a run: command, circumstances, cells with intervals, finding, files.",
    discussion: """
      --csv, --markdown and --latex print the cells as a table, --json everything but
      the outcomes.

      Examples:
        eidetic runs show 0C5K9QXW
        eidetic runs show 0C5K9QXW --latex
        eidetic runs show runs/20260131T120000Z-cross-modal-0C5K9QXW --json
      """)

  @Argument(help: ArgumentHelp("The run.", valueName: "run")) var name: String
  @OptionGroup var form: TableOptions
  @OptionGroup var root: RootOption

  func run() throws {
    let run = try root.find(name)
    let summary = RunSummary(reading: run)
    if summary.state == .broken {
      throw Failure(code: 1, "error: \(run.path) is broken: \(summary.reason ?? "")")
    }
    let hasResult = FileManager.default.fileExists(atPath: run.resultPath)
    let result = hasResult ? try failing { try run.result() } : nil
    if form.json { return print(whole(summary, result).canonical) }
    if form.style != .plain {
      guard let result else { throw Failure(code: 1, "error: \(run.path) has no result yet") }
      return print(cells(result).text(form.style), terminator: "")
    }
    for line in try head(summary, run) { print(DataTable.visible(line)) }
    if let result {
      // The table's own line breaks stay, a hostile name's control characters do not.
      for line in result.table().split(separator: "\n", omittingEmptySubsequences: false) {
        print(DataTable.visible(String(line)))
      }
      print(DataTable.visible(result.finding) + "\n")
      for note in result.notes { print("note: \(DataTable.visible(note))") }
    } else {
      print("no result yet: no seed is done\n")
    }
    print(files(run).text(.plain), terminator: "")
  }

  /// A line per cell; papers get short numbers, programs all digits.
  private func cells(_ result: ExperimentResult) -> DataTable {
    func text(_ value: Double?) -> String {
      value.map { form.csv ? JSON.number($0).canonical : Number.short($0) } ?? ""
    }
    return DataTable(
      columns: [
        "cell", "mean", "low", "high", "sd", "seeds", "n", "chance", "control",
      ],
      rows: result.cells.map { cell in
        [cell.key.label]
          + [cell.mean, cell.interval?.low, cell.interval?.high, cell.betweenSeedDeviation].map(
            text)
          + ["\(cell.seedCount)", "\(cell.count)", text(cell.chance), text(cell.control?.mean)]
      })
  }

  private func head(_ summary: RunSummary, _ run: Run) throws -> [String] {
    guard let manifest = summary.manifest else { return [] }
    let rows: [(String, String)] =
      [
        ("run", summary.name), ("experiment", manifest.experiment),
        ("state", summary.state.rawValue + (summary.reason.map { ": \($0)" } ?? "")),
        ("command", manifest.commandLine), ("started", manifest.time.formatted(.iso8601)),
        ("took", try duration(run) ?? "–"),
        (
          "ended",
          manifest.ending.map {
            "\($0.time.iso8601), \($0.state.rawValue) (exit code \($0.exitCode))"
          } ?? "–"
        ),
        ("to go on", canGoOn(summary) ? resumption : "–"),
        ("project", manifest.git?.summary ?? "–"),
        ("seeds", "\(list(summary.seeds)) of \(list(manifest.seeds))"),
        ("people", manifest.dataHash.isEmpty ? "–" : manifest.dataHash),
        ("machine", "\(manifest.host), \(manifest.threads) threads, \(manifest.blas)"),
        (
          "versions",
          manifest.versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            .joined(separator: ", ")
        ),
        ("tags", summary.tags.isEmpty ? "–" : summary.tags.joined(separator: " ")),
      ]
      + manifest.parameters.sorted { $0.key < $1.key }.map { ("params.\($0.key)", $0.value) }
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { $0.padding(toLength: width + 2, withPad: " ", startingAt: 0) + $1 } + [""]
  }

  private func canGoOn(_ summary: RunSummary) -> Bool {
    [.unfinished, .failed].contains(summary.state)
  }

  private var resumption: String {
    let words =
      ["eidetic", "runs", "resume", name] + (root.root == "runs" ? [] : ["--root", root.root])
    return Manifest.line(of: words)
  }

  private func list(_ seeds: [Int]) -> String {
    seeds.isEmpty ? "none" : seeds.map(String.init).joined(separator: ",")
  }

  /// Each process counts its own seconds; a run that went on later took the sum.
  private func duration(_ run: Run) throws -> String? {
    guard FileManager.default.fileExists(atPath: run.eventsPath) else { return nil }
    var (sum, last) = (0.0, 0.0)
    for event in try failing({ try run.events() }).events {
      guard case .number(let seconds)? = event["seconds"] else { continue }
      if event["event"] == "start" { (sum, last) = (sum + last, 0) }
      last = seconds
    }
    return Number.duration(sum + last)
  }

  private func files(_ run: Run) -> DataTable {
    let manager = FileManager.default
    let names = ((try? manager.subpathsOfDirectory(atPath: run.path)) ?? []).sorted()
      .filter { !$0.hasPrefix(".") }
    return DataTable(
      columns: ["file", "size"],
      rows: names.compactMap { name in
        let facts = try? manager.attributesOfItem(atPath: run.path + "/" + name)
        guard let facts, facts[.type] as? FileAttributeType != .typeDirectory else { return nil }
        return ["\(run.path)/\(name)", Number.bytes((facts[.size] as? Int) ?? 0)]
      })
  }

  private func whole(_ summary: RunSummary, _ result: ExperimentResult?) -> JSON {
    guard case .object(var members) = summary.json else { return .null }
    members["manifest"] = summary.manifest?.json ?? .null
    guard let result, case .object(var whole) = result.json else { return .object(members) }
    whole["outcomes"] = nil
    members["finding"] = .string(result.finding)
    members["result"] = .object(whole)
    return .object(members)
  }
}
