// What happened during a run, one JSON value per line. A crash can cut the last line, never an
// earlier one; the next writer starts on a fresh line, so nothing is glued to the stump.

import Foundation
import Repro

/// An append-only log of events.
///
/// Each event is one `write` to a file opened for appending: lines of several processes do not mix,
/// and an event that was appended survives the death of the process.
public final class EventLog: Sendable {
  /// The events of a file, and which of its lines are not whole.
  public struct Contents: Equatable, Sendable {
    /// The whole events, in order.
    public let events: [JSON]
    /// The numbers, from 1, of lines that a crash cut short; empty after a clean end.
    public let cutLines: [Int]
  }

  private let path: String
  private let descriptor: Int32

  /// Opens a log, creating it when missing, and ends a line that a crash left open.
  ///
  /// - Throws: ``RunStoreError`` when it cannot be opened.
  public init(path: String) throws {
    self.path = path
    descriptor = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw RunStoreError.cannotAppend(path: path, reason: String(cString: strerror(errno)))
    }
    let size = lseek(descriptor, 0, SEEK_END)
    var last: UInt8 = 0
    if size > 0, pread(descriptor, &last, 1, size - 1) == 1, last != UInt8(ascii: "\n") {
      try append(bytes: [UInt8(ascii: "\n")])
    }
  }

  deinit { close(descriptor) }

  /// Appends one event, for example `["event": "step", "step": 10, "loss": 1.5]`.
  ///
  /// - Throws: ``RunStoreError`` when it cannot be written, for example to a full disk.
  public func append(_ event: JSON) throws {
    try append(bytes: Array((event.canonical + "\n").utf8))
  }

  /// Waits until all events are on the disk; a power cut loses at most what came after.
  ///
  /// - Throws: ``RunStoreError`` when the disk refuses.
  public func flush() throws {
    guard fsync(descriptor) == 0 else {
      throw RunStoreError.cannotAppend(path: path, reason: String(cString: strerror(errno)))
    }
  }

  private func append(bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if written > 0 {
        rest = rest.dropFirst(written)
      } else if errno != EINTR {
        throw RunStoreError.cannotAppend(path: path, reason: String(cString: strerror(errno)))
      }
    }
  }

  /// Reads a log, whatever a crash left of it.
  ///
  /// - Throws: ``RunStoreError`` when the file cannot be read.
  public static func read(_ path: String) throws -> Contents {
    let bytes: Data
    do {
      bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw RunStoreError.unreadable(path: path, reason: AtomicFile.reason(of: error))
    }
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    // What follows the last newline is nothing, or an event that never got its own.
    let isClean = lines.last?.isEmpty ?? true
    let stump = isClean ? [] : [lines.count]
    lines = lines.dropLast()
    let values = lines.map { try? JSON.parse($0) }
    let cut = values.indices.filter { values[$0] == nil }.map { $0 + 1 }
    return Contents(events: values.compactMap { $0 }, cutLines: cut + stump)
  }
}
