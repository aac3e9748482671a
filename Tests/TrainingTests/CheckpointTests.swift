// A model with its words, as two files that belong to each other.

import Foundation
import Networks
import Personas
import Repro
import Testing
import Training

struct SpeakingCheckpointTests {
  private func checkpoint(seed: UInt64 = 1) throws -> Checkpoint {
    let tokenizer = WordTokenizer(words: ItemEncoder.words(of: .standard))
    var sizes = try ModelConfiguration.preset("nano", vocabulary: tokenizer.count)
    (sizes.width, sizes.heads, sizes.encoderBlocks, sizes.decoderBlocks) = (16, 2, 1, 1)
    let model = try VisionLanguageModel(sizes, stream: RandomStream(seed: seed))
    return Checkpoint(model: model, encoder: ItemEncoder(tokenizer, side: sizes.imageSize))
  }

  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  @Test func `what is saved is loaded, with words and notes`() throws {
    try inFolder { folder in
      let saved = try checkpoint()
      try saved.save(to: folder + "/m.safetensors", notes: ["why": "test"])
      let (loaded, notes) = try Checkpoint.load(folder + "/m.safetensors")
      #expect(loaded.encoder.tokenizer == saved.encoder.tokenizer)
      #expect(notes == ["why": "test"])
      #expect(
        try loaded.model.parameters.fingerprint() == saved.model.parameters.fingerprint())
    }
  }

  @Test func `a manifest of other parameters is refused`() throws {
    try inFolder { folder in
      try checkpoint(seed: 1).save(to: folder + "/a.safetensors")
      try checkpoint(seed: 2).save(to: folder + "/b.safetensors")
      try FileManager.default.removeItem(atPath: folder + "/a.json")
      #expect(throws: CheckpointError.self) { try Checkpoint.load(folder + "/a.safetensors") }
      try FileManager.default.copyItem(atPath: folder + "/b.json", toPath: folder + "/a.json")
      #expect(throws: CheckpointError.self) { try Checkpoint.load(folder + "/a.safetensors") }
      #expect(throws: CheckpointError.self) { try checkpoint().save(to: folder + "/c.bin") }
    }
  }
}

struct TaskTests {
  @Test func `a slot of a step is always the same item`() throws {
    let people = try Population(count: 20, stream: RandomStream(seed: 5))
    let mixture = try Mixture([
      Task(.people(people, views: 4), [.name], [.text], weight: 1),
      Task(.strangers(.standard), [.caption], [.image], weight: 3),
    ])
    let stream = RandomStream(seed: 9)
    let items = try (0..<400).map { try mixture.item(step: 3, slot: $0, stream: stream) }
    let again = try (0..<400).map { try mixture.item(step: 3, slot: $0, stream: stream) }
    #expect(items.map(\.prompt) == again.map(\.prompt))
    #expect(items.map(\.pictureStream) == again.map(\.pictureStream))
    let named = items.count { $0.person != nil }
    #expect((70...130).contains(named), "a quarter of 400, got \(named)")
    #expect(items.allSatisfy { $0.view < 4 })
  }

  @Test func `tasks that yield nothing are refused`() throws {
    let nobody = try Population(count: 0, stream: RandomStream(seed: 5))
    let some = try Population(count: 2, stream: RandomStream(seed: 5))
    #expect(throws: TrainingError.self) {
      try Mixture([Task(.people(nobody, views: 1), [.name], [.text])])
    }
    #expect(throws: TrainingError.self) {
      try Mixture([Task(.people(some, views: 0), [.name], [.text])])
    }
    #expect(throws: TrainingError.self) {
      try Mixture([Task(.strangers(.standard), [.name], [.text])])
    }
    #expect(throws: TrainingError.self) { try Mixture([]) }
    #expect(throws: TrainingError.self) {
      try Mixture([Task(.strangers(.standard), [.caption], [.text], weight: -1)])
    }
  }

  @Test func `every item can be encoded`() throws {
    let encoder = ItemEncoder(
      WordTokenizer(words: ItemEncoder.words(of: .full)), side: 32)
    let people = try Population(
      count: 200, stream: RandomStream(seed: 5), vocabulary: .full, reserve: 9000)
    var questions: [Question] = [.name, .caption] + Fact.allCases.map { .fact($0) }
    questions += Attribute.allCases.map { .attribute($0) }
    for position in 0..<200 {
      let question = questions[position % questions.count]
      let item = try people.item(position, question, as: .text, view: 0, wording: position)
      let example = try encoder.example(item)
      #expect(!example.answer.isEmpty)
      #expect(encoder.tokenizer.decode(example.prompt) == item.prompt)
    }
  }
}
