import Autograd
import Networks
import Repro
import TensorCore
import Testing

private func smallModel() throws -> VisionLanguageModel {
  var c = ModelConfiguration(vocabulary: 40)
  (c.width, c.heads, c.encoderBlocks, c.decoderBlocks) = (32, 4, 1, 2)
  (c.imageSize, c.patchSize, c.imageTokens, c.maxTokens) = (8, 4, 2, 24)
  return try VisionLanguageModel(c, stream: RandomStream(seed: 5))
}

private func batch(_ sequences: [[Int32]]) -> PackedBatch {
  var result = PackedBatch()
  for sequence in sequences {
    result.tokens += sequence
    result.lengths.append(sequence.count)
    result.labelPlaces.append(Int32(result.tokens.count - 1))
    result.labels.append(0)
  }
  return result
}

@Suite struct ModelTests {
  @Test(arguments: [
    ("nano", 0.25e6...0.35e6), ("tiny", 1.3e6...1.7e6), ("mini", 3.5e6...4.5e6),
    ("small", 7e6...9e6), ("base", 23e6...27e6),
  ])
  func `presets have the size they promise`(name: String, range: ClosedRange<Double>) throws {
    let model = try VisionLanguageModel(
      .preset(name, vocabulary: 600), stream: RandomStream(seed: 1))
    #expect(range.contains(Double(model.parameters.count)), "\(model.parameters.count)")
  }

  @Test func `a sequence's scores do not depend on its neighbours`() throws {
    let model = try smallModel()
    let a: [Int32] = [3, 9, 4, 22, 5], b: [Int32] = [7, 7, 1]
    let alone = try model.logits(batch([a])).value.array()
    let packed = try model.logits(batch([b, a, b])).value.array()
    for (x, y) in zip(alone, packed[40..<80]) { #expect(abs(x - y) < 1e-5) }
  }

  @Test func `later words do not change earlier scores`() throws {
    let model = try smallModel()
    var short = batch([[3, 9, 4]])
    var long = batch([[3, 9, 4, 30, 31]])
    (short.labelPlaces, long.labelPlaces) = ([2], [2])
    for (x, y) in zip(
      try model.logits(short).value.array(), try model.logits(long).value.array())
    {
      #expect(abs(x - y) < 1e-5)
    }
  }

  /// The cached path and the plain path share no attention code, so they check each other.
  @Test func `greedy answers and candidate scores agree with whole passes`() throws {
    let model = try smallModel()
    let prompts: [[Int32]] = [[3, 9, 4, 22], [8], [5, 6, 7, 8, 9, 10]]
    let answers = try ReadPrompts(model, batch(prompts), room: 5).greedy(limit: 5, stop: 1)
    for (prompt, answer) in zip(prompts, answers) {
      var sequence = prompt
      for _ in 0..<5 {
        let best = try model.logits(batch([sequence])).value.argmax(axis: 1).array(of: Int32.self)
        if best == [1] { break }
        sequence += best
      }
      #expect(answer == Array(sequence.dropFirst(prompt.count)))
    }
    let candidates: [[Int32]] = [[4, 5, 1], [6], [4, 1]]
    let scores = try ReadPrompts(model, batch(prompts), room: 3)
      .logProbabilities(ofCandidates: candidates)
    for (prompt, row) in zip(prompts, scores) {
      for (candidate, score) in zip(candidates, row) {
        var total = 0.0
        for i in candidate.indices {
          let logs = try model.logits(batch([prompt + candidate[..<i]])).softmax(logarithm: true)
          total += Double(try logs.value.array()[Int(candidate[i])])
        }
        #expect(abs(total - score) < 1e-4)
      }
    }
  }

  /// Hooks see every row, so a model that they listen to leaves nothing out.
  @Test func `what is left out while reading prompts changes no bit`() throws {
    let model = try smallModel()
    var stream = RandomStream(seed: 6)
    var prompts = batch([[3, 2, 2, 9, 4], [8], [5, 2, 2, 8, 9, 10, 11]])
    (prompts.imagePlaces, prompts.labelPlaces, prompts.labels) = ([1, 2, 7, 8], [], [])
    prompts.images = try .normal([2, 8, 8, 3], from: &stream)
    func asked() throws -> [[Double]] {
      let read = try ReadPrompts(model, prompts, room: 4)
      return try read.logProbabilities(ofCandidates: [[4, 5, 1], [6], [4, 1]])
        + read.greedy(limit: 4, stop: 1).map { $0.map(Double.init) }
    }
    let all = try model.hooks.with([("*", { $0.value })]) { try asked() }
    #expect(try asked() == all)
    let images = try #require(prompts.images)
    let whole = try model.imageFeatures(images)
    #expect(try Tape.paused { try model.imageFeatures(images) }.value.array() == whole.value.array())
  }

  @Test func `freezing by pattern stops derivatives and refuses unknown names`() throws {
    let model = try smallModel()
    try model.parameters.train(only: ["decoder.block.*.mlp.*", "projector.*"])
    try model.loss(batch([[3, 4, 5]])).backward()
    for parameter in model.parameters.all {
      let chosen = parameter.name.contains(".mlp.") && parameter.name.hasPrefix("decoder")
      #expect((parameter.variable.gradient != nil) == chosen, "\(parameter.name)")
    }
    #expect(throws: ModelError.noParameter(pattern: "decodr.*")) {
      try model.parameters.train(only: ["decodr.*"])
    }
  }

  @Test func `batches that do not fit are refused`() throws {
    let model = try smallModel()
    var wrong = batch([[3, 4]])
    wrong.labelPlaces = [9]
    #expect(throws: ModelError.self) { try model.loss(wrong) }
    wrong = batch([[3, 4]])
    wrong.imagePlaces = [0]
    #expect(throws: ModelError.self) { try model.loss(wrong) }
    #expect(throws: TensorError.self) { try model.loss(batch([[40]])) }
    #expect(throws: ModelError.self) { try model.loss(batch([[Int32](repeating: 3, count: 25)])) }
    #expect(throws: ModelError.self) { try ReadPrompts(model, batch([[3]]), room: 24) }
  }

  @Test func `the same seed gives the same model and a clone is its own`() throws {
    let model = try smallModel()
    let copy = try model.clone()
    #expect(try model.parameters.fingerprint() == smallModel().parameters.fingerprint())
    #expect(try copy.parameters.fingerprint() == model.parameters.fingerprint())
    try copy.parameters.all[0].variable.value.copy(
      from: Tensor.zeros(copy.parameters.all[0].variable.shape))
    #expect(try copy.parameters.fingerprint() != model.parameters.fingerprint())
  }
}
