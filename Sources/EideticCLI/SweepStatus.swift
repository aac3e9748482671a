// `eidetic sweep status` and `cancel`.

import ArgumentParser
import Sweeps

struct SweepStatus: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "How the tasks of a sweep stand, told from its files.",
    discussion: """
      States: waiting, queued (in the queue of Slurm), running, done, failed,
      interrupted (stopped or killed; it goes on the next time).

      Examples:
        eidetic sweep status sweeps/steps
        eidetic sweep status sweeps/steps --json
      """)

  @Argument(help: "The sweep's folder.", completion: .directory)
  var folder: String

  @OptionGroup var form: TableOptions

  func run() throws {
    let folder = SweepFolder(path: folder)
    let plan = try failing { try folder.plan() }
    let slurm = SlurmExecutor(folder)
    var places: [String: SlurmExecutor.Place] = [:]
    if slurm.wasUsed {
      do { places = try slurm.queue() } catch {
        printError("note: \(error); states are from the files alone")
      }
    }
    SweepTable(folder, plan, states: slurm.states(plan.tasks, places)).print(form, tasks: true)
  }
}

struct SweepCancel: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel", abstract: "Cancel the tasks of a sweep that are in the queue of Slurm.",
    discussion: """
      Runs stay as far as they are; eidetic sweep run goes on with them.

      Examples:
        eidetic sweep cancel sweeps/steps
      """)

  @Argument(help: "The sweep's folder.", completion: .directory)
  var folder: String

  func run() throws {
    let folder = SweepFolder(path: folder)
    _ = try failing { try folder.plan() }
    let count = try failing { try SlurmExecutor(folder).cancel() }
    print("\(count) \(count == 1 ? "task" : "tasks") cancelled")
  }
}
