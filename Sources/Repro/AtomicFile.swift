// Files appear whole or not at all: write beside, fsync, rename, fsync the folder.

import Foundation

/// A failure to write a file, with the path and the system's reason.
public struct FileWriteError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file that was to be written.
  public let path: String
  /// The system's reason, for example `No space left on device`.
  public let reason: String

  /// A path and the system's reason.
  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  /// One line: path, reason and what to do.
  public var description: String {
    "cannot write \(path): \(reason); earlier files are unchanged"
  }
}

/// Writes files atomically: a reader sees the old bytes or the new bytes, never a part.
public enum AtomicFile {
  /// Replaces the file at `path`, creating its folder when missing.
  ///
  /// - Throws: ``FileWriteError`` when the folder or file cannot be written; the old file stays.
  public static func write(_ bytes: some DataProtocol, to path: String) throws {
    try write(to: path) { handle in try handle.write(contentsOf: bytes) }
  }

  /// Replaces the file at `path` with UTF-8 text.
  public static func write(_ text: String, to path: String) throws {
    try write(Data(text.utf8), to: path)
  }

  /// Replaces the file at `path` with whatever `body` writes to the handle.
  public static func write(to path: String, _ body: (FileHandle) throws -> Void) throws {
    let target = URL(fileURLWithPath: path)
    let folder = target.deletingLastPathComponent()
    let draft = folder.appendingPathComponent(
      ".\(target.lastPathComponent).\(getpid()).\(UInt32.random(in: 0...UInt32.max)).tmp")
    do {
      try createFolder(folder.path)
      let descriptor = open(draft.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else { throw systemError() }
      let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
      try body(handle)
      guard fsync(descriptor) == 0 else { throw systemError() }
      try handle.close()
      guard rename(draft.path, target.path) == 0 else { throw systemError() }
      syncFolder(folder.path)
    } catch {
      unlink(draft.path)
      throw FileWriteError(path: path, reason: reason(of: error))
    }
  }

  /// Removes what writes of a file left that were cut short; nobody else may be writing it.
  package static func removeDrafts(of path: String) {
    let target = URL(fileURLWithPath: path)
    removeDrafts(
      in: target.deletingLastPathComponent().path, beginning: ".\(target.lastPathComponent).")
  }

  /// Removes what writes in a folder left that were cut short; nobody else may be writing there.
  package static func removeDrafts(in folder: String, beginning start: String = ".") {
    for draft in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    where draft.hasPrefix(start) && draft.hasSuffix(".tmp") {
      unlink(folder + "/" + draft)
    }
  }

  /// Makes the folder that a file is to stand in.
  ///
  /// - Throws: ``FileWriteError``.
  package static func createFolder(of path: String) throws {
    do { try createFolder(URL(fileURLWithPath: path).deletingLastPathComponent().path) } catch {
      throw FileWriteError(path: path, reason: reason(of: error))
    }
  }

  /// `mkdir -p`, with the system's own reason when it fails.
  private static func createFolder(_ path: String) throws {
    if mkdir(path, 0o755) == 0 { return }
    switch errno {
    case EEXIST: return
    case ENOENT:
      try createFolder(URL(fileURLWithPath: path).deletingLastPathComponent().path)
      guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw systemError() }
    default: throw systemError()
    }
  }

  private static func syncFolder(_ path: String) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    _ = close(descriptor)
  }

  private static func systemError() -> POSIXError {
    POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
  }

  /// The operating system's words, dug out of Foundation's wrappers.
  package static func reason(of error: any Error) -> String {
    var current = error as NSError
    while let inner = current.userInfo[NSUnderlyingErrorKey] as? NSError { current = inner }
    if current.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(current.code))) }
    return current.localizedDescription
  }
}
