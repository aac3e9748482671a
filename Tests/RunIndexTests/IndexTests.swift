// The index says what the folders say, whatever happens to them or to its own file.

import Foundation
import GRDB
import Metrics
import Repro
import RunIndex
import RunStore
import Testing

@Suite struct IndexTests {
  // MARK: The same as the folders

  @Test func `the index gives what the folders give and reads only what changed`() async throws {
    try await withStore { store in
      for index in 0..<6 { try store.add("run-\(index)", recall: 0.1 * Double(index)) }
      try store.add("begun", recall: nil)
      try FileManager.default.createDirectory(
        atPath: store.root + "/none", withIntermediateDirectories: true)
      try store.age()
      let index = try store.index()
      let first = try index.refreshed()
      #expect(first.update.folders == 8 && first.update.read == 8)
      #expect(first.summaries == (try RunCatalog(root: store.root).summaries()))
      let second = try store.index().refreshed()
      #expect(second.update.folders == 8 && second.update.read == 0)
      #expect(second.summaries == first.summaries)
    }
  }

  @Test func `a changed, new or removed folder is noticed`() async throws {
    try await withStore { store in
      for index in 0..<4 { try store.add("run-\(index)", recall: 0.5) }
      try store.age()
      _ = try store.index().refreshed()
      func expectRead(_ count: Int, removed: Int = 0, _ change: () throws -> Void) throws {
        try change()
        let found = try store.index().refreshed()
        #expect(found.update.read == count && found.update.removed == removed)
        #expect(found.summaries == (try RunCatalog(root: store.root).summaries()))
        try store.age()
        // What changed a moment ago is looked at once more, then believed.
        _ = try store.index().refreshed()
        #expect(try store.index().refreshed().update.read == 0)
      }
      try expectRead(1) { try store.add("later", recall: 0.9) }
      try expectRead(1) { try store.run("run-0").tag(adding: ["final"]) }
      try expectRead(1) {
        try store.run("run-1").openEvents().append(["event": "failed", "message": "later"])
      }
      try expectRead(1) { try store.add("run-2", recall: 1) }
      try expectRead(1) {
        try AtomicFile.write("{", to: store.run("run-3").resultPath)
      }
      try expectRead(0, removed: 1) { try store.run("run-0").remove() }
      try expectRead(1) {
        // Edited in place, of the same size.
        let path = store.run("run-1").manifestPath
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.write(contentsOf: Data(text.replacing("lab", with: "bal").utf8))
        try handle.close()
      }
    }
  }

  @Test func `a run that ends is noticed though no file changes`() async throws {
    try await withStore { store in
      try store.add("run", recall: nil)
      try store.age()
      var lock = try FileLock.take(store.run("run").lockPath)
      #expect(try store.index().summaries().map(\.state) == [.running])
      try store.age()
      #expect(try store.index().summaries().map(\.state) == [.running])
      withExtendedLifetime(lock) {}
      lock = nil
      #expect(try store.index().summaries().map(\.state) == [.unfinished])
    }
  }

  @Test func `a noted run need not be read again`() async throws {
    try await withStore { store in
      try store.add("run", recall: 0.5)
      try store.index().note(store.run("run"))
      #expect(try store.index().refreshed().update.read == 0)
    }
  }

  // MARK: Its own file

  @Test(arguments: [
    "no database at all, but long enough to be taken for one", "",
    "SQLite format 3\0garbage",
  ])
  func `a broken file is replaced`(text: String) async throws {
    try await withStore { store in
      try store.add("run", recall: 0.5)
      try store.age()
      _ = try store.index().refreshed()
      try store.deleteIndex()
      try Data(text.utf8).write(to: URL(fileURLWithPath: store.indexPath))
      let found = try store.index().refreshed()
      #expect(found.update.read == 1 && found.summaries.count == 1)
      #expect(try store.index().refreshed().update.read == 0)
    }
  }

  @Test func `damage in the middle of a file is repaired`() async throws {
    try await withStore { store in
      for index in 0..<40 { try store.add("run-\(index + 10)", recall: 0.5) }
      try store.age()
      _ = try store.index().refreshed()
      for suffix in ["-wal", "-shm"] { unlink(store.indexPath + suffix) }
      let size = try #require(
        FileManager.default.attributesOfItem(atPath: store.indexPath)[.size] as? Int)
      var draws = RandomStream(seed: 3)
      for _ in 0..<20 {
        let handle = try #require(FileHandle(forUpdatingAtPath: store.indexPath))
        try handle.seek(toOffset: UInt64(draws.int(below: size)))
        try handle.write(contentsOf: Data((0..<200).map { _ in UInt8(draws.int(below: 256)) }))
        try handle.close()
        #expect(
          try store.index().refreshed().summaries == RunCatalog(root: store.root).summaries())
      }
    }
  }

  @Test func `an older index is migrated`() async throws {
    try await withStore { store in
      try store.add("run", recall: 0.5)
      try store.age()
      // As the first version made it, with an entry in bytes that no later version reads.
      let queue = try DatabaseQueue(path: store.indexPath)
      try await queue.write { db in
        try db.execute(
          sql: """
            CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
            INSERT INTO grdb_migrations VALUES ('1: runs');
            CREATE TABLE run (
              name TEXT PRIMARY KEY NOT NULL, fingerprint BLOB NOT NULL, summary BLOB NOT NULL,
              state TEXT NOT NULL, experiment TEXT, time INTEGER, recall DOUBLE, low DOUBLE,
              high DOUBLE, size INTEGER NOT NULL);
            INSERT INTO run VALUES ('run', x'', x'00', 'complete', 's', 1, 0.5, 0.1, 0.9, 10);
            """)
      }
      try queue.close()
      #expect(try store.index().summaries() == RunCatalog(root: store.root).summaries())
      let after = try DatabaseQueue(path: store.indexPath)
      let seconds = try await after.read {
        try Double.fetchOne($0, sql: "SELECT seconds FROM run WHERE name = 'run'")
      }
      #expect(seconds == 30)
    }
  }

  @Test func `a newer index is refused and left alone`() async throws {
    try await withStore { store in
      try store.add("run", recall: 0.5)
      try store.age()
      _ = try store.index().refreshed()
      let queue = try DatabaseQueue(path: store.indexPath)
      try await queue.write {
        try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99: something later')")
      }
      try queue.close()
      let error = #expect(throws: RunIndexError.self) { try store.index() }
      #expect(error == .newer(path: store.indexPath))
      #expect(error?.description.contains("update eidetic") == true)
      #expect(throws: RunIndexError.self) { try store.index() }
      #expect(try RunIndex.rebuild(root: store.root, path: store.indexPath).read == 1)
      #expect(try store.index().refreshed().update.read == 0)
    }
  }

  @Test func `a folder that may not be written has its index elsewhere`() async throws {
    try await withStore { store in
      #expect(
        IndexPlace.path(root: store.root, cacheFolder: "/nowhere") == store.root + "/.index.sqlite")
      let other = IndexPlace.path(root: store.root + "/missing", cacheFolder: store.root + "/cache")
      #expect(other?.hasPrefix(store.root + "/cache/index/") == true)
    }
  }

  @Test func `sixteen users of one index lose no row`() async throws {
    try await withStore { store in
      DispatchQueue.concurrentPerform(iterations: 16) { writer in
        for index in 0..<4 {
          let name = "run-\(writer + 10)-\(index)"
          guard (try? store.add(name, recall: 0.5)) != nil else { continue }
          try? store.index().note(store.run(name))
          if index == 2 { _ = try? store.index().refreshed() }
        }
      }
      let found = try store.index().refreshed()
      #expect(found.update.folders == 64)
      #expect(found.summaries == (try RunCatalog(root: store.root).summaries()))
      try store.age()
      _ = try store.index().refreshed()
      #expect(try store.index().refreshed().update.read == 0)
    }
  }
}

/// A store of small runs.
struct SmallStore: Sendable {
  let root: String

  var indexPath: String { root + "/.index.sqlite" }

  func run(_ name: String) -> Run { Run(path: root + "/" + name) }

  func index() throws -> RunIndex { try RunIndex(root: root, path: indexPath) }

  func deleteIndex() throws {
    for suffix in ["", "-wal", "-shm"] { unlink(indexPath + suffix) }
  }

  /// Times of files tell changes apart after a tick of the clock.
  func age() throws { usleep(40_000) }

  func add(_ name: String, recall: Double?) throws {
    var manifest = Manifest(
      experiment: "study", command: ["eidetic", "run", "s.lua"], seeds: [0, 1], dataHash: "d",
      versions: ["eidetic": "1"], blas: "b", threads: 2, host: "lab",
      time: Date(timeIntervalSince1970: 1_769_860_800), parameters: ["views": "8", "base": "x"])
    manifest.directory = "/home/user"
    manifest.scriptHash = "abc"
    manifest.git = GitState(
      commit: "c0ffee", branch: "main", changedFiles: 1, untrackedFiles: 0, patchHash: "p")
    manifest.ending = Manifest.Ending(exitCode: 0, time: manifest.time + 30, seconds: 30)
    try AtomicFile.write(manifest.json.pretty, to: run(name).manifestPath)
    guard let recall else { return }
    let outcomes = (0..<2).flatMap { seed in
      (0..<10).map { id in
        Outcome(
          seed: seed, source: "image", target: "text", metric: "full_name", persona: id,
          value: Double(id) < recall * 10 ? 1 : 0, answer: "a", truth: "t\(id)")
      }
    }
    try run(name).write(
      ExperimentResult(
        outcomes: outcomes, manifest: manifest, resamples: 100, stream: RandomStream(seed: 0)))
  }
}

/// A store that is removed at the end.
func withStore(_ body: (SmallStore) async throws -> Void) async throws {
  let root = FileManager.default.temporaryDirectory.path + "/eidetic-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: root) }
  try await body(SmallStore(root: root))
}
