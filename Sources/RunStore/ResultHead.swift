// A result without its long lists. Outcomes are most of a result file, and a list of runs needs
// none of them: their lines are cut out before anything is parsed.

import Foundation

extension ExperimentResult {
  /// Reads cells, manifest and all single values; outcomes, comparisons and curves stay empty.
  ///
  /// What is skipped is not checked; ``read(_:)`` does that.
  ///
  /// - Throws: ``RunStoreError`` naming the file when it is missing, damaged or too new.
  public static func readHead(_ path: String) throws -> ExperimentResult {
    try read(path) { bytes in
      ["outcomes", "curves", "comparisons"].reduce(bytes) { withoutItems(of: $1, in: $0) }
    }
  }

  /// Cuts the items of a list that stands one item per line, as ``text`` writes it.
  ///
  /// No string of a JSON text holds a line break, so a line that begins with two spaces and the key
  /// is the member itself. A file laid out otherwise is left as it is.
  private static func withoutItems(of key: String, in bytes: Data) -> Data {
    let opening = Array("\n  \"\(key)\": [\n".utf8)
    let closing = Array("\n  ]".utf8)
    guard let start = position(of: opening, in: bytes, from: 0),
      let end = position(of: closing, in: bytes, from: start + opening.count - 1)
    else { return bytes }
    return bytes.prefix(start + opening.count) + bytes.dropFirst(end)
  }

  /// Offsets count from the first byte; a pattern begins with a line break.
  private static func position(of pattern: [UInt8], in bytes: Data, from offset: Int) -> Int? {
    bytes.withUnsafeBytes { all in
      guard let base = all.baseAddress else { return nil }
      var at = offset
      while at + pattern.count <= all.count,
        let found = memchr(base + at, Int32(pattern[0]), all.count - at)
      {
        let place = UnsafeRawPointer(found) - base
        guard place + pattern.count <= all.count else { return nil }
        if memcmp(found, pattern, pattern.count) == 0 { return place }
        at = place + 1
      }
      return nil
    }
  }
}
