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
      --where takes a Lua expression. It may use id, experiment, state, seeds (how
      many are done), recall (of the primary metric's first cell, with low and high),
      time, seconds, size, host, data_hash, commit, and the tables params, metrics,
      cells and tags. A run without a value asked for is left out.

      --group pools runs that differ in nothing but their seeds: a line per group and
      cell with the mean of the seeds' means, their standard deviation (sd) and the
      95 % interval by Student's t; of one seed, or of seeds that all agree, a run's
      own interval, which is over people. --by chooses what makes a group.

      States: complete, running, unfinished (interrupted, stopped by the time limit
      or killed: eidetic runs resume goes on), failed, broken (a file cannot be
      read), foreign (no run).

      Examples:
        eidetic runs list
        eidetic runs list --where 'params.views > 5 and recall > 0.9' --sort recall
        eidetic runs list --where 'state == "complete" and tags.final' --json
        eidetic runs list --where 'cells["full_name image>text"] > 0.2' --limit 10
        eidetic runs list --sort params.views --latex
        eidetic runs list --group --where 'experiment == "cross-modal"'
        eidetic runs list --by params.views --metric full_name --csv
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
    runs = try sorted(runs)
    if group || !by.isEmpty { return try printGroups(runs) }
    if let limit { runs = Array(runs.prefix(limit)) }
    if form.json { return print(JSON.array(runs.map(\.json)).canonical) }
    let isForPeople = form.style == .plain
    print(
      isForPeople ? RunsTable(runs).short.text(.plain) : RunsTable(runs).whole(form.style),
      terminator: "")
    if isForPeople { for run in runs { printReason(run) } }
  }

  private func sorted(_ runs: [RunSummary]) throws -> [RunSummary] {
    if let sorted = RunOrder(key: sort, isReversed: reverse).sorted(runs) { return sorted }
    let known = Set(runs.flatMap(\.sortKeys)).union(RunSummary.fieldNames).sorted()
    let hint = LuaState.suggestion(for: sort, among: known).map { "did you mean '\($0)'?" }
    throw Failure(
      code: 2,
      "error: --sort \(sort): no run has it; "
        + (hint ?? "there are \(known.joined(separator: ", "))"))
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

/// Runs as rows.
struct RunsTable {
  let runs: [RunSummary]

  init(_ runs: [RunSummary]) { self.runs = runs }

  /// For a terminal: few parameters, short numbers.
  var short: DataTable {
    let names = runs.tellingParameters
    return DataTable(
      columns: ["run", "state", "seeds", "params", "recall", "of", "started", "size", "tags"],
      rows: runs.map { run in
        let values = names.compactMap { name in run.manifest?.parameters[name].map { (name, $0) } }
        return [
          run.name, run.state.rawValue, run.seedCount,
          values.map { "\($0)=\($1.prefix(16))" }.joined(separator: " "),
          run.headline.map { "\(Number.short($0.mean)) \(Number.range($0.interval))" } ?? "–",
          run.headline?.key.label ?? "–",
          run.manifest.map { started($0.time) } ?? "–", Number.bytes(run.size),
          run.tags.joined(separator: " "),
        ]
      })
  }

  private func started(_ time: Date) -> String {
    String(time.iso8601.prefix(16)).replacing("T", with: " ")
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
