// What can be asked about people, and how: modalities, questions and positions as Lua gives them.

import LuaHost
import Personas
import Training

/// One name or a list of names, as a list.
private func oneOrMore(_ value: LuaValue, _ what: String) throws -> [String] {
  if let one = value.asString { return [one] }
  guard let list = value.asTable?.strings, !list.isEmpty else {
    throw LuaError("\(what) must be a string or a list of strings", kind: .argument)
  }
  return list
}

func modalities(_ value: LuaValue) throws -> [Modality] {
  try oneOrMore(value, "modality").map { name in
    guard let modality = Modality(rawValue: name) else {
      throw PersonaError.unknownName(
        what: "modality", name: name, known: Modality.allCases.map(\.rawValue))
    }
    return modality
  }
}

/// Questions by name: `name`, `caption`, `attributes` (any one of them), an attribute or a fact.
func questions(_ value: LuaValue, _ vocabulary: VisualVocabulary) throws -> [Question] {
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

func attributeList(_ vocabulary: VisualVocabulary) -> LuaValue {
  .list(
    vocabulary.active.map {
      .fields(["name": .string($0.key), "values": .list($0.values.map { .string($0) })])
    })
}

private let asked: [NativeFunction.Parameter] = [
  .init(
    "modality", .either([.string, .list(.string)]),
    "`image`, `text`, `both` shown together, `name` alone, or a list to draw from."),
  .init(
    "question", .either([.string, .list(.string)]),
    "`name`, `caption`, `attributes` (one of them), an attribute or a fact."),
]
extension NativeFunction.Option {
  static let weight = NativeFunction.Option(
    "weight", .number, "Share of a mixture, relative to the others.", default: 1)
}

/// The method `train` of a class: examples of its subjects to learn from.
///
/// - Parameter subjects: Who is shown, their vocabulary and their style, from the receiver.
func trainMethod(
  _ subjects: @escaping (Arguments) throws -> (Task.Subjects, VisualVocabulary, DescriptionStyle)
) -> NativeFunction {
  NativeFunction(
    "train", "Examples of these subjects to learn from.", parameters: asked, options: [.weight],
    results: [.init(.object(LuaTask.self))], since: "1.0",
    example: "people:train(\"image\", \"name\")"
  ) { a in
    let (subjects, vocabulary, style) = try subjects(a)
    let task = Task(
      subjects, try questions(a["question"], vocabulary), try modalities(a["modality"]),
      style: style, weight: try a.number("weight"))
    // Refuses what could never be drawn from.
    _ = try Mixture([task])
    return [.object(LuaTask(task))]
  }
}
