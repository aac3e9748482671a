// Activations by name: listing, reading, replacing and blocking them.

import Autograd
import LuaHost
import Networks
import TensorCore
import Training

enum ModelHooks {
  static let methods: [NativeFunction] = [
    .entry(
      "hook_points",
      "The names of all activations, in the order in which they are computed: of a block what "
        + "attention and MLP add and the residual stream after it, what the projector gives, and so "
        + "on.",
      [Parameter("pattern", .string, "`*` stands for any characters.", default: "*")],
      results: [Result(.list(.string))],
      example: "print(table.concat(model:hook_points(), \"\\n\"))"
    ) { a in
      let hooks = try a.receiver(LuaModel.self).model.hooks
      return [.list(try hooks.matching([a.string("pattern")]).map { .string($0) })]
    },
    .entry(
      "activations",
      "What a model computes on its way to the true answers, without history: `vision.*` and "
        + "`projector` for the tokens of each picture, `decoder.norm` and `logits` where a word of "
        + "an answer follows, the other `decoder.*` for every token.",
      [itemsParameter],
      options: [
        Option(
          "names", .either([.string, .list(.string)]),
          "Patterns of hook points; `*` stands for any characters.", default: "*"),
        Option(
          "at", .oneOf(["all", "answer"]),
          "All rows, or the one of each item after which its answer follows: [items, width].",
          default: "all"),
      ],
      results: [
        Result(.table, "Tensors [rows, width] by name."),
        Result(
          .table,
          "By name what the rows stand for: `lengths`, `items`, `starts`, `answers`, as "
            + "`with_hooks` tells."),
      ],
      example:
        "local x = model:activations(items, { names = \"decoder.block.*\", at = \"answer\" })",
      activations),
    .entry(
      "with_hooks",
      "Calls a function while activations of the model are read, replaced or blocked; the hooks "
        + "go when it ends, also by an error. A function `(x, info)` returns a tensor of the shape "
        + "of `x`, [rows, width], or nothing, which leaves `x`; derivatives flow through what it "
        + "returns, and within it the model runs without hooks. `info` has `name`; `lengths`, the "
        + "rows of each sequence; `items`, the position of its item in the call; `starts`, the "
        + "place of its first row in the sequence; `answers`, the row of each after which its "
        + "answer begins, nil for image tokens. `generate`, `rank` and `log_probabilities` read "
        + "prompts in batches and cache keys and values as hooks left them; after that hooks see "
        + "only the rows that follow, without `answers`.",
      [
        Parameter(
          "hooks", .table,
          "By pattern a function, \"zero\", \"mean\" (of the rows), or a tensor that broadcasts; "
            + "several at one point run in the order of their patterns' letters."),
        Parameter("fn", .function, "What to call; must not yield."),
      ],
      results: [Result(.any, "What the function returns; tables are copied.", optional: true)],
      example:
        "local r = model:with_hooks({ [\"decoder.block.2.mlp\"] = \"zero\" }, "
        + "function() return model:rank(items, names) end)",
      withHooks),
  ]

  private static func activations(_ a: Arguments) throws -> [LuaValue] {
    let source = try a.receiver(LuaModel.self), model = source.model
    let examples = try source.words.examples(a.object("items", LuaItems.self).items)
    let patterns = try a["names"].asString.map { [$0] } ?? a.strings("names")
    let isWhole = try a.string("at") == "all"
    var tensors: [String: LuaValue] = [:], rows: [String: LuaValue] = [:]
    let read: ActivationHooks.Hook = { activation in
      let (tensor, own) =
        isWhole
        ? (activation.value.value, activation.rows) : try atAnswers(activation)
      tensors[activation.name] = .object(LuaTensor(Variable(tensor)))
      rows[activation.name] = .fields(fields(own, firstItem: 0))
      return activation.value
    }
    try model.hooks.with(model.hooks.matching(patterns).map { ($0, read) }) {
      try Tape.paused { _ = try model.wordLosses(.learning(examples, model.configuration)) }
    }
    return [.fields(tensors), .fields(rows)]
  }

  private static func atAnswers(_ activation: Activation) throws -> (Tensor, ActivationRows) {
    guard let answers = activation.rows.answers, let rows = activation.rows.atAnswers else {
      throw LuaError(
        "activations: '\(activation.name)' has no row of the answer; name decoder activations, "
          + "or leave out at = \"answer\"", kind: .argument)
    }
    return (try activation.value.value.rows(at: Tensor(answers.map { Int32($0) })), rows)
  }

  private static func withHooks(_ a: Arguments) throws -> [LuaValue] {
    let source = try a.receiver(LuaModel.self), table = try a.table("hooks")
    let body = try a.function("fn")
    guard table.count == 0 else {
      throw LuaError(
        "with_hooks: expected hooks by pattern, { [\"decoder.block.1\"] = ... }, got a value at "
          + "position 1", kind: .argument)
    }
    let hooks = try table.fields.sorted { $0.key < $1.key }.map { pattern, value in
      (pattern: pattern, hook: try hook(pattern, value, source))
    }
    return try source.model.hooks.with(hooks) { try body.call() }
  }

  private static func hook(
    _ pattern: String, _ value: LuaValue, _ source: LuaModel
  ) throws -> ActivationHooks.Hook {
    if let function = value.asFunction { return { try call(function, $0, source) } }
    if let tensor = value.asObject(LuaTensor.self)?.variable { return { try spread(tensor, $0) } }
    switch value.asString {
    case "zero": return { Variable(try .zeros($0.value.shape)) }
    case "mean":
      return { try spread($0.value.mean(axis: 0, keepingAxis: true), $0) }
    default:
      let got = value.asString.map { "'\($0)'" } ?? value.kindName
      throw LuaError(
        "with_hooks: hook '\(pattern)' must be a function, 'zero', 'mean' or a Tensor, got \(got)",
        kind: .argument)
    }
  }

  /// Calls a hook. What the script did wrong is told with the hook's name; a wish to stop passes.
  private static func call(
    _ function: LuaFunction, _ activation: Activation, _ source: LuaModel
  ) throws -> Variable {
    var info = fields(activation.rows, firstItem: source.firstItem)
    info["name"] = .string(activation.name)
    let given: LuaValue
    do {
      given =
        try function.call([.object(LuaTensor(activation.value)), .fields(info)]).first ?? .nil
    } catch let error as LuaError where [.script, .argument, .native].contains(error.kind) {
      throw LuaError("hook '\(activation.name)': \(error.message)", kind: error.kind)
    }
    if given.isNil { return activation.value }
    guard let tensor = given.asObject(LuaTensor.self) else {
      throw ModelError.hook(
        name: activation.name, expected: "a tensor or nothing", got: given.kindName)
    }
    return tensor.variable
  }

  /// A tensor repeated over the rows of an activation.
  private static func spread(_ tensor: Variable, _ activation: Activation) throws -> Variable {
    let wanted = activation.value.shape
    guard tensor.shape != wanted else { return tensor }
    do { return try tensor.broadcast(to: wanted) } catch TensorError.shape {
      throw ModelError.hook(
        name: activation.name, expected: "a tensor that broadcasts to \(Tensor.text(wanted))",
        got: Tensor.text(tensor.shape))
    }
  }

  /// Positions and rows as Lua counts them.
  private static func fields(_ rows: ActivationRows, firstItem: Int) -> [String: LuaValue] {
    [
      "lengths": .integers(rows.lengths),
      "items": .integers(rows.sequences.map { $0 + firstItem + 1 }),
      "starts": .integers(rows.starts.map { $0 + 1 }),
      "answers": rows.answers.map { .integers($0.map { $0 + 1 }) } ?? .nil,
    ]
  }
}
