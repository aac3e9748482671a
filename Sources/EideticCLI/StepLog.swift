// Steps of trainings as lines of the run's event log, for those who watch a run from outside:
// `eidetic serve` draws its live curves from them.

import Bindings
import Foundation
import Repro
import RunStore

/// Passes on what it hears, and writes a share of the steps into the log of the run.
final class StepLog: FinishingListener {
  /// The folder of the run under way; `nil` while there is none.
  var folder: () -> String? = { nil }
  private let listener: any FinishingListener
  private var log: (folder: String, events: EventLog)?
  private var last = (stage: "", step: 0, time: Date.distantPast)
  private let start = Date()

  init(_ listener: any FinishingListener) { self.listener = listener }

  func progress(stage: String, step: Int, steps: Int, loss: Double?) {
    listener.progress(stage: stage, step: step, steps: steps, loss: loss)
    guard isDue(stage, step, steps), let folder = folder() else { return }
    last = (stage, step, Date())
    if log?.folder != folder {
      log = (try? EventLog(path: folder + "/events.jsonl")).map { (folder, $0) }
    }
    // Only watchers miss a line that a full disk refuses; what the run itself writes is its own
    // care.
    try? log?.events.append(event(stage, step, steps, loss))
  }

  /// Two hundred of a training's steps are enough for a curve, ten a second for an eye; a training
  /// of long steps is heard of every two seconds.
  private func isDue(_ stage: String, _ step: Int, _ steps: Int) -> Bool {
    if stage != last.stage || step <= 1 || step == steps || step < last.step { return true }
    let seconds = Date().timeIntervalSince(last.time)
    return seconds >= 2 || seconds >= 0.1 && step - last.step >= steps / 200
  }

  private func event(_ stage: String, _ step: Int, _ steps: Int, _ loss: Double?) -> JSON {
    var members: [String: JSON] = [
      "event": "step", "stage": .string(stage), "step": .integer(step), "steps": .integer(steps),
      "loss": loss.map { .number($0) } ?? .null,
      "time": .number((Date().timeIntervalSince(start) * 1000).rounded() / 1000),
    ]
    // The log keeps the seed apart, as its other events do.
    if let parts = stage.wholeMatch(of: /seed (\d+): (.*)/), let seed = Int(parts.1) {
      members["seed"] = .integer(seed)
      members["stage"] = .string(String(parts.2))
    }
    return .object(members)
  }

  func message(_ text: String) { listener.message(text) }
  func finish() { listener.finish() }
}
