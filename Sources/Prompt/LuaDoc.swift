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
    if let match = text.wholeMatch(of: #/@param\s+(\S+)\s+(\{.*\}\??|\S+)\s*(.*)/#) {
      let name = String(match.output.1)
      let isOptional = name.hasSuffix("?")
      annotated.append(
        (
          isOptional ? String(name.dropLast()) : name,
          String(match.output.2) + (isOptional ? "?" : ""), String(match.output.3)
        ))
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
    let kinds = returns.map { $0.split(separator: " ").first.map(String.init) ?? "" }
    return "(\(list.joined(separator: ", ")))"
      + (kinds.isEmpty ? "" : " -> \(kinds.joined(separator: ", "))")
  }

  /// The names in `{ count: integer, views: integer? }` of the last parameter.
  var optionNames: [String] {
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
    let told = annotated.filter { !$0.text.isEmpty }
    let width = told.map(\.name.count).max() ?? 0
    lines += told.map {
      "  \($0.name)\(String(repeating: " ", count: width - $0.name.count))  \($0.text)"
    }
    return (lines + ["defined in \(place)"]).joined(separator: "\n")
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
