// Questions chosen from questions, changed, looked at, and learned from.

import Autograd
import LuaHost
import Personas
import TensorCore
import Training

extension LuaItems {
  /// The methods.
  static let choices: [NativeFunction] = [
    filter, map, take, skip, shuffle, holdOut, concat, repeated, addShortcut, train, picture, mask,
  ]

  private func chosen(_ positions: [Int]) -> [LuaValue] {
    [.object(LuaItems(positions.map { items[$0] }))]
  }

  /// A method that gives other questions.
  private static func method(
    _ name: String, _ summary: String, _ parameters: [Parameter], options: [Option] = [],
    example: String, _ body: @escaping (Arguments, LuaItems) throws -> [LuaValue]
  ) -> NativeFunction {
    .entry(
      name, summary, parameters, options: options, results: [Result(.object(LuaItems.self))],
      example: example
    ) { try body($0, $0.receiver(LuaItems.self)) }
  }

  private static let filter = method(
    "filter", "The questions that a function accepts, in order.",
    [Parameter("keep", .function, "Gets item and position; `nil` and `false` leave out.")],
    example: "local some = items:filter(function(item) return item.answer:find \"^A\" end)"
  ) { a, items in
    items.chosen(try Choosing.kept(a, { table(items.items[$0]) }, of: items.items.count))
  }

  private static let map = method(
    "map", "The questions with what a function changes about them.",
    [
      Parameter(
        "change", .function,
        "Gets item and position; gives a table with new words for answer, question or description "
          + "(of items in text), or nil to leave the item as it is.")
    ],
    example: "local asked = items:map(function() return { question = \"name this person :\" } end)"
  ) { a, items in
    let change = try a.function("change")
    return [
      .object(
        LuaItems(
          try items.items.enumerated().map { index, item in
            try revised(
              item, change.call([table(item), .integer(index + 1)]).first ?? .nil, "map")
          }))
    ]
  }

  private static let take = method(
    "take", "The first questions; all when there are fewer.", [Choosing.n],
    example: "local few = items:take(10)"
  ) { a, items in items.chosen(try Choosing.cut(a, of: items.items.count, taking: true)) }

  private static let skip = method(
    "skip", "The questions after the first ones.", [Choosing.n],
    example: "local others = items:skip(10)"
  ) { a, items in items.chosen(try Choosing.cut(a, of: items.items.count, taking: false)) }

  private static let shuffle = method(
    "shuffle", "The same questions in random order.", [.rng],
    example: "local mixed = items:shuffle(rng.new(7))"
  ) { a, items in items.chosen(try Choosing.shuffled(a, of: items.items.count)) }

  private static let holdOut = NativeFunction.entry(
    "hold_out",
    "Splits the questions in two. Where people have several, hold out people instead, or the same "
      + "person stands on both sides.", [Choosing.amount], options: [Choosing.rngOption],
    results: [
      Result(.object(LuaItems.self), "Those that stay."),
      Result(.object(LuaItems.self), "Those held out."),
    ], example: "local rest, held = items:hold_out(0.2, { rng = rng.new(7) })"
  ) { a in
    let items = try a.receiver(LuaItems.self)
    let (kept, held) = try Choosing.split(a, of: items.items.count)
    return items.chosen(kept) + items.chosen(held)
  }

  private static let concat = method(
    "concat", "These questions and then others.",
    [Parameter("others", .object(LuaItems.self), "Further questions.")],
    example: "local both = people:test(\"image\", \"name\"):concat(people:test(\"text\", \"name\"))"
  ) { a, items in
    [
      .object(
        LuaItems(
          try bounded(items.items.count + a.object("others", LuaItems.self).items.count) {
            try items.items + a.object("others", LuaItems.self).items
          }))
    ]
  }

  private static let repeated = method(
    "repeated", "The same questions several times over.",
    [Parameter("times", .integer, "How often, 0 or more.")],
    example: "local often = rare:repeated(10):concat(common)"
  ) { a, items in
    let times = try a.integer("times"), count = items.items.count
    guard times >= 0 else {
      throw LuaError("repeated: expected 0 times or more, got \(times)", kind: .argument)
    }
    guard count > 0 else { return [.object(items)] }  // a count without a bound
    let (total, isOver) = count.multipliedReportingOverflow(by: times)
    return [
      .object(
        LuaItems(
          try bounded(isOver ? .max : total) { (0..<times).flatMap { _ in items.items } }))
    ]
  }

  /// More questions than this are no list but a task.
  private static let most = 200_000

  private static func bounded(_ count: Int, _ make: () throws -> [Item]) throws -> [Item] {
    guard count <= most else {
      throw LuaError("expected at most \(most) items, got \(count)", kind: .argument)
    }
    return try make()
  }

  private static let addShortcut = method(
    "add_shortcut",
    "The same questions, with a colored square in a corner of each picture that gives the name away.",
    [], options: shortcutOptions,
    example: "local misled = items:add_shortcut { strength = 0 }"
  ) { a, items in
    let shortcut = try shortcut(a)
    return [.object(LuaItems(try items.items.map { try $0.marked(shortcut) }))]
  }

  private static let train = NativeFunction.entry(
    "train", "These very items to learn from, each as often as any other.", options: [.weight],
    results: [Result(.object(LuaTask.self))],
    example: "training.fit(model, { data = items:train(), rng = rng.new(1), steps = 100 })"
  ) { a in
    let task = Task(
      .items(try a.receiver(LuaItems.self).items), [], [], weight: try a.number("weight"))
    _ = try Mixture([task])
    return [.object(LuaTask(task))]
  }

  private static let size = Option(
    "size", .integer, "Side in pixels, 16 ... 512.", default: 128, unit: "px")
  private static let place = Parameter("i", .integer, "Position.")

  private static let picture = NativeFunction.entry(
    "picture", "The picture of an item, as a model of that size sees it.", [place],
    options: [size], results: [Result(.object(LuaPicture.self))],
    example: "plot.images({ items:picture(1), items:picture(2) }):save \"two.svg\""
  ) { a in
    let items = try a.receiver(LuaItems.self).items
    let item = items[try position(a["i"], of: items.count, "items")]
    return [.object(LuaPicture(try item.portrait(side: a.integer("size"))))]
  }

  private static let mask = NativeFunction.entry(
    "mask", "Which pixels of an item's picture the shortcut covers.", [place], options: [size],
    results: [Result(.tensor, "bool [size, size]; all false without a shortcut.")],
    example: "local covered = items:mask(1, { size = 32 })"
  ) { a in
    let items = try a.receiver(LuaItems.self).items
    let item = items[try position(a["i"], of: items.count, "items")]
    let side = try a.integer("size")
    guard Portrait.sides.contains(side) else {
      throw PersonaError.outOfRange(
        operation: "mask", what: "side", value: side, range: Portrait.sides)
    }
    let covered = item.mark?.mask(side: side) ?? [Bool](repeating: false, count: side * side)
    return [.object(LuaTensor(Variable(try Tensor(covered, shape: [side, side]))))]
  }

  /// An item with the words that a script's table gives; `nil` changes nothing.
  static func revised(_ item: Item, _ change: LuaValue, _ name: String) throws -> Item {
    if change.isNil { return item }
    guard let table = change.asTable, table.count == 0 else {
      throw LuaError(
        "\(name): the function must return a table with answer, question or description, or nil; "
          + "got \(change.kindName)", kind: .argument)
    }
    for (field, value) in table.fields.sorted(by: { $0.key < $1.key }) {
      guard ["answer", "question", "description"].contains(field) else {
        throw LuaError(
          "\(name): '\(field)' cannot be changed; answer, question and description can",
          kind: .argument)
      }
      guard value.asString != nil else {
        throw LuaError(
          "\(name): \(field) must be a string, got \(value.kindName)", kind: .argument)
      }
    }
    let description = table["description"].asString
    guard description == nil || item.modality != .image else {
      throw LuaError("\(name): an item in pictures has no description", kind: .argument)
    }
    return item.revised(
      shown: description.map { item.showing($0).shown }, asked: table["question"].asString,
      answer: table["answer"].asString)
  }
}
