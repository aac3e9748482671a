// Further processes of the same command. They share long work through the cache, where each piece
// is claimed by a lock, and what they print is dropped.

import Foundation
import Sweeps

/// Processes that help this one with its work.
final class Helpers {
  private var processes: [ChildProcess] = []

  /// Starts so many copies of this command, without its run folder, on one thread each.
  ///
  /// - Throws: ``Failure`` when a process cannot be started.
  init(_ count: Int) throws {
    guard count > 0 else { return }
    var arguments = Array(CommandLine.arguments.dropFirst())
    for name in ["--out", "--processes"] { Self.remove(name, from: &arguments) }
    // Read when the first work is cut into pieces, which has not happened yet.
    setenv("EIDETIC_THREADS", "1", 1)
    for _ in 0..<count {
      do {
        processes.append(
          try ChildProcess(
            arguments, environment: ["EIDETIC_THREADS": "1", Self.parentVariable: "\(getpid())"]))
      } catch {
        stop()
        throw Failure(code: 1, "error: \(error)")
      }
    }
  }

  private static let parentVariable = "EIDETIC_HELPS"

  /// A helper ends with the process that it helps, even where that is killed.
  static func followParent() {
    guard let text = ProcessInfo.processInfo.environment[parentVariable],
      let parent = Int32(text)
    else { return }
    unsetenv(parentVariable)  // what this process starts has another parent
    Stopping.follow(parent)
  }

  /// Ends those that still run: their pieces are done or will be taken by others.
  func stop() {
    for process in processes where process.poll() == nil { process.send(SIGTERM) }
    processes = []
  }

  private static func remove(_ option: String, from arguments: inout [String]) {
    while let i = arguments.firstIndex(where: { $0 == option || $0.hasPrefix(option + "=") }) {
      let isJoined = arguments[i] != option
      arguments.removeSubrange(i..<min(i + (isJoined ? 1 : 2), arguments.count))
    }
  }
}
