// An error as the prompt shows it: what happened, the line with a caret under the word that caused it,
// and the user's own frames.

import LuaHost

/// The parts of an error report.
struct ErrorReport {
  private let isInterrupt: Bool
  private let message: String
  private var place: String?
  private var line: String?
  /// Bytes of `line` to point at.
  private var marked: Range<Int>?
  private var frames: [String] = []

  /// A source by the name of its chunk, with the number of its first line.
  typealias Sources = (String) -> (bytes: [UInt8], firstLine: Int)?

  /// Reports source that does not compile.
  init(_ error: SyntaxError, in source: [UInt8], named name: String, firstLine: Int) {
    isInterrupt = false
    let (place, text) = Self.split(error.message)
    let hint = Self.habit(of: text)
    message = text + (hint.map { " (\($0))" } ?? "")
    let number = error.range.map { range in
      firstLine + source[..<range.lowerBound].count { $0 == UInt8(ascii: "\n") }
    }
    let shown = number ?? place?.line ?? firstLine
    self.place = source.contains(UInt8(ascii: "\n")) || name == "stdin" ? "\(name):\(shown)" : nil
    guard let found = Self.line(shown - firstLine + 1, of: source) else { return }
    line = String(decoding: source[found], as: UTF8.self)
    marked = error.range.map {
      $0.lowerBound - found.lowerBound..<min($0.upperBound, found.upperBound) - found.lowerBound
    }
  }

  /// Reports what was raised while a chunk ran.
  ///
  /// - Parameters:
  ///   - error: The error.
  ///   - input: The name of the input's chunk.
  ///   - hint: What to add in parentheses.
  ///   - sources: Finds sources.
  init(_ error: LuaError, input: String, hint: String?, sources: Sources) {
    isInterrupt = error.kind == .interrupted
    let (place, text) = Self.split(error.message)
    message = text + (hint.map { " (\($0))" } ?? "")
    frames = Self.frames(error.traceback, input: input, place)
    guard let place else { return }
    let source = sources(place.chunk)
    let isOneLine = source?.bytes.contains(UInt8(ascii: "\n")) == false
    if place.chunk != input || !isOneLine || input == "stdin" {
      self.place = "\(place.chunk):\(place.line)"
    }
    if isInterrupt, self.place == nil { return }
    guard let source,
      let found = Self.line(place.line - source.firstLine + 1, of: source.bytes)
    else { return }
    line = String(decoding: source.bytes[found], as: UTF8.self)
    marked = Self.word(of: text, in: source.bytes, found)
  }

  /// The report, without a line break at the end.
  func text(color: Bool) -> String {
    let head = isInterrupt ? "" : color ? "\u{1B}[31merror:\u{1B}[0m " : "error: "
    var lines = [head + (place.map { $0 + ": " } ?? "") + message]
    if let line, !line.allSatisfy(\.isWhitespace) {
      lines.append("  " + Self.window(line, around: marked).text)
      if let mark = Self.window(line, around: marked).mark {
        lines.append(
          "  " + (color ? "\u{1B}[31m" : "") + mark + (color ? "\u{1B}[0m" : ""))
      }
    }
    return (lines + frames.map { "  at \($0)" }).joined(separator: "\n")
  }

  // MARK: Parts

  private static func split(_ message: String) -> (place: (chunk: String, line: Int)?, String) {
    guard let match = message.wholeMatch(of: #/(?s)([^\n]*?):(\d+): (.*)/#),
      let line = Int(match.output.2)
    else { return (nil, message) }
    return ((String(match.output.1), line), String(match.output.3))
  }

  /// Only frames that tell more than the message.
  private static func frames(
    _ trace: [LuaError.Frame], input: String, _ place: (chunk: String, line: Int)?
  ) -> [String] {
    var trace = trace
    if let last = trace.last, last.source == input, last.function == "main chunk" {
      trace.removeLast()
    }
    if trace.count == 1, trace[0].source == place?.chunk, trace[0].line == place?.line { return [] }
    return trace.map(\.description)
  }

  /// Where a line stands, without its line break.
  private static func line(_ number: Int, of source: [UInt8]) -> Range<Int>? {
    var start = 0
    for (index, piece) in source.split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
    ).enumerated() {
      if index + 1 == number { return start..<start + piece.count }
      start += piece.count + 1
    }
    return nil
  }

  /// The one place in a line where the name stands that the message quotes.
  private static func word(
    of message: String, in source: [UInt8], _ line: Range<Int>
  ) -> Range<Int>? {
    let text = LuaSource(source)
    let words = text.words.filter { line.contains($0.range.lowerBound) }
    let callee = message.firstMatch(of: #/^(?:\w+[.:])*(\w+): /#).map { String($0.output.1) }
    let quoted = message.matches(of: #/'(\w+)'/#).map { String($0.output.1) }
    for name in quoted + (callee.map { [$0] } ?? []) {
      let found = words.filter { $0.kind == .name && text.text($0) == name }
      if found.count == 1 {
        return found[0].range.lowerBound - line.lowerBound..<found[0].range.upperBound
          - line.lowerBound
      }
    }
    return nil
  }

  /// At most 100 characters of a line, and the carets below them.
  private static func window(
    _ line: String, around marked: Range<Int>?
  ) -> (text: String, mark: String?) {
    let bytes = Array(line.utf8)
    func characters(_ range: Range<Int>) -> String {
      String(decoding: bytes[range.clamped(to: bytes.indices)], as: UTF8.self)
    }
    let before = marked.map { characters(0..<$0.lowerBound).count } ?? 0
    let width = max(1, marked.map { characters($0).count } ?? 0)
    let start = max(0, min(before - 40, line.count - 100))
    let shown = line.dropFirst(start).prefix(100)
    // What is no plain character would move the caret, or the terminal.
    let text =
      (start > 0 ? "…" : "") + shown.map { $0.isPlain ? String($0) : "·" }.joined()
      + (shown.endIndex < line.endIndex ? "…" : "")
    guard marked != nil else { return (text, nil) }
    let blanks = before - start + (start > 0 ? 1 : 0)
    let mark =
      String(repeating: " ", count: blanks)
      + String(repeating: "^", count: min(width, max(1, shown.count - (before - start))))
    return (text, mark)
  }

  /// What people type who come from other languages.
  private static func habit(of message: String) -> String? {
    for (ending, hint) in [
      ("near '!'", "Lua writes ~= and not"), ("near '&'", "Lua writes and"),
      ("near '|'", "Lua writes or"), ("near '?'", "for help type help(x)"),
    ] where message.hasSuffix(ending) {
      return hint
    }
    return nil
  }
}

extension Character {
  fileprivate var isPlain: Bool {
    !unicodeScalars.contains { $0.properties.generalCategory == .control }
  }
}
