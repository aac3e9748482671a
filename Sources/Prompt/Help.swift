// `help` at the prompt: descriptors tell of native functions, comments of those written in Lua, and
// without an argument it teaches the prompt itself.

import Foundation
import LuaHost
import Stdlib

extension Session {
  /// The help of a value.
  func explain(_ value: LuaValue) throws -> String {
    switch value {
    case .nil: return try overview()
    case .string(let name): return explain(named: name)
    case .object: return state.help(value) ?? value.kindName
    case .function(let function):
      if let native = state.nativeFunction(value) {
        return state.help(value) ?? native.name
      }
      if let standard = try standardName(value) { return standard }
      guard let place = place(of: function), let doc = doc(of: function) else {
        return "a function without source"
      }
      return doc.help(place: "\(shortened(place.chunk)):\(place.line)")
    case .reference(let reference) where reference.kindName == "table":
      return try state.help(value) ?? card(value) ?? table(value)
    default: return try plain(value)
    }
  }

  private func plain(_ value: LuaValue) throws -> String {
    let told = try call("describe", value)
    let kind = told.first?.text ?? value.kindName
    return "\(told.dropFirst().first?.text ?? "") is a \(kind)\nhelp(x) explains functions, "
      + "modules, classes and objects; help() explains the prompt"
  }

  /// A name such as `Tensor:sum`, `eidetic.tensor`, `tensor.zeros` or `probes.recall`.
  private func explain(named name: String) -> String {
    if let text = state.help(name) ?? state.help("eidetic." + name) { return text }
    if let document = Stdlib.documents.first(where: { $0.name == name }) {
      return (try? document.text()) ?? "\(document.path) cannot be read"
    }
    let parts = name.split(whereSeparator: { $0 == "." || $0 == ":" }).map(String.init)
    if let first = parts.first {
      let chain = [ChainStep.variable(first)] + parts.dropFirst().map { .field($0) }
      if Meaning.of(chain, self) != nil,
        let text = (try? call("help_here"))?.first?.text
      {
        return text
      }
    }
    if let text = (try? call("plugin", .string(name)))?.first?.text { return text }
    let known = state.classes.map(\.name) + state.modules.map(\.name) + variables
    let near = LuaState.suggestion(for: name, among: known)
    return "nothing is called '\(name)'" + (near.map { " (did you mean '\($0)'?)" } ?? "")
  }

  private func card(_ value: LuaValue) throws -> String? { try call("card", value).first?.text }

  /// The members of a table with a line each.
  private func table(_ value: LuaValue) throws -> String {
    let members = try call("members", value).first?.asTable?.items ?? []
    var heading: String?
    let rows = members.map { member -> String in
      let fields = member.asTable?.fields ?? [:]
      let name = fields["name"]?.text ?? "?"
      guard let chunk = fields["source"]?.text, let line = fields["line"]?.asInteger,
        let source = sourceText(chunk)
      else { return "  \(name)\n    \(fields["text"]?.text ?? "")" }
      heading = heading ?? LuaDoc.heading(of: source)
      let doc = LuaDoc(of: line, in: source)
      return "  \(name)\(doc.signature)\n    \(doc.summary.first ?? "")"
    }
    guard !rows.isEmpty else { return try plain(value) }
    let title = heading.flatMap { $0.isEmpty ? nil : $0 } ?? "table"
    return ([title] + rows).joined(separator: "\n").replacing("\n    \n", with: "\n")
  }

  // MARK: Functions written in Lua

  /// Where a function stands; `nil` for one of C.
  private func place(of function: LuaFunction) -> (chunk: String, line: Int)? {
    guard let told = try? call("place", .function(function)), told.count == 2,
      let chunk = told[0].text, let line = told[1].asInteger, chunk.hasPrefix("@")
    else { return nil }
    return (String(chunk.dropFirst()), line)
  }

  /// The comment above a function.
  func doc(of function: LuaFunction) -> LuaDoc? {
    guard let place = place(of: function), let source = sourceText("@" + place.chunk) else {
      return nil
    }
    return LuaDoc(of: place.line, in: source)
  }

  private func sourceText(_ chunk: String) -> [UInt8]? {
    guard chunk.hasPrefix("@") else { return nil }
    let name = String(chunk.dropFirst())
    return inputs[name] ?? LuaDoc.read(name)
  }

  private func shortened(_ path: String) -> String {
    guard let library = path.range(of: ".resources/") else { return path }
    return "stdlib/" + path[library.upperBound...]
  }

  /// Lua's own functions have a manual.
  private func standardName(_ value: LuaValue) throws -> String? {
    guard let name = try call("standard", value).first?.text else { return nil }
    return "\(name)\n  Lua's own: https://www.lua.org/manual/5.4/manual.html#pdf-\(name)"
  }

  // MARK: The prompt

  private func overview() throws -> String {
    var modules: [(String, String)] = []
    for name in [
      "tensor", "rng", "personas", "models", "training", "metrics", "stats", "plot",
    ] {
      if let module = state.modules.first(where: { $0.name == "eidetic." + name }) {
        modules.append((name, module.summary))
      }
    }
    modules.append(("probes", "Built-in probes: a model and questions in, outcomes out."))
    let width = modules.map(\.0.count).max() ?? 0
    let rows = modules.map { name, text in
      "  \(name)\(String(repeating: " ", count: width - name.count))  \(text)"
    }
    return Self.lesson.replacing("MODULES", with: rows.joined(separator: "\n"))
  }

  private static let lesson = """
    An expression prints its value, a statement runs; a ; at the end keeps the value quiet.
      > tensor.zeros{ 2, 3 } + 1
      > people = personas.people { count = 5, rng = rng.new(7) }
      > people:picture(1)
    _ is the last value that was printed. Lines go on until the statement is whole.

    Modules (short for eidetic.tensor and so on; in a script write local tensor = eidetic.tensor)
    MODULES
    help(x) explains any of them, their functions, classes and objects; help "Tensor:sum" goes by name.
    help "tutorial" begins at the beginning, help "python" says what things are called there.

    Locals: a local at the top level of what you type is a variable of the session. Later lines and
    functions typed here see it, scripts and modules do not; typing it again assigns it. Locals inside
    blocks and functions, and those with <close>, end where they always do.

    Keys: Tab completes names, methods, options in f{ }, words and file names in quotes. Up and Down
    walk through what you typed in earlier sessions too, Ctrl-R searches it. Ctrl-C stops what runs, a
    training as well, or drops the line. Ctrl-D ends.
    """
}
