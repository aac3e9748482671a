// Files of a run, opened so that nothing outside of the runs folder can be: no link is followed on
// the way, so that it does not matter what a run's folder holds or who changes it meanwhile.

import Foundation

/// A plain file that is open for reading.
package final class OpenFile: Sendable {
  /// The file.
  let descriptor: Int32
  /// Its size in bytes when it was opened.
  package let size: Int
  /// Tells it from another file of the same name.
  let identity: UInt64
  /// When it was changed, in nanoseconds.
  let changed: Int

  private init?(descriptor: Int32) {
    var facts = stat()
    guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      return nil
    }
    self.descriptor = descriptor
    size = Int(facts.st_size)
    identity = UInt64(facts.st_ino)
    changed = facts.st_mtim.tv_sec * 1_000_000_000 + facts.st_mtim.tv_nsec
  }

  deinit { close(descriptor) }

  /// Opens a file below a folder.
  ///
  /// - Parameter path: Names of folders and the file, each without a slash.
  /// - Returns: `nil` when there is no such plain file, or a name is hidden or leads elsewhere.
  package convenience init?(root: String, _ path: [String]) {
    guard let last = path.last, path.allSatisfy(Self.isPlain) else { return nil }
    var folder = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    for name in path.dropLast() where folder >= 0 {
      let next = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      close(folder)
      folder = next
    }
    guard folder >= 0 else { return nil }
    defer { close(folder) }
    // A pipe would make the opening wait.
    let file = openat(folder, last, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard file >= 0 else { return nil }
    self.init(descriptor: file)
  }

  private static func isPlain(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix(".") && !name.contains("/") && !name.contains("\0")
  }

  /// At most `count` bytes from an offset; empty at the end and when they cannot be read.
  func bytes(at offset: Int, count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = max(0, pread(descriptor, buffer.baseAddress, count, off_t(offset)))
    }
  }

  /// The file as text; `nil` when it is longer than `limit` bytes.
  package func text(limit: Int = 4 << 20) -> String? {
    guard size <= limit else { return nil }
    return String(decoding: bytes(at: 0, count: size), as: UTF8.self)
  }
}
