// Lua module `eidetic.personas`: synthetic people, strangers, and what can be asked about them.
// People and views count from 1 in Lua and from 0 in Swift; this file translates.

import Autograd
import LuaHost
import Personas
import Repro
import TensorCore
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

  public static let luaClass = NativeClass(
    "People", "Synthetic people whose truth is known exactly.",
    methods: [next, train, test, describe, picture, record, collisions],
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
    return JSON.object([
      "people": .array(ledger), "universe": .string(String(population.universeKey, radix: 16)),
      "views": .integer(views), "register": .string(style.register.rawValue),
      "mention": .number(style.mention),
    ]).hash
  }
}

/// Looks without names, drawn afresh for every example.
public final class LuaStrangers: LuaObject {
  let vocabulary: VisualVocabulary
  let style: DescriptionStyle

  init(_ vocabulary: VisualVocabulary, style: DescriptionStyle) {
    self.vocabulary = vocabulary
    self.style = style
  }

  public static let luaClass = NativeClass(
    "Strangers", "Looks without names, drawn afresh for every example.",
    methods: [train, test, sample],
    properties: [
      .init("attributes", .list(.table), "What can be seen: name and values of each.") {
        attributeList(try $0.receiver(LuaStrangers.self).vocabulary)
      }
    ])
}

/// A kind of example to learn from.
public final class LuaTask: LuaObject {
  let task: Task
  init(_ task: Task) { self.task = task }
  public static let luaClass = NativeClass("Task", "A kind of example to learn from.")
}

/// Questions with their true answers.
public final class LuaItems: LuaObject {
  let items: [Item]
  init(_ items: [Item]) { self.items = items }

  public static let luaClass = NativeClass(
    "Items", "Questions with their true answers, one after the other.",
    metamethods: [
      NativeFunction(
        "__len", "How many.", parameters: [.init("items", .any)], results: [.init(.integer)]
      ) {
        [.integer(try $0.object("items", LuaItems.self).items.count)]
      },
      NativeFunction(
        "__index", "One item: person, modality, prompt, answer.",
        parameters: [.init("items", .any), .init("i", .any)], results: [.init(.table)]
      ) { a in
        let items = try a.object("items", LuaItems.self).items
        let item = items[try position(a["i"], of: items.count, "items")]
        return [
          .fields([
            "person": item.person.map { .integer($0) } ?? .nil,
            "modality": .string(item.modality.rawValue), "prompt": .string(item.prompt),
            "answer": .string(item.answer),
          ])
        ]
      },
    ])
}

// MARK: - Module

enum PersonasBinding {
  static let module = NativeModule(
    "eidetic.personas", "Synthetic people whose truth is known exactly.",
    functions: [people, strangers])

  private static let lookOptions: [NativeFunction.Option] = [
    .init(
      "attributes", .list(.string),
      "Which attributes vary; by default hair_color, hair_style, skin, glasses, shirt, hat, "
        + "background."),
    .init(
      "register", .oneOf(Register.allCases.map(\.rawValue)), "How descriptions are worded.",
      default: "mixed"),
    .init(
      "mention", .number, "The share of the attributes that a description mentions.", default: 1),
  ]

  private static let people = NativeFunction(
    "people", "Makes people from a random stream.",
    options: [
      .init("count", .integer, "How many.", required: true),
      .init("rng", .object(LuaRng.self), "Decides every record.", required: true),
      .init("views", .integer, "How many views of each are for training.", default: 20),
      .init("reserve", .integer, "Names kept for these and all following people.", default: 4000),
      .init(
        "look_alikes", .boolean, "Whether two people may look the same.", default: false),
    ] + lookOptions,
    results: [.init(.object(LuaPeople.self))], since: "1.0",
    example: "local people = personas.people { count = 100, rng = rng.new(7) }"
  ) { a in
    let views = try a.integer("views")
    guard views > 0 else {
      throw PersonaError.badSetting(name: "views", value: "\(views)", expected: "1 or more")
    }
    let population = try Population(
      count: a.integer("count"), stream: a.object("rng", LuaRng.self).stream,
      vocabulary: vocabulary(a), policy: a.boolean("look_alikes") ? .independent : .distinct,
      reserve: a.integer("reserve"))
    return [.object(LuaPeople(population, views: views, style: try style(a)))]
  }

  private static let strangers = NativeFunction(
    "strangers", "Looks without names, for captions and questions about what can be seen.",
    options: lookOptions, results: [.init(.object(LuaStrangers.self))], since: "1.0"
  ) { a in
    [.object(LuaStrangers(try vocabulary(a), style: try style(a)))]
  }

  static func vocabulary(_ a: Arguments) throws -> VisualVocabulary {
    guard let names = try a.strings(ifGiven: "attributes") else { return .standard }
    return try VisualVocabulary(names.map { try Attribute(key: $0) })
  }

  private static func style(_ a: Arguments) throws -> DescriptionStyle {
    try DescriptionStyle(
      register: Register(rawValue: a.string("register")) ?? .mixed, mention: a.number("mention"))
  }
}

// MARK: - Asking

/// One name or a list of names, as a list.
private func oneOrMore(_ value: LuaValue, _ what: String) throws -> [String] {
  if let one = value.asString { return [one] }
  guard let list = value.asTable?.strings, !list.isEmpty else {
    throw LuaError("\(what) must be a string or a list of strings", kind: .argument)
  }
  return list
}

private func modalities(_ value: LuaValue) throws -> [Modality] {
  try oneOrMore(value, "modality").map { name in
    guard let modality = Modality(rawValue: name) else {
      throw PersonaError.unknownName(
        what: "modality", name: name, known: Modality.allCases.map(\.rawValue))
    }
    return modality
  }
}

/// Questions by name: `name`, `caption`, `attributes` (any one of them), an attribute or a fact.
private func questions(_ value: LuaValue, _ vocabulary: VisualVocabulary) throws -> [Question] {
  try oneOrMore(value, "question").flatMap { name -> [Question] in
    switch name {
    case "name": return [.name]
    case "caption": return [.caption]
    case "attributes": return vocabulary.active.map { .attribute($0) }
    default: break
    }
    if let fact = try? Fact(key: name) { return [.fact(fact)] }
    if let attribute = vocabulary.active.first(where: { $0.key == name }) {
      return [.attribute(attribute)]
    }
    throw PersonaError.unknownName(
      what: "question", name: name,
      known: ["name", "caption", "attributes"] + vocabulary.active.map(\.key)
        + Fact.allCases.map(\.key))
  }
}

/// A position that Lua counts from 1 (or from the end, −1 being the last), counted from 0.
func position(_ value: LuaValue, of count: Int, _ what: String) throws -> Int {
  guard let index = value.asInteger else {
    throw LuaError("\(what): a position must be an integer, got \(value.kindName)", kind: .argument)
  }
  let resolved = index < 0 ? count + index : index - 1
  guard index != 0, resolved >= 0, resolved < count else {
    throw LuaError(
      "\(what): position \(index) is out of range 1 ... \(count) (positions count from 1)",
      kind: .argument)
  }
  return resolved
}

private func attributeList(_ vocabulary: VisualVocabulary) -> LuaValue {
  .list(
    vocabulary.active.map {
      .fields(["name": .string($0.key), "values": .list($0.values.map { .string($0) })])
    })
}

private let asked: [NativeFunction.Parameter] = [
  .init("modality", .either([.string, .list(.string)]), "`image`, `text`, or both in a list."),
  .init(
    "question", .either([.string, .list(.string)]),
    "`name`, `caption`, `attributes` (one of them), an attribute or a fact."),
]
private let weight = NativeFunction.Option(
  "weight", .number, "Share of a mixture, relative to the others.", default: 1)

// MARK: - Methods of People

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

private let train = NativeFunction(
  "train", "Examples of these subjects to learn from.", parameters: asked, options: [weight],
  results: [.init(.object(LuaTask.self))], since: "1.0",
  example: "people:train(\"image\", \"name\")"
) { a in
  let task: Task
  if let people = try? a.receiver(LuaPeople.self) {
    task = Task(
      .people(people.population, views: people.views),
      try questions(a["question"], people.population.vocabulary), try modalities(a["modality"]),
      style: people.style, weight: try a.number("weight"))
  } else {
    let strangers = try a.receiver(LuaStrangers.self)
    task = Task(
      .strangers(strangers.vocabulary), try questions(a["question"], strangers.vocabulary),
      try modalities(a["modality"]), style: strangers.style, weight: try a.number("weight"))
  }
  _ = try Mixture([task])
  return [.object(LuaTask(task))]
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
  ],
  results: [.init(.object(LuaItems.self))], since: "1.0"
) { a in
  let people = try a.receiver(LuaPeople.self)
  let view = try a.integer("view"), seen = try a.boolean("seen")
  guard view >= 1, view <= (seen ? people.views : 1 << 30) else {
    throw PersonaError.badSetting(
      name: "view", value: "\(view)",
      expected: seen ? "a training view in 1 ... \(people.views)" : "a view in 1 ... \(1 << 30)")
  }
  let question = try single(questions(a["question"], people.population.vocabulary))
  var style = people.style
  if let register = try a.string(ifGiven: "register") {
    style.register = Register(rawValue: register) ?? style.register
  }
  let modality = try modalities(a["modality"])[0]
  return [
    .object(
      LuaItems(
        try (0..<people.population.count).map {
          try people.population.item(
            $0, question, as: modality, view: view - 1 + (seen ? 0 : people.views), style: style)
        }))
  ]
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
  results: [.init(.string)], since: "1.0"
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
  ], results: [.init(.object(LuaPicture.self))], since: "1.0"
) { a in
  let people = try a.receiver(LuaPeople.self)
  let item = try people.population.item(
    position(a["i"], of: people.population.count, "people"), .name, as: .image, view: viewIndex(a))
  return [.object(LuaPicture(try item.portrait(side: a.integer("size"))))]
}

private let record = NativeFunction(
  "record", "What is true of a person: name, attributes, facts.",
  parameters: [.init("i", .integer, "Position.")], results: [.init(.table)], since: "1.0"
) { a in
  let people = try a.receiver(LuaPeople.self).population
  return [personaTable(try people.persona(position(a["i"], of: people.count, "people")), people)]
}

private func personaTable(_ person: Persona, _ people: Population) -> LuaValue {
  LuaValue(person.json(people.vocabulary))
}

private let collisions = NativeFunction(
  "collisions", "How many of these people look the same as another.",
  results: [.init(.table, "people, distinct_looks, look_alikes, accuracy_ceiling")], since: "1.0"
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

// MARK: - Methods of Strangers

extension LuaStrangers {
  fileprivate static let test = NativeFunction(
    "test", "Questions about the looks of strangers.",
    parameters: [
      .init("modality", .oneOf(Modality.allCases.map(\.rawValue)), "How they are shown."),
      .init("question", .string, "`caption`, `attributes`, or one attribute."),
    ],
    options: [
      .init("count", .integer, "How many strangers.", default: 100),
      .init("rng", .object(LuaRng.self), "Decides the strangers.", required: true),
    ], results: [.init(.object(LuaItems.self))], since: "1.0"
  ) { a in
    let strangers = try a.receiver(LuaStrangers.self)
    let count = try boundedCount(a), stream = try a.object("rng", LuaRng.self).stream
    let asked = try questions(a["question"], strangers.vocabulary)
    let modality = try modalities(a["modality"])[0]
    _ = try Mixture([Task(.strangers(strangers.vocabulary), asked, [modality])])
    return [
      .object(
        LuaItems(
          (0..<count).map {
            strangers.vocabulary.strangerItem(
              asked[$0 % asked.count], as: modality, style: strangers.style, stream: stream.fork($0))
          }))
    ]
  }

  fileprivate static let sample = NativeFunction(
    "sample", "Pictures of strangers with the index of each attribute's value, from 0.",
    parameters: [
      .init("rng", .object(LuaRng.self), "Decides the strangers."),
      .init("count", .integer, "How many."),
    ],
    options: [.init("size", .integer, "Side in pixels.", default: 32)],
    results: [
      .init(.object(LuaTensor.self), "Pictures [count, size, size, 3] in -1 ... 1."),
      .init(.table, "One int32 tensor [count] for each attribute, by its name."),
    ], since: "1.0"
  ) { a in
    let strangers = try a.receiver(LuaStrangers.self)
    let stream = try a.object("rng", LuaRng.self).stream
    let items = (0..<(try boundedCount(a))).map {
      strangers.vocabulary.strangerItem(.caption, as: .image, stream: stream.fork($0))
    }
    let pictures = try ItemEncoder.pictures(items, side: a.integer("size"))
    var labels: [String: LuaValue] = [:]
    for attribute in strangers.vocabulary.active {
      let values = items.map { Int32($0.appearance[attribute]) }
      labels[attribute.key] = .object(LuaTensor(Variable(try Tensor(values))))
    }
    return [.object(LuaTensor(Variable(pictures))), .fields(labels)]
  }
}

private func boundedCount(_ a: Arguments) throws -> Int {
  let count = try a.integer("count")
  guard count >= 1, count <= 1_000_000 else {
    throw PersonaError.badSetting(name: "count", value: "\(count)", expected: "1 ... 1000000")
  }
  return count
}
