// The index as a file: how it is opened, brought to this version's form, and replaced.

import Foundation
import GRDB
import Repro
import RunStore

/// An SQLite file at a path.
struct IndexFile {
  let path: String

  /// Opens the file, ready for use.
  ///
  /// - Throws: ``RunIndexError``.
  func open() throws -> DatabaseQueue {
    do {
      return try ready()
    } catch let error as DatabaseError {
      guard Self.isBroken(error) else { throw RunIndexError(path, error) }
      return try replaced()
    }
  }

  private func ready() throws -> DatabaseQueue {
    if FileManager.default.fileExists(atPath: path) {
      let queue = try DatabaseQueue(path: path, configuration: Self.configuration)
      if try isCurrent(queue) { return queue }
    }
    // Of several processes that find no index, or an old one, one makes it.
    return try locked { try migrated() }
  }

  /// - Throws: ``RunIndexError`` when a later version migrated the file further.
  private func isCurrent(_ queue: DatabaseQueue) throws -> Bool {
    let known = Self.migrator.migrations
    let applied = try queue.read { try Self.migrator.appliedIdentifiers($0) }
    let unknown = applied.subtracting(known)
    if unknown.contains(where: { Int($0.prefix { $0 != ":" }) ?? 0 > known.count }) {
      throw RunIndexError.newer(path: path)
    }
    // No version of this program wrote such a name.
    guard unknown.isEmpty else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
    return applied.isSuperset(of: known)
  }

  private func migrated() throws -> DatabaseQueue {
    let queue = try DatabaseQueue(path: path, configuration: Self.configuration)
    if try !isCurrent(queue) {
      // Kept in the file: readers do not wait for writers, writers not for readers.
      try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
      try Self.migrator.migrate(queue)
    }
    return queue
  }

  /// Puts a new file in the place of a broken one.
  ///
  /// - Throws: ``RunIndexError``.
  func replaced() throws -> DatabaseQueue {
    do {
      return try locked {
        // Another process may have replaced it while this one waited.
        if let queue = try? migrated(), (try? Self.isWhole(queue)) == true { return queue }
        try deleteFiles()
        return try migrated()
      }
    } catch let error as DatabaseError { throw RunIndexError(path, error) }
  }

  /// Removes the file.
  ///
  /// - Throws: ``RunIndexError`` when the folder does not let go of it.
  func remove() throws { try locked { try deleteFiles() } }

  private func deleteFiles() throws {
    for file in [path, path + "-wal", path + "-shm"] where unlink(file) != 0 && errno != ENOENT {
      throw RunIndexError.unusable(path: path, reason: String(cString: strerror(errno)))
    }
  }

  private static func isWhole(_ queue: DatabaseQueue) throws -> Bool {
    try queue.read { db in
      _ = try Entry.all(db)
      return try String.fetchOne(db, sql: "PRAGMA quick_check(1)") == "ok"
    }
  }

  private func locked<T>(_ body: () throws -> T) throws -> T {
    let lock: FileLock
    do { lock = try FileLock.wait(path + ".lock") {} } catch {
      throw RunIndexError.unusable(path: path, reason: "\(error)")
    }
    return try withExtendedLifetime(lock, body)
  }

  /// Whether the file is none of SQLite's, damaged, or holds other tables than it should.
  static func isBroken(_ error: DatabaseError) -> Bool {
    [
      .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_ERROR, .SQLITE_FORMAT, .SQLITE_SCHEMA,
      // A damaged head can say that the file is for reading only, a damaged row have no value.
      .SQLITE_READONLY, .SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_TOOBIG,
    ].contains(error.resultCode)
  }

  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.label = "runs"
    configuration.busyMode = .timeout(60)
    configuration.prepareDatabase { db in
      // What a power cut takes from an index can be read from the folders again.
      try db.execute(sql: "PRAGMA synchronous = NORMAL")
      // A list reads the whole file; mapped, it is copied once less.
      try db.execute(sql: "PRAGMA mmap_size = 268435456")
    }
    return configuration
  }

  /// A migration is never changed, only followed by another.
  static let migrator: DatabaseMigrator = {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1: runs") { db in
      try db.create(table: "run") { table in
        table.primaryKey("name", .text)
        table.column("fingerprint", .blob).notNull()
        table.column("summary", .blob).notNull()
        table.column("state", .text).notNull()
        table.column("experiment", .text)
        table.column("time", .integer)
        table.column("recall", .double)
        table.column("low", .double)
        table.column("high", .double)
        table.column("size", .integer).notNull()
      }
    }
    migrator.registerMigration("2: seconds and commit") { db in
      try db.alter(table: "run") { table in
        table.add(column: "seconds", .double)
        table.add(column: "git_commit", .text)
      }
      // Their summaries lack both; the folders have them.
      try db.execute(sql: "DELETE FROM run")
    }
    return migrator
  }()
}
