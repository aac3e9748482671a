// What a user does with a run afterwards: words on it, and its removal.

import Foundation
import Repro

extension Run {
  /// The user's words on the run, sorted.
  ///
  /// - Throws: ``RunStoreError`` when the file is damaged.
  public func tags() throws -> [String] {
    guard FileManager.default.fileExists(atPath: tagsPath) else { return [] }
    return try readJSON(tagsPath) { json in
      var members = try Members(.object(["tags": json]), at: "tags.json")
      return try members.list("tags", of: String.self)
    }
  }

  /// Adds and takes away tags. Of two processes one waits for the other, so that no word is lost.
  ///
  /// - Returns: All tags, sorted.
  /// - Throws: ``RunStoreError`` or `FileWriteError`; the earlier tags stay.
  @discardableResult
  public func tag(adding: [String] = [], removing: [String] = []) throws -> [String] {
    let lock = try FileLock.wait(path + "/.tags.lock") {}
    return try withExtendedLifetime(lock) {
      let tags = Set(try tags()).union(adding).subtracting(removing).sorted()
      try AtomicFile.write(JSON.array(tags.map(JSON.string)).canonical + "\n", to: tagsPath)
      return tags
    }
  }

  /// Removes the folder with everything in it.
  ///
  /// It is given a hidden name first: what a crash leaves of it is in no list.
  ///
  /// - Throws: ``RunStoreError`` for a folder that is no run's, or one that a process works on.
  public func remove() throws {
    if let reason = reasonNotToRemove {
      throw RunStoreError.cannotRemove(path: path, reason: reason)
    }
    guard let lock = try FileLock.take(lockPath) else {
      throw RunStoreError.cannotRemove(path: path, reason: Self.busy)
    }
    try withExtendedLifetime(lock) {
      let folder = URL(fileURLWithPath: path)
      let hidden = folder.deletingLastPathComponent().path + "/.removed-\(name)-\(getpid())"
      guard rename(path, hidden) == 0 else {
        throw RunStoreError.cannotRemove(path: path, reason: String(cString: strerror(errno)))
      }
      do { try FileManager.default.removeItem(atPath: hidden) } catch {
        throw RunStoreError.cannotRemove(path: hidden, reason: AtomicFile.reason(of: error))
      }
    }
  }

  private static let busy = "a process works on it; stop that first"

  /// Other programs have a manifest.json too: an unreadable one is a run's only among nothing but
  /// files that runs have.
  public var reasonNotToRemove: String? {
    guard isPresent else { return "it holds no manifest.json, so no run" }
    if (try? manifest()) == nil {
      let known: Set = [
        "manifest.json", "script.lua", "events.jsonl", "result.json", "report.html", "tags.json",
        "changes.patch", "charts", "files", ".lock", ".tags.lock",
      ]
      if let foreign = FolderContents(path).names.subtracting(known).min() {
        return "its manifest.json is no run's, and it holds '\(foreign)'"
      }
    }
    return FileLock.isHeld(lockPath) ? Self.busy : nil
  }
}
