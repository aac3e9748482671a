// The shipped documents as a list of things to do and what they should answer.

import Foundation

/// What a document tells the reader to do.
enum Step {
  /// Lua typed at the prompt.
  case statement(String, answer: [String], line: Int)
  /// A command for the shell.
  case command(String, answer: [String], line: Int)
  /// A file to write.
  case file(String, text: String)
}

/// A Markdown file in `stdlib/docs`.
struct Document {
  let steps: [Step]
  /// Fences of no known kind, which nothing would check.
  private(set) var unknown: [String] = []

  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../stdlib/docs").standardized

  /// Reads a document's blocks: ```` ```repl ```` with lines behind `> ` and `>> `, ```` ```sh ````
  /// with lines behind `$ `, ```` ```lua file=NAME ````, and the middle column of its tables.
  init(_ name: String) throws {
    let text = try String(
      contentsOf: Self.folder.appendingPathComponent(name), encoding: .utf8)
    var steps: [Step] = [], unknown: [String] = []
    var block: (kind: String, first: Int, lines: [String])?
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      if line.hasPrefix("```") {
        guard let open = block else {
          block = (String(line.dropFirst(3)), index + 2, [])
          continue
        }
        let found = Self.steps(of: open.kind, open.lines, from: open.first)
        if found.isEmpty { unknown.append("line \(open.first - 1): \(open.kind)") }
        steps += found
        block = nil
      } else if block != nil {
        block?.lines.append(String(line))
      } else if let row = Self.row(String(line), index + 1) {
        steps.append(row)
      }
    }
    (self.steps, self.unknown) = (steps, unknown)
  }

  private static func steps(of kind: String, _ lines: [String], from first: Int) -> [Step] {
    if kind.hasPrefix("lua file=") {
      let text = lines.joined(separator: "\n") + "\n"
      return [.file(String(kind.dropFirst("lua file=".count)), text: text)]
    }
    guard kind == "repl" || kind == "sh" else { return [] }
    var steps: [Step] = []
    var typed: [String] = [], answer: [String] = [], start = first
    func close() {
      guard !typed.isEmpty else { return }
      let text = typed.joined(separator: "\n")
      steps.append(
        kind == "sh"
          ? .command(text, answer: answer, line: start)
          : .statement(text, answer: answer, line: start))
    }
    for (offset, line) in lines.enumerated() {
      if line.hasPrefix(kind == "sh" ? "$ " : "> ") {
        close()
        (typed, answer, start) = ([String(line.dropFirst(2))], [], first + offset)
      } else if kind == "repl", line.hasPrefix(">> ") {
        typed.append(String(line.dropFirst(3)))
      } else {
        answer.append(line)
      }
    }
    close()
    return steps
  }

  /// `| Python | code | answers |`, each in backticks; heads and rules of tables are none.
  private static func row(_ line: String, _ number: Int) -> Step? {
    let cells = line.split(separator: "|", omittingEmptySubsequences: false).dropFirst()
    guard line.hasPrefix("|"), cells.count == 4, let code = spans(cells[2]).first else {
      return nil
    }
    return .statement(code, answer: spans(cells[3]), line: number)
  }

  private static func spans(_ cell: Substring) -> [String] {
    cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 }.map { String($0.element) }
  }
}

/// Whether lines are as a document shows them: a line of `…` stands for any lines, `…` within a
/// line for any text, and white space for white space.
func answers(_ shown: [String], _ given: [String]) -> Bool {
  guard let first = shown.first else { return given.isEmpty }
  let rest = Array(shown.dropFirst())
  if first == "…" {
    return (0...given.count).contains { answers(rest, Array(given.dropFirst($0))) }
  }
  guard let line = given.first, fits(first, line) else { return false }
  return answers(rest, Array(given.dropFirst()))
}

private func fits(_ shown: String, _ given: String) -> Bool {
  func plain(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
  let parts = plain(shown).split(separator: "…", omittingEmptySubsequences: false)
  var rest = plain(given)[...]
  guard let first = parts.first, rest.hasPrefix(first) else { return false }
  rest = rest.dropFirst(first.count)
  for (index, part) in parts.enumerated().dropFirst() where !part.isEmpty {
    if index == parts.count - 1 { return rest.hasSuffix(part) }
    guard let found = rest.range(of: part) else { return false }
    rest = rest[found.upperBound...]
  }
  return parts.count > 1 || rest.isEmpty
}
