// A program from standard input, statement by statement.

import Foundation
import Prompt

/// Runs what standard input holds.
struct PipedProgram {
  private let session: Session
  private let listener: any FinishingListener
  private var input = ByteLines()
  private var code: Int32 = 0

  init(_ session: Session, _ listener: any FinishingListener) {
    (self.session, self.listener) = (session, listener)
  }

  /// - Returns: The exit code: 1 when a statement failed, 130 as soon as one was interrupted.
  mutating func run() -> Int32 {
    var pending: [UInt8] = []
    var first = 1, number = 0
    while let line = input.next() {
      number += 1
      if pending.isEmpty { first = number } else { pending.append(UInt8(ascii: "\n")) }
      if number == 1, line.first == UInt8(ascii: "#") { continue }
      pending += line
      // No statement ends in a comma; trying at each line of a large table would take time that
      // grows with the square of its length.
      if pending.count > 1 << 14, line.last == UInt8(ascii: ",") { continue }
      guard !take(session.evaluate(pending, line: first), &pending) else { return code }
    }
    if !pending.isEmpty {
      _ = take(session.evaluate(pending, isComplete: true, line: first), &pending)
    }
    return code
  }

  /// - Returns: Whether the program ends here.
  private mutating func take(_ outcome: Session.Outcome, _ pending: inout [UInt8]) -> Bool {
    listener.finish()
    if case .incomplete = outcome { return false }
    pending = []
    switch outcome {
    case .failed(let report):
      printError(report)
      code = 1
    case .interrupted(let report):
      printError(report)
      code = 130
      return true
    case .exit(let asked):
      code = Int32(truncatingIfNeeded: asked)
      return true
    case .done, .incomplete: break
    }
    return false
  }
}

/// Lines of standard input as bytes, without their line breaks.
private struct ByteLines {
  private var buffer: [UInt8] = []
  private var place = 0
  private var isAtEnd = false

  mutating func next() -> [UInt8]? {
    var scanned = place
    while true {
      if let end = buffer[scanned...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { place = end + 1 }
        return Array(buffer[place..<end])
      }
      scanned = buffer.count
      if isAtEnd {
        defer { place = buffer.count }
        return place < buffer.count ? Array(buffer[place...]) : nil
      }
      scanned -= place
      fill()
    }
  }

  private mutating func fill() {
    buffer.removeFirst(place)
    place = 0
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    var count = 0
    repeat { count = read(0, &chunk, chunk.count) } while count < 0 && errno == EINTR
    if count > 0 { buffer += chunk.prefix(count) } else { isAtEnd = true }
  }
}
