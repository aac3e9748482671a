// How a task stands, as its status file says it.

import Foundation
import Repro
import RunStore

/// The content of `status.json`.
public struct TaskStatus: Equatable, Sendable {
  /// How a task stands.
  public enum State: String, Sendable, CaseIterable {
    /// Never begun.
    case waiting
    /// In the queue of an engine such as Slurm; no status file says so.
    case queued
    /// A process works on it.
    case running
    /// Its run is complete.
    case done
    /// It ended with a mistake; done again only when asked for.
    case failed
    /// It was stopped or killed from outside in its parent's absence; it goes on the next time.
    case interrupted
  }

  /// In which state the task is.
  public var state: State = .waiting
  /// How often it was begun.
  public var attempts = 0
  /// The machine of the last attempt.
  public var host: String?
  /// The process of the last attempt.
  public var process: Int?
  /// When the last attempt began, in seconds since 1970.
  public var began: Double?
  /// How long the last attempt took, in seconds.
  public var seconds: Double?
  /// The most memory that a finished attempt held, in bytes.
  public var peakMemory: Int?
  /// The exit code of the last attempt; `nil` after a signal.
  public var exitCode: Int?
  /// The signal that ended the last attempt.
  public var signal: Int?
  /// Why it failed or was interrupted.
  public var message: String?

  /// A task that was never begun.
  public init() {}

  /// A further attempt begins in this process.
  public mutating func begin() {
    self = TaskStatus(began: Date().timeIntervalSince1970, attempts: attempts + 1, peakMemory)
  }

  private init(began: Double, attempts: Int, _ peakMemory: Int?) {
    (state, self.attempts, self.began) = (.running, attempts, began)
    (host, process) = (ProcessInfo.processInfo.hostName, Int(getpid()))
    self.peakMemory = peakMemory
  }

  /// The attempt is over.
  public mutating func end(_ end: ChildEnd, message given: String? = nil) {
    switch end {
    case .exit(let code):
      exitCode = Int(code)
      state = code == 0 ? .done : code == 130 ? .interrupted : .failed
      message = given ?? (code == 0 ? nil : code == 130 ? "interrupted" : "exit code \(code)")
    case .signal(let number):
      signal = Int(number)
      state = end.isStop ? .interrupted : .failed
      message = given ?? end.words
    }
    if let began { seconds = max(0, Date().timeIntervalSince1970 - began) }
  }
}

extension TaskStatus {
  /// A status file that cannot be read counts as none: the run folder holds the results.
  static func read(_ path: String) -> TaskStatus? {
    try? readJSON(path) { json in
      var members = try Members(json, at: "status")
      var status = TaskStatus()
      status.state = try members.choice("state")
      status.attempts = try members.take("attempts")
      status.host = try members.optional("host")
      status.process = try members.optional("process")
      status.began = try members.optional("began")
      status.seconds = try members.optional("seconds")
      status.peakMemory = try members.optional("peak_memory")
      status.exitCode = try members.optional("exit_code")
      status.signal = try members.optional("signal")
      status.message = try members.optional("message")
      return status
    }
  }

  /// The file's content.
  public var json: JSON {
    var members: [String: JSON] = [
      "attempts": .integer(attempts), "state": .string(state.rawValue),
    ]
    members["host"] = host.map { .string($0) }
    members["process"] = process.map { .integer($0) }
    members["began"] = began.map { .number($0) }
    members["seconds"] = seconds.map { .number(($0 * 1000).rounded() / 1000) }
    members["peak_memory"] = peakMemory.map { .integer($0) }
    members["exit_code"] = exitCode.map { .integer($0) }
    members["signal"] = signal.map { .integer($0) }
    members["message"] = message.map { .string($0) }
    return .object(members)
  }
}
