// Tasks in Lua: streams of examples to learn from, drawn one by one while learning. A filter or a
// change runs when an example is drawn, so nothing is kept and a stream never ends.

import LuaHost
import Personas
import Training

/// A kind of example to learn from.
public final class LuaTask: LuaObject {
  let task: Task
  init(_ task: Task) { self.task = task }

  /// How Lua sees the class.
  public static let luaClass = NativeClass(
    "Task",
    "A stream of examples to learn from: what is drawn depends on rng, step and place only.",
    maker: "people:train(\"text\", \"name\")",
    methods: [filter, map, weighted, sample],
    properties: [
      .init("weight", .number, "Share of a mixture, relative to the others.") {
        .number(try $0.receiver(LuaTask.self).task.weight)
      }
    ])

  private static let filter = NativeFunction.entry(
    "filter", "The stream without the examples that a function refuses; others are drawn for them.",
    [
      Parameter(
        "keep", .function,
        "Gets the item; `nil` and `false` refuse it. The same item must always give the same.")
    ], results: [Result(.object(LuaTask.self))],
    example: """
      local task = people:train("text", "name")
        :filter(function(item) return not item.prompt:find "hat" end)
      """
  ) { a in
    let keep = try a.function("keep")
    return [
      try a.receiver(LuaTask.self).revised { item in
        let answer = try keep.call([LuaItems.table(item)]).first ?? .nil
        return answer.isNil || answer.asBoolean == false ? nil : item
      }
    ]
  }

  private static let map = NativeFunction.entry(
    "map", "The stream with what a function changes about each example.",
    [
      Parameter(
        "change", .function,
        "Gets the item; gives a table with new words for answer, question or description (of items "
          + "in text), or nil. The same item must always give the same.")
    ], results: [Result(.object(LuaTask.self))],
    example: """
      local wrong = people:train("image", "name")
        :map(function(item) return { answer = people.names[1] } end)
      """
  ) { a in
    let change = try a.function("change")
    return [
      try a.receiver(LuaTask.self).revised { item in
        try LuaItems.revised(item, change.call([LuaItems.table(item)]).first ?? .nil, "map")
      }
    ]
  }

  /// The stream after one more change.
  private func revised(_ change: @escaping @Sendable (Item) throws -> Item?) -> LuaValue {
    var task = task
    let before = task.revise
    task.revise = { item in
      guard let before else { return try change(item) }
      return try before(item).flatMap(change)
    }
    return .object(LuaTask(task))
  }

  private static let weighted = NativeFunction.entry(
    "weighted", "The same stream with another share of a mixture.",
    [Parameter("weight", .number, "Relative to the others, 0 or more.")],
    results: [Result(.object(LuaTask.self))],
    example: "local data = { people:train(\"image\", \"name\"):weighted(3), replay }"
  ) { a in
    var task = try a.receiver(LuaTask.self).task
    let weight = try a.number("weight")
    guard weight >= 0, weight.isFinite else {
      throw LuaError("weighted: expected 0 or more, got \(weight.luaText)", kind: .argument)
    }
    task.weight = weight
    return [.object(LuaTask(task))]
  }

  private static let sample = NativeFunction.entry(
    "sample", "Examples drawn from the stream, to look at or as a fixed set to learn from.",
    [
      .rng, Parameter("count", .integer, "How many, 1 ... 100000."),
    ], results: [Result(.object(LuaItems.self))],
    example: "for _, item in task:sample(rng.new(1), 3) do print(item.prompt, item.answer) end"
  ) { a in
    let count = try a.integer("count"), stream = try a.object("rng", LuaRng.self).stream
    guard (1...100_000).contains(count) else {
      throw LuaError("sample: expected 1 ... 100000, got \(count)", kind: .argument)
    }
    let task = try a.receiver(LuaTask.self).task
    return [
      .object(
        LuaItems(
          try (0..<count).map { place in
            if place % 256 == 0 { try a.checkInterrupt() }
            return try task.item(stream.fork(place))
          }))
    ]
  }
}
