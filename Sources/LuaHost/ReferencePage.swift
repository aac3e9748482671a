// The reference of everything native, in Markdown, written from the descriptors.

/// Writes the API reference.
public enum ReferencePage {
  /// One page: a table of contents, then modules and classes, each in the order of their names.
  public static func text(modules: [NativeModule], classes: [NativeClass]) -> String {
    let modules = modules.sorted { $0.name < $1.name }
    let classes = classes.sorted { $0.name < $1.name }
    let contents =
      modules.map { "- [\($0.name)](#\(anchor($0.name))): \($0.summary)" }
      + classes.map { "- [\($0.name)](#\(anchor($0.name))): \($0.summary)" }
    return
      ([head, contents.joined(separator: "\n")] + modules.flatMap(section)
      + classes.flatMap(section)).joined(separator: "\n\n") + "\n"
  }

  private static let head = """
    # Reference

    Everything native, written by `scripts/docs` from the descriptors that also check the arguments.
    In a signature, brackets mark what may be left out and braces a table of options;
    `eidetic.tensor` is `tensor` at the prompt. `help(x)` shows the same there.
    """

  /// As Markdown viewers derive it from a heading.
  private static func anchor(_ heading: String) -> String {
    heading.lowercased().filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
  }

  // MARK: Sections

  private static func section(_ module: NativeModule) -> [String] {
    let constants = module.constants.sorted { $0.name < $1.name }.map {
      "- `\($0.name) = \($0.value.literal)`\(told($0.summary))"
    }
    let borrowed = module.borrowed.map { type in
      let name = type.luaClass.name
      let methods = module.borrowedMethods.map { "`\($0.method.name)`" }.sorted()
      return "Methods of [\(name)](#\(anchor(name))) are functions here as well, with the object "
        + "in front: \(methods.joined(separator: ", "))."
    }
    return ["## \(module.name)", module.summary] + (borrowed.map { [$0] } ?? []) + list(constants)
      + module.functions.sorted { $0.name < $1.name }.flatMap {
        entry($0, named: "\(module.name).\($0.name)")
      }
  }

  private static func section(_ type: NativeClass) -> [String] {
    let properties = type.properties.sorted { $0.name < $1.name }.map {
      "- `.\($0.name)` (\($0.kind)\($0.isWritable ? ", may be assigned" : ""))\(told($0.summary))"
    }
    let events = type.metamethods.sorted { $0.name < $1.name }.map {
      "- \(eventName($0.name)): `\($0.signature)`\(told($0.summary))"
    }
    return ["## \(type.name)", type.summary] + list(properties)
      + (events.isEmpty ? [] : ["Operators:"]) + list(events)
      + type.methods.sorted { $0.name < $1.name }.flatMap {
        entry($0, named: "\(type.name):\($0.name)")
      }
  }

  private static func list(_ lines: [String]) -> [String] {
    lines.isEmpty ? [] : [lines.joined(separator: "\n")]
  }

  // MARK: Functions

  private static func entry(_ function: NativeFunction, named name: String) -> [String] {
    var parts = ["### \(name)", "```\n\(name)\(function.signature)\n```", function.summary]
    let parameters = function.parameters.filter { !$0.summary.isEmpty }.map {
      row($0.name, $0.kind, $0.defaultValue, nil, $0.summary, isRequired: false)
    }
    let options = function.options.map {
      row($0.name, $0.kind, $0.defaultValue, $0.unit, $0.summary, isRequired: $0.isRequired)
    }
    let results = function.results.filter { !$0.summary.isEmpty }.map {
      "- (\($0.kind)\($0.isOptional ? " or nil" : ""))\(told($0.summary))"
    }
    for (title, lines) in [("", parameters), ("Options:", options), ("Returns:", results)]
    where !lines.isEmpty {
      parts += (title.isEmpty ? [] : [title]) + list(lines)
    }
    if let example = function.example { parts.append("```lua\n\(example)\n```") }
    return parts.filter { !$0.isEmpty }
  }

  private static func row(
    _ name: String, _ kind: ValueKind, _ value: LuaValue, _ unit: String?, _ summary: String,
    isRequired: Bool
  ) -> String {
    var facts = "\(kind)"
    if let unit { facts += " in \(unit)" }
    if isRequired { facts += ", required" }
    if !value.isNil { facts += ", by default \(value.literal)" }
    return "- `\(name)` (\(facts))\(told(summary))"
  }

  private static func told(_ summary: String) -> String { summary.isEmpty ? "" : ": \(summary)" }
}
