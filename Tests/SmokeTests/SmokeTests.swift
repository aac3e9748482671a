// What works, in the order of the layers: read this first. Each test is the shortest honest use of
// one thing; the thorough tests stand in the folder of its module.

import Autograd
import Bindings
import Foundation
import LuaHost
import Metrics
import Networks
import Personas
import Repro
import RunStore
import TensorCore
import Testing
import Training

@Suite struct SmokeTests {
  let root = RandomStream(seed: 7)

  @Test func `1 a stream of random numbers is forked by name`() {
    var a = root.fork("faces"), b = root.fork("faces"), c = root.fork("names")
    let first = a.next()
    #expect(first == b.next() && first != c.next())
  }

  @Test func `2 tensors broadcast, multiply and refuse what does not fit`() throws {
    let x = try Tensor([1, 2, 3, 4] as [Float], shape: [2, 2])
    #expect(try (x.matmul(x) + Tensor([1, 0])).array() == [8, 10, 16, 22])
    #expect(throws: TensorError.self) { try x.matmul(Tensor.zeros([3, 2])) }
  }

  @Test func `3 derivatives flow back and can be checked`() throws {
    let w = Variable(try Tensor([2, 3]), requiresGradient: true)
    try (w * w).sum().backward()
    #expect(try w.gradient?.array() == [4, 6])
    let report = try gradientCheck([Tensor([0.3, -0.2])]) { try $0[0].map(.tanh).sum() }
    #expect(report.passed)
  }

  @Test func `4 people have a name, a look, a picture and a description`() throws {
    let people = try Population(count: 10, stream: root)
    let item = try people.item(0, .name, as: .text, view: 0)
    #expect(item.answer == (try people.persona(0).name))
    #expect(item.prompt.hasSuffix("who is this ?"))
    #expect(try item.portrait(side: 32).pixels.count == 32 * 32 * 3)
  }

  @Test func `5 a model learns two people and says their names`() throws {
    let people = try Population(count: 2, stream: root)
    let tokenizer = WordTokenizer(words: ItemEncoder.words(of: .standard))
    var sizes = try ModelConfiguration.preset("nano", vocabulary: tokenizer.count)
    (sizes.encoderBlocks, sizes.decoderBlocks) = (1, 2)
    let model = try VisionLanguageModel(sizes, stream: root.fork("model"))
    let encoder = ItemEncoder(tokenizer, side: sizes.imageSize)
    let mixture = try Mixture([Task(.people(people, views: 2), [.name], [.text])])
    try train(model, TrainingOptions(steps: 60, rate: 3e-3, warmup: 5)) { step in
      let items = try (0..<8).map { try mixture.item(step: step, slot: $0, stream: root) }
      return try .learning(encoder.examples(items), sizes)
    } report: { _ in
      true
    }
    let questions = try (0..<2).map { try people.item($0, .name, as: .text, view: 0) }
    let batch = try PackedBatch.asking(encoder.examples(questions), sizes)
    let said = try ReadPrompts(model, batch, room: 4).greedy(limit: 4, stop: WordTokenizer.end)
    #expect(said.map(tokenizer.decode) == questions.map(\.answer))
  }

  @Test func `6 a model and its words survive a file`() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/smoke-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let tokenizer = WordTokenizer(words: ["one", "two"])
    var sizes = ModelConfiguration(vocabulary: tokenizer.count)
    (sizes.width, sizes.encoderBlocks, sizes.decoderBlocks) = (16, 1, 1)
    let model = try VisionLanguageModel(sizes, stream: root)
    try Checkpoint(model: model, encoder: ItemEncoder(tokenizer, side: 32))
      .save(to: folder + "/m.safetensors")
    let loaded = try Checkpoint.load(folder + "/m.safetensors").checkpoint
    #expect(try loaded.model.parameters.fingerprint() == model.parameters.fingerprint())
  }

  @Test func `7 outcomes become numbers with intervals`() throws {
    let interval = try wilsonInterval(successes: 7, trials: 10)
    #expect(abs(interval.low - 0.3967781475) < 1e-9 && abs(interval.high - 0.8922087326) < 1e-9)
    #expect(NameMatch(answer: "ada abbott", truth: "Ada Abbott").full)
    #expect(try pessimisticRank(of: 0, in: [1, 1, 0]) == 2)
  }

  @Test func `8 a Lua script uses all of it, and its mistakes name their line`() throws {
    let state = try Workbench(listener: Silence()).makeState(print: { _ in })
    let answer = try state.run(
      """
      local eidetic = require "eidetic"
      local w = eidetic.tensor.from({ 2, 3 }):requires_grad();
      (w * w):sum():backward()
      return w.grad:totable()[2]
      """, name: "smoke")
    #expect(answer.first?.asNumber == 6)
    do {
      try state.run("\nrequire('eidetic').tensor.zeros { 'a' }", name: "smoke")
      Issue.record("no error")
    } catch let error as LuaError { #expect(error.message.hasPrefix("smoke:2:")) }
  }
}

private final class Silence: ProgressListener {
  func progress(stage: String, step: Int, steps: Int, loss: Double?) {}
  func message(_ text: String) {}
}
