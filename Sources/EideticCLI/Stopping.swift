// When a process that serves another one stops.

import Foundation

/// Signals of engines that mean stop, and the end of the process that started this one.
enum Stopping {
  /// Holds the timer.
  nonisolated(unsafe) private static var watch: (any DispatchSourceTimer)?

  /// All of them stop the script as Ctrl-C does: clusters differ in which they send.
  static func listen(parent: Int32?) {
    for number in [SIGTERM, SIGHUP, SIGUSR1, SIGUSR2] {
      signal(number) { _ in kill(getpid(), SIGINT) }
    }
    if let parent { follow(parent) }
  }

  /// Stops with the process that started this one, however that ends.
  static func follow(_ parent: Int32) {
    let timer = DispatchSource.makeTimerSource(queue: .global())
    timer.schedule(deadline: .now(), repeating: 0.5)
    timer.setEventHandler {
      guard getppid() != parent else { return }
      kill(getpid(), SIGINT)
      Stopping.watch?.cancel()
    }
    watch = timer
    timer.resume()
  }
}
