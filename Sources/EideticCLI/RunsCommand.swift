// `eidetic runs`: what has been run, from the run folders.

import ArgumentParser
import Bindings
import Foundation
import Reporting
import Repro
import RunIndex
import RunStore

struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs", abstract: "List, show, compare, resume, repeat, tag, export and remove runs.",
    discussion: """
      A run is named by its folder, by its name below --root, or by any part of the
      name that fits only one run, such as the last eight letters.

      Examples:
        eidetic runs list --where 'params.views > 5 and recall > 0.9'
        eidetic runs show 0C5K9QXW
        eidetic runs compare 0C5K9QXW 7M2TPA1Z
        eidetic runs resume 0C5K9QXW
      """,
    subcommands: [
      RunsList.self, RunsShow.self, RunsCompare.self, RunsTag.self, RunsRemove.self,
      RunsExport.self, RunsGarbage.self, RunsResume.self, RunsRerun.self, RunsIndex.self,
    ])
}

/// Where runs are looked for.
struct RootOption: ParsableArguments {
  @Option(
    help: ArgumentHelp("The folder that holds the runs.", valueName: "dir"),
    completion: .directory)
  var root: String = "runs"

  var catalog: RunCatalog { RunCatalog(root: root) }

  /// Where the index stands; `nil` when there is no place for one.
  var indexPath: String? {
    IndexPlace.path(root: root, cacheFolder: Workbench.defaultCacheFolder)
  }

  /// All runs, through the index where there can be one.
  func summaries() throws -> [RunSummary] {
    try failing {
      guard let indexPath else { return try catalog.summaries() }
      do {
        return try RunIndex(root: root, path: indexPath).summaries()
      } catch let error as RunIndexError {
        printError("note: \(error); the folders are read instead")
        return try catalog.summaries()
      }
    }
  }

  /// Tells the index of a run that has just ended. Nothing depends on it: a list reads what the
  /// index does not know.
  ///
  /// - Parameter isInStore: Whether the run stands in a folder of runs; beside a folder that the
  ///   user named, an index is kept up to date but not made.
  static func note(_ run: Run, isInStore: Bool) {
    let whole = URL(fileURLWithPath: run.path).standardizedFileURL
    let root = whole.deletingLastPathComponent().path
    guard FileManager.default.fileExists(atPath: run.manifestPath),
      let path = IndexPlace.path(root: root, cacheFolder: Workbench.defaultCacheFolder),
      isInStore || FileManager.default.fileExists(atPath: path)
    else { return }
    try? RunIndex(root: root, path: path).note(Run(path: whole.path))
  }

  /// - Throws: ``Failure`` of bad usage with the candidates.
  func find(_ text: String) throws -> Run {
    do { return try catalog.run(text) } catch { throw Failure(code: 2, "error: \(error)") }
  }

  /// Of a run named twice the first counts.
  func find(_ texts: [String]) throws -> [Run] {
    var found: [Run] = []
    for text in texts {
      let run = try find(text)
      if !found.contains(where: { $0.canonicalPath == run.canonicalPath }) { found.append(run) }
    }
    return found
  }
}

extension Run {
  fileprivate var canonicalPath: String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().path
  }

  /// The copy of the script.
  var scriptText: String? { try? String(contentsOfFile: scriptPath, encoding: .utf8) }

  /// The result, or the reason why there is none.
  func resultOrFailure() throws -> ExperimentResult {
    guard FileManager.default.fileExists(atPath: resultPath) else {
      throw Failure(
        code: 1, "error: \(path) has no result yet: no seed is done; see eidetic runs show")
    }
    return try failing { try result() }
  }
}

/// Turns every error into a failure of the work.
func failing<T>(_ body: () throws -> T) throws -> T {
  do { return try body() } catch let failure as Failure { throw failure } catch {
    throw Failure(error)
  }
}

/// In which form a table is printed.
struct TableOptions: ParsableArguments {
  @Flag(help: "Print JSON.")
  var json = false

  @Flag(help: "Print CSV.")
  var csv = false

  @Flag(help: "Print a Markdown table.")
  var markdown = false

  @Flag(help: "Print a LaTeX table; needs the package booktabs.")
  var latex = false

  func validate() throws {
    if [json, csv, markdown, latex].count(where: { $0 }) > 1 {
      throw ValidationError("choose one of --json, --csv, --markdown and --latex")
    }
  }

  var style: DataTable.Style { csv ? .csv : markdown ? .markdown : latex ? .latex : .plain }
}
