// All runs below a root, in short, and the way from what a user typed to one of them.

import Foundation
import Repro

/// Reads the folders of a store.
///
/// The folders are the truth. A reader turns one of them into its summary; an index puts in one that
/// knows the summary of a folder whose files have not changed.
public struct RunCatalog: Sendable {
  /// The folder that holds the runs.
  public let root: String
  private let reader: @Sendable () -> (Run) -> RunSummary

  /// Opens a catalog; nothing is read yet.
  ///
  /// - Parameter reader: Makes a reader for each stretch of folders; only one thread uses it.
  public init(
    root: String,
    reader: @escaping @Sendable () -> (Run) -> RunSummary = { { RunSummary(reading: $0) } }
  ) {
    (self.root, self.reader) = (root, reader)
  }

  /// Long enough that readers cost nothing, short enough that no thread is left with a long one.
  private static let stretch = 64

  /// Every folder below the root, by name: runs, broken ones, and what is none.
  ///
  /// Hidden folders are left out. One damaged folder hides no other.
  ///
  /// - Throws: ``RunStoreError`` when the root is missing or cannot be listed.
  public func summaries() throws -> [RunSummary] {
    let runs = try folders()
    return Array(unsafeUninitializedCapacity: runs.count) { summaries, count in
      // Every place is filled by one thread, and read by none before all are done.
      nonisolated(unsafe) let places = summaries
      let stretches = (runs.count + Self.stretch - 1) / Self.stretch
      DispatchQueue.concurrentPerform(iterations: stretches) { stretch in
        let read = reader()
        let first = stretch * Self.stretch
        for index in first..<min(first + Self.stretch, runs.count) {
          places.initializeElement(at: index, to: read(runs[index]))
        }
      }
      count = runs.count
    }
  }

  /// The folders below the root, by name; hidden ones are left out.
  ///
  /// - Throws: ``RunStoreError`` when the root is missing or cannot be listed.
  package func folders() throws -> [Run] {
    guard let folder = opendir(root) else {
      throw RunStoreError.unreadable(path: root, reason: String(cString: strerror(errno)))
    }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      // The system tells most entries' kind here, without a further call for each.
      let kind = Int(entry.pointee.d_type)
      guard kind != Int(DT_REG) else { continue }
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name.utf8.first != UInt8(ascii: "."), kind == Int(DT_DIR) || Self.isFolder(root + "/" + name) else {
        continue
      }
      names.append(name)
    }
    return names.sorted().map { Run(path: root + "/" + $0) }
  }

  /// Finds a run: a folder's path, a name below the root, or a part of a name that fits only one;
  /// its beginning goes before its middle.
  ///
  /// - Throws: ``RunStoreError`` with the candidates when none or several fit.
  public func run(_ text: String) throws -> Run {
    var path = text
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    if Run(path: path).isPresent { return Run(path: path) }
    if path.contains("/") || path == "." || path == ".." {
      throw RunStoreError.unreadable(
        path: path,
        reason: Self.isFolder(path) ? "it holds no manifest.json, so no run" : "no such folder")
    }
    let below = Run(path: root + "/" + path)
    if !path.isEmpty, below.isPresent { return below }
    let all = (try? folders()) ?? []
    let beginning = all.filter { $0.name.hasPrefix(path) }.filter(\.isPresent)
    let found =
      beginning.isEmpty ? all.filter { $0.name.contains(path) && $0.isPresent } : beginning
    guard found.count == 1, !path.isEmpty else {
      // The newest are the likeliest.
      let candidates = (found.isEmpty ? all.filter(\.isPresent) : found).suffix(5).map(\.name)
      throw RunStoreError.notOneRun(
        name: path, root: root, fits: found.count, candidates: candidates)
    }
    return found[0]
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }
}

extension Run {
  /// Whether the folder has a manifest.
  var isPresent: Bool { FileManager.default.fileExists(atPath: manifestPath) }
}
