// Runs the tasks of a sweep as processes on this machine: as many as fit, each once, whoever else
// works on the same plan.

import Foundation
import Repro
import RunStore

/// A task under way.
public struct RunningTask: Sendable {
  /// Which.
  public let task: PlannedTask
  /// For how long, in seconds.
  public let seconds: Double
  /// What its process holds, in bytes.
  public let memory: Int
}

/// How a sweep stands.
public struct SweepSnapshot: Sendable {
  /// How many tasks are in which state.
  public var counts: [TaskStatus.State: Int] = [:]
  /// Those of this process, oldest first.
  public var running: [RunningTask] = []
  /// What is waited for, other than time.
  public var note: String?
  /// Memory now.
  public var memory: Memory?
  /// Seconds until all are done, as far as it can be told.
  public var remaining: Double?

  /// A snapshot of numbers alone.
  public init(counts: [TaskStatus.State: Int] = [:]) { self.counts = counts }

  /// The number of tasks in a state.
  public subscript(state: TaskStatus.State) -> Int { counts[state] ?? 0 }
}

/// Hears how a sweep goes.
public protocol SweepListener: AnyObject {
  /// Ten times a second.
  func show(_ snapshot: SweepSnapshot)
  /// A task of this process has ended.
  func ended(_ task: PlannedTask, _ status: TaskStatus)
}

/// How many processes work, with how many threads each.
public struct Shares: Equatable, Sendable {
  /// Processes at once.
  public let jobs: Int
  /// Threads of each.
  public let threads: Int

  /// Shares the processors out so that there are never more threads than processors.
  ///
  /// - Parameters:
  ///   - jobs: As asked for; by default one per processor, or as many as `threads` allows.
  ///   - threads: As asked for; by default what is left to each process.
  /// - Returns: `nil` when there are not enough processors.
  public init?(processors: Int, jobs: Int? = nil, threads: Int? = nil) {
    let count = jobs ?? max(1, processors / max(1, threads ?? 1))
    let each = threads ?? max(1, processors / max(1, count))
    guard count >= 1, each >= 1, count * each <= processors else { return nil }
    (self.jobs, self.threads) = (count, each)
  }

  /// The processors that this process may use.
  public static var processors: Int { ProcessInfo.processInfo.activeProcessorCount }
}

/// Works through tasks with processes of this program.
public final class LocalExecutor {
  private let folder: SweepFolder
  private let shares: Shares
  private let stopRequests: () -> Int
  private weak var listener: (any SweepListener)?
  private var need: MemoryNeed
  private var waiting: [PlannedTask]
  private var own: [Worker] = []
  /// Tasks that other processes work on.
  private var elsewhere: [PlannedTask] = []
  /// How often each task was tried before: one that another process has tried since is its.
  private let tries: [String: Int]
  private var counts: [TaskStatus.State: Int] = [:]
  private var took: [Double] = []
  private var note: String?
  private var passedOn = 0
  private var nextLook = Date.distantPast

  private struct Worker {
    let task: PlannedTask
    let process: ChildProcess
    let began = Date()
    var peak = 0, now = 0
    var age: Double { Date().timeIntervalSince(began) }
  }

  /// Prepares; nothing is started yet.
  ///
  /// - Parameters:
  ///   - tasks: What is to be done.
  ///   - counts: How the other tasks of the plan stand.
  ///   - measured: The most memory that a task of this sweep has held before.
  ///   - stopRequests: How often the user has asked to stop.
  public init(
    _ folder: SweepFolder, _ tasks: [PlannedTask], counts: [TaskStatus.State: Int],
    memory: Int?, measured: Int?, shares: Shares, listener: any SweepListener,
    stopRequests: @escaping () -> Int
  ) {
    (self.folder, self.shares, self.listener) = (folder, shares, listener)
    (self.counts, self.stopRequests, waiting) = (counts, stopRequests, tasks)
    tries = Dictionary(tasks.map { ($0.id, folder.status($0.id).attempts) }) { $1 }
    need = MemoryNeed(declared: memory)
    if let measured { need.note(peak: measured) }
  }

  /// Works until all is done, or until those under way have stopped.
  ///
  /// - Returns: Whether the user stopped it.
  /// - Throws: ``SweepError`` when a task can never fit; ``ChildError``; `FileWriteError`.
  ///   Processes under way are stopped first.
  public func run() throws -> Bool {
    let total = Memory.now().total
    if let declared = need.declared, declared + MemoryNeed.reserve(of: total) > total {
      throw SweepError.tooLarge(need: declared, total: total)
    }
    do {
      while true {
        try reap()
        passOnStops()
        if passedOn == 0 {
          lookElsewhere()
          try startWhatFits()
        }
        if own.isEmpty, passedOn > 0 || (waiting.isEmpty && elsewhere.isEmpty) { break }
        listener?.show(snapshot())
        usleep(100_000)
      }
    } catch {
      for worker in own { worker.process.send(SIGTERM) }
      while !own.isEmpty {
        own.removeAll { $0.process.poll() != nil }
        usleep(20_000)
      }
      throw error
    }
    listener?.show(snapshot())
    return passedOn > 0
  }

  // MARK: Ends

  private func reap() throws {
    for place in own.indices.reversed() {
      (own[place].now, own[place].peak) = update(own[place])
      guard let end = own[place].process.poll() else { continue }
      let worker = own.remove(at: place)
      if end == .exit(LocalExecutor.busyCode) {
        elsewhere.append(worker.task)
        continue
      }
      let (id, process) = (worker.task.id, Int(worker.process.id))
      try folder.settle(id, end) { status in
        // It may have died before it could say that it began.
        status.state == .running ? status.process == process : status.state == .waiting
      }
      let status = folder.status(id)
      if let peak = status.peakMemory, status.state == .done { need.note(peak: peak) }
      if status.state == .done { took.append(worker.age) }
      counts[status.state, default: 0] += 1
      listener?.ended(worker.task, status)
    }
  }

  /// The exit code of a task that another process works on.
  public static let busyCode: Int32 = 75

  private func update(_ worker: Worker) -> (Int, Int) {
    let memory = worker.process.memory
    return (memory.now, max(worker.peak, memory.peak))
  }

  /// The first request asks the tasks to stop, which keeps what they have; the third kills them.
  private func passOnStops() {
    let requests = stopRequests()
    while passedOn < requests {
      passedOn += 1
      for worker in own { worker.process.send(passedOn > 2 ? SIGKILL : SIGTERM) }
    }
  }

  /// Tasks of others that ended are theirs; those whose process died are taken over.
  private func lookElsewhere() {
    guard !elsewhere.isEmpty, Date() > nextLook else { return }
    nextLook = Date().addingTimeInterval(1)
    elsewhere.removeAll { task in
      let state = folder.status(task.id).state
      switch state {
      case .running, .queued: return false
      case .done, .failed: counts[state, default: 0] += 1
      case .waiting, .interrupted: waiting.append(task)
      }
      return true
    }
  }

  // MARK: Beginnings

  private func startWhatFits() throws {
    note = nil
    while own.count < shares.jobs, let task = waiting.first {
      let status = folder.status(task.id)
      let isFailedElsewhere = status.state == .failed && status.attempts > tries[task.id] ?? 0
      guard status.state != .running, status.state != .done, !isFailedElsewhere else {
        waiting.removeFirst()
        if status.state == .running {
          elsewhere.append(task)
        } else {
          counts[status.state, default: 0] += 1
        }
        continue
      }
      let running = own.map { ($0.now, $0.peak, $0.age) }
      guard need.fits(Memory.now(), running: running) else {
        note = waitingNote()
        return
      }
      waiting.removeFirst()
      own.append(
        Worker(
          task: task,
          process: try ChildProcess(
            ["sweep", "task", "--plan", folder.path, "--id", task.id, "--log"]
              + ["--parent", "\(getpid())", "--tries", "\(status.attempts)"],
            environment: ["EIDETIC_THREADS": "\(shares.threads)"])))
    }
  }

  private func waitingNote() -> String {
    guard let bytes = need.estimate(running: own.map { ($0.peak, $0.age) }) else {
      return "seeing how much memory a task needs"
    }
    return "waiting for memory: one more task may need \(Number.bytes(bytes))"
  }

  private func snapshot() -> SweepSnapshot {
    var snapshot = SweepSnapshot(counts: counts)
    snapshot.counts[.waiting, default: 0] += waiting.count
    snapshot.counts[.running, default: 0] += own.count + elsewhere.count
    snapshot.running = own.map { RunningTask(task: $0.task, seconds: $0.age, memory: $0.now) }
    snapshot.note = passedOn > 0 ? "stopping; the tasks keep what they have" : note
    snapshot.memory = Memory.now()
    if !took.isEmpty {
      let mean = took.reduce(0, +) / Double(took.count)
      let gone = own.reduce(0) { $0 + min($1.age, mean) }
      snapshot.remaining =
        max(0, mean * Double(waiting.count + own.count) - gone) / Double(shares.jobs)
    }
    return snapshot
  }
}
