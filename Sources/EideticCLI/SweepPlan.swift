// `eidetic sweep plan`: what a sweep would run, and what of it is done.

import ArgumentParser
import Reporting
import Repro
import RunStore
import Sweeps

struct SweepPlan: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Expand a sweep into its folder and list the tasks.",
    discussion: """
      Writes plan.jsonl: line I is the task that eidetic sweep task --index I does. A
      task's id follows from experiment, script, parameters, seed and versions, so it
      is the same whenever the sweep is expanded.

      Examples:
        eidetic sweep plan steps.lua
        eidetic sweep plan steps.lua --seeds 10 --out sweeps/many
        seq $(wc -l < sweeps/steps/plan.jsonl) |
          parallel -j2 eidetic sweep task --plan sweeps/steps --index {}
      """)

  @OptionGroup var source: SweepSource
  @OptionGroup var form: TableOptions

  func run() throws {
    let (folder, plan) = try source.plan()
    SweepTable(folder, plan).print(form, tasks: true)
    if form.style == .plain, !form.json {
      printError("planned in \(folder.path); eidetic sweep run does what is not done")
    }
  }
}

/// How the tasks of a sweep stand, as a table.
struct SweepTable {
  private let folder: SweepFolder
  private let plan: Plan
  private let states: [String: TaskStatus]

  init(_ folder: SweepFolder, _ plan: Plan, states: [String: TaskStatus]? = nil) {
    (self.folder, self.plan) = (folder, plan)
    self.states =
      states
      ?? Dictionary(plan.tasks.map { ($0.id, folder.status($0.id)) }, uniquingKeysWith: { $1 })
  }

  var counts: [TaskStatus.State: Int] {
    Dictionary(states.values.map { ($0.state, 1) }, uniquingKeysWith: +)
  }

  func tasks(_ wanted: Set<TaskStatus.State>) -> [PlannedTask] {
    plan.tasks.filter { wanted.contains(states[$0.id]?.state ?? .waiting) }
  }

  func status(_ task: PlannedTask) -> TaskStatus { states[task.id] ?? TaskStatus() }

  /// `12 tasks: 8 done, 1 failed, 3 waiting`.
  var line: String {
    let parts = TaskStatus.State.allCases.compactMap { state in
      counts[state].map { "\($0) \(state.rawValue)" }
    }
    return "\(plan.tasks.count) \(plan.tasks.count == 1 ? "task" : "tasks"): "
      + parts.joined(separator: ", ")
  }

  /// - Parameter tasks: Whether people see a line per task, too.
  func print(_ form: TableOptions, tasks: Bool) {
    if form.json { return Swift.print(json.canonical) }
    if tasks || form.style != .plain { Swift.print(table.text(form.style), terminator: "") }
    if form.style == .plain { Swift.print(line) }
  }

  private var table: DataTable {
    DataTable(
      columns: ["task", "id", "condition", "state", "tries", "seconds", "memory", "message"],
      rows: plan.tasks.enumerated().map { index, task in
        let status = status(task)
        return [
          "\(index + 1)", task.id, task.label, status.state.rawValue, "\(status.attempts)",
          status.seconds.map { Number.fixed($0, 1) } ?? "",
          status.peakMemory.map { Number.bytes($0) } ?? "",
          status.message?.split(separator: "\n").first.map(String.init) ?? "",
        ]
      })
  }

  private var json: JSON {
    .object([
      "name": .string(plan.name), "path": .string(folder.path),
      "tasks": .array(
        plan.tasks.enumerated().map { index, task in
          .object([
            "index": .integer(index + 1), "id": .string(task.id), "seed": .integer(task.seed),
            "settings": .object(task.settings.mapValues { .string($0) }),
            "run": .string(folder.run(task.id).path), "log": .string(folder.logPath(task.id)),
            "status": status(task).json,
          ])
        }),
    ])
  }
}
