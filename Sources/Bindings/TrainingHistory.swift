// A training under way as Lua sees it: what each step did, and what the script makes of it.

import LuaHost
import Training

/// One step, for the function that watches a training.
public final class LuaStep: LuaObject {
  let report: StepReport
  /// Set when the training goes on: it is too late to change anything.
  fileprivate(set) var isOver = false
  fileprivate var rate: Double?
  fileprivate var reason: String?
  init(_ report: StepReport) { self.report = report }

  /// How Lua sees the class.
  public static let luaClass = NativeClass(
    "Step", "What a step of a training did; gone when `on_step` returns.",
    methods: [stop],
    properties: [
      .init("step", .integer, "The step, counted from 1.") { .integer(try it($0).report.step) },
      .init("steps", .integer, "How many there are.") { .integer(try it($0).report.steps) },
      .init("loss", .number, "Mean loss of the batch.") { .number(Double(try it($0).report.loss)) },
      .init("gradient_norm", .number, "The gradient's global norm before clipping.") {
        .number(try it($0).report.gradientNorm)
      },
      .init("seconds", .number, "Seconds since the training began.") {
        .number(try it($0).report.seconds)
      },
      .init(
        "lr", .number,
        "The learning rate of this step. What is assigned holds from the next step on, in place of "
          + "the schedule.",
        get: {
          let step = try it($0)
          return .number(step.rate ?? Double(step.report.rate))
        }, set: setRate),
    ])

  private static func it(_ a: Arguments) throws -> LuaStep { try a.receiver(LuaStep.self) }

  private static func setRate(_ a: Arguments) throws {
    let rate = try a.number("value")
    guard rate >= 0, rate.isFinite, Float(rate).isFinite else {
      throw LuaError("lr: expected 0 or more, got \(rate.luaText)", kind: .argument)
    }
    try current(a, "lr").rate = rate
  }

  private static func current(_ a: Arguments, _ name: String) throws -> LuaStep {
    let step = try it(a)
    guard !step.isOver else {
      throw LuaError(
        "\(name): step \(step.report.step) is over; use the step that on_step gets",
        kind: .argument)
    }
    return step
  }

  private static let stop = NativeFunction(
    "stop", "Ends the training after this step; the model keeps what it has learned.",
    parameters: [
      .init("reason", .string, "Stands in the result as `stopped`.", default: "stopped by on_step")
    ], since: "1.0",
    example: "on_step = function(step) if step.loss < 0.1 then step:stop \"good enough\" end end"
  ) { a in
    try current(a, "stop").reason = a.string("reason")
    return []
  }
}

/// Collects what the steps report, passes it on to Lua, and decides when to stop.
final class TrainingHistory {
  private let name: String
  private let arguments: Arguments
  private let callback: LuaFunction?
  private let listener: (any ProgressListener)?
  private let every: Int
  private let target: Double?
  private let patience: Int?
  private var losses: [Double] = []
  private var seconds = 0.0
  private var best = (loss: Double.infinity, step: 0)
  private var stopped: String?
  /// The learning rate that the script set, if it did.
  private(set) var rate: Float?

  /// How many steps a loss is averaged over before it is judged: single batches vary.
  private static let window = 10

  init(_ name: String, _ arguments: Arguments, _ workbench: Workbench) throws {
    self.name = name
    self.arguments = arguments
    callback = try arguments.function(ifGiven: "on_step")
    listener = callback == nil && workbench.followsTrainings ? workbench.listener : nil
    every = try arguments.integer("every")
    target = try arguments.number(ifGiven: "target")
    patience = try arguments.integer(ifGiven: "patience")
    guard every >= 1 else {
      throw LuaError("\(name): every must be 1 or more, got \(every)", kind: .argument)
    }
    guard patience.map({ $0 >= 1 }) != false else {
      throw LuaError("\(name): patience must be 1 or more, got \(patience ?? 0)", kind: .argument)
    }
  }

  /// Lets a keeper remember what the script decided.
  func kept(by keeper: TrainingKeeper?) {
    keeper?.watch { [self] in
      .object([
        "lr": rate.map { .number(Double($0)) } ?? .null,
        "stopped": stopped.map { .string($0) } ?? .null,
      ])
    } restore: { [self] in
      restore($0)
    }
  }

  /// The last step of a training that is not over will be told again.
  private func restore(_ progress: TrainingProgress) {
    for loss in progress.isOver ? progress.losses : progress.losses.dropLast() {
      losses.append(Double(loss))
      _ = judged(losses.count)
    }
    seconds = progress.seconds
    rate = progress.notes["lr"]?.double.map { Float($0) }
    if case .string(let reason)? = progress.notes["stopped"] { stopped = reason }
  }

  /// - Returns: Whether to go on.
  func add(_ report: StepReport) throws -> Bool {
    losses.append(Double(report.loss))
    seconds = report.seconds
    try arguments.checkInterrupt()
    stopped = try asked(report) ?? judged(report.step)
    listener?.progress(
      stage: name, step: report.step, steps: report.steps, loss: Double(report.loss))
    if let stopped { listener?.message("\(name) stopped after step \(report.step): \(stopped)") }
    return stopped == nil
  }

  /// Why the script wants to stop, if it does.
  private func asked(_ report: StepReport) throws -> String? {
    guard let callback, report.step % every == 0 || report.step == report.steps else { return nil }
    let step = LuaStep(report)
    defer { step.isOver = true }
    let answer = try callback.call([.object(step)])
    if let rate = step.rate { self.rate = Float(rate) }
    return step.reason ?? (answer.first?.asBoolean == false ? "on_step returned false" : nil)
  }

  /// Why the losses say to stop, if they do.
  private func judged(_ step: Int) -> String? {
    guard target != nil || patience != nil, losses.count >= Self.window else { return nil }
    let loss = losses.suffix(Self.window).reduce(0, +) / Double(Self.window)
    if loss < best.loss { best = (loss, step) }
    if let target, loss <= target { return "the loss reached its target of \(target.luaText)" }
    if let patience, step - best.step >= patience {
      return "the loss has not become lower for \(patience) steps"
    }
    return nil
  }

  var value: LuaValue {
    .fields([
      "steps": .integer(losses.count), "loss": losses.last.map { .number($0) } ?? .nil,
      "seconds": .number(seconds), "losses": .numbers(losses),
      "stopped": stopped.map { .string($0) } ?? .nil,
    ])
  }
}
