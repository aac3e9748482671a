// A lock that other processes respect and that the system releases when this one dies.

import Foundation

/// An exclusive lock on a file, held until the object is gone.
public final class FileLock {
  private let descriptor: Int32

  private init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// Takes the lock if it is free; the file and its folder are made when missing.
  ///
  /// - Returns: The lock, or `nil` while another process holds it.
  /// - Throws: ``FileWriteError`` when the file cannot be made.
  public static func take(_ path: String) throws -> FileLock? {
    try AtomicFile.createFolder(of: path)
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw FileWriteError(path: path, reason: String(cString: strerror(errno)))
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      return nil
    }
    return FileLock(descriptor: descriptor)
  }

  /// Whether a process holds the lock; no file is made.
  ///
  /// A file that is missing or may not be opened counts as free.
  public static func isHeld(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }

  /// Waits for the lock.
  ///
  /// - Parameter check: Called ten times a second while another process holds it; may throw to give
  ///   up.
  /// - Throws: ``FileWriteError``, and what `check` throws.
  public static func wait(_ path: String, check: () throws -> Void) throws -> FileLock {
    while true {
      if let lock = try take(path) { return lock }
      try check()
      usleep(100_000)
    }
  }
}
