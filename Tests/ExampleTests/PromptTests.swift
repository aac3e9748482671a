// The prompt on a pseudo terminal, driven by a script in Python, and as a reader of programs.

import Foundation
import Testing

/// Python drives the pseudo terminal: its standard library holds one.
private let python: String? = ["/usr/bin/python3", "/usr/local/bin/python3", "/bin/python3"]
  .first { FileManager.default.isExecutableFile(atPath: $0) }

@Suite struct PromptTests {
  @Test(
    .enabled(if: python != nil, "needs python3"),
    arguments: [
      "values", "completion", "interrupts", "ahead", "history", "signals", "garbage", "pictures",
    ])
  func `the prompt does on a terminal what users expect`(scenario: String) throws {
    let scratch = try Scratch()
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("prompt.py").path
    let done = try scratch.drive(python ?? "python3", [script, Scratch.program, scenario])
    #expect(done.status == 0, "\(done.errors)")
  }

  @Test func `a piped program runs statement by statement`() throws {
    let scratch = try Scratch()
    let done = try scratch.run(
      "repl",
      input: """
        local n = 1
        local function more() n = n + 1 return n end
        more();
        n
        if n > 1 then
          print("on")
        end
        tensr.zeros()
        print("goes on")
        { 1, 2, { a = true } }
        """)
    #expect(done.output == "2\non\ngoes on\n{ 1, 2, { a = true } }\n", "\(done.output)")
    #expect(done.status == 1)
    #expect(
      done.errors == """
        error: stdin:8: undefined variable 'tensr' (did you mean 'tensor'?)
          tensr.zeros()
          ^^^^^

        """, "\(done.errors)")
  }

  @Test(arguments: [
    ("x = {", Int32(1), "near <eof>"), ("os.exit(7)\nprint(1)", 7, ""),
    ("for do", 1, "near 'do'"), ("\0\0\0", 1, "unexpected symbol"), ("", 0, ""),
    ("#! /usr/bin/env eidetic\n1", 0, ""), ("\u{FEFF}1", 1, "unexpected symbol"),
    ("return", 0, ""), ("-- nothing", 0, ""), ("--[[ open", 1, "unfinished long comment"),
    ("local x <const> = 1\nx", 0, ""), ("local t <close> = nil", 0, ""),
  ])
  func `a program ends with its exit code`(input: String, status: Int32, text: String) throws {
    let done = try Scratch().run("repl", input: input)
    #expect(
      done.status == status && (text.isEmpty || done.errors.contains(text)),
      "\(done.output)\(done.errors)")
  }

  @Test func `an interrupted program ends with 130`() throws {
    let running = try Scratch().start(
      ["repl"], input: "io.stderr:write('begun');\nwhile true do pcall(error) end\nprint('no')\n")
    #expect(try running.untilErrors(contain: "begun"))
    kill(running.process.processIdentifier, SIGINT)
    let done = try running.wait()
    #expect(done.status == 130 && done.output.isEmpty && done.errors.contains("interrupted"))
  }

  @Test func `a long line and a long statement are read in time`() throws {
    let items = (1...20_000).map { "  \($0)," }.joined(separator: "\n")
    let wide = String(repeating: "1 + ", count: 100_000)
    let done = try Scratch().run("repl", input: "t = {\n\(items)\n}\n#t\n#('\(wide)')\n")
    #expect(done.output == "20000\n400000\n" && done.status == 0, "\(done.errors)")
  }
}
