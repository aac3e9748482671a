// Every block of the shipped documents does what it says.

import Foundation
import Testing

@Suite struct DocumentTests {
  @Test(arguments: ["tutorial.md", "from_python.md"])
  func `every block of a document is run and answers as shown`(name: String) throws {
    let document = try Document(name)
    #expect(document.unknown.isEmpty, "nothing checks \(document.unknown)")
    let scratch = try Scratch()
    try prepare(scratch, document)
    let statements = document.steps.compactMap { step in
      if case .statement(let code, let answer, let line) = step {
        (code, answer, line)
      } else {
        nil
      }
    }
    let given = try type(statements.map(\.0), in: scratch)
    for ((code, shown, line), given) in zip(statements, given) {
      #expect(answers(shown, given), "\(name):\(line): \(code)\n\(given.joined(separator: "\n"))")
    }
    // What the shell is asked for needs what was made at the prompt, never the other way round.
    for case .command(let command, let shown, let line) in document.steps {
      let given = try run(command, in: scratch)
      #expect(
        answers(shown, given), "\(name):\(line): \(command)\n\(given.joined(separator: "\n"))")
    }
  }

  @Test(arguments: [
    (["1", "2"], ["1", "2"], true), (["1"], ["1", "2"], false), (["…"], [], true),
    (["a", "…", "c"], ["a", "b", "b", "c"], true), (["a", "…", "c"], ["a", "b"], false),
    (["0.4…"], ["0.49"], true), (["…x…"], ["axb"], true), (["…x"], ["xa"], false),
    (["a\tb"], ["a  b"], true), ([], ["1"], false), (["a…c…b"], ["a b"], false),
  ])
  func `what a document shows is compared`(shown: [String], given: [String], fits: Bool) {
    #expect(answers(shown, given) == fits)
  }

  private func prepare(_ scratch: Scratch, _ document: Document) throws {
    for case .file(let name, let text) in document.steps {
      let folder = URL(fileURLWithPath: scratch.path + "/" + name).deletingLastPathComponent()
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      _ = try scratch.write(name, text)
    }
    _ = try scratch.write("table.txt", "a line\n")
    try FileManager.default.createDirectory(
      atPath: scratch.path + "/bin", withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: scratch.path + "/bin/eidetic", withDestinationPath: Scratch.program)
  }

  /// Types statements in one session.
  ///
  /// - Returns: The lines that each wrote, errors last, without the place of an error.
  private func type(_ statements: [String], in scratch: Scratch) throws -> [[String]] {
    let mark = "\u{1}"
    let rule = "\ndo io.write('\(mark)') io.stderr:write('\(mark)') end\n"
    let done = try scratch.run("repl", input: statements.map { $0 + rule }.joined())
    func parts(_ text: String) -> [[String]] {
      text.split(separator: mark, omittingEmptySubsequences: false).map { part in
        part.split(separator: "\n").map {
          String($0.replacing(#/stdin:\d+: /#, with: "", maxReplacements: 1))
        }
      }
    }
    let (output, errors) = (parts(done.output), parts(done.errors))
    #expect(output.count == statements.count + 1 && errors.count == output.count)
    return zip(output, errors).map { $0 + $1 }
  }

  /// - Returns: The lines that a command wrote.
  private func run(_ command: String, in scratch: Scratch) throws -> [String] {
    let shell = "PATH=\"$PWD/bin:$PATH\"; export PATH EIDETIC_CACHE; \(command) 2>&1"
    let done = try scratch.drive("/bin/sh", ["-c", shell])
    var lines = done.output.split(separator: "\n", omittingEmptySubsequences: false).map(
      String.init)
    if lines.last == "" { lines.removeLast() }
    return lines
  }
}
