// Lua module `eidetic.models`: vision-language models and what can be asked of them.

import Autograd
import Foundation
import LuaHost
import Networks
import Personas
import Repro
import TensorCore
import Training

/// A model with the words it speaks.
public final class LuaModel: LuaObject {
  let model: VisionLanguageModel
  let words: ItemEncoder
  /// Where the running batch begins among the items of the call; hooks are told.
  var firstItem = 0

  init(_ model: VisionLanguageModel, _ words: ItemEncoder) {
    self.model = model
    self.words = words
  }

  /// Bytes that Lua does not see by itself.
  public var luaByteCount: Int { model.parameters.count * 4 }

  /// How Lua sees the class.
  public static let luaClass = NativeClass(
    "Model", "A vision-language model: image encoder, projector, causal decoder.",
    maker: "models.vlm { rng = rng.new(1) }",
    methods: [
      clone, save, generate, logProbabilities, rank, imageFeatures, loss, parameters, parameter,
    ] + ModelWords.methods + ModelLosses.methods + ModelHooks.methods,
    metamethods: [
      NativeFunction(
        "__tostring", "A line.", parameters: [.init("model", .any)], results: [.init(.string)]
      ) { a in
        let model = try a.object("model", LuaModel.self).model
        return [
          .string(
            "Model(\(model.parameters.count) parameters, width \(model.configuration.width), "
              + "\(model.configuration.vocabulary) words)")
        ]
      }
    ],
    properties: [
      .init("count", .integer, "How many numbers are learned.") {
        .integer(try $0.receiver(LuaModel.self).model.parameters.count)
      },
      .init("hash", .string, "SHA-256 over all parameters.") {
        .string(try $0.receiver(LuaModel.self).model.parameters.fingerprint())
      },
      .init("sizes", .table, "The sizes of the parts.") {
        LuaValue(try $0.receiver(LuaModel.self).model.configuration.json)
      },
      .init("words", .list(.string), "The vocabulary in the order of the ids.") {
        .list(try $0.receiver(LuaModel.self).words.tokenizer.words.map { .string($0) })
      },
    ])
}

// MARK: - Module

enum ModelsBinding {
  static let module = NativeModule(
    "eidetic.models", "Vision-language models.",
    functions: [make, load],
    constants: [
      .init(
        "presets", .list(ModelConfiguration.presetNames.map { .string($0) }),
        "Names of the presets, smallest first.")
    ])

  private static let make = NativeFunction(
    "vlm", "Makes a model with random parameters that speaks the language of personas.",
    options: [
      .init(
        "preset", .oneOf(ModelConfiguration.presetNames),
        "micro 0.2 M, nano 0.3 M, tiny 1.5 M, small 8 M, base 25 M parameters.", default: "tiny"),
      .init("rng", .object(LuaRng.self), "Decides the parameters.", required: true),
      .init("attributes", .list(.string), "Which attributes it has words for."),
      .init("image_size", .integer, "Side of the pictures in pixels.", default: 32),
      .init("width", .integer, "Replaces the preset's width."),
      .init("heads", .integer, "Replaces the preset's number of attention heads."),
      .init("encoder_blocks", .integer, "Replaces the preset's."),
      .init("decoder_blocks", .integer, "Replaces the preset's."),
      .init("patch_size", .integer, "Side of a patch in pixels.", default: 8),
      .init("image_tokens", .integer, "Tokens per picture; by default one per attribute."),
    ],
    results: [.init(.object(LuaModel.self))], since: "1.0",
    example: "local model = models.vlm { preset = \"tiny\", rng = rng.new(1) }"
  ) { a in
    let vocabulary = try PersonasBinding.vocabulary(a)
    let tokenizer = WordTokenizer(words: ItemEncoder.words(of: vocabulary))
    var sizes = try ModelConfiguration.preset(a.string("preset"), vocabulary: tokenizer.count)
    sizes.imageSize = try a.integer("image_size")
    sizes.patchSize = try a.integer("patch_size")
    sizes.imageTokens = try a.integer(ifGiven: "image_tokens") ?? vocabulary.active.count
    sizes.width = try a.integer(ifGiven: "width") ?? sizes.width
    sizes.heads = try a.integer(ifGiven: "heads") ?? sizes.heads
    sizes.encoderBlocks = try a.integer(ifGiven: "encoder_blocks") ?? sizes.encoderBlocks
    sizes.decoderBlocks = try a.integer(ifGiven: "decoder_blocks") ?? sizes.decoderBlocks
    try sizes.validate()
    let model = try VisionLanguageModel(sizes, stream: a.object("rng", LuaRng.self).stream)
    return [.object(LuaModel(model, ItemEncoder(tokenizer, side: sizes.imageSize)))]
  }

  private static let load = NativeFunction(
    "load", "Reads a model that `model:save` wrote.",
    parameters: [.init("path", .string, "The safetensors file.")],
    results: [.init(.object(LuaModel.self)), .init(.table, "The notes saved with it.")],
    since: "1.0",
    example: "local model, notes = models.load(\"mine.safetensors\")"
  ) { a in
    let path = try a.path("path", for: .reading)
    let manifest = try (a.string("path") as NSString).deletingPathExtension + ".json"
    _ = try a.path(text: manifest, for: .reading)
    let (checkpoint, notes) = try Checkpoint.load(path)
    return [.object(LuaModel(checkpoint.model, checkpoint.encoder)), LuaValue(notes)]
  }
}

// MARK: - Methods

private let clone = NativeFunction(
  "clone", "A model with the same parameters in memory of its own.",
  results: [.init(.object(LuaModel.self))], since: "1.0",
  example: "local before = model:clone()"
) { a in
  let source = try a.receiver(LuaModel.self)
  return [.object(LuaModel(try source.model.clone(), source.words))]
}

private let save = NativeFunction(
  "save", "Writes a safetensors file and a JSON manifest beside it, each whole or not at all.",
  parameters: [
    .init("path", .string, "Where; ends in .safetensors."),
    .init("notes", .table, "Plain data for the manifest.", optional: true),
  ], since: "1.0",
  example: "model:save(\"mine.safetensors\", { dataset = \"personas:count=12\", seed = 7 })"
) { a in
  let source = try a.receiver(LuaModel.self)
  try Checkpoint(model: source.model, encoder: source.words).save(
    to: a.path("path", for: .writing), notes: a["notes"].json("notes"))
  return []
}

let itemsParameter = NativeFunction.Parameter(
  "items", .object(LuaItems.self), "Questions, as from `people:test`.")

private let generate = NativeFunction(
  "generate", "The most probable answers, word by word.", parameters: [itemsParameter],
  options: [
    .init("max_words", .integer, "The longest answer.", default: 12),
    .init("batch", .integer, "How many prompts are read at once.", default: 100),
  ],
  results: [.init(.list(.string), "One answer per item.")], since: "1.0",
  example: "model:generate(people:test(\"text\", \"name\"), { max_words = 4 })"
) { a in
  let answers = try a.receiver(LuaModel.self).answers(
    a.object("items", LuaItems.self).items, limit: a.integer("max_words"),
    batch: a.integer("batch"), check: a.checkInterrupt)
  return [.list(answers.map { .string($0) })]
}

private let candidatesParameter = NativeFunction.Parameter(
  "candidates", .list(.string), "Possible answers, such as names.")

private let logProbabilities = NativeFunction(
  "log_probabilities", "The log-probability of each candidate as the whole answer, in nats.",
  parameters: [itemsParameter, candidatesParameter],
  results: [.init(.list(.list(.number)), "One list per item, in the candidates' order.")],
  since: "1.0",
  example: "model:log_probabilities(people:test(\"text\", \"name\"), people.names)"
) { a in
  let scores = try a.receiver(LuaModel.self).scores(
    a.object("items", LuaItems.self).items, candidates: a.strings("candidates"),
    check: a.checkInterrupt)
  return [.list(scores.map { .numbers($0) })]
}

private let rank = NativeFunction(
  "rank", "The rank of each true answer among candidates by log-probability; ties count against.",
  parameters: [itemsParameter, candidatesParameter],
  results: [.init(.list(.integer), "1 is best.")], since: "1.0",
  example: "model:rank(people:test(\"text\", \"name\"), people.names)"
) { a in
  let items = try a.object("items", LuaItems.self).items
  let candidates = try a.strings("candidates")
  let scores = try a.receiver(LuaModel.self).scores(
    items, candidates: candidates, check: a.checkInterrupt)
  return [.integers(try ranks(items, candidates, scores))]
}

private let imageFeatures = NativeFunction(
  "image_features", "What the image encoder hands to the projector.",
  parameters: [.init("images", .object(LuaTensor.self), "[B, size, size, 3] in -1 ... 1.")],
  results: [.init(.object(LuaTensor.self), "[B, image_tokens, width]")], since: "1.0",
  example: "model:image_features(people:picture(1, { size = 32 }):tensor())"
) { a in
  let model = try a.receiver(LuaModel.self).model
  let images = try a.object("images", LuaTensor.self).variable.value
  let features = try model.imageFeatures(images)
  let sizes = model.configuration
  return [
    .object(LuaTensor(try features.reshaped([images.shape[0], sizes.imageTokens, sizes.width])))
  ]
}

private let loss = NativeFunction(
  "loss", "The mean loss of the true answers, in nats per word; differentiable.",
  parameters: [itemsParameter], results: [.init(.object(LuaTensor.self))], since: "1.0",
  example: "model:loss(people:test(\"text\", \"name\")):mean():backward()"
) { a in
  let source = try a.receiver(LuaModel.self)
  let examples = try source.words.examples(a.object("items", LuaItems.self).items)
  return [
    .object(LuaTensor(try source.model.loss(.learning(examples, source.model.configuration))))
  ]
}

private let parameters = NativeFunction(
  "parameters", "The learned tensors: name, shape and the tensor, which shares the model's memory.",
  parameters: [.init("pattern", .string, "`*` stands for any characters.", default: "*")],
  results: [.init(.list(.table))], since: "1.0",
  example: "for i, p in ipairs(model:parameters \"decoder.*\") do print(p.name) end"
) { a in
  let list = try a.receiver(LuaModel.self).model.parameters
  return [
    .list(
      try list.matching([a.string("pattern")]).map {
        .fields([
          "name": .string($0.name), "shape": .integers($0.variable.shape),
          "tensor": .object(LuaTensor($0.variable)),
        ])
      })
  ]
}

private let parameter = NativeFunction(
  "parameter", "One learned tensor; it shares memory with the model.",
  parameters: [.init("name", .string, "As `parameters` lists it.")],
  results: [.init(.object(LuaTensor.self))], since: "1.0",
  example: "model:parameter(\"decoder.embedding\").shape"
) { a in
  let name = try a.string("name")
  guard let found = try a.receiver(LuaModel.self).model.parameters[name] else {
    throw ModelError.noParameter(pattern: name)
  }
  return [.object(LuaTensor(found.variable))]
}
