// A sweep's folder: plain files from which everything can be told, whoever runs the tasks.

import Foundation
import Repro
import RunStore

/// The folder of a sweep.
///
/// | file                    | holds                                                   |
/// |-------------------------|---------------------------------------------------------|
/// | `sweep.json`            | name, summary, folder of the call, memory of a task     |
/// | `plan.jsonl`            | a line per task, with its id                            |
/// | `runs/ID/`              | the task's run folder                                   |
/// | `tasks/ID/status.json`  | how the task stands, how often it was tried, why it failed |
/// | `tasks/ID/log.txt`      | what it printed, all attempts one after the other       |
/// | `tasks/ID/.lock`        | held by the process that works on it                    |
/// | `slurm/N/`              | a submission: script, list of tasks, job ids, outputs   |
public struct SweepFolder: Equatable, Sendable {
  /// The folder.
  public let path: String

  /// Opens a folder; nothing is read yet.
  public init(path: String) {
    var path = URL(fileURLWithPath: path).standardizedFileURL.path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    self.path = path
  }

  /// The line per task.
  public var planPath: String { path + "/plan.jsonl" }
  /// What the tasks have in common.
  public var headPath: String { path + "/sweep.json" }
  /// The root of the runs, for `eidetic runs --root`.
  public var runsPath: String { path + "/runs" }
  /// The page over all conditions.
  public var reportPath: String { path + "/report.html" }
  /// Where submissions to Slurm stand.
  public var slurmPath: String { path + "/slurm" }
  /// Whether the folder holds a plan.
  public var isPlanned: Bool { FileManager.default.fileExists(atPath: planPath) }

  /// A task's run.
  public func run(_ id: String) -> Run { Run(path: "\(runsPath)/\(id)") }
  /// What a task printed.
  public func logPath(_ id: String) -> String { "\(path)/tasks/\(id)/log.txt" }
  /// Held by the process that works on the task.
  func lockPath(_ id: String) -> String { "\(path)/tasks/\(id)/.lock" }
  func statusPath(_ id: String) -> String { "\(path)/tasks/\(id)/status.json" }

  // MARK: The plan

  /// Writes a plan in the place of an earlier one; runs and states stay. An equal plan is left
  /// untouched.
  ///
  /// - Throws: `FileWriteError`; ``SweepError`` when the folder holds something else.
  public func write(_ plan: Plan) throws {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    guard isPlanned || entries.isEmpty || entries == ["sweep.json"] else {
      throw SweepError.occupied(path)
    }
    let head: JSON = .object([
      "directory": .string(plan.directory), "format": 1,
      "memory": plan.memory.map { .integer($0) } ?? .null, "name": .string(plan.name),
      "summary": .string(plan.summary),
    ])
    let lines = plan.tasks.enumerated().map { $1.json(index: $0 + 1).canonical + "\n" }.joined()
    try Self.replace(headPath, head.pretty)
    try Self.replace(planPath, lines)
  }

  private static func replace(_ path: String, _ text: String) throws {
    guard (try? String(contentsOfFile: path, encoding: .utf8)) != text else { return }
    try AtomicFile.write(text, to: path)
  }

  /// Reads the plan.
  ///
  /// - Throws: ``SweepError`` when there is none; ``RunStoreError`` when it is damaged or newer.
  public func plan() throws -> Plan {
    guard isPlanned else { throw SweepError.noPlan(path) }
    let head = try readJSON(headPath) { json in
      if case .integer(let format)? = json["format"], format > 1 {
        throw RunStoreError.unknownFormat(path: headPath, got: format, newest: 1)
      }
      var members = try Members(json, at: "sweep")
      let head = (
        name: try members.take("name") as String, summary: try members.take("summary") as String,
        directory: try members.take("directory") as String,
        memory: try members.optional("memory") as Int?
      )
      _ = try members.take("format") as Int
      try members.end()
      return head
    }
    let text: String
    do { text = try String(contentsOfFile: planPath, encoding: .utf8) } catch {
      throw RunStoreError.unreadable(path: planPath, reason: error.localizedDescription)
    }
    let tasks: [PlannedTask]
    do {
      tasks = try text.split(separator: "\n").enumerated().map { index, line in
        try PlannedTask(JSON.parse(Data(line.utf8)), at: "line \(index + 1)", index: index + 1)
      }
    } catch { throw RunStoreError.damaged(path: planPath, reason: "\(error)") }
    return Plan(
      name: head.name, summary: head.summary, directory: head.directory, memory: head.memory,
      tasks: tasks)
  }

  // MARK: States

  /// How a task stands, told from its files alone: no process has to be asked.
  public func status(_ id: String) -> TaskStatus {
    // The lock is looked at first: a task that ends in between has written its end by then.
    let isHeld = FileLock.isHeld(lockPath(id))
    var status = TaskStatus.read(statusPath(id)) ?? TaskStatus()
    if isHeld {
      status.state = .running
    } else if status.state == .running {
      status.state = .interrupted
      status.message = "it ended without a word: killed, or the machine went down"
    } else if status.state == .done,
      !FileManager.default.fileExists(atPath: run(id).resultPath)
    {
      // Whoever removes a run wants it anew.
      status.state = .waiting
    }
    return status
  }

  /// Takes a task for this process, or nothing while another one works on it.
  ///
  /// The system lets go of the lock when its process ends, however it ends; so a lock is never left
  /// behind by the dead.
  ///
  /// - Throws: `FileWriteError`.
  func take(_ id: String) throws -> FileLock? {
    // Whoever only looks whether a lock is held holds it for an instant.
    for _ in 0..<20 {
      if let lock = try FileLock.take(lockPath(id)) { return lock }
      usleep(20_000)
    }
    return nil
  }

  /// Begins a task in this process.
  ///
  /// - Parameter tries: How often it had been tried when the caller chose it; one that another
  ///   process has tried since is that one's.
  /// - Throws: `FileWriteError`.
  public func begin(_ id: String, tries: Int? = nil) throws -> TaskBeginning {
    guard let lock = try take(id) else { return .busy }
    let status = TaskStatus.read(statusPath(id)) ?? TaskStatus()
    if status.state == .done, FileManager.default.fileExists(atPath: run(id).resultPath) {
      return .done
    }
    if let tries, status.attempts > tries { return .busy }
    return .begun(try TaskAttempt(self, id, after: status, lock))
  }

  /// Writes how a process ended that could not say so itself, such as one that was killed. What the
  /// task has written itself stays.
  ///
  /// - Parameter isOpen: Whether this is the end of what the status file tells of.
  /// - Throws: `FileWriteError`.
  func settle(
    _ id: String, _ end: ChildEnd, message: String? = nil, if isOpen: (TaskStatus) -> Bool
  ) throws {
    guard let lock = try take(id) else { return }
    try withExtendedLifetime(lock) {
      var status = TaskStatus.read(statusPath(id)) ?? TaskStatus()
      guard isOpen(status) else { return }
      status.end(end, message: message)
      try AtomicFile.write(status.json.pretty, to: statusPath(id))
    }
  }
}

/// What comes of beginning a task.
public enum TaskBeginning {
  /// Its run is complete already.
  case done
  /// Another process works on it.
  case busy
  /// It is this process's now.
  case begun(TaskAttempt)
}

/// A task in the hands of this process.
public final class TaskAttempt {
  private let folder: SweepFolder
  private let id: String
  private let lock: FileLock
  /// What the status file says.
  public private(set) var status: TaskStatus

  init(_ folder: SweepFolder, _ id: String, after status: TaskStatus, _ lock: FileLock) throws {
    (self.folder, self.id, self.lock, self.status) = (folder, id, lock, status)
    self.status.begin()
    try write()
  }

  /// Writes how the attempt ended. The lock is held until the object is gone.
  ///
  /// - Parameter message: Why it failed.
  /// - Throws: `FileWriteError`.
  public func end(_ end: ChildEnd, message: String? = nil) throws {
    status.end(end, message: message)
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    status.peakMemory = max(status.peakMemory ?? 0, Int(usage.ru_maxrss) * 1024)
    try write()
  }

  private func write() throws {
    try AtomicFile.write(status.json.pretty, to: folder.statusPath(id))
  }
}

/// What is wrong with a sweep's folder, or with what is asked of it.
public enum SweepError: Error, Equatable, CustomStringConvertible {
  /// A folder without a plan.
  case noPlan(String)
  /// A folder with other things in it.
  case occupied(String)
  /// An index or id that the plan does not have.
  case noTask(String, count: Int)
  /// The script is not the planned one.
  case changedScript(String)
  /// The task needs more than there is.
  case tooLarge(need: Int, total: Int)
  /// Slurm does not do what it is asked to.
  case slurm(String)

  /// One line: what is wrong and what to do.
  public var description: String {
    switch self {
    case .noPlan(let path): "\(path) holds no plan.jsonl; eidetic sweep plan makes one"
    case .occupied(let path): "\(path) is not empty and holds no sweep; choose another --out"
    case .noTask(let name, let count): "the plan has no task \(name); it has \(count)"
    case .changedScript(let path):
      "\(path) is not the script that was planned; eidetic sweep plan makes a new plan"
    case .tooLarge(let need, let total):
      "a task needs \(Number.bytes(need)), this machine has \(Number.bytes(total)) in all"
    case .slurm(let text): text
    }
  }
}
