// Runs the tasks of a sweep under Slurm: submits what no element stands for yet, and tells how all
// of them stand from the queue and from the files that they leave.

import Foundation
import Repro
import RunStore

/// A sweep under Slurm.
public struct SlurmExecutor {
  private let folder: SweepFolder
  private let slurm = Slurm()

  /// Nothing is submitted yet.
  public init(_ folder: SweepFolder) { self.folder = folder }

  /// Whether anything of the sweep was ever submitted.
  public var wasUsed: Bool { (try? SlurmSubmission.all(folder).isEmpty) == false }

  /// Submits tasks, those in the queue left out, in as many arrays as it takes.
  ///
  /// With a throttle the arrays go one after the other, so that it holds over all of them.
  ///
  /// - Returns: The numbers of the jobs and how many tasks they do.
  /// - Throws: ``SweepError``, `FileWriteError`, ``RunStoreError``; what was submitted stays.
  public func submit(
    _ tasks: [PlannedTask], name: String, _ options: SlurmOptions
  ) throws -> (jobs: [Int], tasks: Int) {
    // Of two who submit at once the second sees what the first one did.
    let lock = try FileLock.wait(folder.slurmPath + "/.lock") {}
    return try withExtendedLifetime(lock) {
      let queued = Set(try queue().keys)
      let ids = tasks.map(\.id).filter { !queued.contains($0) }
      guard !ids.isEmpty else { return ([], 0) }
      let size = try slurm.maxArraySize() - 1
      var submission = try SlurmSubmission(folder, name: name, ids: ids, options)
      for offset in stride(from: 0, to: ids.count, by: size) {
        let count = min(size, ids.count - offset)
        let job = try slurm.submit(
          submission.path + "/batch.sh", arguments: ["\(offset)"], count: count,
          throttle: options.throttle,
          after: options.throttle == nil ? nil : submission.arrays.last?.job)
        try submission.note(.init(job: job, offset: offset, count: count))
      }
      return (submission.arrays.map(\.job), ids.count)
    }
  }

  /// Where a task stands in the queue.
  public enum Place: Sendable {
    /// It waits for its turn.
    case pending
    /// It has a machine.
    case running
  }

  /// The tasks in the queue. Ends that the tasks could not tell themselves are written down.
  ///
  /// - Throws: ``SweepError`` when Slurm does not answer; ``RunStoreError``; `FileWriteError`.
  public func queue() throws -> [String: Place] {
    let submissions = try SlurmSubmission.all(folder)
    guard !submissions.isEmpty else { return [:] }
    let elements = try slurm.queue()
    var places: [String: Place] = [:]
    var gone: [String: String] = [:]
    for submission in submissions {
      for (id, line, element) in submission.elements {
        if let word = elements[element] {
          places[id] = word == "PENDING" ? .pending : .running
        } else {
          gone[id] = submission.exitPath(line: line)
        }
      }
    }
    for (id, path) in gone where places[id] == nil { try settle(id, exitPath: path) }
    return places
  }

  /// An exit code that is younger than what the status file tells of ends it: the task never began,
  /// or was killed.
  private func settle(_ id: String, exitPath path: String) throws {
    guard
      let code = (try? String(contentsOfFile: path, encoding: .utf8)).flatMap({
        Int32($0.trimmingCharacters(in: .whitespacesAndNewlines))
      }), code != 0, code != 130, code != LocalExecutor.busyCode
    else { return }
    let written =
      (try? FileManager.default.attributesOfItem(atPath: path)[.modificationDate]) as? Date
    let end: ChildEnd = code > 128 ? .signal(code - 128) : .exit(code)
    let state = folder.status(id).state
    guard state == .waiting || state == .interrupted else { return }
    try folder.settle(
      id, end, message: code == 124 ? "time limit: stopped too often before its end" : nil
    ) { status in
      (status.state == .waiting || status.state == .running || status.state == .interrupted)
        && (status.began ?? 0) <= (written?.timeIntervalSince1970 ?? 0)
    }
  }

  /// Cancels all jobs of the sweep that are in the queue.
  ///
  /// - Returns: How many tasks that were.
  /// - Throws: ``SweepError``, ``RunStoreError``.
  public func cancel() throws -> Int {
    let places = try queue()
    let elements = try slurm.queue()
    let jobs = Set(elements.keys.map(\.job))
    try slurm.cancel(
      SlurmSubmission.all(folder).flatMap(\.arrays).map(\.job).filter { jobs.contains($0) })
    return places.count
  }

  /// Follows the queue until none of the tasks is in it any more.
  ///
  /// - Parameter show: Gets the states of all tasks, every two seconds; `true` ends it.
  /// - Returns: Whether it was ended early.
  /// - Throws: ``SweepError`` when Slurm does not answer ten times in a row.
  public func follow(_ tasks: [PlannedTask], show: ([String: TaskStatus]) -> Bool) throws -> Bool {
    var failures = 0
    while true {
      do {
        let places = try queue()
        failures = 0
        if show(states(tasks, places)) { return true }
        if !tasks.contains(where: { places[$0.id] != nil }) { return false }
      } catch let error as SweepError {
        failures += 1
        if failures == 10 { throw error }
      }
      for _ in 0..<20 {
        usleep(100_000)
        if show([:]) { return true }
      }
    }
  }

  /// How tasks stand, with the queue's word for those that no process works on.
  public func states(_ tasks: [PlannedTask], _ places: [String: Place]) -> [String: TaskStatus] {
    var states: [String: TaskStatus] = [:]
    for task in tasks {
      var status = folder.status(task.id)
      if status.state != .running, status.state != .done, let place = places[task.id] {
        status.state = place == .pending ? .queued : .running
      }
      states[task.id] = status
    }
    return states
  }
}
