// What `--help` shows, for every command that there is.

import Foundation
import Testing

@Suite struct HelpOutputTests {
  /// Wide enough that only our own lines can be too long.
  private static let wide = "COLUMNS=200; export COLUMNS"

  /// The commands below one, as its help lists them.
  private func subcommands(_ help: String) -> [String] {
    guard let start = help.range(of: "\nSUBCOMMANDS:\n") else { return [] }
    return help[start.upperBound...].split(separator: "\n", omittingEmptySubsequences: false)
      .prefix { !$0.isEmpty }
      .compactMap { $0.firstMatch(of: #/^  ([a-z][a-z-]*)(, [a-z-]+)?( \(default\))?( |$)/#) }
      .map { String($0.1) }
  }

  private func visit(_ command: [String], in scratch: Scratch, _ seen: inout [[String]]) throws {
    let done = try scratch.start(command + ["--help"], shell: Self.wide).wait()
    let name = command.joined(separator: " ")
    #expect(done.status == 0 && done.errors == "", "\(name): \(done.errors)")
    #expect(done.output.contains("xamples:"), "\(name) has no examples")
    let own = done.output.components(separatedBy: "\nUSAGE:")[0]
    // The first line is one sentence, which a narrow terminal may wrap.
    for line in own.split(separator: "\n").dropFirst() {
      #expect(line.count <= 79, "\(name): a terminal of 80 columns breaks this line: \(line)")
    }
    seen.append(command)
    for next in subcommands(done.output) where next != "help" {
      try visit(command + [next], in: scratch, &seen)
    }
  }

  @Test func `every command explains itself, with examples, in 80 columns`() throws {
    var seen: [[String]] = []
    try visit([], in: Scratch(), &seen)
    for known in [["run"], ["runs", "resume"], ["sweep", "task"], ["new", "probe"], ["serve"]] {
      #expect(seen.contains(known), "\(seen)")
    }
  }
}
