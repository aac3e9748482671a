// How far a sweep has come: a live table on a terminal, a line per ended task elsewhere.

import Foundation
import Reporting
import RunStore
import Sweeps

/// A listener that cleans up at the end.
protocol FinishingSweepListener: SweepListener {
  func finish()
}

/// The listener that fits standard error.
func makeSweepListener(
  _ name: String, _ folder: SweepFolder, tasks: Int
) -> any FinishingSweepListener {
  canWriteOver ? LiveSweep(name, folder, tasks: tasks) : PlainSweep(tasks: tasks)
}

extension SweepSnapshot {
  /// `12 of 48 done, 1 failed, 2 running, ETA 1:20`.
  fileprivate func line(of tasks: Int) -> String {
    var parts = ["\(self[.done]) of \(tasks) done"]
    for state in [TaskStatus.State.failed, .interrupted, .running, .queued, .waiting]
    where self[state] > 0 { parts.append("\(self[state]) \(state.rawValue)") }
    if let remaining { parts.append("ETA \(clock(remaining))") }
    return parts.joined(separator: ", ")
  }
}

private func ending(_ task: PlannedTask, _ status: TaskStatus) -> String {
  let time = status.seconds.map { ", \(clock($0))" } ?? ""
  let reason = status.state == .done ? "" : status.message.map { ": \($0)" } ?? ""
  let first = reason.split(separator: "\n").first ?? ""
  return DataTable.visible("\(status.state.rawValue) \(task.label)\(time)\(first)")
}

/// A line for each task that ends, and for what is waited for.
private final class PlainSweep: FinishingSweepListener {
  private let tasks: Int
  private var note: String?
  private var last = ""

  init(tasks: Int) { self.tasks = tasks }

  func show(_ snapshot: SweepSnapshot) {
    if let note = snapshot.note, note != self.note { printError(note) }
    note = snapshot.note
    // Under Slurm nobody tells of single tasks.
    let line = snapshot.line(of: tasks)
    if snapshot.memory == nil, line != last { printError(line) }
    last = line
  }

  func ended(_ task: PlannedTask, _ status: TaskStatus) { printError(ending(task, status)) }
  func finish() {}
}

/// A head and a line per running task, written over ten times a second.
private final class LiveSweep: FinishingSweepListener {
  private let name: String
  private let folder: SweepFolder
  private let tasks: Int
  private var height = 0
  private let start = Date()
  /// Of the last line of each log, which is read once a second.
  private var progress: [String: (seen: Date, text: String)] = [:]

  init(_ name: String, _ folder: SweepFolder, tasks: Int) {
    (self.name, self.folder, self.tasks) = (name, folder, tasks)
  }

  func show(_ snapshot: SweepSnapshot) {
    var lines = ["\(name): \(snapshot.line(of: tasks)), \(clock(Date().timeIntervalSince(start)))"]
    if let memory = snapshot.memory {
      lines[0] += ", \(Number.bytes(memory.available)) of \(Number.bytes(memory.total)) free"
    }
    if let note = snapshot.note { lines.append("  " + note) }
    // A table higher than the window cannot be written over.
    for running in snapshot.running.prefix(16) {
      lines.append(
        "  \(clock(running.seconds))  \(Number.bytes(running.memory))  \(running.task.label)  "
          + lastLine(running.task.id))
    }
    let width = columns
    let text = lines.map { String(DataTable.visible($0).prefix(width - 1)) + "\u{1B}[K\n" }.joined()
    writeError(up + text + "\u{1B}[J")
    height = lines.count
  }

  func ended(_ task: PlannedTask, _ status: TaskStatus) {
    writeError(up + "\u{1B}[J" + ending(task, status) + "\n")
    height = 0
    progress[task.id] = nil
  }

  func finish() {}

  private var up: String { height > 0 ? "\u{1B}[\(height)A\r" : "\r" }

  private var columns: Int {
    var size = winsize()
    return ioctl(2, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 20 ? Int(size.ws_col) : 80
  }

  private func lastLine(_ id: String) -> String {
    if let known = progress[id], Date().timeIntervalSince(known.seen) < 1 { return known.text }
    var text = ""
    if let file = FileHandle(forReadingAtPath: folder.logPath(id)) {
      let end = (try? file.seekToEnd()) ?? 0
      try? file.seek(toOffset: end > 400 ? end - 400 : 0)
      let bytes = (try? file.readToEnd()) ?? Data()
      text =
        String(decoding: bytes, as: UTF8.self).split(separator: "\n").last.map(String.init) ?? ""
      try? file.close()
    }
    progress[id] = (Date(), text)
    return text
  }
}
