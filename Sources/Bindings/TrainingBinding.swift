// Lua module `eidetic.training`: from examples, or from a loss of one's own, to better parameters.

import Autograd
import LuaHost
import Networks
import Repro
import TensorCore
import Training

enum TrainingBinding {
  static let module = NativeModule(
    "eidetic.training", "Learning from examples or from a loss of one's own.",
    functions: [fit, minimize])

  private static let optimizerOptions: [NativeFunction.Option] = [
    .init("steps", .integer, "How many steps.", required: true, unit: "steps"),
    .init("lr", .number, "The highest learning rate.", default: 1e-3),
    .init("warmup", .integer, "Steps of linear warm-up.", default: 50, unit: "steps"),
    .init("weight_decay", .number, "Decoupled weight decay.", default: 0.01),
    .init("clip", .number, "The largest global gradient norm.", default: 1),
    .init(
      "on_step", .function,
      "Called after every step with step, steps, loss, lr, gradient_norm, seconds; returning "
        + "false stops."),
  ]

  private static let fit = NativeFunction(
    "fit", "Trains a model on examples with AdamW: warm-up, then half a cosine down to a tenth.",
    parameters: [.init("model", .object(LuaModel.self), "Changed in place.")],
    options: [
      .init(
        "data", .either([.object(LuaTask.self), .list(.object(LuaTask.self))]),
        "A task, or several that are mixed by their weights.", required: true),
      .init("rng", .object(LuaRng.self), "Decides the examples.", required: true),
      .init("batch", .integer, "Examples per step.", default: 64),
      .init(
        "train", .list(.string), "Patterns of the parameters to train; the others are frozen.",
        default: .list(["*"])),
    ] + optimizerOptions,
    results: [.init(.table, "steps, loss (of the last step), seconds, losses (per step)")],
    since: "1.0",
    example:
      "training.fit(model, { data = people:train(\"text\", \"name\"), rng = r, steps = 200 })"
  ) { a in
    let learner = try a.object("model", LuaModel.self)
    let stream = try a.object("rng", LuaRng.self).stream
    let mixture = try Mixture(tasks(a["data"]))
    let size = try a.integer("batch")
    guard size >= 1, size <= 65536 else {
      throw TrainingError.setting(name: "batch", expected: "1 ... 65536", got: "\(size)")
    }
    var options = try trainingOptions(a)
    options.train = try a.strings("train")
    let history = try History(a)
    try train(learner.model, options) { step in
      let items = try (0..<size).map { try mixture.item(step: step, slot: $0, stream: stream) }
      return try .learning(learner.words.examples(items), learner.model.configuration)
    } report: {
      try history.add($0)
    }
    return [history.value]
  }

  private static let minimize = NativeFunction(
    "minimize", "Moves tensors down the slope of a loss, with the same optimizer and schedule.",
    parameters: [
      .init(
        "parameters", .list(.object(LuaTensor.self)),
        "Tensors that learn: made with `requires_grad`, or a model's.")
    ],
    options: [
      .init(
        "loss", .function, "Gets the step, from 1; returns one differentiable number.",
        required: true)
    ] + optimizerOptions,
    results: [.init(.table, "steps, loss (of the last step), seconds, losses (per step)")],
    since: "1.0",
    example: """
      local w = tensor.zeros { 3 }:requires_grad()
      training.minimize({ w }, { steps = 100, loss = function() return (w - 1):square():sum() end })
      """
  ) { a in
    let parameters = try a.list("parameters").enumerated().map { index, value in
      guard let tensor = value.asObject(LuaTensor.self), tensor.variable.requiresGradient,
        !tensor.variable.hasHistory
      else {
        throw LuaError(
          "minimize: parameter \(index + 1) does not learn; make it with requires_grad()",
          kind: .argument)
      }
      return Networks.Parameter("parameter \(index + 1)", sharing: tensor.variable)
    }
    let loss = try a.function("loss"), history = try History(a)
    try Training.minimize(parameters, trainingOptions(a)) { step in
      guard let tensor = try loss.call([.integer(step + 1)]).first?.asObject(LuaTensor.self) else {
        throw LuaError("minimize: loss must return a tensor", kind: .argument)
      }
      return tensor.variable
    } report: {
      try history.add($0)
    }
    return [history.value]
  }

  private static func tasks(_ value: LuaValue) throws -> [Task] {
    if let one = value.asObject(LuaTask.self) { return [one.task] }
    return (value.asTable?.items ?? []).compactMap { $0.asObject(LuaTask.self)?.task }
  }

  private static func trainingOptions(_ a: Arguments) throws -> TrainingOptions {
    TrainingOptions(
      steps: try a.integer("steps"), rate: Float(try a.number("lr")),
      warmup: try a.integer("warmup"), decay: Float(try a.number("weight_decay")),
      clip: Float(try a.number("clip")))
  }
}

/// Collects what the steps report, passes it on to Lua, and listens for the user's stop.
private final class History {
  private let arguments: Arguments
  private let callback: LuaFunction?
  private var losses: [Double] = []
  private var seconds = 0.0

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    callback = try arguments.function(ifGiven: "on_step")
  }

  /// - Returns: Whether to go on.
  func add(_ report: StepReport) throws -> Bool {
    losses.append(Double(report.loss))
    seconds = report.seconds
    try arguments.checkInterrupt()
    let answer = try callback?.call([
      .fields([
        "step": .integer(report.step), "steps": .integer(report.steps),
        "loss": .number(Double(report.loss)), "lr": .number(Double(report.rate)),
        "gradient_norm": .number(report.gradientNorm), "seconds": .number(report.seconds),
      ])
    ])
    return answer?.first?.asBoolean != false
  }

  var value: LuaValue {
    .fields([
      "steps": .integer(losses.count), "loss": losses.last.map { .number($0) } ?? .nil,
      "seconds": .number(seconds), "losses": .numbers(losses),
    ])
  }
}
