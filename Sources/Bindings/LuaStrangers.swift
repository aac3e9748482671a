// Strangers in Lua: looks without names, for captions and questions about what can be seen.

import Autograd
import LuaHost
import Personas
import TensorCore
import Training

/// Looks without names, drawn afresh for every example.
public final class LuaStrangers: LuaObject {
  let vocabulary: VisualVocabulary
  let style: DescriptionStyle

  init(_ vocabulary: VisualVocabulary, style: DescriptionStyle) {
    self.vocabulary = vocabulary
    self.style = style
  }

  /// How Lua sees the class.
  public static let luaClass = NativeClass(
    "Strangers", "Looks without names, drawn afresh for every example.",
    methods: [train, test, sample],
    properties: [
      .init("attributes", .list(.table), "What can be seen: name and values of each.") {
        attributeList(try $0.receiver(LuaStrangers.self).vocabulary)
      }
    ])
}

// MARK: - Methods

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
    ], results: [.init(.object(LuaItems.self))], since: "1.0",
    example: "personas.strangers():test(\"text\", \"hat\", { count = 8, rng = rng.new(1) })"
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
              asked[$0 % asked.count], as: modality, style: strangers.style, stream: stream.fork($0)
            )
          }))
    ]
  }

  fileprivate static let train = trainMethod { a in
    let strangers = try a.receiver(LuaStrangers.self)
    return (.strangers(strangers.vocabulary), strangers.vocabulary, strangers.style)
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
    ], since: "1.0",
    example: "local images, words = personas.strangers():sample(rng.new(1), 8)"
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
