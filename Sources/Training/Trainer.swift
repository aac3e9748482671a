// The training loop: batch, loss, backward, step, report.

import Autograd
import Foundation
import Networks
import TensorCore

/// How to train.
public struct TrainingOptions: Sendable {
  /// The number of steps.
  public var steps: Int
  /// The highest learning rate.
  public var rate: Float
  /// Steps of warm-up.
  public var warmup: Int
  /// Decoupled weight decay.
  public var decay: Float
  /// The largest global gradient norm.
  public var clip: Float
  /// Name patterns of the parameters to train.
  public var train: [String]

  /// Sensible settings for models of this size.
  public init(
    steps: Int, rate: Float = 1e-3, warmup: Int = 50, decay: Float = 0.01, clip: Float = 1,
    train: [String] = ["*"]
  ) {
    self.steps = steps
    self.rate = rate
    self.warmup = warmup
    self.decay = decay
    self.clip = clip
    self.train = train
  }

  func validate() throws {
    func require(_ name: String, _ value: Double, _ holds: Bool, _ expected: String) throws {
      guard holds else {
        throw TrainingError.setting(name: name, expected: expected, got: "\(value)")
      }
    }
    try require("steps", Double(steps), steps >= 0, "0 or more")
    try require("lr", Double(rate), rate > 0 && rate.isFinite, "a positive number")
    try require("warmup", Double(warmup), warmup >= 0, "0 or more")
    try require("weight_decay", Double(decay), decay >= 0 && decay.isFinite, "0 or more")
    try require("clip", Double(clip), clip > 0, "a positive number")
  }
}

/// What one step did.
public struct StepReport: Sendable {
  /// The step, counted from 1, and how many there are.
  public let step: Int, steps: Int
  /// Mean loss of the batch in nats per word.
  public let loss: Float
  /// The learning rate of this step.
  public let rate: Float
  /// The gradient's global norm before clipping.
  public let gradientNorm: Double
  /// Seconds since the training began.
  public let seconds: Double
}

/// Trains a model on batches.
///
/// - Parameters:
///   - model: Changed in place. Which parameters are trainable is set from `options.train` and put
///     back at the end.
///   - nextBatch: Gives the batch of a step, counted from 0.
///   - rate: The learning rate of a step, from its number, counted from 0, and the schedule's rate.
///   - keeper: Keeps the training in a file and goes on with what it finds there.
///   - report: Called after every step; `false` stops the training early. Of a training that goes
///     on, the last step that was kept is reported again, the steps before it are not.
/// - Throws: ``TrainingError``, and what `nextBatch` and `report` throw. The model then holds the
///   parameters of the last complete step.
public func train(
  _ model: VisionLanguageModel, _ options: TrainingOptions, keeper: TrainingKeeper? = nil,
  nextBatch: (Int) throws -> PackedBatch, rate: (Int, Float) -> Float = { $1 },
  report: (StepReport) throws -> Bool
) throws {
  let before = model.parameters.all.filter(\.isTrainable).map(\.name)
  try model.parameters.train(only: options.train)
  defer {
    for parameter in model.parameters.all {
      parameter.isTrainable = before.contains(parameter.name)
    }
  }
  try minimize(
    model.parameters.trainable, options, keeper: keeper, loss: { try model.loss(nextBatch($0)) },
    rate: rate, report: report)
}

/// Moves parameters down the slope of a loss of one's own.
///
/// - Parameters:
///   - parameters: What moves; those that no derivative reaches in a step stay.
///   - options: `train` is not looked at.
///   - loss: Gives the loss of a step, counted from 0: one number that depends on the parameters.
///     With a keeper it must be a function of step and parameters: done steps are not asked again.
///   - rate: The learning rate of a step, from its number, counted from 0, and the schedule's rate.
///   - keeper: As for `train`.
///   - report: Called after every step; `false` stops early.
/// - Throws: ``TrainingError``, and what `loss` and `report` throw. The parameters are then those
///   of the last complete step.
public func minimize(
  _ parameters: [Parameter], _ options: TrainingOptions, keeper: TrainingKeeper? = nil,
  loss: (Int) throws -> Variable, rate: (Int, Float) -> Float = { $1 },
  report: (StepReport) throws -> Bool
) throws {
  try options.validate()
  defer { for parameter in parameters { parameter.variable.clearGradient() } }
  let optimizer = AdamW(decay: options.decay, clip: options.clip)
  let schedule = Schedule(peak: options.rate, steps: options.steps, warmup: options.warmup)
  let start = Date()
  let kept = try keeper?.begin(parameters, optimizer) { try loss(0).value.item() }
  if kept?.isOver == true { return }
  var isReporting = false
  /// - Returns: Whether to go on.
  func tell(_ done: StepReport) throws -> Bool {
    isReporting = true
    defer { isReporting = false }
    return try report(done)
  }
  func step(_ step: Int) throws -> StepReport {
    let loss = try loss(step)
    let number = try loss.value.item()
    guard number.isFinite else { throw TrainingError.notFinite(what: "loss", step: step + 1) }
    try loss.backward()
    let rate = rate(step, schedule.rate(at: step))
    let norm = try optimizer.step(parameters, rate: rate)
    return StepReport(
      step: step + 1, steps: options.steps, loss: number, rate: rate, gradientNorm: norm,
      seconds: (kept?.seconds ?? 0) + Date().timeIntervalSince(start))
  }
  do {
    var goesOn = try kept?.lastReport(of: options.steps).map(tell) ?? true
    var next = kept?.step ?? 0
    while goesOn, next < options.steps {
      let done = try step(next)
      keeper?.didStep(done)
      next += 1
      goesOn = try tell(done)
    }
  } catch {
    keeper?.didFail(isWhole: !isReporting)
    throw error
  }
  keeper?.didEnd()
}

extension TrainingProgress {
  /// The last step that was done.
  fileprivate func lastReport(of steps: Int) -> StepReport? {
    losses.last.map {
      StepReport(
        step: step, steps: steps, loss: $0, rate: rate, gradientNorm: gradientNorm,
        seconds: seconds)
    }
  }
}
