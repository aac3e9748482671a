// Run folders are the truth about what was run: plain files that a person can read, copy and diff.
// An index over them comes later and can always be rebuilt.

import Foundation
import Metrics
import Repro

/// One run's folder.
///
/// | file            | written                                            |
/// |-----------------|----------------------------------------------------|
/// | `manifest.json` | first, before anything is computed; again at the end |
/// | `script.lua`    | with it, a copy of what was run                    |
/// | `events.jsonl`  | as the run goes, one JSON value per line           |
/// | `result.json`   | after each seed; whole or not at all               |
/// | `report.html`   | at the end                                         |
/// | `tags.json`     | when the user tags the run                         |
/// | `changes.patch` | at the start, when the user's project differs from its commit |
/// | `checkpoints/`  | trainings of seeds that are not complete; gone with the seed |
public struct Run: Equatable, Sendable {
  /// The folder.
  public let path: String

  /// Opens a run's folder; nothing is read yet.
  public init(path: String) { self.path = path }

  /// The folder's name, unique and sortable by time.
  public var name: String {
    var all = path.utf8[...]
    while all.count > 1, all.last == UInt8(ascii: "/") { all.removeLast() }
    // By bytes: lists ask for thousands of names.
    guard let slash = all.lastIndex(of: UInt8(ascii: "/")) else { return String(Substring(all)) }
    return String(Substring(all[all.index(after: slash)...]))
  }
  /// The manifest's file.
  public var manifestPath: String { path + "/manifest.json" }
  /// The script's copy.
  public var scriptPath: String { path + "/script.lua" }
  /// The event log.
  public var eventsPath: String { path + "/events.jsonl" }
  /// The result's file.
  public var resultPath: String { path + "/result.json" }
  /// The tags' file.
  public var tagsPath: String { path + "/tags.json" }
  /// The changes to the user's project since its commit.
  public var patchPath: String { path + "/changes.patch" }
  /// Where the trainings of a seed under way are kept.
  public var checkpointsPath: String { path + "/checkpoints" }
  /// Held by the process that works on the run.
  public var lockPath: String { path + "/.lock" }
  /// The report's file.
  public var reportPath: String { path + "/report.html" }

  /// Reads the manifest.
  ///
  /// - Throws: ``RunStoreError`` when it is missing or damaged.
  public func manifest() throws -> Manifest { try Manifest.read(manifestPath) }

  /// Reads the result.
  ///
  /// - Throws: ``RunStoreError`` when it is missing or damaged.
  public func result() throws -> ExperimentResult { try ExperimentResult.read(resultPath) }

  /// Writes the result, replacing an earlier one as a whole.
  ///
  /// - Throws: `FileWriteError` when it cannot be written; the earlier one stays.
  public func write(_ result: ExperimentResult) throws { try result.write(to: resultPath) }

  /// Writes the report.
  ///
  /// - Throws: `FileWriteError` when it cannot be written.
  public func writeReport(_ html: String) throws { try AtomicFile.write(html, to: reportPath) }

  /// Opens the event log for appending.
  ///
  /// - Throws: ``RunStoreError`` when it cannot be opened.
  public func openEvents() throws -> EventLog { try EventLog(path: eventsPath) }

  /// Reads all events; see ``EventLog/read(_:)``.
  ///
  /// - Throws: ``RunStoreError`` when the log is missing.
  public func events() throws -> EventLog.Contents { try EventLog.read(eventsPath) }
}

/// A folder of runs, `runs/` by custom. Several processes may create runs in it at once.
public struct RunStore: Sendable {
  /// The folder that holds the runs.
  public let root: String
  private let clock: @Sendable () -> Date

  /// Opens a store; its folder is made with the first run.
  ///
  /// - Parameter clock: Tells the time in folder names.
  public init(root: String, clock: @escaping @Sendable () -> Date = { Date() }) {
    (self.root, self.clock) = (root, clock)
  }

  /// Creates a run's folder with its manifest and script.
  ///
  /// - Throws: ``RunStoreError`` when the folder cannot be made, `FileWriteError` when a file cannot.
  public func create(_ manifest: Manifest, script: String? = nil) throws -> Run {
    var generator = SystemRandomNumberGenerator()
    return try create(manifest, script: script, using: &generator)
  }

  /// `mkdir` fails when the name is taken, so of two processes with one name, one tries another.
  package func create(
    _ manifest: Manifest, script: String?, using generator: inout some RandomNumberGenerator
  ) throws -> Run {
    do {
      try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    } catch {
      throw RunStoreError.cannotCreate(path: root, reason: AtomicFile.reason(of: error))
    }
    for _ in 0..<100 {
      let name = RunName.make(
        time: clock(), experiment: manifest.experiment, using: &generator)
      let run = Run(path: root + "/" + name)
      if mkdir(run.path, 0o755) == 0 {
        try AtomicFile.write(manifest.json.pretty, to: run.manifestPath)
        if let script { try AtomicFile.write(script, to: run.scriptPath) }
        return run
      }
      guard errno == EEXIST else {
        throw RunStoreError.cannotCreate(path: run.path, reason: String(cString: strerror(errno)))
      }
    }
    throw RunStoreError.cannotCreate(path: root, reason: "a hundred names in a row are taken")
  }

  /// All runs, oldest first: every folder with a manifest.
  ///
  /// - Throws: ``RunStoreError`` when the store exists and cannot be listed.
  public func runs() throws -> [Run] {
    let manager = FileManager.default
    guard manager.fileExists(atPath: root) else { return [] }
    let names: [String]
    do {
      names = try manager.contentsOfDirectory(atPath: root)
    } catch {
      throw RunStoreError.unreadable(path: root, reason: AtomicFile.reason(of: error))
    }
    return names.sorted().map { Run(path: root + "/" + $0) }
      .filter { manager.fileExists(atPath: $0.manifestPath) }
  }
}
