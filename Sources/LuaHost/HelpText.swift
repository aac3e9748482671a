// Help and signatures, written from descriptors.

extension LuaValue {
  /// As Lua source, for defaults and constants.
  var literal: String {
    switch self {
    case .nil: return "nil"
    case .boolean(let value): return "\(value)"
    case .integer(let value): return "\(value)"
    case .number(let value): return "\(value)"
    case .string(let value): return "\"\(value)\""
    case .table(let table):
      let items = table.items.map(\.literal)
      let fields = table.fields.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value.literal)" }
      let all = items + fields
      return all.isEmpty ? "{}" : "{ \(all.joined(separator: ", ")) }"
    default: return kindName
    }
  }
}

extension NativeFunction {
  /// `(a, [b = 1], ..., { lr, steps }) -> Tensor, number`.
  public var signature: String {
    var parts = parameters.map { parameter in
      if parameter.isVariadic { return "..." }
      let kind = "\(parameter.name): \(parameter.kind)"
      if !parameter.defaultValue.isNil { return "[\(kind) = \(parameter.defaultValue.literal)]" }
      return parameter.isOptional ? "[\(kind)]" : kind
    }
    if !options.isEmpty {
      let names = options.map { $0.isRequired ? $0.name : "[\($0.name)]" }
      parts.append("{ \(names.joined(separator: ", ")) }")
    }
    let given = results.map { "\($0.kind)\($0.isOptional ? " or nil" : "")" }
    let arrow = given.isEmpty ? "" : " -> \(given.joined(separator: ", "))"
    return "(\(parts.joined(separator: ", ")))\(arrow)"
  }

  func help(named name: String) -> String {
    var lines = ["\(name)\(signature)", "  \(summary)"]
    lines += table(
      parameters.map { ($0.name, explain($0.kind, $0.defaultValue, nil, $0.summary)) })
    if !options.isEmpty {
      lines.append("options")
      lines += table(
        options.map { option in
          let summary = option.isRequired ? "Required. \(option.summary)" : option.summary
          return (option.name, explain(option.kind, option.defaultValue, option.unit, summary))
        })
    }
    let told = results.filter { !$0.summary.isEmpty }
    if !told.isEmpty { lines.append("returns") }
    lines += table(told.map { ("\($0.kind)", $0.summary) })
    if let since { lines.append("since \(since)") }
    if let example {
      lines.append("example")
      lines += example.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }
    }
    return lines.joined(separator: "\n")
  }
}

extension NativeModule {
  var help: String {
    let rows =
      functions.map { ($0.name + $0.signature, $0.summary) }
      + constants.map { ("\($0.name) = \($0.value.literal)", $0.summary) }
      + (borrowed.map {
        [("methods of \($0.luaClass.name)", "with the object in front: x:f(y) is f(x, y).")]
      } ?? [])
    return (["module \(name)", "  \(summary)"] + outline(rows)).joined(separator: "\n")
  }
}

extension NativeClass {
  var help: String {
    let rows =
      methods.map { (":" + $0.name + $0.signature, $0.summary) }
      + properties.map { (".\($0.name): \($0.kind)", $0.summary) }
      + metamethods.map { (eventName($0.name) + " " + $0.signature, $0.summary) }
    return (["class \(name)", "  \(summary)"] + outline(rows)).joined(separator: "\n")
  }
}

extension NativeClass.Property {
  func help(named name: String) -> String {
    "\(name): \(kind)\(isWritable ? ", may be assigned" : "")\n  \(summary)"
  }
}

private func explain(
  _ kind: ValueKind, _ value: LuaValue, _ unit: String?, _ summary: String
) -> String {
  var text = "\(kind)"
  if let unit { text += " in \(unit)" }
  if !value.isNil { text += ", \(value.literal) by default" }
  return summary.isEmpty ? text : "\(text). \(summary)"
}

private func table(_ rows: [(String, String)]) -> [String] {
  let width = rows.map(\.0.count).max() ?? 0
  return rows.map { name, text in
    "  \(name)\(String(repeating: " ", count: width - name.count))  \(text)"
  }
}

private func outline(_ rows: [(String, String)]) -> [String] {
  rows.sorted { $0.0 < $1.0 }.flatMap { ["  \($0.0)"] + ($0.1.isEmpty ? [] : ["    \($0.1)"]) }
}
