// People in Lua: who they are, how they look, what is asked about them. Positions and views count
// from 1 in Lua and from 0 in Swift; this file translates.

import LuaHost
import Personas
import Repro
import Training

/// People of one generator, the number of views they are trained in, and how they are described.
public final class LuaPeople: LuaObject {
  let population: Population
  let views: Int
  let style: DescriptionStyle

  init(_ population: Population, views: Int, style: DescriptionStyle) {
    self.population = population
    self.views = views
    self.style = style
  }

  /// How Lua sees the class.
  public static let luaClass = NativeClass(
    "People", "Synthetic people whose truth is known exactly.",
    maker: "personas.people { count = 5, rng = rng.new(7) }",
    methods: [next, part, train, test, describe, picture, record, collisions] + choices,
    metamethods: [length, indexed, text],
    properties: [
      .init("views", .integer, "How many views of each person are for training.") {
        .integer(try $0.receiver(LuaPeople.self).views)
      },
      .init("names", .list(.string), "Full names in order.") {
        .list(try $0.receiver(LuaPeople.self).population.map { .string($0.name) })
      },
      .init("attributes", .list(.table), "What can be seen: name and values of each.") {
        attributeList(try $0.receiver(LuaPeople.self).population.vocabulary)
      },
      .init("hash", .string, "SHA-256 over everything that defines these people.") {
        .string(try $0.receiver(LuaPeople.self).hash)
      },
    ])

  /// SHA-256 over ledger, views and style.
  var hash: String {
    let ledger = population.map { $0.json(population.vocabulary) }
    var parts: [String: JSON] = [
      "people": .array(ledger), "universe": .string(String(population.universeKey, radix: 16)),
      "views": .integer(views), "register": .string(style.register.rawValue),
      "mention": .number(style.mention),
    ]
    if let shortcut = population.shortcut { parts["shortcut"] = shortcut.json }
    return JSON.object(parts).hash
  }
}

// MARK: - Methods

private let next = NativeFunction(
  "next", "The next people of the same generator: alike in kind, none in common.",
  parameters: [.init("count", .integer, "How many.")],
  options: [.init("views", .integer, "Views for training; by default as here.")],
  results: [.init(.object(LuaPeople.self))], since: "1.0",
  example: "local twins = people:next(#people)   -- never trained: the negative control"
) { a in
  let people = try a.receiver(LuaPeople.self)
  let views = try a.integer(ifGiven: "views") ?? people.views
  guard views > 0 else {
    throw PersonaError.badSetting(name: "views", value: "\(views)", expected: "1 or more")
  }
  return [
    .object(
      LuaPeople(
        try people.population.following(a.integer("count")), views: views, style: people.style))
  ]
}

private let part = NativeFunction(
  "part", "Some of these people, such as those whom a model has to forget.",
  parameters: [
    .init("first", .integer, "Position of the first."),
    .init("last", .integer, "Position of the last, -1 being the end.", default: -1),
  ], results: [.init(.object(LuaPeople.self))], since: "1.0",
  example: "local forget, retain = people:part(1, 10), people:part(11)"
) { a in
  let people = try a.receiver(LuaPeople.self), count = people.population.count
  let first = try position(a["first"], of: count, "part")
  let last = try position(a["last"], of: count, "part")
  guard first <= last else {
    throw LuaError(
      "part: the first position, \(first + 1), lies after the last, \(last + 1)", kind: .argument)
  }
  return [
    .object(
      LuaPeople(
        try people.population.part(first..<last + 1), views: people.views, style: people.style))
  ]
}

private let test = NativeFunction(
  "test", "One question per person, in a view that training never showed.",
  parameters: [
    .init("modality", .oneOf(Modality.allCases.map(\.rawValue)), "How they are shown."),
    .init("question", .string, "What is asked."),
  ],
  options: [
    .init("view", .integer, "Which held-out view, counted from 1.", default: 1),
    .init("seen", .boolean, "Takes that training view instead.", default: false),
    .init("register", .oneOf(Register.allCases.map(\.rawValue)), "Wording; by default as trained."),
    .init(
      "shown", .list(.string),
      "Words for each person in place of the description or the name, such as a model's answers."),
    .init(
      "wording", .integer,
      "Which wording of the question, counted from 1, of those that `train` mixes; larger numbers "
        + "wrap around.", default: 1),
  ],
  results: [.init(.object(LuaItems.self))], since: "1.0",
  example: """
    local names = model:generate(people:test("image", "name"))
    local second_hop = people:test("name", "birthplace", { shown = names })
    """
) { a in
  let people = try a.receiver(LuaPeople.self)
  let view = try a.integer("view"), seen = try a.boolean("seen")
  guard view >= 1, view <= (seen ? people.views : 1 << 30) else {
    throw PersonaError.badSetting(
      name: "view", value: "\(view)",
      expected: seen ? "a training view in 1 ... \(people.views)" : "a view in 1 ... \(1 << 30)")
  }
  let wording = try a.integer("wording")
  guard wording >= 1, wording <= 1 << 30 else {
    throw PersonaError.badSetting(name: "wording", value: "\(wording)", expected: "1 or more")
  }
  let question = try single(questions(a["question"], people.population.vocabulary))
  var style = people.style
  if let register = try a.string(ifGiven: "register") {
    style.register = Register(rawValue: register) ?? style.register
  }
  let modality = try modalities(a["modality"])[0]
  guard modality != .name || question != .name else {
    throw LuaError("test: the name alone answers 'name'; ask for a fact or a look", kind: .argument)
  }
  let shown = try replacements(a, modality, people.population.count)
  let items = try (0..<people.population.count).map { i in
    let item = try people.population.item(
      i, question, as: modality, view: view - 1 + (seen ? 0 : people.views), style: style,
      wording: wording - 1)
    return shown.map { item.showing($0[i]) } ?? item
  }
  return [.object(LuaItems(items))]
}

private func replacements(_ a: Arguments, _ modality: Modality, _ count: Int) throws -> [String]? {
  guard let words = try a.strings(ifGiven: "shown") else { return nil }
  guard modality != .image, words.count == count else {
    throw LuaError(
      modality == .image
        ? "test: a picture has no words to replace; 'shown' goes with text, both or name"
        : "test: option 'shown' needs one string per person: \(count), got \(words.count)",
      kind: .argument)
  }
  return words
}

private func single(_ questions: [Question]) throws -> Question {
  guard questions.count == 1 else {
    throw LuaError("test: ask one question at a time", kind: .argument)
  }
  return questions[0]
}

private let viewOption = NativeFunction.Option(
  "view", .integer, "Which view, counted from 1; those after `people.views` are held out.",
  default: 1)

private let describe = NativeFunction(
  "describe", "A description of a person.",
  parameters: [.init("i", .integer, "Position.")], options: [viewOption],
  results: [.init(.string)], since: "1.0",
  example: "people:describe(1, { view = 2 })"
) { a in
  let people = try a.receiver(LuaPeople.self)
  let item = try people.population.item(
    position(a["i"], of: people.population.count, "people"), .caption, as: .text,
    view: viewIndex(a), style: people.style)
  return [.string(item.shown)]
}

private func viewIndex(_ a: Arguments) throws -> Int {
  let view = try a.integer("view")
  guard view >= 1, view <= 1 << 30 else {
    throw PersonaError.badSetting(name: "view", value: "\(view)", expected: "1 or more")
  }
  return view - 1
}

private let picture = NativeFunction(
  "picture", "A picture of a person.", parameters: [.init("i", .integer, "Position.")],
  options: [
    viewOption, .init("size", .integer, "Side in pixels, 16 ... 512.", default: 128),
  ], results: [.init(.object(LuaPicture.self))], since: "1.0",
  example: "people:picture(1, { view = 2, size = 64 })"
) { a in
  let people = try a.receiver(LuaPeople.self)
  let item = try people.population.item(
    position(a["i"], of: people.population.count, "people"), .name, as: .image, view: viewIndex(a))
  return [.object(LuaPicture(try item.portrait(side: a.integer("size"))))]
}

private let record = NativeFunction(
  "record", "What is true of a person: name, attributes, facts.",
  parameters: [.init("i", .integer, "Position.")], results: [.init(.table)], since: "1.0",
  example: "people:record(1).attributes"
) { a in
  let people = try a.receiver(LuaPeople.self).population
  return [personaTable(try people.persona(position(a["i"], of: people.count, "people")), people)]
}

private func personaTable(_ person: Persona, _ people: Population) -> LuaValue {
  LuaValue(person.json(people.vocabulary))
}

private let collisions = NativeFunction(
  "collisions", "How many of these people look the same as another.",
  results: [.init(.table, "people, distinct_looks, look_alikes, accuracy_ceiling")], since: "1.0",
  example: "people:collisions().accuracy_ceiling"
) { a in
  let report = try a.receiver(LuaPeople.self).population.collisions()
  return [
    .fields([
      "people": .integer(report.people), "distinct_looks": .integer(report.distinctLooks),
      "look_alikes": .integer(report.lookAlikes),
      "accuracy_ceiling": .number(report.accuracyCeiling),
    ])
  ]
}

private let length = NativeFunction(
  "__len", "How many people.", parameters: [.init("people", .any)], results: [.init(.integer)]
) {
  [.integer(try $0.object("people", LuaPeople.self).population.count)]
}

private let indexed = NativeFunction(
  "__index", "The record of a person.",
  parameters: [.init("people", .any), .init("i", .any)], results: [.init(.table)]
) { a in
  let people = try a.object("people", LuaPeople.self).population
  return [personaTable(try people.persona(position(a["i"], of: people.count, "people")), people)]
}

private let text = NativeFunction(
  "__tostring", "A line.", parameters: [.init("people", .any)], results: [.init(.string)]
) { a in
  let people = try a.object("people", LuaPeople.self)
  return [.string("People[\(people.population.count)] in \(people.views) views")]
}

private let train = trainMethod { a in
  let people = try a.receiver(LuaPeople.self)
  return (
    .people(people.population, views: people.views), people.population.vocabulary, people.style
  )
}
