// What can go: runs in which nothing was finished, and what crashes left behind.

import Foundation
import Repro

/// Something below the root of a store that nobody misses.
public struct Garbage: Equatable, Sendable {
  /// The folder or file.
  public let path: String
  /// Why it can go.
  public let reason: String
  /// In bytes.
  public let size: Int
  /// The run; `nil` for what a crash left behind.
  public let run: Run?

  /// Looks for garbage.
  ///
  /// A run goes when no seed of it is done and no training is kept, or when `isUnwanted` says so.
  /// Runs with tags, runs that a process works on, broken runs, and everything that changed within
  /// `age` stay in any case.
  ///
  /// - Parameters:
  ///   - runs: All runs of the store.
  ///   - age: In seconds; something younger may be in the making.
  /// - Throws: ``RunStoreError`` when the root cannot be listed.
  public static func find(
    in root: String, _ runs: [RunSummary], olderThan age: Double,
    now: Date = Date(), isUnwanted: (RunSummary) -> Bool = { _ in false }
  ) throws -> [Garbage] {
    let limit = now.timeIntervalSince1970 - age
    let idle = runs.filter { summary in
      summary.tags.isEmpty && ![.running, .broken, .foreign].contains(summary.state)
    }
    let found = idle.compactMap { summary -> Garbage? in
      let run = Run(path: summary.path)
      let isEmpty =
        summary.seeds.isEmpty && summary.state != .complete
        && !FileManager.default.fileExists(atPath: run.checkpointsPath)
      guard isEmpty || isUnwanted(summary) else { return nil }
      guard run.lastChange < limit else { return nil }
      return Garbage(
        path: run.path, reason: isEmpty ? "\(summary.state.rawValue), no seed done" : "chosen",
        size: summary.size, run: run)
    }
    let drafts = try ([root] + runs.map(\.path)).flatMap { try leftovers(in: $0, before: limit) }
    return found + drafts
  }

  /// Removals and writes that a crash cut short; see ``Run/remove()`` and `AtomicFile`.
  private static func leftovers(in folder: String, before limit: Double) throws -> [Garbage] {
    let names: [String]
    do { names = try FileManager.default.contentsOfDirectory(atPath: folder) } catch {
      throw RunStoreError.unreadable(path: folder, reason: AtomicFile.reason(of: error))
    }
    return names.sorted().compactMap { name in
      let isRemoval = name.hasPrefix(".removed-")
      guard isRemoval || name.hasPrefix(".") && name.hasSuffix(".tmp") else { return nil }
      let path = folder + "/" + name
      var facts = stat()
      guard lstat(path, &facts) == 0, Double(facts.st_ctim.tv_sec) < limit else { return nil }
      let isFolder = facts.st_mode & S_IFMT == S_IFDIR
      guard isFolder == isRemoval else { return nil }
      return Garbage(
        path: path, reason: isRemoval ? "removal cut short" : "write cut short",
        size: isFolder ? FolderContents(path).size : Int(facts.st_size), run: nil)
    }
  }

  /// Removes it.
  ///
  /// - Throws: ``RunStoreError``, also when a process has begun to work on the run.
  public func remove() throws {
    if let run { return try run.remove() }
    do { try FileManager.default.removeItem(atPath: path) } catch {
      throw RunStoreError.cannotRemove(path: path, reason: AtomicFile.reason(of: error))
    }
  }
}

extension Run {
  /// Seconds since 1970 at which the folder or a file in it changed last.
  fileprivate var lastChange: Double {
    [path, manifestPath, eventsPath, resultPath].map { path in
      var facts = stat()
      return stat(path, &facts) == 0 ? Double(facts.st_mtim.tv_sec) : 0
    }.max() ?? 0
  }
}
