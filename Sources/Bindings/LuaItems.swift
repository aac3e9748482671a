// Questions to answer, as Lua holds them.

import LuaHost
import Personas

/// Questions with their true answers.
public final class LuaItems: LuaObject {
  let items: [Item]
  init(_ items: [Item]) { self.items = items }

  /// How Lua sees the class.
  public static let luaClass = NativeClass(
    "Items", "Questions with their true answers, one after the other.",
    maker: "people:test(\"text\", \"name\")",
    methods: choices + [withAnswers],
    metamethods: [
      NativeFunction(
        "__len", "How many.", parameters: [.init("items", .any)], results: [.init(.integer)]
      ) {
        [.integer(try $0.object("items", LuaItems.self).items.count)]
      },
      NativeFunction(
        "__index",
        "One item: person, modality, prompt (shown and asked), answer; mark (color, corner, own) with "
          + "a shortcut.",
        parameters: [.init("items", .any), .init("i", .any)], results: [.init(.table)]
      ) { a in
        let items = try a.object("items", LuaItems.self).items
        return [table(items[try position(a["i"], of: items.count, "items")])]
      },
      NativeFunction(
        "__call", "The next item, so that `for i, item in items do` visits all.",
        parameters: [
          .init("items", .any), .init("state", .any, optional: true),
          .init("i", .integer, "The item before.", optional: true),
        ],
        results: [.init(.integer, "Position.", optional: true), .init(.table, optional: true)]
      ) { a in
        let items = try a.object("items", LuaItems.self).items
        let before = try a.integer(ifGiven: "i") ?? 0
        guard before >= 0, before < items.count else { return [] }
        return [.integer(before + 1), table(items[before])]
      },
    ])

  private static let withAnswers = NativeFunction.entry(
    "with_answers",
    "The same questions with other answers, as a model that forgets may learn them; an empty "
      + "answer is silence.",
    [
      Parameter(
        "answers", .either([.string, .list(.string)]),
        "One for all, or one per question; words that the model has.")
    ],
    results: [Result(.object(LuaItems.self))],
    example: "local refused = model:loss(items:with_answers \"\")"
  ) { a in
    let items = try a.receiver(LuaItems.self).items
    let answers =
      try a["answers"].asString.map { [String](repeating: $0, count: items.count) }
      ?? a.strings("answers")
    guard answers.count == items.count else {
      throw LuaError(
        "with_answers: expected \(items.count) answers, one per question, got \(answers.count)",
        kind: .argument)
    }
    return [.object(LuaItems(zip(items, answers).map { $0.revised(answer: $1) }))]
  }

  static func table(_ item: Item) -> LuaValue {
    .fields([
      "mark": item.mark.map {
        .fields([
          "color": .string($0.color), "corner": .string($0.corner), "own": .boolean($0.isOwn),
        ])
      } ?? .nil,
      "person": item.person.map { .integer($0) } ?? .nil,
      "modality": .string(item.modality.rawValue), "prompt": .string(item.prompt),
      "shown": .string(item.shown), "asked": .string(item.asked), "answer": .string(item.answer),
    ])
  }
}
