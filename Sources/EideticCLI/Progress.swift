// How far long work has come: one live line on a terminal, a plain line now and then elsewhere.

import Bindings
import Foundation

/// A listener that cleans up its line at the end.
protocol FinishingListener: ProgressListener {
  func finish()
}

/// The listener that fits standard error.
func makeListener() -> any FinishingListener {
  canWriteOver ? TerminalProgress() : PlainProgress()
}

/// The rate of a stage and the time it still needs.
private struct Pace {
  let stage: String
  private let start = Date()
  private let firstStep: Int

  init(stage: String, step: Int) {
    self.stage = stage
    firstStep = step - 1
  }

  func text(step: Int, steps: Int, loss: Double?) -> String {
    let seconds = max(Date().timeIntervalSince(start), 1e-6)
    let rate = Double(step - firstStep) / seconds
    let rest = Double(steps - step) / rate
    let loss = loss.map { String(format: "  loss %.3f", $0) } ?? ""
    return "\(stage)  \(step)/\(steps)  \(String(format: "%.1f", rate)) steps/s\(loss)  "
      + (step == steps ? "took \(clock(seconds))" : "ETA \(clock(rest))")
  }
}

/// One line that is written over.
final class TerminalProgress: FinishingListener {
  private var pace: Pace?
  private var lastShown = Date.distantPast
  private var isLineOpen = false

  func progress(stage: String, step: Int, steps: Int, loss: Double?) {
    if pace?.stage != stage { pace = Pace(stage: stage, step: step) }
    guard step == steps || Date().timeIntervalSince(lastShown) > 0.1 else { return }
    lastShown = Date()
    writeError("\r\u{1B}[K" + (pace?.text(step: step, steps: steps, loss: loss) ?? ""))
    isLineOpen = true
    if step == steps { finish() }
  }

  func message(_ text: String) {
    writeError("\r\u{1B}[K\(text)\n")
    isLineOpen = false
  }

  /// What was shown stays; the same stage, should it come again, is timed anew.
  func finish() {
    if isLineOpen { writeError("\n") }
    (isLineOpen, pace) = (false, nil)
  }
}

/// A line at the end of a stage, and every ten seconds in between.
final class PlainProgress: FinishingListener {
  private var pace: Pace?
  private var lastShown = Date()

  func progress(stage: String, step: Int, steps: Int, loss: Double?) {
    if pace?.stage != stage {
      pace = Pace(stage: stage, step: step)
      lastShown = Date()
    }
    guard step == steps || Date().timeIntervalSince(lastShown) > 10 else { return }
    lastShown = Date()
    printError(pace?.text(step: step, steps: steps, loss: loss) ?? "")
    if step == steps { pace = nil }
  }

  func message(_ text: String) { printError(text) }
  func finish() { pace = nil }
}

/// `4:05`, from an hour on `1:04:05`.
func clock(_ seconds: Double) -> String {
  let whole = Int(min(max(seconds, 0), 1e9).rounded())
  let minutes = String(format: "%d:%02d", whole / 60 % 60, whole % 60)
  return whole < 3600
    ? minutes : String(format: "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60)
}
