// The prompt on a terminal.

import Bindings
import Foundation
import LuaHost
import Prompt
import Terminal

/// Asks for lines and answers, until Ctrl-D.
struct Dialog {
  private let session: Session
  private let listener: any FinishingListener
  private var history: HistoryFile?
  private let pending = Pending()

  init(_ session: Session, _ listener: any FinishingListener, history: HistoryFile?) {
    (self.session, self.listener, self.history) = (session, listener, history)
  }

  /// - Returns: The exit code.
  mutating func run() -> Int32 {
    print("eidetic \(eideticVersion) (\(LuaState.luaRelease))  help() explains, Ctrl-D ends")
    let editor = makeEditor()
    while true {
      fflush(nil)
      session.forgetInterrupt()
      switch ask(editor) {
      case .end:
        print()
        return 0
      case .interrupted:
        print()
        pending.lines = []
      case .text(let line):
        pending.lines += pending.lines.isEmpty ? line : [UInt8(ascii: "\n")] + line
        if let code = answer(editor) { return code }
      }
    }
  }

  /// Without an editor, for a terminal that libedit cannot drive, lines come as they are.
  private mutating func makeEditor() -> LineEditor? {
    var entries: [String] = []
    do { entries = try history?.load() ?? [] } catch {
      printError("history is not kept: \(error)")
      history = nil
    }
    return LineEditor(entries: entries) { [session, pending] before in
      let earlier = pending.lines.isEmpty ? [] : pending.lines + [UInt8(ascii: "\n")]
      return session.complete(before, after: earlier)
    }
  }

  private func ask(_ editor: LineEditor?) -> LineEditor.Line {
    let prompt = pending.lines.isEmpty ? "> " : ">> "
    if let editor { return editor.read(prompt: prompt) }
    print(prompt, terminator: "")
    fflush(nil)
    return readLine().map { .text(Array($0.utf8)) } ?? .end
  }

  /// - Returns: The exit code, when the program is to end.
  private mutating func answer(_ editor: LineEditor?) -> Int32? {
    let outcome = session.evaluate(pending.lines)
    listener.finish()
    if case .incomplete = outcome { return nil }
    keep(pending.lines, editor)
    pending.lines = []
    switch outcome {
    case .failed(let report): printError(report)
    case .interrupted(let report): printError("\n" + report)  // behind the ^C of the terminal
    case .exit(let code): return Int32(truncatingIfNeeded: code)
    case .done, .incomplete: break
    }
    return nil
  }

  private mutating func keep(_ typed: [UInt8], _ editor: LineEditor?) {
    guard let editor, let text = String(validating: typed, as: UTF8.self),
      !text.allSatisfy(\.isWhitespace)
    else { return }
    editor.remember(text)
    do { try history?.append(text) } catch {
      printError("history is not kept: \(error)")
      history = nil
    }
  }
}

/// The lines of a statement that is not whole yet; completion looks at them too.
private final class Pending {
  var lines: [UInt8] = []
}
