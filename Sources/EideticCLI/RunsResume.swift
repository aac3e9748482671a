// `eidetic runs resume`: a run that was stopped goes on in its folder, to the bits of one that was
// not.

import ArgumentParser
import Bindings
import Foundation
import Repro
import RunStore

struct RunsResume: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Go on with a run that was interrupted, killed, or failed for want of space or time.",
    discussion: """
      Command, parameters and seeds come from the run's manifest. Complete seeds are
      not done again; of the seed that was under way, trainings go on where they were
      kept (checkpoints/ in the run's folder), and the rest of the script is
      repeated. The result has the same bits as that of a run that was never stopped.
      A run whose script has changed is refused; --force goes on with the run's own
      copy, which does not find modules that stood beside the script.

      Examples:
        eidetic runs resume 0C5K9QXW
        eidetic runs resume results/cross-modal
      """)

  @Argument(help: ArgumentHelp("The run.", valueName: "run")) var name: String
  @Flag(help: "Go on with the run's own copy of the script where the script has changed.")
  var force = false
  @OptionGroup var root: RootOption

  func run() throws {
    let run = try root.find(name).absolute
    try checkState(of: run)
    let manifest = try failing { try run.bestManifest() }
    var command = try manifest.runCommand(of: run)
    checkVersions(manifest)
    manifest.enterFolder()
    if try !isPartOfStudy(run, command) {
      command.file = try script(of: run, manifest, named: command.file)
      command.out = run.path
      command.seeds = SeedList(values: manifest.seeds)
    }
    try command.run(as: manifest.command)
  }

  private func checkState(of run: Run) throws {
    let summary = RunSummary(reading: run)
    switch summary.state {
    case .unfinished, .failed: return
    case .complete:
      throw Failure(
        code: 2,
        "error: \(run.name) is complete; eidetic runs rerun \(name) does it once more")
    case .running: throw Failure(code: 1, "error: another process works on \(run.name)")
    case .broken, .foreign:
      throw Failure(code: 1, "error: \(run.path) is broken: \(summary.reason ?? "")")
    }
  }

  private func checkVersions(_ manifest: Manifest) {
    if manifest.blas != Workbench.products {
      printError(
        "note: products by \(manifest.blas) then, \(Workbench.products) now; bits may differ")
    }
  }

  /// Of a study each experiment has its folder; the study's own command goes on with all of them.
  private func isPartOfStudy(_ run: Run, _ command: RunCommand) throws -> Bool {
    let above = URL(fileURLWithPath: run.path).deletingLastPathComponent()
    let isPart =
      if let out = command.out {
        absolute(out) == above.path && above.path != run.path
      } else {
        above.deletingLastPathComponent().path == absolute("runs")
      }
    guard isPart, let copy = run.scriptText, try text(command.file) != copy else { return false }
    printError("note: \(run.name) is a part of the study \(command.file), which goes on")
    return true
  }

  private func text(_ file: String) throws -> String? {
    try? String(contentsOfFile: file, encoding: .utf8)
  }

  private func script(of run: Run, _ manifest: Manifest, named file: String) throws -> String {
    let (copy, now) = (run.scriptText, try text(file))
    if let now, SHA256.hex(now) == manifest.scriptHash ?? copy.map({ SHA256.hex($0) }) {
      return file
    }
    guard let copy else {
      throw Failure(code: 1, "error: \(run.name) has no copy of its script, so none can go on")
    }
    if force {
      printError("note: going on with the run's copy of \(file)")
      return run.scriptPath
    }
    let cause =
      now.map { "has changed since:\n" + Self.changes(from: copy, to: $0) } ?? "is gone"
    throw Failure(
      code: 1,
      "error: \(file) \(cause)\n--force goes on with the run's own copy of the script")
  }

  /// The first changed lines.
  private static func changes(from old: String, to new: String) -> String {
    let all = LineChange.changes(from: old, to: new)
    let shown = all.prefix(10).map { "  " + $0.description }
    return (shown + (all.count > 10 ? ["  and \(all.count - 10) further lines"] : []))
      .joined(separator: "\n")
  }
}
