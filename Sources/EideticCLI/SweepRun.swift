// `eidetic sweep run`: plan and do, with processes here or under Slurm.

import ArgumentParser
import Foundation
import Repro
import Sweeps

/// Who runs the tasks.
enum Executor: String, ExpressibleByArgument, CaseIterable { case local, slurm }

struct SweepRun: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Plan a sweep and do what is not done; failed tasks on --retry.",
    discussion: """
      Each task is a process with its share of the processors. A task is started when
      its memory fits: as much as the sweep's memory says, else as much as the
      largest task so far has held. Ctrl-C stops the tasks, which keep what they
      have; the same command goes on. Two calls at once share the work.

      Under Slurm the tasks are arrays of one or more; near a time limit a task keeps
      what it has and is queued again. Ctrl-C only ends the watching.

      Examples:
        eidetic sweep run steps.lua
        eidetic sweep run steps.lua --jobs 4 --retry
        eidetic sweep run sweeps/steps
        eidetic sweep run steps.lua --executor slurm --sbatch=--time=02:00:00
      """)

  @OptionGroup var source: SweepSource

  @Flag(help: "Also do failed tasks once more.")
  var retry = false

  @Option(help: "Who runs the tasks: local or slurm.")
  var executor: Executor = .local

  @Option(help: "Processes at once (local); by default one per processor.")
  var jobs: Int?

  @Option(help: "Threads of each task; by default its share of the processors, under Slurm 1.")
  var threads: Int?

  @Option(help: "Tasks at once (slurm); by default as many as the cluster allows.")
  var throttle: Int?

  @Option(
    help: ArgumentHelp(
      "A further option of sbatch, such as --sbatch=--partition=long; may be given again.",
      valueName: "option"))
  var sbatch: [String] = []

  @Option(help: "Seconds before a time limit at which a task is stopped and queued again (slurm).")
  var warning: Int = 120

  @Flag(help: "Submit and do not wait (slurm).")
  var detach = false

  func validate() throws {
    for (name, value) in [("jobs", jobs), ("threads", threads), ("throttle", throttle)] {
      if let value, value < 1 { throw ValidationError("--\(name) \(value): expected at least 1") }
    }
    guard (1...65535).contains(warning) else {
      throw ValidationError("--warning \(warning): expected 1 ... 65535")
    }
    if executor == .local {
      if throttle != nil || !sbatch.isEmpty || detach {
        throw ValidationError("--throttle, --sbatch and --detach go with --executor slurm")
      }
    } else if jobs != nil {
      throw ValidationError("--jobs is for local processes; under Slurm it is --throttle")
    }
    if let bad = sbatch.first(where: { !$0.hasPrefix("-") || $0.contains("\n") }) {
      throw ValidationError("--sbatch '\(bad)': expected an option, such as --sbatch=--time=60")
    }
  }

  func run() throws {
    switch executor {
    case .local:
      let shares = try shares()
      let (folder, plan) = try source.plan()
      try runHere(folder, plan, shares)
    case .slurm:
      let (folder, plan) = try source.plan()
      try runUnderSlurm(folder, plan)
    }
  }

  /// `EIDETIC_THREADS` is followed as far as the processors allow it.
  private func shares() throws -> Shares {
    let processors = Shares.processors
    let usual = ProcessInfo.processInfo.environment["EIDETIC_THREADS"].flatMap { Int($0) }
    let most = max(1, processors / max(1, jobs ?? 1))
    let given = threads ?? usual.map { min(max(1, $0), most) }
    guard let shares = Shares(processors: processors, jobs: jobs, threads: given) else {
      throw Failure(
        code: 2,
        "error: \(jobs ?? 1) processes of \(given ?? 1) threads are more than the \(processors) "
          + "processors here; lower --jobs or --threads")
    }
    return shares
  }

  /// The states of tasks that are to be done.
  private var open: Set<TaskStatus.State> {
    retry
      ? [.waiting, .queued, .running, .interrupted, .failed]
      : [.waiting, .queued, .running, .interrupted]
  }

  private func runHere(_ folder: SweepFolder, _ plan: Plan, _ shares: Shares) throws {
    let before = SweepTable(folder, plan)
    let tasks = before.tasks(open)
    let others = before.counts.filter { !open.contains($0.key) }
    let listener = makeSweepListener(plan.name, folder, tasks: plan.tasks.count)
    printError(
      "\(before.line); \(shares.jobs) at once, \(shares.threads) "
        + (shares.threads == 1 ? "thread each" : "threads each"))
    let known = plan.tasks.compactMap { before.status($0).peakMemory }.max()
    StopRequests.listen()
    let isStopped = try failing {
      defer { listener.finish() }
      return try LocalExecutor(
        folder, tasks, counts: others, memory: plan.memory, measured: known, shares: shares,
        listener: listener, stopRequests: { StopRequests.number }
      ).run()
    }
    let failure = try conclude(folder, plan)
    if isStopped {
      throw Failure(code: 130, "interrupted; eidetic sweep run \(folder.path) goes on")
    }
    if let failure { throw failure }
  }

  private func runUnderSlurm(_ folder: SweepFolder, _ plan: Plan) throws {
    let slurm = SlurmExecutor(folder)
    let before = SweepTable(folder, plan)
    let options = SlurmOptions(
      throttle: throttle, processors: threads ?? 1, memory: plan.memory, further: sbatch,
      warning: warning)
    let sent = try failing { try slurm.submit(before.tasks(open), name: plan.name, options) }
    let jobs = sent.jobs.map(String.init).joined(separator: ", ")
    printError("\(before.line); submitted \(sent.tasks)" + (jobs.isEmpty ? "" : " as job \(jobs)"))
    if detach { return }
    let listener = makeSweepListener(plan.name, folder, tasks: plan.tasks.count)
    StopRequests.listen()
    let isLeft = try failing {
      defer { listener.finish() }
      return try slurm.follow(plan.tasks) { states in
        if !states.isEmpty {
          let counts = SweepTable(folder, plan, states: states).counts
          listener.show(SweepSnapshot(counts: counts))
        }
        return StopRequests.number > 0
      }
    }
    if isLeft {
      printError(
        "the tasks go on under Slurm: eidetic sweep status \(folder.path), or cancel instead of "
          + "status")
      throw Failure(code: 130, "")
    }
    if let failure = try conclude(folder, plan) { throw failure }
  }

  /// Tells of conditions, report and failed tasks.
  private func conclude(_ folder: SweepFolder, _ plan: Plan) throws -> Failure? {
    try SweepOutcome(folder, plan).tell()
    let table = SweepTable(folder, plan)
    print(table.line)
    let failed = table.tasks([.failed])
    for task in failed.prefix(10) {
      let reason = table.status(task).message ?? ""
      print("failed \(task.id) (\(task.label)): \(reason)\n  log  \(folder.logPath(task.id))")
    }
    if failed.count > 10 { print("and \(failed.count - 10) more; see eidetic sweep status") }
    guard !failed.isEmpty else { return nil }
    return Failure(
      code: 1,
      "error: \(failed.count) of \(plan.tasks.count) tasks failed; eidetic sweep run "
        + "\(folder.path) --retry does them again")
  }
}
