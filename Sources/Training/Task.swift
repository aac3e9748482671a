// What is practised: kinds of items, mixed in proportions. The example in slot s of step t is a
// function of (stream, t, s), so a resumed or differently threaded run sees the same examples.

import Networks
import Personas
import Repro

/// A kind of item that examples are drawn from.
public struct Task: Sendable {
  /// Who is shown: some people, or strangers with looks drawn afresh.
  public enum Subjects: Sendable {
    /// People by name, shown in their views 0 ..< `views`.
    case people(Population, views: Int)
    /// Looks without a name.
    case strangers(VisualVocabulary)
    /// These very items, each as often as any other; questions and modalities are not looked at.
    case items([Item])
    /// Several tasks in proportions; questions and modalities are not looked at.
    case mixture(Mixture)
  }

  /// Who is shown.
  public var subjects: Subjects
  /// What is asked; one of them is drawn for each example.
  public var questions: [Question]
  /// How the subjects are shown; one of them is drawn for each example.
  public var modalities: [Modality]
  /// How descriptions are worded.
  public var style: DescriptionStyle
  /// How much of the mixture this task is, relative to the others.
  public var weight: Double
  /// Changes each item that was drawn; for `nil` another one is drawn. It must be a pure function.
  public var revise: (@Sendable (Item) throws -> Item?)?

  /// How many items in a row may be refused.
  private static let mostDraws = 1000

  /// A task with its share of a mixture.
  public init(
    _ subjects: Subjects, _ questions: [Question], _ modalities: [Modality],
    style: DescriptionStyle = .standard, weight: Double = 1
  ) {
    self.subjects = subjects
    self.questions = questions
    self.modalities = modalities
    self.style = style
    self.weight = weight
  }

  /// One item of this task, decided by the stream.
  ///
  /// - Throws: ``TrainingError/setting(name:expected:got:)`` when all of many items are refused.
  public func item(_ stream: RandomStream) throws -> Item {
    guard let revise else { return try drawn(stream) }
    for draw in 0..<Self.mostDraws {
      let own = draw == 0 ? stream : stream.fork("again").fork(draw)
      if let item = try revise(drawn(own)) { return item }
    }
    throw TrainingError.setting(
      name: "filter", expected: "a condition that some examples meet",
      got: "none of \(Self.mostDraws) that do")
  }

  private func drawn(_ stream: RandomStream) throws -> Item {
    switch subjects {
    case .items(let items):
      var choice = stream.fork("choice")
      return choice.pick(items)
    case .mixture(let mixture): return try mixture.item(stream)
    case .people, .strangers: return try asked(stream)
    }
  }

  private func asked(_ stream: RandomStream) throws -> Item {
    var choice = stream.fork("choice")
    let question = choice.pick(questions)
    let modality = choice.pick(modalities)
    let wording = choice.int(below: question.wordings.count)
    switch subjects {
    case .people(let people, let views):
      let position = choice.int(below: people.count), view = choice.int(below: views)
      return try people.item(
        position, question, as: modality, view: view, style: style, wording: wording)
    case .strangers(let vocabulary):
      return vocabulary.strangerItem(
        question, as: modality, style: style, wording: wording, stream: stream)
    case .items, .mixture: return try drawn(stream)
    }
  }

  fileprivate func validate() throws {
    func require(_ name: String, _ holds: Bool, _ expected: String, _ got: String) throws {
      guard holds else { throw TrainingError.setting(name: name, expected: expected, got: got) }
    }
    try require("weight", weight >= 0 && weight.isFinite, "0 or more", "\(weight)")
    if case .items(let items) = subjects {
      return try require("items", !items.isEmpty, "one item or more", "none")
    }
    if case .mixture = subjects { return }
    try require("questions", !questions.isEmpty, "one or more", "none")
    try require("modalities", !modalities.isEmpty, "one or more", "none")
    let named = questions.contains(.name), shownByName = modalities.contains(.name)
    try require(
      "questions", !(named && shownByName), "a question that the name alone does not answer", "name"
    )
    switch subjects {
    case .people(let people, let views):
      try require("people", people.count > 0, "one person or more", "none")
      try require("views", views > 0, "one view or more", "\(views)")
    case .strangers:
      let factual = questions.contains { if case .fact = $0 { true } else { false } }
      try require(
        "questions", !named && !factual, "questions about looks for strangers",
        "a question that needs a person")
      try require("modalities", !shownByName, "image, text or both for strangers", "name")
    case .items, .mixture: break
    }
  }
}

/// Tasks in proportions.
public struct Mixture: Sendable {
  /// The tasks.
  public let tasks: [Task]
  private let total: Double

  /// Mixes tasks by their weights.
  ///
  /// - Throws: ``TrainingError/setting(name:expected:got:)`` for a task that yields nothing.
  public init(_ tasks: [Task]) throws {
    for task in tasks { try task.validate() }
    total = tasks.map(\.weight).reduce(0, +)
    guard total > 0 else {
      throw TrainingError.setting(
        name: "mixture", expected: "a task with a weight above 0", got: "\(tasks.count) tasks")
    }
    self.tasks = tasks
  }

  /// The item in a slot of a step.
  public func item(step: Int, slot: Int, stream: RandomStream) throws -> Item {
    try item(stream.fork(step).fork(slot))
  }

  /// One item of one of the tasks, decided by the stream.
  func item(_ stream: RandomStream) throws -> Item {
    var own = stream
    var rest = own.uniform() * total
    for task in tasks {
      rest -= task.weight
      if rest < 0 { return try task.item(own) }
    }
    return try tasks[tasks.count - 1].item(own)
  }
}
