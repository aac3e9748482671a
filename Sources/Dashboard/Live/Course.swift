// How a run has gone so far, told from its event log alone.

import Foundation
import Repro
import RunStore

/// The course of a run.
package struct Course: Sendable, Equatable {
  /// A training under way or done.
  package struct Stage: Sendable, Equatable {
    /// What is trained, such as `names from image`.
    package var name: String
    /// The seed, when the log says so.
    package var seed: Int?
    /// How many steps there will be, when the log says so.
    package var steps: Int?
    /// Whether its end is in the log.
    package var isOver = false
    /// The loss by step.
    package fileprivate(set) var points: [Point] = []

    /// The loss at a step.
    package struct Point: Sendable, Equatable {
      package var step: Int
      package var loss: Double
      /// Seconds on some clock of the run; `nil` when the log has none.
      package var time: Double?
    }

    /// The last step that was done.
    package var step: Int { points.last?.step ?? 0 }
    /// Steps per second over the last points; `nil` when the log has no times.
    package var rate: Double? {
      let recent = points.suffix(20)
      guard let first = recent.first, let last = recent.last, let from = first.time,
        let to = last.time, to > from, last.step > first.step
      else { return nil }
      return (Double(last.step) - Double(first.step)) / (to - from)
    }
  }

  /// One line of the log in words.
  package struct Entry: Sendable, Equatable {
    /// When, in seconds since the process began; `nil` when the log does not say.
    package var seconds: Double?
    /// The seed at work.
    package var seed: Int?
    /// What happened.
    package var text: String
    /// Whether it is about a failure.
    package var isFailure = false
  }

  /// The trainings, in order.
  package private(set) var stages: [Stage] = []
  /// The latest lines of the log but steps, in order.
  package private(set) var entries: [Entry] = []
  /// How many earlier lines are left out of `entries`.
  package private(set) var omitted = 0
  /// The seed at work.
  package private(set) var seed: Int?
  /// The seeds whose end is in the log.
  package private(set) var seedsDone: Set<Int> = []

  /// More is no reading any more.
  package static let mostEntries = 200, mostStages = 240, mostPoints = 2000

  package init() {}

  /// Takes in the next event.
  package mutating func add(_ event: JSON) {
    let kind = event["event"]?.text ?? ""
    if let seed = event["seed"]?.whole { self.seed = seed }
    switch kind {
    case "step": return addStep(event)
    case "stage": endStage(event)
    case "seed done": if let seed { seedsDone.insert(seed) }
    default: break
    }
    guard let text = Self.words(kind, event) else { return }
    entries.append(
      Entry(
        seconds: event["seconds"]?.real, seed: event["seed"]?.whole, text: text,
        isFailure: kind == "failed"))
    if entries.count > Self.mostEntries {
      entries.removeFirst()
      omitted += 1
    }
  }

  /// The training under way, if one is.
  package var current: Stage? { stages.last.flatMap { $0.isOver ? nil : $0 } }

  // MARK: Steps

  private mutating func addStep(_ event: JSON) {
    guard let step = event["step"]?.whole, let name = event["stage"]?.text else { return }
    let seed = event["seed"]?.whole
    let place = stages.lastIndex { $0.name == name && $0.seed == seed && !$0.isOver }
    let index: Int
    if let place, stages[place].step < step || place == stages.count - 1 {
      index = place
    } else {
      stages.append(Stage(name: name, seed: seed))
      if stages.count > Self.mostStages { stages.removeFirst() }
      index = stages.count - 1
    }
    if let steps = event["steps"]?.whole { stages[index].steps = steps }
    stages[index].isOver = stages[index].steps.map { step >= $0 } ?? false
    guard let loss = event["loss"]?.real, loss.isFinite else { return }
    stages[index].add(
      Stage.Point(step: step, loss: loss, time: event["time"]?.real ?? event["seconds"]?.real))
  }

  /// The event at the end of a stage names it as the result does.
  private mutating func endStage(_ event: JSON) {
    guard let name = event["stage"]?.text else { return }
    let seed = event["seed"]?.whole
    let place = stages.lastIndex { !$0.isOver && $0.seed == seed && $0.name == name }
    guard let place else { return }
    stages[place].isOver = true
    stages[place].steps = event["steps"]?.whole ?? stages[place].steps
  }

  // MARK: Words

  private static func words(_ kind: String, _ event: JSON) -> String? {
    func name(_ key: String) -> String { event[key]?.text ?? "?" }
    switch kind {
    case "start": return "the run begins or goes on"
    case "seed": return "seed \(event["seed"]?.whole ?? 0) begins"
    case "seed done": return "seed \(event["seed"]?.whole ?? 0) is done"
    case "note": return name("text")
    case "data": return "people \(name("hash").prefix(12))"
    case "chart": return "chart \(name("name"))"
    case "stage":
      let loss = event["loss"]?.real.map { ", last loss \(Number.short($0))" } ?? ""
      return "\(name("stage")): \(event["steps"]?.whole ?? 0) steps\(loss)"
    case "cell":
      return "\(name("metric"))\(conditions(event)): mean "
        + "\(Number.short(event["mean"]?.real ?? .nan)) of \(event["n"]?.whole ?? 0)"
    case "failed": return "failed: \(name("message"))"
    case "finish": return "the run is complete"
    case "": return nil
    // Events of later versions stand there as they are.
    default: return String(event.canonical.prefix(500))
    }
  }

  private static func conditions(_ event: JSON) -> String {
    guard case .object(let keys)? = event["keys"] else { return "" }
    let group = event["group"]?.text.map { $0 == "member" ? "" : " (\($0))" } ?? ""
    return keys.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value.text ?? "")" }.joined()
      + group
  }
}

extension Course.Stage {
  /// A training that goes on from an earlier step replaces what it does again; long ones are
  /// thinned.
  fileprivate mutating func add(_ point: Point) {
    if point.step <= step { points.removeAll { $0.step >= point.step } }
    points.append(point)
    guard points.count > Course.mostPoints else { return }
    points = points.enumerated().filter { $0.offset % 2 == 0 || $0.offset == points.count - 1 }
      .map(\.element)
  }

  /// The curve as a result would keep it.
  package var curve: Curve {
    Curve(stage: name, seed: seed ?? 0, points: points.map { ($0.step, $0.loss) })
  }
}

extension JSON {
  /// A string's text.
  var text: String? { if case .string(let text) = self { text } else { nil } }
  /// A whole number.
  var whole: Int? { if case .integer(let number) = self { number } else { nil } }
  /// Any number.
  var real: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .number(let number): number
    default: nil
    }
  }
}
