// What was typed in earlier sessions. Several sessions may write at the same time: each entry is
// appended under a lock, and the file is cut under the same lock.

import Foundation
import Repro

/// A file of typed entries, the oldest first, a line each.
public struct HistoryFile: Sendable {
  /// Where it is.
  public let path: String
  /// How many entries are kept.
  public let limit: Int

  /// A history in a file, which need not be there yet.
  public init(path: String, limit: Int = 5000) { (self.path, self.limit) = (path, limit) }

  /// The file that the environment names: `$EIDETIC_HISTORY`, else `history` in
  /// `$XDG_STATE_HOME/eidetic`, by default `~/.local/state/eidetic`.
  ///
  /// - Returns: `nil` when `EIDETIC_HISTORY` is there and empty: no history is kept.
  public init?(environment: [String: String], home: String) {
    if let own = environment["EIDETIC_HISTORY"] {
      guard !own.isEmpty else { return nil }
      self.init(path: own)
      return
    }
    // The specification wants relative paths ignored.
    let state = environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    self.init(path: (state ?? home + "/.local/state") + "/eidetic/history")
  }

  /// Every entry; cuts the file when it holds half as many again as are kept.
  ///
  /// - Throws: `FileWriteError` when the folder or its lock cannot be written.
  public func load() throws -> [String] {
    let lock = try FileLock.wait(path + ".lock") {}
    return try withExtendedLifetime(lock) {
      let lines = stored()
      let kept = Array(lines.suffix(limit))
      if lines.count > limit + limit / 2 { try write(kept) }
      return kept.map(Self.entry)
    }
  }

  /// Adds an entry at the end.
  ///
  /// - Throws: `FileWriteError`.
  public func append(_ entry: String) throws {
    let lock = try FileLock.wait(path + ".lock") {}
    try withExtendedLifetime(lock) {
      let file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
      guard file >= 0 else { throw FileWriteError(path: path, reason: reason()) }
      defer { close(file) }
      let bytes = Array((Self.line(entry) + "\n").utf8)
      guard Glibc.write(file, bytes, bytes.count) == bytes.count else {
        throw FileWriteError(path: path, reason: reason())
      }
    }
  }

  private func stored() -> [String] {
    guard let data = FileManager.default.contents(atPath: path) else { return [] }
    return data.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
  }

  private func write(_ lines: [String]) throws {
    try AtomicFile.write(lines.map { $0 + "\n" }.joined(), to: path)
    chmod(path, 0o600)
  }

  private func reason() -> String { String(cString: strerror(errno)) }

  // MARK: One line per entry

  static func line(_ entry: String) -> String {
    entry.replacing("\\", with: "\\\\").replacing("\n", with: "\\n").replacing("\0", with: "")
  }

  static func entry(_ line: String) -> String {
    var result = "", isEscaped = false
    for character in line {
      if isEscaped {
        result.append(character == "n" ? "\n" : character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else {
        result.append(character)
      }
    }
    return result
  }
}
