import Autograd
import Networks
import Repro
import TensorCore
import Testing

private func smallModel(blocks: Int = 2) throws -> VisionLanguageModel {
  var c = ModelConfiguration(vocabulary: 40)
  (c.width, c.heads, c.encoderBlocks, c.decoderBlocks) = (16, 2, 1, blocks)
  (c.imageSize, c.patchSize, c.imageTokens, c.maxTokens) = (8, 4, 2, 24)
  return try VisionLanguageModel(c, stream: RandomStream(seed: 5))
}

/// Two sequences, the second with an image, two labels each.
private func batch() throws -> PackedBatch {
  var result = PackedBatch()
  result.tokens = [3, 9, 4, 22, 0, 2, 2, 7, 8]
  result.lengths = [4, 5]
  result.imagePlaces = [5, 6]
  result.images = try Tensor.zeros([1, 8, 8, 3])
  (result.labelPlaces, result.labels) = ([2, 3, 7, 8], [22, 1, 8, 1])
  return result
}

@Suite struct HookTests {
  @Test func `every activation has its name, in the order of computation`() throws {
    let block = ["attention.qkv", "attention.heads", "attention.output", "mlp.hidden", "mlp"]
    func names(_ stem: String) -> [String] { block.map { "\(stem).\($0)" } + [stem] }
    let model = try smallModel()
    let expected =
      ["vision.embedding"] + names("vision.block.1") + ["vision.output", "projector"]
      + ["decoder.embedding"] + names("decoder.block.1") + names("decoder.block.2")
      + ["decoder.norm", "logits"]
    #expect(Set(model.hooks.names) == Set(expected) && model.hooks.names.count == expected.count)
    var seen: [String] = []
    try model.hooks.with([
      (
        "*",
        {
          seen.append($0.name); return $0.value
        }
      )
    ]) {
      _ = try model.logits(batch())
    }
    #expect(seen == expected)
    #expect(model.hooks.names == expected)
  }

  @Test func `rows say which sequence they belong to and where answers begin`() throws {
    let model = try smallModel()
    var seen: [String: ActivationRows] = [:]
    var shapes: [String: [Int]] = [:]
    try model.hooks.with([
      (
        "*",
        {
          (seen[$0.name], shapes[$0.name]) = ($0.rows, $0.value.shape)
          return $0.value
        }
      )
    ]) { _ = try model.logits(batch()) }
    #expect(seen["decoder.block.2"]?.lengths == [4, 5])
    #expect(seen["decoder.block.2"]?.answers == [2, 7])
    #expect(seen["decoder.block.2"]?.atAnswers?.starts == [2, 3])
    #expect(seen["projector"]?.sequences == [1] && seen["projector"]?.lengths == [2])
    #expect(seen["projector"]?.answers == nil)
    #expect(seen["vision.block.1"]?.lengths == [6] && seen["vision.block.1"]?.sequences == [1])
    #expect(seen["logits"]?.lengths == [2, 2] && seen["logits"]?.answers == [0, 2])
    #expect(seen["logits"]?.starts == [2, 3])
    for (name, rows) in seen {
      #expect(rows.lengths.reduce(0, +) == shapes[name]?[0], "\(name)")
    }
  }

  /// Where no hook listens, steps are fused and rows without a label are left out.
  @Test func `a listening hook changes no bit of loss and derivatives`() throws {
    let model = try smallModel()
    func bits() throws -> [[Float]] {
      let loss = try model.loss(batch())
      try loss.backward()
      defer { for parameter in model.parameters.all { parameter.variable.clearGradient() } }
      return try [loss.value.array()]
        + model.parameters.all.map { try #require($0.variable.gradient).array() }
    }
    let alone = try bits()
    #expect(try model.hooks.with([("*", { $0.value })]) { try bits() } == alone)
  }

  @Test func `activations are those that the layers compute`() throws {
    let model = try smallModel(blocks: 1)
    var seen: [String: Variable] = [:]
    let logits = try model.hooks.with([
      (
        "*",
        {
          seen[$0.name] = $0.value; return $0.value
        }
      )
    ]) {
      try model.logits(batch())
    }
    func p(_ name: String) throws -> Variable { try #require(model.parameters[name]).variable }
    func layer(_ x: Variable, _ name: String) throws -> Variable {
      try x.linear(p(name + ".weight"), p(name + ".bias"))
    }
    func norm(_ x: Variable, _ name: String) throws -> Variable {
      try x.layerNorm(p(name + ".weight"), p(name + ".bias"))
    }
    func get(_ name: String) throws -> Variable { try #require(seen["decoder.block.1" + name]) }
    let x = try #require(seen["decoder.embedding"])
    let qkv = try layer(norm(x, "decoder.block.1.attention.norm"), "decoder.block.1.attention.qkv")
    #expect(try get(".attention.qkv").value.array() == qkv.value.array())
    let heads = try qkv.attention(Segments(lengths: [4, 5]), heads: 2, causal: true)
    #expect(try get(".attention.heads").value.array() == heads.value.array())
    let mixed = try x + layer(heads, "decoder.block.1.attention.output")
    let up = try layer(norm(mixed, "decoder.block.1.mlp.norm"), "decoder.block.1.mlp.up")
    let down = try layer(up.map(.gelu), "decoder.block.1.mlp.down")
    #expect(try get(".mlp").value.array() == down.value.array())
    #expect(try get("").value.array() == (mixed + down).value.array())
    let states = try norm(get("").rows(at: Tensor([2, 3, 7, 8] as [Int32])), "decoder.norm")
    #expect(try states.linear(p("decoder.embedding")).value.array() == logits.value.array())
  }

  @Test func `what a hook gives goes on, with its derivatives`() throws {
    let model = try smallModel()
    let plain = try model.loss(batch())
    let same = try model.hooks.with([("*", { $0.value })]) { try model.loss(batch()) }
    #expect(try plain.value.item() == same.value.item())
    let shift = Variable(try Tensor.zeros([16]), requiresGradient: true)
    let steered = try model.hooks.with([("decoder.block.1", { try $0.value + shift })]) {
      try model.loss(batch())
    }
    try steered.backward()
    let slope = try #require(shift.gradient).array()
    // Against central differences of the loss in one direction.
    func loss(_ by: Float) throws -> Float {
      var numbers = [Float](repeating: 0, count: 16)
      numbers[3] = by
      let moved = Variable(try Tensor(numbers))
      return try model.hooks.with([("decoder.block.1", { try $0.value + moved })]) {
        try model.loss(batch()).value.item()
      }
    }
    let numeric = try (loss(0.02) - loss(-0.02)) / 0.04
    #expect(abs(numeric - slope[3]) < 2e-3 + 0.02 * abs(numeric))
  }

  @Test func `the cached path passes the same points`() throws {
    let model = try smallModel()
    let zero: ActivationHooks.Hook = { Variable(try .zeros($0.value.shape)) }
    var prompts = try batch()
    (prompts.labels, prompts.labelPlaces) = ([], [])
    var rows: [ActivationRows] = []
    let read: ActivationHooks.Hook = {
      rows.append($0.rows); return $0.value
    }
    let answers = try model.hooks.with([("decoder.block.1.attention.*", zero), ("logits", read)]) {
      try ReadPrompts(model, prompts, room: 3).greedy(limit: 3, stop: -1)
    }
    #expect(rows.map(\.lengths) == [[1, 1], [1, 1], [1, 1]])
    #expect(rows.map(\.starts) == [[3, 4], [4, 5], [5, 6]])
    #expect(rows.map(\.answers) == [[0, 1], nil, nil])
    // The same by whole passes over ever longer sequences.
    var sequence: [Int32] = [3, 9, 4, 22]
    for _ in 0..<3 {
      var whole = PackedBatch()
      (whole.tokens, whole.lengths) = (sequence, [sequence.count])
      whole.labelPlaces = [Int32(sequence.count - 1)]
      let scores = try model.hooks.with([("decoder.block.1.attention.*", zero)]) {
        try model.logits(whole)
      }
      sequence += try scores.value.argmax(axis: 1).array(of: Int32.self)
    }
    #expect(answers[0] == Array(sequence.dropFirst(4)))
  }

  @Test func `hooks go whatever happens and bad ones are refused`() throws {
    struct Stop: Error {}
    let model = try smallModel()
    let plain = try model.logits(batch()).value.array()
    #expect(throws: Stop.self) {
      try model.hooks.with([("projector", { _ in throw Stop() })]) { try model.logits(batch()) }
    }
    #expect(
      throws: ModelError.hook(
        name: "projector", expected: "float32 [2, 16]", got: "float32 [1, 16]")
    ) {
      try model.hooks.with([("projector", { _ in Variable(try .zeros([1, 16])) })]) {
        try model.logits(batch())
      }
    }
    #expect(throws: ModelError.noHookPoint(pattern: "decodr.*")) {
      try model.hooks.with([("decodr.*", { $0.value })]) {}
    }
    #expect(throws: ModelError.inHook) {
      try model.hooks.with([
        (
          "projector",
          { activation in try model.hooks.with([("logits", { $0.value })]) { activation.value } }
        )
      ]) { try model.logits(batch()) }
    }
    #expect(try model.logits(batch()).value.array() == plain)
  }

  @Test func `within a hook the model runs without hooks`() throws {
    let model = try smallModel()
    let plain = try model.logits(batch()).value.array()
    var calls = 0, inner: [Float] = []
    let blocking: ActivationHooks.Hook = {
      calls += 1
      inner = try model.logits(batch()).value.array()
      return Variable(try .zeros($0.value.shape))
    }
    let blocked = try model.hooks.with([("decoder.block.1", blocking)]) {
      try model.logits(batch()).value.array()
    }
    #expect(blocked != plain)
    #expect(calls == 1 && inner == plain)
  }
}
