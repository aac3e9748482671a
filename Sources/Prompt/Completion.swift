// What may stand at the cursor: variables, fields, methods, option names, words and file names. Looking
// runs no code of the user's; what a call would give is known from its descriptor.

import Foundation
import LuaHost
import Terminal

extension Session {
  /// What may stand at the end of the text.
  ///
  /// - Parameters:
  ///   - text: The bytes up to the cursor.
  ///   - earlier: The lines before, when the statement has several.
  public func complete(_ text: [UInt8], after earlier: [UInt8] = []) -> LineEditor.Completion {
    let completion = Completer(session: self, source: LuaSource(earlier + text)).complete()
    return LineEditor.Completion(
      start: max(0, completion.start - earlier.count), candidates: completion.candidates,
      note: completion.note)
  }
}

private struct Completer {
  let session: Session
  let source: LuaSource
  private let words: [LuaToken]
  /// The word that is being typed, empty when none is begun.
  private let prefix: String
  private let start: Int
  /// Words before it.
  private let count: Int

  typealias Candidates = [(word: String, suffix: String)]

  init(session: Session, source: LuaSource) {
    (self.session, self.source, words) = (session, source, source.words)
    if let last = words.last, last.range.upperBound == source.bytes.count,
      last.kind == .name || last.kind == .keyword
    {
      (prefix, start, count) = (source.text(last), last.range.lowerBound, words.count - 1)
    } else if let last = words.last, last.kind == .string, last.isOpen {
      start = last.range.lowerBound + 1
      prefix = String(decoding: source.bytes[min(start, source.bytes.count)...], as: UTF8.self)
      count = words.count - 1
    } else {
      (prefix, start, count) = ("", source.bytes.count, words.count)
    }
  }

  func complete() -> LineEditor.Completion {
    if let last = source.tokens.last, last.kind == .comment,
      last.isOpen || last.range.upperBound == source.bytes.count
    {
      return .init(start: source.bytes.count)
    }
    if words.last?.kind == .string, words.last?.isOpen == true { return string() }
    let last = count > 0 ? words[count - 1] : nil
    if last?.kind == .number, last?.range.upperBound == source.bytes.count {
      return .init(start: source.bytes.count)
    }
    if source.isWord(last, ".") { return found(members(isMethod: false)) }
    if source.isWord(last, ":") { return found(members(isMethod: true)) }
    if prefix.isEmpty, source.isWord(last, "("), let signature = signature() {
      return .init(start: start, note: signature)
    }
    let options = optionNames()
    if !options.isEmpty, options.contains(where: { $0.word.hasPrefix(prefix) }) {
      return found(options)
    }
    // The name of a new variable or function is the user's.
    if source.isWord(last, "local") || source.isWord(last, "function") { return found([]) }
    return found(variables())
  }

  private func found(_ candidates: Candidates) -> LineEditor.Completion {
    let shown = candidates.filter {
      $0.word.hasPrefix(prefix) && (prefix.hasPrefix("_") || !$0.word.hasPrefix("_"))
    }
    return .init(start: start, candidates: shown.sorted { $0.word < $1.word })
  }

  // MARK: Names

  private func variables() -> Candidates {
    let names = session.variables.map { name -> (word: String, suffix: String) in
      (name, suffix(of: Meaning.variable(name, session)))
    }
    let keywords = LuaToken.keywords.filter { !prefix.isEmpty && $0.hasPrefix(prefix) }
    return names + keywords.map { ($0, " ") }
  }

  private func suffix(of meaning: Meaning?) -> String {
    switch meaning {
    case .function(let function): Self.bracket(function)
    case .luaFunction: "("
    default: ""
    }
  }

  /// A function of options only is called with a table.
  private static func bracket(_ function: NativeFunction) -> String {
    function.parameters.isEmpty && !function.options.isEmpty ? "{ " : "("
  }

  private func members(isMethod: Bool) -> Candidates {
    guard let chain = source.chain(endingAt: count - 2, in: words),
      let owner = Meaning.of(chain, session)
    else { return [] }
    if let type = owner.nativeClass {
      if isMethod { return type.methods.map { ($0.name, Self.bracket($0)) } + [("close", "()")] }
      return type.properties.map { ($0.name, "") }
    }
    let fields = owner.fields(session)
    if let function = only(fields, after: chain) { return [function] }
    return fields.filter { !isMethod || $0.isFunction }.map { name, isFunction in
      (name, isFunction ? "(" : "")
    }
  }

  /// What the function before an opened bracket takes.
  private func signature() -> String? {
    guard let chain = source.chain(endingAt: count - 2, in: words),
      let function = Meaning.of(chain, session)
    else { return nil }
    let name = words[count - 2]
    switch function {
    case .function(let native): return "\(source.text(name))\(native.signature)  \(native.summary)"
    case .luaFunction(let doc?): return "\(source.text(name))\(doc.signature)"
    default: return nil
    }
  }

  /// The one member that fits, with the bracket that its descriptor asks for.
  private func only(
    _ fields: [(name: String, isFunction: Bool)], after chain: [ChainStep]
  ) -> (word: String, suffix: String)? {
    let fitting = fields.filter { $0.name.hasPrefix(prefix) }
    guard fitting.count == 1, let name = fitting.first?.name,
      case .function(let function)? = Meaning.of(chain + [.field(name)], session)
    else { return nil }
    return (name, Self.bracket(function))
  }

  // MARK: Options

  /// Inside `f{…}` or `f(x, {…})`, where a name is expected.
  private func optionNames() -> Candidates {
    guard count > 0, let open = source.enclosing(before: count, in: words),
      source.isWord(words[open], "{"),
      open == count - 1 || source.isWord(words[count - 1], ",")
        || source.isWord(words[count - 1], ";"),
      let callee = callee(ofArgumentAt: open)?.function
    else { return [] }
    let given = Set(
      words[(open + 1)..<count].enumerated().compactMap { index, word in
        source.isWord(words[min(open + 2 + index, words.count - 1)], "=")
          ? source.text(word) : nil
      })
    return callee.optionNames.filter { !given.contains($0) }.map { ($0, " = ") }
  }

  /// The function that gets what begins at a word as an argument, and at which position.
  private func callee(ofArgumentAt place: Int) -> (function: Meaning, position: Int)? {
    guard place > 0 else { return nil }
    if source.endsExpression(words[place - 1]) {
      return source.chain(endingAt: place - 1, in: words).flatMap { Meaning.of($0, session) }
        .map { ($0, 0) }
    }
    guard let open = source.enclosing(before: place, in: words), source.isWord(words[open], "("),
      open == place - 1 || source.isWord(words[place - 1], ","),
      let chain = source.chain(endingAt: open - 1, in: words),
      let function = Meaning.of(chain, session)
    else { return nil }
    return (function, source.commas(from: open, to: place, in: words))
  }

  // MARK: Strings

  private func string() -> LineEditor.Completion {
    let place = words.count - 1
    let quote = String(decoding: source.bytes[words[place].range].prefix(1), as: UTF8.self)
    guard quote != "[" else { return .init(start: source.bytes.count) }
    guard let choices = choices(at: place), !choices.isEmpty else { return files(quote) }
    let fitting = choices.filter { $0.hasPrefix(prefix) }.sorted()
    return .init(start: start, candidates: fitting.map { ($0, quote) })
  }

  /// The words that the descriptor, or the comment above a function, allows for a string.
  private func choices(at place: Int) -> [String]? {
    if let (meaning, position) = callee(ofArgumentAt: place) {
      if case .luaFunction(let doc) = meaning {
        return doc?.type(ofParameterAt: position).flatMap(choices(ofType:))
      }
      guard case .function(let function) = meaning else { return nil }
      guard let last = function.parameters.last else { return nil }
      let parameter =
        position < function.parameters.count ? function.parameters[position] : last
      return parameter.name == "probe" ? probes : parameter.kind.choices
    }
    // `name = "` in a table of options, or a list of words there.
    guard let open = source.enclosing(before: place, in: words), source.isWord(words[open], "{")
    else { return nil }
    if place > 1, source.isWord(words[place - 1], "="), open < place - 2,
      case .function(let function)? = callee(ofArgumentAt: open)?.function
    {
      let name = source.text(words[place - 2])
      return name == "probe" ? probes : function.options.first { $0.name == name }?.kind.choices
    }
    if case .function(let function)? = callee(ofArgumentAt: open)?.function,
      let position = callee(ofArgumentAt: open)?.position,
      function.parameters.indices.contains(position)
    {
      return function.parameters[position].kind.choices
    }
    return nil
  }

  /// What an annotation allows: `"image"|"text"`, or the name of a plug-in (`eidetic.ProbeName`).
  private func choices(ofType type: String) -> [String]? {
    if let name = type.wholeMatch(of: #/eidetic\.(Probe|Method|Dataset|Model)Name\??/#)?.output.1 {
      let names = try? session.call("plugins", .string(name.lowercased())).first?.asTable?.strings
      // Where a file may be named as well, a beginning of no plug-in is the beginning of one.
      guard name == "Model", let names, !names.contains(where: { $0.hasPrefix(prefix) }) else {
        return names
      }
      return nil
    }
    let words = type.split(separator: "|").map { $0.trimmingPrefix(while: \.isWhitespace) }
    guard words.allSatisfy({ $0.hasPrefix("\"") && $0.hasSuffix("\"") && $0.count > 1 }) else {
      return nil
    }
    return words.map { String($0.dropFirst().dropLast()) }
  }

  private var probes: [String] {
    Meaning.of([.variable("eidetic"), .field("probes")], session)?.fields(session)
      .filter(\.isFunction).map(\.name) ?? []
  }

  private func files(_ quote: String) -> LineEditor.Completion {
    let folder = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
    let begun = prefix.dropFirst(folder.count)
    let names =
      (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
    let fitting = names.filter {
      $0.hasPrefix(begun) && (begun.hasPrefix(".") || !$0.hasPrefix("."))
        && !$0.contains { $0 == "\"" || $0 == "'" || $0 == "\\" || $0.isNewline }
    }
    return .init(
      start: start,
      candidates: fitting.sorted().map { name in
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: folder + name, isDirectory: &isFolder)
        return isFolder.boolValue ? (folder + name + "/", "") : (folder + name, quote)
      })
  }
}

extension ValueKind {
  /// The words that are allowed, when it is words.
  fileprivate var choices: [String]? {
    switch self {
    case .oneOf(let words): words
    case .list(let kind): kind.choices
    case .either(let kinds): kinds.lazy.compactMap(\.choices).first
    default: nil
    }
  }
}
