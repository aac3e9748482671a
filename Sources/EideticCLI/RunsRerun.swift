// `eidetic runs rerun`: the same script, parameters and seeds once more, and whether the same came
// out of it.

import ArgumentParser
import Bindings
import Foundation
import Repro
import RunStore

struct RunsRerun: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rerun",
    abstract: "Do a run once more: same script, same parameters, same seeds, a folder of its own.",
    discussion: """
      Command, parameters and seeds come from the run's manifest, and the command is
      called in the folder where it was called. When the script has changed since, or
      is gone, the run's own copy is run, which does not find modules that stood
      beside the script; --current runs the script as it is now. In the end it is
      said whether data and numbers are the same.

      Examples:
        eidetic runs rerun 0C5K9QXW
        eidetic runs rerun 0C5K9QXW --out again
        eidetic runs rerun 0C5K9QXW --current
      """)

  @Argument(help: ArgumentHelp("The run.", valueName: "run")) var name: String
  @Flag(help: "Run the script as it is now.") var current = false
  @Option(help: "The new run's folder; by default a new one below --root.", completion: .directory)
  var out: String?
  @OptionGroup var root: RootOption

  func run() throws {
    let run = try root.find(name).absolute
    let manifest = try failing { try run.bestManifest() }
    var command = try manifest.runCommand(of: run)
    let (rootFolder, outFolder) = (absolute(root.root), out.map(absolute))
    manifest.enterFolder()
    let file = command.file
    command.file = try script(of: run, manifest, named: file)
    command.out = outFolder
    command.seeds = SeedList(values: manifest.seeds)
    tellChanges(manifest)
    let new = try command.run(
      as: Self.command(manifest.command, script: file, by: command.file, out: outFolder),
      runsFolder: rootFolder)
    guard let new else { return }
    for line in try failing({ try Verdict(run, Run(path: new)).lines }) { print(line) }
  }

  private func script(of run: Run, _ manifest: Manifest, named file: String) throws -> String {
    guard let copy = run.scriptText else {
      printError("note: the run has no copy of its script; \(file) is run as it is")
      return file
    }
    let then = manifest.scriptHash ?? SHA256.hex(copy)
    let now = (try? String(contentsOfFile: file, encoding: .utf8)).map { SHA256.hex($0) }
    if now == then { return file }
    if current {
      guard let now else { throw Failure(code: 2, "error: --current: cannot read \(file)") }
      printError(
        "note: \(file) has changed since (SHA-256 \(then.prefix(12)), now \(now.prefix(12)))")
      return file
    }
    printError(
      now.map {
        "note: \(file) has changed since (SHA-256 \(then.prefix(12)), now \($0.prefix(12))); "
          + "running the run's copy"
      } ?? "note: \(file) is gone; running the run's copy")
    return run.scriptPath
  }

  private func tellChanges(_ manifest: Manifest) {
    for (name, version) in Workbench.versions.sorted(by: { $0.key < $1.key }) {
      if let then = manifest.versions[name], then != version {
        printError("note: \(name) \(then) then, \(version) now; numbers may differ")
      }
    }
    if manifest.blas != Workbench.products {
      printError(
        "note: products by \(manifest.blas) then, \(Workbench.products) now; bits may differ")
    }
  }

  /// The command that makes the new run again: of the old one's words the script's and the folder's
  /// are replaced.
  private static func command(
    _ words: [String], script old: String, by new: String, out: String?
  ) -> [String] {
    let options = words.prefix { $0 != "--" }
    var result: [String] = []
    var isFolder = false
    for word in options {
      if isFolder {
        isFolder = false
      } else if word == "--out" {
        isFolder = true
      } else if !word.hasPrefix("--out=") {
        result.append(word)
      }
    }
    if let place = result.dropFirst(2).firstIndex(of: old) { result[place] = new }
    return result + (out.map { ["--out", $0] } ?? []) + words.dropFirst(options.count)
  }
}

/// Whether two runs gave the same.
private struct Verdict {
  let lines: [String]

  init(_ earlier: Run, _ later: Run) throws {
    guard FileManager.default.fileExists(atPath: earlier.resultPath) else {
      lines = ["\(earlier.name) has no result to compare with"]
      return
    }
    let (old, new) = (try earlier.result(), try later.result())
    var lines: [String] = []
    if old.manifest.parameters != new.manifest.parameters {
      lines.append("parameters differ: the script's defaults have changed")
    }
    lines.append(
      old.manifest.dataHash == new.manifest.dataHash
        ? "data: the same (\(new.manifest.dataHash.prefix(12)))"
        : "data: \(old.manifest.dataHash.prefix(12)) then, \(new.manifest.dataHash.prefix(12)) now")
    let seeds = Set(old.seeds).intersection(new.seeds)
    let (a, b) = (Self.answers(old, seeds), Self.answers(new, seeds))
    let differing = Set(a.keys).union(b.keys).count { a[$0] != b[$0] }
    lines.append(
      differing == 0
        ? "outcomes: all \(a.count) the same, to the bit"
        : "outcomes: \(differing) of \(max(a.count, b.count)) differ; "
          + "eidetic runs compare \(earlier.name) \(later.name)")
    self.lines = lines
  }

  private struct Question: Hashable {
    let seed: Int, persona: Int
    let cell: String
  }

  private struct Answer: Equatable {
    let bits: UInt64
    let text: String?
  }

  private static func answers(
    _ result: ExperimentResult, _ seeds: Set<Int>
  ) -> [Question: Answer] {
    var found: [Question: Answer] = [:]
    for outcome in result.outcomes where seeds.contains(outcome.seed) {
      found[
        Question(seed: outcome.seed, persona: outcome.persona, cell: "\(outcome.cell)")] = Answer(
          bits: outcome.value.bitPattern, text: outcome.answer)
    }
    return found
  }
}
