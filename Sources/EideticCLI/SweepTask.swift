// `eidetic sweep task`: one task of a plan, for whichever engine calls it.

import ArgumentParser
import Bindings
import Foundation
import Repro
import RunStore
import Sweeps

struct SweepTask: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "task", abstract: "Do one task of a plan; done ones end at once.",
    discussion: """
      What every engine calls: the executors of eidetic sweep run, GNU parallel, any
      queue. A task that is done does nothing; one that was interrupted goes on; of
      two processes one does it and the other ends with exit code 75. TERM, HUP, USR1
      and USR2 stop it like Ctrl-C: what it has is kept, and the exit code is 130.

      Examples:
        eidetic sweep task --plan sweeps/steps --index 3
        eidetic sweep task --plan sweeps/steps --id near-0c5f19e2a7b4 --log
      """)

  @Option(help: "The sweep's folder.", completion: .directory)
  var plan: String

  @Option(help: "Which task: the line of plan.jsonl, from 1.")
  var index: Int?

  @Option(help: "Which task: its id.")
  var id: String?

  @Flag(help: "Append what is printed to the task's log.txt instead.")
  var log = false

  @Option(help: .hidden)
  var parent: Int32?

  @Option(help: .hidden)
  var tries: Int?

  func validate() throws {
    if (index == nil) == (id == nil) { throw ValidationError("give either --index or --id") }
  }

  func run() throws {
    let folder = SweepFolder(path: plan)
    let plan = try failing { try folder.plan() }
    let task = try find(in: plan)
    switch try failing({ try folder.begin(task.id, tries: tries) }) {
    case .done: print("\(task.id) is done")
    case .busy:
      throw Failure(
        code: LocalExecutor.busyCode, "note: another process works on \(task.id)")
    case .begun(let attempt):
      Stopping.listen(parent: parent)
      do {
        if log { try failing { try Self.redirect(to: folder.logPath(task.id), attempt.status) } }
        try work(on: task, of: plan, in: folder)
        try failing { try attempt.end(.exit(0)) }
      } catch {
        let failure = error as? Failure ?? Failure(error)
        let code = failure.code == 0 ? 1 : failure.code
        let reason = Self.reason(failure, of: folder.run(task.id))
        try failing { try attempt.end(.exit(code), message: reason) }
        throw Failure(code: code, failure.message)
      }
    }
  }

  private func find(in plan: Plan) throws -> PlannedTask {
    if let index, plan.tasks.indices.contains(index - 1) { return plan.tasks[index - 1] }
    if let id, let task = plan.tasks.first(where: { $0.id == id }) { return task }
    throw Failure(
      code: 2,
      "error: \(SweepError.noTask(id ?? index.map(String.init) ?? "", count: plan.tasks.count))")
  }

  /// Runs the experiment as `eidetic run` would.
  private func work(on task: PlannedTask, of plan: Plan, in folder: SweepFolder) throws {
    guard task.versions == Workbench.versions else {
      throw Failure(code: 1, "error: planned with another version of eidetic; plan it again")
    }
    guard let source = try? String(contentsOfFile: task.script, encoding: .utf8) else {
      throw Failure(code: 1, "error: cannot read \(task.script)")
    }
    guard SHA256.hex(source) == task.scriptHash else {
      throw Failure(code: 1, "error: \(SweepError.changedScript(task.script))")
    }
    if !FileManager.default.changeCurrentDirectoryPath(plan.directory) {
      printError("note: \(plan.directory), where the sweep was called, is gone; running here")
    }
    let run = folder.run(task.id)
    let words = task.command(out: run.path)
    let command = try failing { try RunCommand.parse(Array(words.dropFirst())) }
    _ = try command.run(as: ["eidetic"] + words)
    guard RunSummary(reading: run).state == .complete else {
      throw Failure(code: 1, "error: the script ended before its run was complete")
    }
  }

  /// Why it failed: the run's own word where it has one.
  private static func reason(_ failure: Failure, of run: Run) -> String {
    let summary = RunSummary(reading: run)
    let isOwn = summary.state == .failed && failure.message.contains(run.path)
    let text = isOwn ? summary.reason ?? failure.message : failure.message
    return text.isEmpty ? "exit code \(failure.code)" : text
  }

  /// From now on everything that is printed goes to the end of a file.
  private static func redirect(to path: String, _ status: TaskStatus) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw FileWriteError(path: path, reason: String(cString: strerror(errno)))
    }
    dup2(descriptor, 1)
    dup2(descriptor, 2)
    close(descriptor)
    let time = Date().formatted(.iso8601)
    printError(
      "── try \(status.attempts), \(time), \(status.host ?? ""), process \(status.process ?? 0)")
  }
}
