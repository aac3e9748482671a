// A table as text for people and for other programs.

/// Columns and rows of plain text.
public struct DataTable: Equatable, Sendable {
  /// How a table is written.
  public enum Style: String, Sendable, CaseIterable {
    /// Aligned columns.
    case plain
    /// RFC 4180, with a line of names.
    case csv
    /// A pipe table.
    case markdown
    /// A `tabular` with the rules of the package booktabs.
    case latex
  }

  /// The names of the columns.
  public var columns: [String]
  /// The rows; each has a text per column.
  public var rows: [[String]]

  /// Creates a table.
  public init(columns: [String], rows: [[String]]) { (self.columns, self.rows) = (columns, rows) }

  /// The table, ending in a line break.
  public func text(_ style: Style) -> String {
    switch style {
    case .plain: aligned
    case .csv: lines { $0.map(Self.quoted).joined(separator: ",") }
    case .markdown:
      lines(
        rule: Array(repeating: "---", count: columns.count),
        { "| \($0.joined(separator: " | ")) |" },
        escape: Self.markdown)
    case .latex: latex
    }
  }

  private func lines(
    rule: [String]? = nil, _ line: ([String]) -> String, escape: (String) -> String = { $0 }
  ) -> String {
    let head = [columns.map(escape)] + (rule.map { [$0] } ?? [])
    return (head + rows.map { $0.map(escape) }).map { line($0) + "\n" }.joined()
  }

  private var aligned: String {
    let shown = ([columns] + rows).map { $0.map(Self.visible) }
    let lengths = shown.map { $0.map(Self.length) }
    let widths = columns.indices.map { column in lengths.map { $0[column] }.max() ?? 0 }
    var text = ""
    for (row, lengths) in zip(shown, lengths) {
      var line = ""
      for column in row.indices {
        line += row[column] + String(repeating: " ", count: widths[column] - lengths[column] + 2)
      }
      let spaces = line.utf8.reversed().prefix { $0 == UInt8(ascii: " ") }.count
      text.append(contentsOf: Substring(line.utf8.dropLast(spaces)))
      text += "\n"
    }
    return text
  }

  private static func length(_ text: String) -> Int {
    text.utf8.allSatisfy { $0 < 0x80 } ? text.utf8.count : text.count
  }

  private var latex: String {
    let body = rows.map { $0.map(Self.latex).joined(separator: " & ") + " \\\\\n" }.joined()
    return "\\begin{tabular}{\(String(repeating: "l", count: columns.count))}\n\\toprule\n"
      + columns.map(Self.latex).joined(separator: " & ") + " \\\\\n\\midrule\n" + body
      + "\\bottomrule\n\\end{tabular}\n"
  }

  // MARK: Escaping

  /// Text from files must not steer a terminal.
  public static func visible(_ text: String) -> String {
    if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
      result.unicodeScalars.append(isControl ? "\u{FFFD}" : scalar)
    }
    return result
  }

  private static func quoted(_ text: String) -> String {
    let needsQuotes = text.utf8.contains { $0 == 44 || $0 == 34 || $0 == 10 || $0 == 13 }
    return needsQuotes ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
  }

  private static func markdown(_ text: String) -> String {
    visible(text).replacing("\\", with: "\\\\").replacing("|", with: "\\|")
      .replacing("<", with: "&lt;")
  }

  private static func latex(_ text: String) -> String {
    visible(text).map { character in
      switch character {
      case "&", "%", "$", "#", "_", "{", "}": "\\\(character)"
      case "\\": "\\textbackslash{}"
      case "~": "\\textasciitilde{}"
      case "^": "\\textasciicircum{}"
      case "<": "\\textless{}"
      case ">": "\\textgreater{}"
      case "–": "--"
      default: String(character)
      }
    }.joined()
  }
}
