// Stub files for the Lua language server, written from the descriptors.

/// Writes `---@meta` stubs, which give editors completion, types and hover texts.
public enum LuaStubs {
  /// The stub of a module: the text of one file, named after it.
  public static func text(of module: NativeModule) -> String {
    let local = module.name.replacing(".", with: "_")
    var lines = [
      "---@meta \(module.name)", "", comment(module.summary), "---@class \(module.name)",
    ]
    lines += module.constants.map { words("---@field", $0.name, $0.value.kindName, $0.summary) }
    lines += ["local \(local) = {}", ""]
    for function in module.functions.sorted(by: { $0.name < $1.name }) {
      lines += describe(function, as: "\(local).\(function.name)", owner: module.name) + [""]
    }
    if let type = module.borrowed?.luaClass.name {
      lines += ["---@type \(type)", "local \(type) = ...", ""]
      lines += module.borrowedMethods.map(\.method.name).sorted().map {
        "\(local).\($0) = \(type).\($0)"
      }
      lines.append("")
    }
    lines.append("return \(local)")
    return lines.joined(separator: "\n") + "\n"
  }

  /// The stub of a class: the text of one file, named after it.
  public static func text(of type: NativeClass) -> String {
    var lines = ["---@meta", "", comment(type.summary), "---@class \(type.name)"]
    lines += type.properties.map { words("---@field", $0.name, typeName($0.kind), $0.summary) }
    lines += type.metamethods.compactMap { operatorLine($0, type.name) }
    lines += ["local \(type.name) = {}", ""]
    for method in type.methods.sorted(by: { $0.name < $1.name }) {
      lines += describe(method, as: "\(type.name):\(method.name)", owner: type.name) + [""]
    }
    if !type.methods.contains(where: { $0.name == "close" }) {
      lines += ["--- Lets go of the object now.", "function \(type.name):close() end", ""]
    }
    return lines.joined(separator: "\n")
  }

  private static func comment(_ text: String) -> String { words("---", text) }

  /// Joins what is not empty.
  private static func words(_ parts: String...) -> String {
    parts.filter { !$0.isEmpty }.joined(separator: " ")
  }

  private static func describe(
    _ function: NativeFunction, as name: String, owner: String
  ) -> [String] {
    var lines: [String] = []
    let options = "\(owner).\(function.name).Options"
    if !function.options.isEmpty {
      lines.append("---@class \(options)")
      lines += function.options.map { option in
        let mark = option.isRequired ? "" : "?"
        let unit = option.unit.map { "In \($0)." } ?? ""
        let value =
          option.defaultValue.isNil ? "" : "Default \(option.defaultValue.literal)."
        return words(
          "---@field \(option.name)\(mark)", typeName(option.kind), option.summary, unit, value)
      }
      lines.append("")
    }
    lines.append(comment(function.summary))
    if let example = function.example {
      lines += ["---", "--- ```lua"]
      lines += example.split(separator: "\n", omittingEmptySubsequences: false).map { "--- \($0)" }
      lines.append("--- ```")
    }
    var names: [String] = []
    for parameter in function.parameters {
      let written = parameter.isVariadic ? "..." : parameter.name
      let mark = parameter.isOptional && !parameter.isVariadic ? "?" : ""
      lines.append(
        words("---@param \(written)\(mark)", typeName(parameter.kind), parameter.summary))
      names.append(written)
    }
    if !function.options.isEmpty {
      let mark = function.options.contains(where: \.isRequired) ? "" : "?"
      lines.append("---@param options\(mark) \(options)")
      names.append("options")
    }
    lines += function.results.map {
      let kind = "\(typeName($0.kind))\($0.isOptional ? "?" : "")"
      return words("---@return", kind, $0.summary.isEmpty ? "" : "# \($0.summary)")
    }
    lines.append("function \(name)(\(names.joined(separator: ", "))) end")
    return lines
  }

  /// The operators that the language server knows.
  private static func operatorLine(_ function: NativeFunction, _ owner: String) -> String? {
    let known = ["add", "sub", "mul", "div", "mod", "pow", "unm", "idiv", "concat", "len", "call"]
    let name = String(function.name.dropFirst(2))
    guard known.contains(name) else { return nil }
    let operand = function.parameters.count > 1 ? typeName(function.parameters[1].kind) : ""
    let input = operand.isEmpty || name == "call" ? "" : "(\(operand))"
    let output = function.results.first.map { typeName($0.kind) } ?? "any"
    return "---@operator \(name)\(input): \(output)"
  }

  private static func typeName(_ kind: ValueKind) -> String {
    switch kind {
    case .any, .reference: "any"
    case .oneOf(let words): words.map { "\"\($0)\"" }.joined(separator: "|")
    case .list(.either(let kinds)): "(\(typeName(.either(kinds))))[]"
    case .list(let kind): "\(typeName(kind))[]"
    case .either(let kinds): kinds.map(typeName).joined(separator: "|")
    default: kind.description
    }
  }
}
