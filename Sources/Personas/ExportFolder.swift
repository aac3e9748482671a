// The folder of an export: it is entered only when empty or known to be an earlier export, and it
// says at any moment whether it is complete.

import Foundation
import Repro

/// A folder that is about to hold an export.
struct ExportFolder {
  static let format = "eidetic.personas.imagefolder/1"
  /// What an export consists of, besides the manifest; nothing else is ever removed.
  private static let parts = ["train", "test", "ledger.jsonl", "gallery.png"]

  private let root: URL

  init(path: String) { root = URL(fileURLWithPath: path, isDirectory: true) }

  func path(_ relative: String) -> String { root.appendingPathComponent(relative).path }

  /// Marks the folder as incomplete and removes an earlier export.
  ///
  /// - Throws: ``PersonaError/folderInUse(path:reason:)``, before anything has changed.
  func claim(replacing: Bool, manifest: JSON) throws {
    try checkMayEnter(replacing: replacing)
    try AtomicFile.write(manifest.pretty, to: path("manifest.json"))
    for part in Self.parts where FileManager.default.fileExists(atPath: path(part)) {
      do { try FileManager.default.removeItem(atPath: path(part)) } catch {
        throw PersonaError.folderInUse(
          path: path(part), reason: "cannot be removed: \(error.localizedDescription)")
      }
    }
  }

  func finish(manifest: JSON) throws {
    try AtomicFile.write(manifest.pretty, to: path("manifest.json"))
  }

  private func checkMayEnter(replacing: Bool) throws {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: root.path, isDirectory: &isFolder) else { return }
    guard isFolder.boolValue else { throw inUse("is a file") }
    let entries: [String]
    do { entries = try FileManager.default.contentsOfDirectory(atPath: root.path) } catch {
      throw inUse("cannot be listed: \(error.localizedDescription)")
    }
    guard !entries.isEmpty else { return }
    guard let earlier = earlierManifest() else {
      throw inUse("holds other files; choose another folder")
    }
    guard replacing else {
      let state = earlier["complete"] == .bool(true) ? "an" : "an incomplete"
      throw inUse("holds \(state) export; choose another folder or ask to replace it")
    }
  }

  private func earlierManifest() -> JSON? {
    guard let bytes = FileManager.default.contents(atPath: path("manifest.json")),
      let manifest = try? JSON.parse(bytes), manifest["format"] == .string(Self.format)
    else { return nil }
    return manifest
  }

  private func inUse(_ reason: String) -> PersonaError {
    .folderInUse(path: root.path, reason: reason)
  }
}

/// A file of one JSON value per line that appears when its last line is written.
enum LineFile {
  static func write(to path: String, _ body: (_ emit: (JSON) throws -> Void) throws -> Void) throws
  {
    var cause: (any Error)?
    do {
      try AtomicFile.write(to: path) { handle in
        var isWriting = false
        do {
          try body { value in
            isWriting = true
            try handle.write(contentsOf: Data((value.canonical + "\n").utf8))
            isWriting = false
          }
        } catch {
          // What stops the making of rows is told as it is, not as a failure of this file.
          if !isWriting { cause = error }
          throw error
        }
      }
    } catch { throw cause ?? error }
  }
}
