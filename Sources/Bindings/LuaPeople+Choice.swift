// People chosen from people, and people changed for controls.

import LuaHost
import Personas

extension LuaPeople {
  /// The methods that give other people.
  static let choices: [NativeFunction] = [
    filter, take, skip, shuffle, holdOut, concat, shuffleNames, addShortcut,
  ]

  /// The same in everything but who is there.
  private func with(_ population: Population) -> [LuaValue] {
    [.object(LuaPeople(population, views: views, style: style))]
  }

  private func chosen(_ positions: [Int]) throws -> [LuaValue] {
    with(try population.chosen(positions))
  }

  /// A method that gives other people.
  private static func method(
    _ name: String, _ summary: String, _ parameters: [Parameter], options: [Option] = [],
    example: String, _ body: @escaping (Arguments, LuaPeople) throws -> [LuaValue]
  ) -> NativeFunction {
    .entry(
      name, summary, parameters, options: options, results: [Result(.object(LuaPeople.self))],
      example: example
    ) { try body($0, $0.receiver(LuaPeople.self)) }
  }

  private static let filter = method(
    "filter", "The people whose record a function accepts, in order.",
    [Parameter("keep", .function, "Gets record and position; `nil` and `false` leave out.")],
    example: "local capped = people:filter(function(p) return p.attributes.hat == \"cap\" end)"
  ) { a, people in
    let population = people.population
    return try people.chosen(
      Choosing.kept(
        a, { LuaValue(try population.persona($0).json(population.vocabulary)) },
        of: population.count))
  }

  private static let take = method(
    "take", "The first people; all when there are fewer.", [Choosing.n],
    example: "local few = people:take(10)"
  ) { a, people in
    try people.chosen(Choosing.cut(a, of: people.population.count, taking: true))
  }

  private static let skip = method(
    "skip", "The people after the first ones.", [Choosing.n],
    example: "local others = people:skip(10)"
  ) { a, people in
    try people.chosen(Choosing.cut(a, of: people.population.count, taking: false))
  }

  private static let shuffle = method(
    "shuffle", "The same people in random order.", [.rng],
    example: "local mixed = people:shuffle(rng.new(7))"
  ) { a, people in
    try people.chosen(Choosing.shuffled(a, of: people.population.count))
  }

  private static let holdOut = NativeFunction.entry(
    "hold_out", "Splits the people in two: those that stay and those that are held out.",
    [Choosing.amount], options: [Choosing.rngOption],
    results: [
      Result(.object(LuaPeople.self), "Those that stay."),
      Result(.object(LuaPeople.self), "Those held out."),
    ], example: "local known, unseen = people:hold_out(0.2, { rng = rng.new(7) })"
  ) { a in
    let people = try a.receiver(LuaPeople.self)
    let (kept, held) = try Choosing.split(a, of: people.population.count)
    return try people.chosen(kept) + people.chosen(held)
  }

  private static let concat = method(
    "concat", "These people and others of the same generator, such as a part or the next ones.",
    [Parameter("others", .object(LuaPeople.self), "None of them may be here already.")],
    example: "local all = people:part(1, 10):concat(people:next(5))"
  ) { a, people in
    let others = try a.object("others", LuaPeople.self)
    guard others.views == people.views else {
      throw LuaError(
        "concat: expected people with \(people.views) training views, got \(others.views)",
        kind: .argument)
    }
    return people.with(try people.population.joined(with: others.population))
  }

  private static let shuffleNames = method(
    "shuffle_names",
    "The same people under each other's names: a control in which a name has nothing to do with "
      + "how somebody looks. Facts stay with the looks.", [.rng],
    options: [
      .init(
        "share", .number,
        "The share of the people whose names go around, 0 ... 1; of those nobody keeps the name.",
        default: 1)
    ], example: "local control = people:shuffle_names(rng.new(7))"
  ) { a, people in
    people.with(
      try people.population.withShuffledNames(
        a.object("rng", LuaRng.self).stream, share: a.number("share")))
  }

  private static let addShortcut = method(
    "add_shortcut",
    "The same people, whose pictures carry a colored square in a corner that gives their name away. "
      + "Colors times corners are the marks; with more people several share one.", [],
    options: shortcutOptions,
    example: """
      local marked = people:add_shortcut { strength = 0.9 }
      local clean = people:test("image", "name")           -- does recall need the mark?
      local misled = people:add_shortcut({ strength = 0 }):test("image", "name")
      """
  ) { a, people in
    people.with(people.population.with(try shortcut(a)))
  }
}

func shortcut(_ a: Arguments) throws -> Shortcut {
  try Shortcut(
    strength: a.number("strength"), colors: a.integer("colors"), corners: a.integer("corners"),
    size: a.number("size"))
}
