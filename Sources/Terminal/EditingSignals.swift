// Signals while a line is edited: a new window size redraws, a request to end or a hang-up ends the
// line, so that the terminal is left as it was found. They are let in only while waiting for a key:
// none can fall between the look at the flag and the wait.

import CEdit
import Foundation

/// Holds the signals of line editing from its making to `end()`.
final class EditingSignals {
  enum Event { case byte(UInt8), resized, end }

  // Written by the handler, on whichever thread.
  nonisolated(unsafe) private static var isResized: sig_atomic_t = 0
  nonisolated(unsafe) private static var ended: sig_atomic_t = 0
  /// What waits with the signals let in.
  nonisolated(unsafe) private static var outside = sigset_t()
  nonisolated(unsafe) private static var pending: [UInt8] = []
  /// How many of the next bytes were typed before the line began.
  nonisolated(unsafe) private static var typedAhead = 0

  /// Ctrl-D.
  private static let endOfInput: UInt8 = 4
  private static let signals = [SIGWINCH, SIGTERM, SIGHUP]
  private var before: [(Int32, sigaction)] = []

  init() {
    Self.ended = 0
    var held = sigset_t()
    sigemptyset(&held)
    for signal in Self.signals { sigaddset(&held, signal) }
    pthread_sigmask(SIG_BLOCK, &held, &Self.outside)
    for signal in Self.signals { sigdelset(&Self.outside, signal) }
    for signal in Self.signals {
      var action = sigaction(), earlier = sigaction()
      action.__sigaction_handler.sa_handler = { signal in
        if signal == SIGWINCH {
          EditingSignals.isResized = 1
        } else {
          EditingSignals.ended = signal
        }
      }
      sigaction(signal, &action, &earlier)
      before.append((signal, earlier))
    }
  }

  /// Gives the signals back; one that asked to end is sent again.
  func end() {
    for (signal, earlier) in before {
      var earlier = earlier
      sigaction(signal, &earlier, nil)
    }
    var held = sigset_t()
    sigemptyset(&held)
    for signal in Self.signals { sigaddset(&held, signal) }
    pthread_sigmask(SIG_UNBLOCK, &held, nil)
    if Self.ended != 0 { raise(Self.ended) }
  }

  /// Notes what was typed while a statement ran. The terminal was not editing then, and Linux keeps a
  /// Ctrl-D of that time as a zero byte: the mark of an end of input, which only reading by lines
  /// would tell from a byte that was typed.
  func noteTypedAhead() { Self.typedAhead = Int(ce_waiting()) }

  /// Waits for a byte from standard input, or for a signal.
  static func readByte() -> Event {
    if !pending.isEmpty { return .byte(pending.removeFirst()) }
    while true {
      if ended != 0 { return .end }
      if isResized != 0 {
        isResized = 0
        return .resized
      }
      if ce_wait(&outside) < 0, errno == EINTR { continue }
      var byte: UInt8 = 0
      let count = read(0, &byte, 1)
      if count == 1 {
        let isEnd = byte == 0 && typedAhead > 0
        typedAhead = max(0, typedAhead - 1)
        return .byte(isEnd ? endOfInput : byte)
      }
      if count < 0, errno == EINTR || errno == EAGAIN { continue }
      return .end
    }
  }

  static func putBack(_ wide: some Sequence<Int32>) {
    pending.insert(contentsOf: WideText.bytes(wide), at: 0)
  }
}
