// `eidetic runs gc`.

import ArgumentParser
import Bindings
import Foundation
import Reporting
import Repro
import RunStore

struct RunsGarbage: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gc", abstract: "Show what can be removed, and with --yes remove it.",
    discussion: """
      What can go: runs of which no seed is done, of which no training is kept (see
      runs resume) and that no process works on, and what crashes left behind; with
      --where also complete runs that the expression chooses (see runs list). Runs
      with tags stay, and so does what changed within the last hour.

      Examples:
        eidetic runs gc
        eidetic runs gc --older-than 7 --yes
        eidetic runs gc --where 'recall < 0.1 and experiment == "pilot"'
      """)

  @Flag(help: "Remove it.") var yes = false

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp("Also runs for which this Lua expression holds.", valueName: "expr"))
  var condition: String?

  @Option(
    help: ArgumentHelp(
      "Only what has not changed for this many days; by default an hour.", valueName: "days"))
  var olderThan: Double?

  @OptionGroup var form: TableOptions
  @OptionGroup var root: RootOption

  func validate() throws {
    if let olderThan, !(olderThan >= 0 && olderThan < 1e5) {
      throw ValidationError("--older-than \(olderThan): expected days, 0 or more")
    }
  }

  func run() throws {
    guard FileManager.default.fileExists(atPath: root.root) else {
      throw Failure(code: 2, "error: there is no folder \(root.root)")
    }
    let runs = try root.summaries()
    let chosen = try condition.map { condition -> Set<String> in
      do { return Set(try RunFilter(condition).matching(runs).map(\.name)) } catch {
        throw Failure(code: 2, "error: \(error)")
      }
    }
    let found = try failing {
      try Garbage.find(in: root.root, runs, olderThan: olderThan.map { $0 * 86400 } ?? 3600) {
        chosen?.contains($0.name) == true
      }
    }
    if form.json {
      print(JSON.array(found.map(\.json)).canonical)
    } else if !found.isEmpty || form.style != .plain {
      let table = DataTable(
        columns: ["what", "why", "size"],
        rows: found.map { [$0.path, $0.reason, form.csv ? "\($0.size)" : Number.bytes($0.size)] })
      print(table.text(form.style), terminator: "")
    }
    try remove(found)
  }

  private func remove(_ found: [Garbage]) throws {
    guard !found.isEmpty else { return say("nothing to remove") }
    let size = Number.bytes(found.reduce(0) { $0 + $1.size })
    guard yes else { return say("\(found.count) to remove, \(size); --yes removes them") }
    for item in found { try failing { try item.remove() } }
    say("removed \(found.count), \(size)")
  }

  /// For people beside the table; programs read standard output alone.
  private func say(_ text: String) {
    if form.style == .plain, !form.json { print(text) } else { printError(text) }
  }
}

extension Garbage {
  fileprivate var json: JSON {
    ["path": .string(path), "reason": .string(reason), "size": .integer(size)]
  }
}
