// An index over the folders of a store. The folders are the truth: the index remembers what each
// said and when, and can be thrown away at any time.

import Foundation
import GRDB
import Repro
import RunStore
import Synchronization

/// Summaries of a store's runs, remembered in an SQLite file.
///
/// Any number of processes may use one index at once. An entry counts only while the folder's files
/// are as they were when it was made; everything else is read from the folder and remembered.
public final class RunIndex: Sendable {
  /// The folder that holds the runs.
  public let root: String
  /// The index file.
  public let path: String
  private let database: Mutex<DatabaseQueue>

  /// Opens the index of a store, making or migrating it where needed; a broken file is replaced.
  ///
  /// - Parameter path: The file; see ``IndexPlace``.
  /// - Throws: ``RunIndexError``: a newer version's index is left alone.
  public init(root: String, path: String) throws {
    (self.root, self.path) = (root, path)
    database = Mutex(try IndexFile(path: path).open())
  }

  /// What a look at the whole store did.
  public struct Update: Equatable, Sendable {
    /// How many folders there are.
    public internal(set) var folders = 0
    /// How many of them were read, because they were new or changed.
    public internal(set) var read = 0
    /// How many entries went because their folders are gone.
    public internal(set) var removed = 0
  }

  /// Every folder below the root, as ``RunCatalog/summaries()`` gives them.
  ///
  /// - Throws: ``RunStoreError`` when the root cannot be listed, ``RunIndexError``.
  public func summaries() throws -> [RunSummary] { try refreshed().summaries }

  /// The same, with what it took.
  ///
  /// - Throws: ``RunStoreError`` when the root cannot be listed, ``RunIndexError``.
  public func refreshed() throws -> (summaries: [RunSummary], update: Update) {
    // Entries before folders: a run that appears in between is not taken for gone.
    let entries = try perform { try $0.read(Entry.all) }
    let fresh = Collected()
    let summaries = try RunCatalog(root: root) {
      let parts = CommonParts()
      return { run in
        let entry = entries[run.name]
        let fingerprint = Fingerprint(of: run, before: entry?.fingerprint)
        if let entry, entry.fingerprint == fingerprint.bytes,
          let known = RunSummary(packed: entry.summary, of: run, parts)
        {
          return known
        }
        let summary = RunSummary(reading: run)
        let new = Entry(summary, fingerprint)
        if new.differs(from: entry) { fresh.entries.withLock { $0.append(new) } }
        return summary
      }
    }.summaries()
    let there = Set(summaries.map(\.name))
    let gone = entries.keys.filter { !there.contains($0) }
      .filter { !FileManager.default.fileExists(atPath: root + "/" + $0) }
    let new = fresh.entries.withLock { $0 }
    if !new.isEmpty || !gone.isEmpty {
      try perform { try $0.write { try Self.store(new, removing: gone, in: $0) } }
    }
    return (
      summaries, Update(folders: summaries.count, read: new.count, removed: gone.count)
    )
  }

  /// Remembers a run whose files its process has just written, so that no later list need read them.
  ///
  /// - Throws: ``RunIndexError``.
  public func note(_ run: Run) throws {
    var fingerprint = Fingerprint(of: run)
    if !fingerprint.isSettled {
      usleep(Fingerprint.tick)
      fingerprint = Fingerprint(of: run)
    }
    let entry = Entry(RunSummary(reading: run), fingerprint)
    try perform { try $0.write { try Self.store([entry], removing: [], in: $0) } }
  }

  /// Throws everything away and reads all folders.
  ///
  /// - Throws: ``RunStoreError`` when the root cannot be listed, ``RunIndexError``.
  public static func rebuild(root: String, path: String) throws -> Update {
    try IndexFile(path: path).remove()
    return try RunIndex(root: root, path: path).refreshed().update
  }

  private static func store(_ entries: [Entry], removing gone: [String], in db: Database) throws {
    for entry in entries { try entry.store(in: db) }
    for name in gone { try db.execute(sql: "DELETE FROM run WHERE name = ?", arguments: [name]) }
  }

  /// Does the work; when the file turns out to be broken, once more with a new one.
  private func perform<T: Sendable>(_ work: (DatabaseQueue) throws -> T) throws -> T {
    try database.withLock { database in
      do {
        return try work(database)
      } catch let error as DatabaseError where IndexFile.isBroken(error) {
        do {
          database = try IndexFile(path: path).replaced()
          return try work(database)
        } catch let error as DatabaseError { throw RunIndexError(path, error) }
      } catch let error as DatabaseError { throw RunIndexError(path, error) }
    }
  }
}

/// Entries that several threads make.
private final class Collected: Sendable {
  let entries = Mutex<[Entry]>([])
}

/// Why an index cannot be used. Runs can be listed without one.
public enum RunIndexError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A later version wrote the file.
  case newer(path: String)
  /// The file cannot be read or written.
  case unusable(path: String, reason: String)

  init(_ path: String, _ error: DatabaseError) {
    self = .unusable(path: path, reason: error.message ?? "SQLite error \(error.resultCode)")
  }

  /// One line: file, cause, next step.
  public var description: String {
    switch self {
    case .newer(let path):
      "the index \(path) was written by a later version; update eidetic, "
        + "or make it again with this one: eidetic runs index --rebuild"
    case .unusable(let path, let reason): "the index \(path) cannot be used: \(reason)"
    }
  }
}
