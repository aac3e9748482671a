// People and a model that has seen their names: what recall, rank and mix are measured on.

import Foundation
import Networks
import Personas
import Repro
import Training

/// People, their language, and a model that speaks it.
struct Subjects {
  let people: Population
  let encoder: ItemEncoder
  let model: VisionLanguageModel
  /// How many views of a person are for training; the next one is asked.
  static let views = 20

  init(preset: String, people count: Int) throws {
    let root = RandomStream(seed: 17)
    people = try Population(count: count, stream: root.fork("people"))
    let tokenizer = WordTokenizer(words: ItemEncoder.words(of: people.vocabulary))
    let sizes = try ModelConfiguration.preset(preset, vocabulary: tokenizer.count)
    model = try VisionLanguageModel(sizes, stream: root.fork("model"))
    encoder = ItemEncoder(tokenizer, side: sizes.imageSize)
  }

  /// Who is this? One question per person, in a view that no training showed.
  func questions(_ modality: Modality, first: Int? = nil) throws -> [Example] {
    let count = min(first ?? people.count, people.count)
    return try encoder.examples(
      (0..<count).map { try people.item($0, .name, as: modality, view: Self.views) })
  }

  /// Trains the model on names for some steps, so that it answers with names and ends its answers.
  func teach(steps: Int) throws {
    let names = try Mixture([Task(.people(people, views: Self.views), [.name], [.image, .text])])
    let stream = RandomStream(seed: 18)
    try train(model, TrainingOptions(steps: steps, rate: 2e-3, warmup: 20)) { step in
      let items = try (0..<32).map { try names.item(step: step, slot: $0, stream: stream) }
      return try .learning(encoder.examples(items), model.configuration)
    } report: { _ in
      true
    }
  }

  /// What a model of the cross-modal experiment practises, in one mixture: the text of the base's
  /// second stage, the pictures of its third, and the names of the experiment in both modalities.
  func practice(_ count: Int) throws -> [Example] {
    let looks = people.vocabulary.active.map { Question.attribute($0) }
    let strangers = Task.Subjects.strangers(people.vocabulary)
    let known = Task.Subjects.people(people, views: Self.views)
    let mixture = try Mixture([
      Task(known, [.name], [.text], weight: 4), Task(strangers, [.caption], [.text], weight: 3),
      Task(strangers, looks, [.text], weight: 3), Task(strangers, [.caption], [.image], weight: 6),
      Task(strangers, looks, [.image], weight: 4), Task(known, [.name], [.image], weight: 4),
    ])
    let stream = RandomStream(seed: 19)
    return try encoder.examples(
      (0..<count).map { try mixture.item(step: 0, slot: $0, stream: stream) })
  }
}
