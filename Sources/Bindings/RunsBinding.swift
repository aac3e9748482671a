// Lua module `eidetic.runs`: what an experiment records and leaves behind.

import LuaHost
import Metrics
import RunStore

/// A run under way.
public final class LuaRun: LuaObject {
  let recorder: RunRecorder
  init(_ recorder: RunRecorder) { self.recorder = recorder }

  /// How Lua sees the class.
  public static let luaClass = NativeClass(
    "Run", "A run under way: what it records is written after every seed.",
    methods: [begin, data, note, curve, chart, names, numbers, complete, finish],
    properties: [
      .init("path", .string, "The run's folder.") {
        .string(try $0.receiver(LuaRun.self).recorder.path)
      },
      .init(
        "checkpoint", .object(LuaCheckpoint.self),
        "Where the trainings of the seed under way are kept until it is complete."
      ) { .object(try $0.receiver(LuaRun.self).recorder.checkpoint) },
    ])
}

enum RunsBinding {
  static func module(_ workbench: Workbench) -> NativeModule {
    NativeModule(
      "eidetic.runs", "What an experiment records and leaves behind.",
      functions: [open(workbench), study(workbench), summarize])
  }

  private static func open(_ workbench: Workbench) -> NativeFunction {
    NativeFunction(
      "open", "Starts a run in a folder of its own.",
      options: [
        .init("name", .string, "The experiment.", required: true),
        .init("summary", .string, "What it asks, in a sentence.", default: ""),
        .init("params", .table, "Plain parameters.", default: .fields([:])),
        .init("seeds", .list(.integer), "The seeds that are planned.", required: true),
        .init(
          "claims", .list(.table),
          "What the run sets out to show: claim, metric, terms { weight, conditions }, above.",
          default: .list([])),
        .init("folder", .string, "Where the run goes; by default as the command line says."),
        .init("script", .string, "The script that the run keeps; by default the one that runs."),
      ], results: [.init(.object(LuaRun.self))],
      example: "local run <close> = runs.open { name = \"mine\", seeds = { 0 }, folder = \"out\" }"
    ) { a in
      if workbench.confinement != nil, workbench.recorder != nil {
        throw LuaError("open: in the sandbox a script has one run", kind: .argument)
      }
      let parameters = try a.table("params").fields.mapValues { value -> String in
        if let text = value.asString { return text }
        return try value.json("params").canonical
      }
      let recorder = try RunRecorder(
        workbench, name: a.string("name"), question: a.string("summary"), parameters: parameters,
        seeds: a.integers("seeds"), claims: claims(a["claims"]),
        folder: a.string(ifGiven: "folder").map { try a.path(text: $0, for: .writing) },
        script: a.string(ifGiven: "script").map { try a.path(text: $0, for: .reading) })
      workbench.listener.message("run \(recorder.path)")
      return [.object(LuaRun(recorder))]
    }
  }
}

/// Claims as Lua writes them: `{ claim =, metric =, terms = { { 1, conditions }, … }, above = 0 }`.
private func claims(_ value: LuaValue) throws -> [Claim] {
  try (value.asTable?.items ?? []).enumerated().map { index, value in
    let place = "claims[\(index + 1)]"
    guard let table = value.asTable, let text = table["claim"].asString, !text.isEmpty,
      let metric = table["metric"].asString, let terms = table["terms"].asTable?.items,
      !terms.isEmpty
    else {
      throw LuaError("open: \(place) needs claim, metric and terms", kind: .argument)
    }
    let above = table["above"]
    guard above.isNil || above.asNumber?.isFinite == true else {
      throw LuaError("open: \(place): 'above' must be a finite number", kind: .argument)
    }
    return Claim(
      text, try terms.map { try term($0, metric, place) }, offset: above.asNumber ?? 0)
  }
}

private func term(_ value: LuaValue, _ metric: String, _ place: String) throws -> Claim.Term {
  let parts = value.asTable?.items ?? []
  guard parts.count == 2, let weight = parts[0].asNumber, weight.isFinite,
    let conditions = parts[1].asTable
  else {
    throw LuaError("open: \(place): a term is { weight, conditions }", kind: .argument)
  }
  return Claim.Term(weight, CellKey(metric: metric, keys: try strings(conditions, "claims")))
}

private let begin = NativeFunction(
  "begin", "Starts a seed.", parameters: [.init("seed", .integer)],
  results: [.init(.boolean, "Whether it is still to be done.")],
  example: "if run:begin(0) then run:complete() end"
) { a in
  [.boolean(try a.receiver(LuaRun.self).recorder.begin(seed: a.integer("seed")))]
}

private let data = NativeFunction(
  "data", "Adds to what the result's data hash covers.", parameters: [.init("hash", .string)],
  example: "run:data(people.hash)"
) { a in
  try a.receiver(LuaRun.self).recorder.add(dataHash: a.string("hash"))
  return []
}

private let note = NativeFunction(
  "note", "Adds a remark for the reader.", parameters: [.init("text", .string)],
  example: "run:note(\"stopped early\")"
) { a in
  try a.receiver(LuaRun.self).recorder.add(note: a.string("text"))
  return []
}

private let curve = NativeFunction(
  "curve", "Adds the losses of a stage.",
  parameters: [.init("stage", .string), .init("losses", .list(.number), "One per step.")],
  options: [.init("seconds", .number, "How long it took; the report shows it beside the steps.")],
  example: "run:curve(\"names\", history.losses, { seconds = history.seconds })"
) { a in
  let seconds = try a.number(ifGiven: "seconds")
  if let seconds, !(seconds >= 0 && seconds.isFinite) {
    throw LuaError("seconds: expected 0 or more, got \(seconds.luaText)", kind: .argument)
  }
  try a.receiver(LuaRun.self).recorder.add(
    stage: a.string("stage"), losses: a.numbers("losses"), seconds: seconds)
  return []
}

private let chart = NativeFunction(
  "chart", "Keeps a chart of the seed under way; the report shows it.",
  parameters: [.init("chart", .object(LuaChart.self), "Made with `plot`.")],
  options: [
    .init(
      "name", .string,
      "Tells the run's charts apart: lower-case letters, digits, hyphens; by default its title.")
  ], since: "1.0",
  example: "run:chart(plot.bars({ 0.9, 0.2 }, { labels = { \"image\", \"text\" } }))"
) { a in
  let chart = try a.object("chart", LuaChart.self).chart
  try charting("chart") {
    try a.receiver(LuaRun.self).recorder.add(
      chart, name: a.string(ifGiven: "name") ?? chart.plainName)
  }
  return []
}

private let cell: [NativeFunction.Parameter] = [
  .init("keys", .table, "Conditions, such as source and target."),
  .init("items", .object(LuaItems.self), "What was asked."),
]
private let group = NativeFunction.Parameter(
  "group", .string, "`member`, `control`, or another group.", default: "member")

private func keys(_ a: Arguments) throws -> [String: String] {
  try strings(a.table("keys"), "record")
}

private func strings(_ conditions: LuaTable, _ who: String) throws -> [String: String] {
  try conditions.fields.mapValues { value in
    guard let text = value.asString else {
      throw LuaError("\(who): conditions must be strings, got \(value.kindName)", kind: .argument)
    }
    return text
  }
}

private let names = NativeFunction(
  "names", "Scores answers that are names.",
  parameters: cell + [.init("answers", .list(.string), "One per item."), group],
  example: "run:names({ target = \"text\" }, items, model:generate(items))"
) { a in
  try a.receiver(LuaRun.self).recorder.add(
    names: a.strings("answers"), a.object("items", LuaItems.self).items, keys: keys(a),
    group: Group(a.string("group")))
  return []
}

private let numbers = NativeFunction(
  "numbers", "Adds one number per item.",
  parameters: [.init("metric", .string)] + cell
    + [
      .init("values", .list(.number), "One per item."), group,
      .init("chance", .number, "What blind guessing would score.", optional: true),
      .init("scale", Scale.kind, Scale.explained, optional: true),
    ],
  example: "run:numbers(\"rank\", { target = \"text\" }, items, model:rank(items, people.names))"
) { a in
  try a.receiver(LuaRun.self).recorder.add(
    a.string("metric"), values: a.numbers("values"), a.object("items", LuaItems.self).items,
    keys: keys(a), group: Group(a.string("group")), chance: a.number(ifGiven: "chance"),
    scale: a.string(ifGiven: "scale").flatMap(Scale.init(rawValue:)))
  return []
}

private let complete = NativeFunction(
  "complete", "Ends a seed; its outcomes are written.",
  example: "run:complete()"
) {
  try $0.receiver(LuaRun.self).recorder.completeSeed()
  return []
}

private let finish = NativeFunction(
  "finish", "Writes result and report.",
  results: [.init(.string, "The table and where the files are.")],
  example: "local path = run:finish()"
) { a in
  [.string(try a.receiver(LuaRun.self).recorder.finish())]
}
