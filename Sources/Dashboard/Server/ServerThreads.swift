// Threads for readers.

import Foundation

/// Runs the server's tasks. The process's own few threads for tasks may all be at work for a long
/// time, and a reader would wait for them.
final class ServerThreads: TaskExecutor {
  static let shared = ServerThreads()

  private let queue = DispatchQueue(label: "eidetic.dashboard", attributes: .concurrent)

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
