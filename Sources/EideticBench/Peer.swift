// The other side of a comparison: a Python program that is asked line by line and is stopped in
// between, for its threads would go on spinning for a while (OpenMP's do for 200 ms) and slow down
// our side.

import Foundation
import Repro

/// Why a benchmark gives no number.
struct BenchError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// A running Python script that answers each line with a line of JSON.
final class Peer {
  private let process = Process()
  private let questions = Pipe(), answers = Pipe()
  private var pending = Data()
  /// The files that the script reads.
  private let files: HandedOver?

  /// Starts a script; what it writes to standard error goes to ours.
  ///
  /// - Parameter files: Kept for as long as the script may read them.
  init(
    python: String, script: String, arguments: [String], threads: Int, files: HandedOver? = nil
  ) throws {
    self.files = files
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = [script] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging([
      "OMP_NUM_THREADS": "\(threads)", "MKL_NUM_THREADS": "\(threads)",
      "PYTHONWARNINGS": "ignore",
    ]) { $1 }
    process.standardInput = questions
    process.standardOutput = answers
    do { try process.run() } catch { throw BenchError("\(python) cannot be started") }
  }

  /// Asks and waits for the answer.
  ///
  /// - Throws: ``BenchError`` when the script ended or answered no JSON.
  func ask(_ question: String) throws -> JSON {
    kill(process.processIdentifier, SIGCONT)
    defer { kill(process.processIdentifier, SIGSTOP) }
    do {
      try questions.fileHandleForWriting.write(contentsOf: Data((question + "\n").utf8))
    } catch { throw ended(question) }
    while true {
      if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
        defer { pending = Data(pending[pending.index(after: end)...]) }
        return try JSON.parse(pending[..<end])
      }
      let more = answers.fileHandleForReading.availableData
      guard !more.isEmpty else { throw ended(question) }
      pending += more
    }
  }

  private func ended(_ question: String) -> BenchError {
    BenchError(
      "the peer ended at '\(question.prefix(40))'; scripts/bench --install-peers installs what it needs")
  }

  /// Asks for something that must succeed.
  ///
  /// - Throws: ``BenchError`` also when the script says that it failed.
  func get(_ question: String) throws -> JSON {
    let answer = try ask(question)
    if case .string(let reason)? = answer["failed"] {
      throw BenchError("the peer failed at '\(question.prefix(40))': \(reason)")
    }
    return answer
  }

  /// The script's process.
  var processIdentifier: Int32 { process.processIdentifier }

  /// Ends the script and what it started, so that nothing runs beside the next measurement.
  func stop() {
    kill(process.processIdentifier, SIGCONT)
    try? questions.fileHandleForWriting.close()
    process.terminate()
    kill(-process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }
}

extension JSON {
  /// A number of either kind.
  var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// The member `seconds` of an answer.
  var seconds: Double {
    get throws {
      guard let seconds = self["seconds"]?.double else {
        throw BenchError("the peer gave no time")
      }
      return seconds
    }
  }

  /// The numbers of a list of lists.
  var lists: [[Double]] {
    guard case .array(let items) = self else { return [] }
    return items.compactMap(\.doubles)
  }

  /// The numbers of a list.
  var doubles: [Double]? {
    guard case .array(let items) = self else { return nil }
    return items.compactMap(\.double)
  }
}
