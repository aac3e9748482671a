import Networks
import Repro
import TensorCore
import Testing
import Training

@Suite struct TrainerTests {
  private struct Failure: Error {}

  private func run(
    _ options: TrainingOptions, on model: VisionLanguageModel,
    report: (StepReport) throws -> Bool = { _ in true }
  ) throws {
    try train(
      model, options,
      nextBatch: { step in
        try .learning((0..<4).map { goldenExample(step % 3, $0) }, model.configuration)
      }, report: report)
  }

  @Test func `a few examples are learned by heart`() throws {
    let model = try VisionLanguageModel(goldenModel().configuration, stream: RandomStream(seed: 2))
    var last: Float = 0
    try run(TrainingOptions(steps: 600, rate: 4e-3, warmup: 10), on: model) {
      last = $0.loss
      return true
    }
    #expect(last < 0.05)
    let examples = (0..<3).flatMap { step in (0..<4).map { goldenExample(step, $0) } }
    let answers = try ReadPrompts(model, .asking(examples, model.configuration), room: 4)
      .greedy(limit: 4, stop: WordTokenizer.end)
    #expect(answers == examples.map(\.answer))
  }

  @Test func `frozen parameters keep their bits and freezing is undone`() throws {
    let model = try goldenModel()
    func bits(_ prefix: String) throws -> [[Float]] {
      try model.parameters.all.filter { $0.name.hasPrefix(prefix) }.map {
        try $0.variable.value.array()
      }
    }
    let (vision, decoder) = (try bits("vision"), try bits("decoder"))
    try run(TrainingOptions(steps: 2, train: ["decoder.*"]), on: model)
    #expect(try bits("vision") == vision)
    #expect(try bits("decoder") != decoder)
    #expect(model.parameters.all.allSatisfy { $0.isTrainable })
  }

  @Test func `the same training gives the same bits`() throws {
    func trained() throws -> String {
      let model = try goldenModel()
      try run(TrainingOptions(steps: 5), on: model)
      return try model.parameters.fingerprint()
    }
    #expect(try trained() == trained())
  }

  @Test func `a loss that is not finite stops before anything moves`() throws {
    let model = try goldenModel()
    let norm = try #require(model.parameters["decoder.norm.bias"])
    try norm.variable.value.copy(from: Tensor.full([16], .nan))
    let before = try model.parameters["decoder.embedding"]?.variable.value.array()
    #expect(throws: TrainingError.notFinite(what: "loss", step: 1)) {
      try run(TrainingOptions(steps: 3), on: model)
    }
    #expect(try model.parameters["decoder.embedding"]?.variable.value.array() == before)
  }

  @Test func `a failing or stopping report ends the training`() throws {
    let model = try goldenModel()
    var steps = 0
    #expect(throws: Failure.self) {
      try run(TrainingOptions(steps: 9), on: model) { _ in
        steps += 1
        if steps == 2 { throw Failure() }
        return true
      }
    }
    try run(TrainingOptions(steps: 9), on: model) { _ in
      steps += 1
      return steps < 5
    }
    #expect(steps == 5)
  }

  @Test(arguments: [
    TrainingOptions(steps: -1), TrainingOptions(steps: 1, rate: 0),
    TrainingOptions(steps: 1, rate: .nan), TrainingOptions(steps: 1, clip: -1),
  ])
  func `settings out of range are refused`(options: TrainingOptions) throws {
    #expect(throws: TrainingError.self) { try run(options, on: goldenModel()) }
  }

  @Test func `the schedule rises, falls and stays above its floor`() {
    let schedule = Schedule(peak: 1, steps: 100, warmup: 10)
    #expect(abs(schedule.rate(at: 0) - 0.1) < 1e-6)
    #expect(schedule.rate(at: 20) > schedule.rate(at: 50))
    #expect(schedule.rate(at: 99) > 0.1 && schedule.rate(at: 99) < 0.11)
  }

  @Test func `the tokenizer refuses words it does not know`() throws {
    let tokenizer = WordTokenizer(words: ["red", "hair", "red"])
    #expect(try tokenizer.encode("red  hair") == [3, 4])
    #expect(tokenizer.decode([4, 3, 99]) == "hair red <?>")
    #expect(throws: TrainingError.unknownWord("blue")) { try tokenizer.encode("blue hair") }
  }
}
