// Keeps a training in a file, so that it goes on after its process has ended, however it ended.

import Foundation
import Networks
import Repro
import TensorCore

/// How often a training is kept.
public enum CheckpointPace: Sendable, Equatable {
  /// So that at most a hundredth of the time goes into it.
  case automatic
  /// After at least so many seconds.
  case every(seconds: Double)
  /// Not at all.
  case never

  /// Reads `never`, a number of seconds, or nothing.
  ///
  /// - Throws: ``TrainingError/setting(name:expected:got:)``.
  public init(_ text: String?, name: String) throws {
    guard let text, !text.isEmpty else {
      self = .automatic
      return
    }
    if text == "never" {
      self = .never
    } else if let seconds = Double(text), seconds >= 0, seconds.isFinite {
      self = .every(seconds: seconds)
    } else {
      throw TrainingError.setting(name: name, expected: "seconds, or never", got: "'\(text)'")
    }
  }
}

/// Keeps one training in a file and finds it there again.
///
/// A kept training goes on only as the same one: its identity (options, weights before, machine)
/// must agree, and the loss of its first step, computed again, must have the same bits, which covers
/// the data and everything else that the loss depends on. Otherwise the training starts anew.
public final class TrainingKeeper {
  private let path: String
  private let identity: [String: JSON]
  private let pace: CheckpointPace
  private let tell: (String) -> Void
  private let isStopping: () -> Bool
  private var notes: () -> JSON = { .null }
  private var restore: (TrainingProgress) -> Void = { _ in }

  private var parameters: [Parameter] = []
  private var optimizer = AdamW()
  private var progress = TrainingProgress()
  private var lastSave = Date()
  private var lastSavedStep = 0
  private var hasFailed = false
  private var bytesPerSecond = 1e8

  /// Where the pace is automatic: the least seconds between two files, the most that files may take
  /// of the time, and the least seconds that a file is thought to take, for disks are slow to say.
  private static let (leastInterval, share, leastCost) = (10.0, 0.01, 0.03)

  /// Keeps a training.
  ///
  /// - Parameters:
  ///   - path: The file; of no other training.
  ///   - identity: What decides the training, by topic; the topics that differ are told.
  ///   - tell: Hears what the user should know.
  ///   - isStopping: Whether the process is about to end, asked after every step.
  public init(
    path: String, identity: [String: JSON], pace: CheckpointPace = .automatic,
    tell: @escaping (String) -> Void = { _ in }, isStopping: @escaping () -> Bool = { false }
  ) {
    (self.path, self.identity, self.pace) = (path, identity, pace)
    (self.tell, self.isStopping) = (tell, isStopping)
  }

  /// Lets whoever watches the training keep something with it, and gives back what was kept before
  /// the first further step is reported.
  public func watch(
    notes: @escaping () -> JSON, restore: @escaping (TrainingProgress) -> Void
  ) { (self.notes, self.restore) = (notes, restore) }

  // MARK: Going on

  /// Finds what was kept; parameters and optimizer are then where they were.
  ///
  /// - Parameter firstLoss: The loss before the first step.
  func begin(
    _ parameters: [Parameter], _ optimizer: AdamW, firstLoss: () throws -> Float
  ) throws -> TrainingProgress? {
    (self.parameters, self.optimizer, lastSave) = (parameters, optimizer, Date())
    progress.identity = identity
    guard pace != .never, let kept = try found(firstLoss) else { return nil }
    for parameter in parameters {
      guard let value = kept.values[parameter.name] else { continue }
      try parameter.variable.value.copy(from: value)
    }
    optimizer.restore(stepCount: kept.step, moments: kept.moments)
    progress = kept
    (progress.values, progress.moments, lastSavedStep) = ([:], [:], kept.step)
    restore(kept)
    tell(
      (kept.isOver ? "done before: \(kept.step) steps" : "going on after step \(kept.step)")
        + ", kept in \(path)")
    return progress
  }

  private func found(_ firstLoss: () throws -> Float) throws -> TrainingProgress? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let shapes = Dictionary(
      parameters.map { ($0.name, $0.variable.shape) }, uniquingKeysWith: { first, _ in first })
    let kept: TrainingProgress
    do { kept = try TrainingProgress(reading: path, shapes: shapes) } catch {
      tell("\(error); this training starts anew")
      return nil
    }
    let topics = Set(kept.identity.keys).union(identity.keys).sorted()
    let differing = topics.filter { kept.identity[$0] != identity[$0] }
    guard differing.isEmpty else { return other(by: differing.joined(separator: ", ")) }
    guard let first = kept.losses.first else { return kept }
    guard try firstLoss().bitPattern == first.bitPattern else {
      return other(by: "the loss of the first step")
    }
    return kept
  }

  private func other(by topics: String) -> TrainingProgress? {
    tell("checkpoint \(path): it is of a training that differs by \(topics); this one starts anew")
    return nil
  }

  // MARK: Keeping

  /// A step is done and not yet reported: a later process reports it again.
  func didStep(_ report: StepReport) {
    progress.losses.append(report.loss)
    (progress.rate, progress.gradientNorm) = (report.rate, report.gradientNorm)
    progress.seconds = report.seconds
    if isDue(atLeast: Self.leastInterval) || isStopping() { save() }
  }

  /// The training ends before its last step because of an error.
  ///
  /// - Parameter isWhole: Whether the parameters are those of the last complete step.
  func didFail(isWhole: Bool) {
    if isWhole, progress.step > lastSavedStep, isStopping() { save() }
  }

  /// The training is over: what it came to is kept, if doing the rest again would take longer.
  func didEnd() {
    progress.isOver = true
    if isDue(atLeast: 0) { save() }
  }

  private func isDue(atLeast least: Double) -> Bool {
    let seconds = Date().timeIntervalSince(lastSave)
    switch pace {
    case .never: return false
    case .every(let interval): return seconds >= interval
    case .automatic:
      guard seconds >= least else { return false }
      let numbers = moved.reduce(0) { $0 + $1.variable.value.count }
      let bytes = numbers * 4 * (progress.isOver ? 1 : 3)
      return seconds * Self.share >= max(Self.leastCost, Double(bytes) / bytesPerSecond)
    }
  }

  private var moved: [Parameter] { parameters.filter { optimizer.moments[$0.name] != nil } }

  /// A disk that is full ends no training.
  private func save() {
    guard pace != .never else { return }
    let start = Date()
    var whole = progress
    for parameter in moved { whole.values[parameter.name] = parameter.variable.value }
    if !whole.isOver { whole.moments = optimizer.moments }
    whole.notes = notes()
    do {
      try whole.write(to: path)
      lastSavedStep = progress.step
      bytesPerSecond = Double(whole.byteCount) / max(Date().timeIntervalSince(start), 1e-6)
    } catch {
      if !hasFailed { tell("warning: \(error); the training goes on") }
      hasFailed = true
    }
    lastSave = Date()
  }
}
