// When a process that serves another one stops.

import Foundation

/// Signals of engines that mean stop, and the end of the process that started this one.
enum Stopping {
  /// Holds the timer.
  nonisolated(unsafe) private static var watch: (any DispatchSourceTimer)?

  /// What engines send, beside Ctrl-C's SIGINT.
  static let signals = [SIGTERM, SIGHUP, SIGUSR1, SIGUSR2]

  /// All of them stop the script as Ctrl-C does: clusters, containers and services differ in which
  /// they send. One that whoever started the program ignores, as nohup does, stays ignored.
  static func listen(parent: Int32? = nil) {
    for number in signals {
      var before = sigaction()
      sigaction(number, nil, &before)
      if unsafeBitCast(before.__sigaction_handler.sa_handler, to: Int.self) == Self.ignored {
        continue
      }
      signal(number) { _ in kill(getpid(), SIGINT) }
    }
    if let parent { follow(parent) }
  }

  /// SIG_IGN, which Swift does not import.
  private static let ignored = 1

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
