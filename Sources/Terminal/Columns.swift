// Words in columns, as `ls` lists files.

package enum Columns {
  /// Lines of at most `width` columns, words running down; what does not fit into `most` lines is
  /// counted in the last.
  package static func rows(_ words: [String], width: Int, most: Int) -> [String] {
    let cell = (words.map(\.count).max() ?? 0) + 2
    let columns = max(1, width / cell)
    var shown = words[...]
    let room = columns * max(1, most)
    if shown.count > room { shown = shown.prefix(room - columns) }
    let rows = (shown.count + columns - 1) / columns
    var lines = (0..<rows).map { row in
      let cells = stride(from: row, to: shown.count, by: rows).map { shown[$0] }
      return cells.dropLast().map { $0.padded(to: cell) }.joined() + (cells.last ?? "")
    }
    if shown.count < words.count { lines.append("… \(words.count - shown.count) more") }
    return lines
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - count))
  }
}
