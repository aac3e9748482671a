// How well a model knows each answer, and answers as ids.

import Autograd
import LuaHost
import Networks
import TensorCore
import Training

/// Losses per example and per word.
enum ModelLosses {
  /// The losses of all answer words, end marks included, and how many each item has.
  private static func wordLosses(_ a: Arguments) throws -> (losses: Variable, counts: [Int]) {
    let source = try a.receiver(LuaModel.self)
    let examples = try source.words.examples(a.object("items", LuaItems.self).items)
    let losses = try source.model.wordLosses(.learning(examples, source.model.configuration))
    return (losses, examples.map { $0.answer.count + 1 })
  }

  static let methods: [NativeFunction] = [
    .entry(
      "losses",
      "The loss of each true answer, in nats per word, the end mark being one; differentiable.",
      [itemsParameter],
      results: [Result(.tensor, "[items]; answers of many words weigh more in `loss`.")],
      example: "local worst = model:losses(items):argmax()"
    ) { a in
      let (losses, counts) = try wordLosses(a)
      let items = counts.enumerated().flatMap { [Int32](repeating: Int32($0), count: $1) }
      let sums = try losses.scattered(Tensor(items), size: counts.count)
      let shares = Variable(try Tensor(counts.map { 1 / Float($0) }))
      return [.object(LuaTensor(try sums * shares))]
    },
    .entry(
      "token_log_probabilities",
      "The log-probability of each word of the true answers given those before, in nats; "
        + "differentiable.",
      [itemsParameter],
      results: [Result(.list(.tensor), "One per item: its words, then the end mark.")],
      example: "local surprise = -model:token_log_probabilities(items)[1]"
    ) { a in
      let (losses, counts) = try wordLosses(a)
      let logs = try losses * -1
      var start = 0
      return [
        .list(
          try counts.map { count in
            defer { start += count }
            let own = try logs.sliced([AxisRange(start: start, end: start + count)])
            return .object(LuaTensor(own))
          })
      ]
    },
    .entry(
      "answer_logits",
      "The scores of every word where a word of the true answers follows, before softmax; "
        + "differentiable.",
      [itemsParameter],
      results: [
        Result(.tensor, "[answer words, vocabulary], item after item, the end mark being a word."),
        Result(.tensor, "The id of each answer word, int32."),
        Result(.list(.integer), "How many words each item's answer has."),
      ],
      example: "local logits, labels, counts = model:answer_logits(items)"
    ) { a in
      let source = try a.receiver(LuaModel.self)
      let examples = try source.words.examples(a.object("items", LuaItems.self).items)
      let batch = try PackedBatch.learning(examples, source.model.configuration)
      guard !batch.labels.isEmpty else {
        throw ModelError.batch(expected: "one item or more", got: "none")
      }
      return [
        .object(LuaTensor(try source.model.logits(batch))),
        .object(LuaTensor(Variable(try Tensor(batch.labels)))),
        .integers(examples.map { $0.answer.count + 1 }),
      ]
    },
  ]
}

/// Text to ids and back.
enum ModelWords {
  static let methods: [NativeFunction] = [
    .entry(
      "encode", "The ids of a text's words, counted from 0.", [Parameter("text", .string)],
      results: [Result(.list(.integer))],
      example: "local first = model:encode(item.answer)[1]"
    ) { a in
      let words = try a.receiver(LuaModel.self).words
      return [.integers(try words.tokenizer.encode(a.string("text")).map { Int($0) })]
    },
    .entry(
      "decode", "The text of ids, as `encode` gives them; an unknown id is `<?>`.",
      [Parameter("ids", .list(.integer))], results: [Result(.string)],
      example: "model:decode(model:encode \"black\")"
    ) { a in
      let words = try a.receiver(LuaModel.self).words
      let ids = try a.integers("ids").map { Int32(exactly: $0) ?? -1 }
      return [.string(words.tokenizer.decode(ids))]
    },
  ]
}
