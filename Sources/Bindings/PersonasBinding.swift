// Lua module `eidetic.personas`: synthetic people and strangers.

import LuaHost
import Personas
import Repro

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
    options: lookOptions, results: [.init(.object(LuaStrangers.self))], since: "1.0",
    example: "local strangers = personas.strangers { attributes = { \"hair_color\", \"hat\" } }"
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
