// What the Lua side of the prompt needs from the terminal and from the descriptors.

import Bindings
import LuaHost
import Terminal

enum PromptModule {
  /// The module `eidetic.terminal` of a state.
  static func module(_ abilities: TerminalAbilities, of session: Session) -> NativeModule {
    NativeModule(
      "eidetic.terminal", "What the prompt needs from the terminal around it.",
      functions: [columns, picture(abilities), label(of: session), help(of: session)])
  }

  private static let columns = NativeFunction(
    "columns", "Columns of the terminal.", results: [.init(.integer)]
  ) { _ in
    [.integer(TerminalAbilities.size.columns)]
  }

  /// Half of the height of a usual terminal: the text above a picture stays in sight.
  private static let mostColumns = 24

  private static func picture(_ abilities: TerminalAbilities) -> NativeFunction {
    NativeFunction(
      "picture", "The text that shows a picture; nil for any other value.",
      parameters: [.init("value", .reference)], results: [.init(.string, optional: true)]
    ) { a in
      if let picture = a["value"].asObject(LuaPicture.self) {
        let columns = min(mostColumns, TerminalAbilities.size.columns)
        let shown = try TerminalPicture.text(
          picture.picture, style: abilities.pictures, columns: columns)
        return [.string(shown.map { $0 + "\n" + picture.line } ?? picture.line)]
      }
      return [.nil]
    }
  }

  private static func label(of session: Session) -> NativeFunction {
    NativeFunction(
      "label", "What a native function or module is called; nil for any other value.",
      parameters: [.init("value", .reference)], results: [.init(.string, optional: true)]
    ) { [weak state = session.state] a in
      if let function = state?.nativeFunction(a["value"]) {
        return [.string("function \(function.name)")]
      }
      guard let module = state?.nativeModule(a["value"]) else { return [.nil] }
      return [.string("module \(module.name): \(module.summary)")]
    }
  }

  private static func help(of session: Session) -> NativeFunction {
    NativeFunction(
      "help", "The help of a value, of a name, or of the prompt.",
      parameters: [.init("what", .reference, "A value, or a name.", optional: true)],
      results: [.init(.string)]
    ) { [weak session] a in
      [.string(try session?.explain(a["what"]) ?? "")]
    }
  }
}
