// What a function written in Lua says of itself: the comment above it, with the annotations of the Lua
// language server (https://luals.github.io/wiki/annotations).

import Foundation

/// The comment above a function.
struct LuaDoc {
  /// The name as it stands in the source, without the table it is put into.
  private(set) var name = "function"
  /// Names of the parameters.
  private(set) var parameters: [String] = []
  /// What it does, a line each.
  private(set) var summary: [String] = []
  /// Name, type and meaning of each annotated parameter.
  private(set) var annotated: [(name: String, type: String, text: String)] = []
  /// What it returns.
  private(set) var returns: [String] = []
  /// Name, type and meaning of the fields of the class that the last parameter is a table of.
  private(set) var fields: [(name: String, type: String, text: String)] = []

  /// Reads the comment above a line, counted from 1.
  init(of line: Int, in source: [UInt8]) {
    let lines = String(decoding: source, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    guard lines.indices.contains(line - 1) else { return }
    readHead(String(lines[line - 1]))
    var first = line - 1
    while first > 0, lines[first - 1].trimmingPrefix(while: \.isWhitespace).hasPrefix("--") {
      first -= 1
    }
    for comment in lines[first..<line - 1] { read(comment) }
    if let type = annotated.last?.type { readFields(of: type, in: lines) }
  }

  /// The fields stand below `---@class` in the same source.
  private mutating func readFields(of type: String, in lines: [Substring]) {
    let name = type.hasSuffix("?") ? String(type.dropLast()) : type
    let head = "---@class " + name
    guard let start = lines.firstIndex(where: { $0 == head }) else { return }
    for line in lines[(start + 1)...].prefix(while: { $0.hasPrefix("---@field ") }) {
      if let match = line.wholeMatch(of: #/---@field\s+(\w+)\s+(.*)/#) {
        let (type, text) = Self.split(match.output.2)
        fields.append((String(match.output.1), type, text))
      }
    }
  }

  /// A type and what is said behind it. Blanks belong to a type in brackets and behind a colon.
  private static func split(_ text: Substring) -> (type: String, text: String) {
    var depth = 0
    var end = text.startIndex
    while end < text.endIndex {
      let character = text[end]
      if "([{<".contains(character) { depth += 1 }
      if ")]}>".contains(character) { depth -= 1 }
      if character == " ", depth <= 0, !text[..<end].hasSuffix(":") { break }
      end = text.index(after: end)
    }
    return (String(text[..<end]), String(text[end...].trimmingPrefix(while: \.isWhitespace)))
  }

  private mutating func readHead(_ line: String) {
    let text = LuaSource(line)
    let words = text.words
    guard let start = words.firstIndex(where: { text.isWord($0, "function") }),
      let open = words[start...].firstIndex(where: { text.isWord($0, "(") })
    else { return }
    // `function M.recall(`, or `recall = function(`.
    let named = open > start + 1 ? words[open - 1] : start > 1 ? words[start - 2] : nil
    if let named, named.kind == .name { name = text.text(named) }
    for word in words[(open + 1)...] {
      if text.isWord(word, ")") { break }
      if word.kind == .name || text.isWord(word, "...") { parameters.append(text.text(word)) }
    }
  }

  private mutating func read(_ comment: Substring) {
    let text = comment.trimmingPrefix(while: \.isWhitespace).trimmingPrefix(while: { $0 == "-" })
    if let match = text.wholeMatch(of: #/@param\s+(\S+)\s+(.*)/#) {
      let name = String(match.output.1), (type, said) = Self.split(match.output.2)
      let isOptional = name.hasSuffix("?")
      annotated.append(
        (isOptional ? String(name.dropLast()) : name, type + (isOptional ? "?" : ""), said))
    } else if let match = text.wholeMatch(of: #/@return\s+(.*)/#) {
      returns.append(String(match.output.1))
    } else if !text.hasPrefix("@") {
      let words = text.trimmingPrefix(while: \.isWhitespace)
      if !words.isEmpty || !summary.isEmpty { summary.append(String(words)) }
    }
  }

  /// `recall(model, items) -> eidetic.Outcomes`.
  var signature: String {
    let types = Dictionary(annotated.map { ($0.name, $0.type) }, uniquingKeysWith: { a, _ in a })
    let list = parameters.map { name in types[name].map { "\(name): \($0)" } ?? name }
    let kinds = returns.map { Self.split($0[...]).type }
    return "(\(list.joined(separator: ", ")))"
      + (kinds.isEmpty ? "" : " -> \(kinds.joined(separator: ", "))")
  }

  /// The names in `{ count: integer, views: integer? }` of the last parameter, or of its class.
  var optionNames: [String] {
    if !fields.isEmpty { return fields.map(\.name) }
    guard let type = annotated.last?.type, type.hasPrefix("{") else { return [] }
    return type.matches(of: #/(\w+)\??:/#).map { String($0.output.1) }
  }

  /// The annotated type of the parameter at a position, counted from 0.
  func type(ofParameterAt position: Int) -> String? {
    guard parameters.indices.contains(position) else { return nil }
    return annotated.first { $0.name == parameters[position] }?.type
  }

  /// The whole help.
  func help(place: String) -> String {
    var lines = ["\(name)\(signature)"]
    var words = summary
    while words.last?.isEmpty == true { words.removeLast() }
    lines += words.map { "  \($0)" }
    lines += Self.rows(annotated.filter { !$0.text.isEmpty }.map { ($0.name, $0.text) })
    if !fields.isEmpty { lines.append("options") }
    lines += Self.rows(
      fields.map { ($0.name, $0.text.isEmpty ? $0.type : "\($0.type)  \($0.text)") })
    return (lines + ["defined in \(place)"]).joined(separator: "\n")
  }

  private static func rows(_ rows: [(name: String, text: String)]) -> [String] {
    let width = rows.map(\.name.count).max() ?? 0
    return rows.map { name, text in
      let gap = String(repeating: " ", count: width - name.count)
      return "  \(name)\(gap)  \(text)"
    }
  }

  /// The first paragraph of the comment at the top of a file.
  static func heading(of source: [UInt8]) -> String {
    let lines = String(decoding: source.prefix(4096), as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    return lines.prefix { $0.hasPrefix("--") && $0 != "--" }
      .map { $0.trimmingPrefix(while: { $0 == "-" || $0 == " " }) }.joined(separator: " ")
  }

  /// A source file of reasonable size.
  static func read(_ path: String) -> [UInt8]? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size < 1 << 24
    else { return nil }
    return FileManager.default.contents(atPath: path).map { [UInt8]($0) }
  }
}
