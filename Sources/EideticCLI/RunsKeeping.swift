// `eidetic runs tag` and `rm`.

import ArgumentParser
import Foundation
import Repro
import RunStore

struct RunsTag: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tag", abstract: "Put words on a run, or take them away.",
    discussion: """
      Tags stand in the run's tags.json. Without words the tags are printed.

      Examples:
        eidetic runs tag 0C5K9QXW final figure-2
        eidetic runs tag 0C5K9QXW final --remove
        eidetic runs list --where 'tags.final'
      """)

  @Argument(help: ArgumentHelp("The run.", valueName: "run")) var name: String
  @Argument(help: "Words of letters, digits, '-', '_' and '.'.") var words: [String] = []
  @Flag(help: "Take the words away.") var remove = false
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var root: RootOption

  func validate() throws {
    for word in words where word.wholeMatch(of: #/[\p{L}\p{N}_][\p{L}\p{N}_.\-]{0,63}/#) == nil {
      throw ValidationError(
        "'\(word)' is no tag: expected up to 64 letters, digits, '-', '_' and '.'")
    }
    if remove, words.isEmpty { throw ValidationError("--remove: which words?") }
  }

  func run() throws {
    let run = try root.find(name)
    let tags = try failing {
      if words.isEmpty { return try run.tags() }
      return try run.tag(adding: remove ? [] : words, removing: remove ? words : [])
    }
    if json { return print(JSON.array(tags.map { .string($0) }).canonical) }
    print("\(run.name): \(tags.isEmpty ? "no tags" : tags.joined(separator: " "))")
  }
}

struct RunsRemove: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rm", abstract: "Remove run folders with everything in them.",
    discussion: """
      Asks first, on a terminal; elsewhere --yes is needed. A folder that is no run's
      and a run that a process works on are refused, and then nothing is removed.

      Examples:
        eidetic runs rm 0C5K9QXW
        eidetic runs rm 20260131T120000Z 20260131T130000Z --yes
      """)

  @Argument(help: "The runs.") var runs: [String]
  @Flag(help: "Do not ask.") var yes = false
  @OptionGroup var root: RootOption

  func run() throws {
    let found = try root.find(runs)
    for run in found {
      if let reason = run.reasonNotToRemove {
        throw Failure(code: 1, "error: \(run.path) is not removed: \(reason)")
      }
    }
    if !yes { try ask(found) }
    for run in found {
      try failing { try run.remove() }
      print("removed \(run.path)")
    }
  }

  private func ask(_ found: [Run]) throws {
    guard isatty(STDIN_FILENO) == 1 else {
      throw Failure(code: 2, "error: nobody to ask; --yes removes without asking")
    }
    for run in found {
      let summary = RunSummary(reading: run)
      print("\(run.path)  \(summary.state.rawValue), \(Number.bytes(summary.size))")
    }
    let what = found.count == 1 ? "this run" : "these \(found.count) runs"
    print("remove \(what)? [y/N] ", terminator: "")
    fflush(nil)
    guard ["y", "yes"].contains(readLine()?.lowercased()) else {
      throw Failure(code: 1, "nothing is removed")
    }
  }
}
