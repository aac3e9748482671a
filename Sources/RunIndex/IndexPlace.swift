// Where the index of a store stands: with the runs, unless that is a place where SQLite's shared
// memory does not work or nothing may be written.

import Foundation
import Repro

/// Chooses the file of a store's index.
public enum IndexPlace {
  /// The first of these that may be written and lies on a disk of this machine: `.index.sqlite` in
  /// the root, a file named by the root's path in `cacheFolder`, the same below `/tmp`.
  ///
  /// - Returns: `nil` when there is none.
  public static func path(root: String, cacheFolder: String) -> String? {
    if isUsable(root) { return root + "/.index.sqlite" }
    let whole = URL(fileURLWithPath: root).resolvingSymlinksInPath().path
    let name = "/" + SHA256.hex(whole).prefix(32) + ".sqlite"
    let folders = [
      cacheFolder + "/index", FileManager.default.temporaryDirectory.path + "/eidetic-\(getuid())",
    ]
    for folder in folders {
      try? FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      if isUsable(folder), isOurs(folder) { return folder + name }
    }
    return nil
  }

  private static func isUsable(_ folder: String) -> Bool {
    access(folder, W_OK) == 0 && !isRemote(folder)
  }

  /// Another user's folder below /tmp could be a trap.
  private static func isOurs(_ folder: String) -> Bool {
    var facts = stat()
    return stat(folder, &facts) == 0 && facts.st_uid == getuid()
  }

  /// Kinds of file systems that other machines see too; those that end in a dot are beginnings.
  private static let remote = [
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "lustre", "gpfs", "beegfs",
    "fuse.",
  ]

  /// Told by the table of mounts, in which the longest path that leads to the folder counts.
  private static func isRemote(_ folder: String) -> Bool {
    let path = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    let table = (try? String(contentsOfFile: "/proc/self/mounts", encoding: .utf8)) ?? ""
    var (best, kind) = (-1, "")
    for line in table.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count > 2 else { continue }
      let point = words[1].replacing("\\040", with: " ")
      let leads = point == "/" || path == point || path.hasPrefix(point + "/")
      // Of two mounts at one place the later hides the earlier.
      if leads, point.count >= best { (best, kind) = (point.count, String(words[2])) }
    }
    return remote.contains { $0.hasSuffix(".") ? kind.hasPrefix($0) : kind == $0 }
  }
}
