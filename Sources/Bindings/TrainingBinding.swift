// Lua module `eidetic.training`: from examples, or from a loss of one's own, to better parameters.

import Autograd
import LuaHost
import Networks
import Repro
import TensorCore
import Training

enum TrainingBinding {
  static func module(_ workbench: Workbench) -> NativeModule {
    NativeModule(
      "eidetic.training", "Learning from examples or from a loss of one's own.",
      functions: [fit(workbench), minimize(workbench), mix])
  }

  private static let optimizerOptions: [NativeFunction.Option] = [
    .init("steps", .integer, "How many steps.", required: true, unit: "steps"),
    .init("lr", .number, "The highest learning rate.", default: 1e-3),
    .init("warmup", .integer, "Steps of linear warm-up.", default: 50, unit: "steps"),
    .init("weight_decay", .number, "Decoupled weight decay.", default: 0.01),
    .init("clip", .number, "The largest global gradient norm.", default: 1),
    .init(
      "on_step", .function,
      "Called after a step with its `Step`: step, steps, loss, lr (may be assigned), gradient_norm, "
        + "seconds, stop(reason). Returning false stops, too."),
    .init("every", .integer, "Calls `on_step` after every so many steps only.", default: 1),
    .init(
      "target", .number,
      "Stops when the loss, averaged over the last 10 steps, is this low.", unit: "nats"),
    .init(
      "patience", .integer,
      "Stops when the loss, averaged over the last 10 steps, has not become lower for so many "
        + "steps.", unit: "steps"),
    .init(
      "checkpoint", .either([.string, .object(LuaCheckpoint.self)]),
      "A file of this training alone. What was done is kept there as it goes; the same training, "
        + "called again, goes on from there to the same bits. The loss and `data` must then depend "
        + "on step and parameters only; `on_step` is not called again for done steps, but what it "
        + "set is remembered."),
  ]
  private static let history = Result(
    .table,
    "steps, loss (of the last step), seconds, losses (per step); stopped, why it ended early")

  private static let taskOrItems = ValueKind.either([
    .object(LuaTask.self), .object(LuaItems.self),
  ])

  private static func fit(_ workbench: Workbench) -> NativeFunction {
    NativeFunction(
      "fit", "Trains a model on examples with AdamW: warm-up, then half a cosine down to a tenth.",
      parameters: [.init("model", .object(LuaModel.self), "Changed in place.")],
      options: [
        .init(
          "data", .either([taskOrItems, .list(taskOrItems)]),
          "A task, or several that are mixed by their weights; items count as a task of weight 1.",
          required: true),
        .init("rng", .object(LuaRng.self), "Decides the examples.", required: true),
        .init("batch", .integer, "Examples per step.", default: 64),
        .init(
          "train", .list(.string), "Patterns of the parameters to train; the others are frozen.",
          default: .list(["*"])),
      ] + optimizerOptions,
      results: [history],
      since: "1.0",
      example:
        """
        training.fit(model, { data = people:train("text", "name"), rng = rng.new(1), steps = 200,
          every = 20,
          on_step = function(step)
            if step.loss > 5 then step:stop "it does not learn" end
            if step.step == 100 then step.lr = step.lr / 10 end
          end })
        """
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
      let history = try TrainingHistory("fit", a, workbench)
      let keeper = try workbench.keeper(a) {
        let own: [String: JSON] = [
          "model": .string(try learner.model.parameters.fingerprint()),
          "batch": .integer(size), "rng": .string(String(stream.key, radix: 16)),
          "train": .array(options.train.map { .string($0) }),
        ]
        return try own.merging(decisions(options, a)) { $1 }
      }
      history.kept(by: keeper)
      try train(learner.model, options, keeper: keeper) { step in
        let items = try (0..<size).map { try mixture.item(step: step, slot: $0, stream: stream) }
        return try .learning(learner.words.examples(items), learner.model.configuration)
      } rate: {
        history.rate ?? $1
      } report: {
        try history.add($0)
      }
      return [history.value]
    }
  }

  private static func minimize(_ workbench: Workbench) -> NativeFunction {
    NativeFunction(
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
      results: [history],
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
      let loss = try a.function("loss"), history = try TrainingHistory("minimize", a, workbench)
      let options = try trainingOptions(a)
      let keeper = try workbench.keeper(a) {
        try decisions(options, a).merging(["model": .string(parameters.fingerprint())]) { $1 }
      }
      history.kept(by: keeper)
      try Training.minimize(parameters, options, keeper: keeper) { step in
        guard let tensor = try loss.call([.integer(step + 1)]).first?.asObject(LuaTensor.self)
        else {
          throw LuaError("minimize: loss must return a tensor", kind: .argument)
        }
        return tensor.variable
      } rate: {
        history.rate ?? $1
      } report: {
        try history.add($0)
      }
      return [history.value]
    }
  }

  private static let mix = NativeFunction(
    "mix", "One stream of several, so that it can be filtered, changed and mixed again.",
    parameters: [
      .init("tasks", .list(taskOrItems), "Mixed by their weights; items count as weight 1.")
    ],
    options: [
      .init("weights", .list(.number), "One for each, in place of their own."), .weight,
    ], results: [.init(.object(LuaTask.self))], since: "1.0",
    example: """
      local names, replay = people:train("image", "name"), base.known:train("text", "name")
      local data = training.mix({ names, replay }, { weights = { 3, 1 } })
      """
  ) { a in
    var tasks = tasks(a["tasks"])
    if let weights = try a.table(ifGiven: "weights")?.numbers {
      guard weights.count == tasks.count else {
        throw LuaError(
          "mix: expected \(tasks.count) weights, got \(weights.count)", kind: .argument)
      }
      for (index, weight) in weights.enumerated() { tasks[index].weight = weight }
    }
    let task = Task(.mixture(try Mixture(tasks)), [], [], weight: try a.number("weight"))
    _ = try Mixture([task])
    return [.object(LuaTask(task))]
  }

  private static func tasks(_ value: LuaValue) -> [Task] {
    let list = value.asTable?.items ?? [value]
    return list.compactMap {
      if let items = $0.asObject(LuaItems.self) { return Task(.items(items.items), [], []) }
      return $0.asObject(LuaTask.self)?.task
    }
  }

  private static func trainingOptions(_ a: Arguments) throws -> TrainingOptions {
    TrainingOptions(
      steps: try a.integer("steps"), rate: Float(try a.number("lr")),
      warmup: try a.integer("warmup"), decay: Float(try a.number("weight_decay")),
      clip: Float(try a.number("clip")))
  }
  /// What decides a training apart from model, data and machine, by option.
  private static func decisions(
    _ options: TrainingOptions, _ a: Arguments
  ) throws -> [String: JSON] {
    [
      "steps": .integer(options.steps), "lr": .number(Double(options.rate)),
      "warmup": .integer(options.warmup), "weight_decay": .number(Double(options.decay)),
      "clip": .number(Double(options.clip)), "every": .integer(try a.integer("every")),
      "target": try a.number(ifGiven: "target").map { .number($0) } ?? .null,
      "patience": try a.integer(ifGiven: "patience").map { .integer($0) } ?? .null,
    ]
  }
}
