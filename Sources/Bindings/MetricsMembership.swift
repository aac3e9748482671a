// Functions of `eidetic.metrics`: membership inference. A higher score always means "member".

import LuaHost
import Metrics

enum MetricsMembership {
  static let functions = ownScores + comparisons + retrained

  private static let logs = MetricsLikelihood.logProbabilities
  private static let share = Option("k", .number, "The share of tokens, in (0, 1].", default: 0.2)

  private static let ownScores: [NativeFunction] = [
    .measure(
      "loss_score", "The mean log-probability of the tokens.", [logs], gives: .number,
      example: "metrics.loss_score { -0.5, -1.5 }"
    ) { a in
      .number(try lossScore(a.vector("log_probabilities")))
    },
    .measure(
      "min_k_score", "The mean of the least likely tokens' log-probabilities, at least one.",
      [logs],
      options: [share], gives: .number, example: "metrics.min_k_score({ -0.1, -3 })   -- -3"
    ) { a in .number(try minKScore(a.vector("log_probabilities"), share: a.number("k"))) },
    .measure(
      "min_k_plus_plus_score",
      "As min_k_score, each token taken against the model's own distribution.",
      [
        Parameter("distributions", .matrix, "Log-probabilities of the vocabulary per position."),
        Parameter("tokens", .tokens, "The true token ids, from 0."),
      ], options: [share], gives: .number,
      example:
        "metrics.min_k_plus_plus_score(tensor.from({ { 0.9, 0.1 }, { 0.5, 0.5 } }):log(), { 0, 1 })"
    ) { a in
      .number(
        try minKPlusPlusScore(
          distributions: a.rows("distributions"), tokens: a.tokens("tokens"),
          share: a.number("k")))
    },
    .measure(
      "zlib_score", "The mean log-probability over the compressed size of the text.",
      [logs, Parameter("text", .string, "The text that was scored.")],
      gives: .fields("value, compressed_bytes, short (below 100 bytes the size says little)"),
      example: "metrics.zlib_score({ -1, -2 }, \"Ada Blake\")"
    ) { a in
      let score = try ZlibScore(a.vector("log_probabilities"), text: a.string("text"))
      return .record([
        "value": .number(score.value), "compressed_bytes": .integer(score.compressedBytes),
        "short": .boolean(score.isShort),
      ])
    },
    .measure(
      "zlib_bytes", "The size of a text after zlib at level 6.",
      [Parameter("text", .string, "Any text.")], gives: Result(.integer),
      example: "metrics.zlib_bytes(\"Ada Blake, Ada Blake\")"
    ) { a in .integer(try zlibBytes(a.string("text"))) },
    .measure(
      "gradient_norm_score", "Minus the norm of the loss's gradient.",
      [Parameter("gradients", .list(.vector), "One list or tensor per parameter.")],
      options: [
        Option("p", .number, "Order of the norm; math.huge is the largest magnitude.", default: 2),
        Option(
          "aggregate", .oneOf(["global", "mean"]), "One norm, or the mean of the tensors' norms.",
          default: "global"),
      ], gives: .number,
      example: "metrics.gradient_norm_score { { 3, 4 }, { 0 } }"
    ) { a in
      .number(
        try gradientNormScore(
          a.pieces("gradients"), p: a.number("p"), isGlobal: a.string("aggregate") == "global"))
    },
  ]

  private static let reference = Parameter(
    "reference", .vector, "Log-probabilities of the tokens under the reference.")

  private static let comparisons: [NativeFunction] = [
    .measure(
      "reference_score", "The mean log-probability minus that under a reference model.",
      [logs, reference], gives: .number,
      example: "metrics.reference_score({ -1, -2 }, { -2, -4 })"
    ) { a in
      .number(try referenceScore(a.vector("log_probabilities"), reference: a.vector("reference")))
    },
    .measure(
      "reference_ratio_score",
      "Log perplexity under the reference, or of the lowercased text, over that under the model.",
      [logs, reference], gives: .number(orNilWhen: "the text is certain"),
      example: "metrics.reference_ratio_score({ -1, -2 }, { -2, -4 })"
    ) { a in
      .maybe(
        try referenceRatioScore(a.vector("log_probabilities"), reference: a.vector("reference")))
    },
    .measure(
      "neighbourhood_score", "A text's log-probability minus the mean of its neighbours'.",
      [
        Parameter("log_probability", .number, "Of the text."),
        Parameter("neighbours", .vector, "Of its variants."),
      ], gives: .number,
      example: "metrics.neighbourhood_score(-3, { -4, -5 })"
    ) { a in
      .number(
        try neighbourhoodScore(a.number("log_probability"), neighbours: a.vector("neighbours")))
    },
    .measure(
      "prefix_recall_score", "ReCaLL: log-probability after a prefix of non-members over without.",
      [logs, Parameter("after_prefix", .vector, "The same tokens after the prefix.")],
      gives: .number(orNilWhen: "the text is certain"),
      example: "metrics.prefix_recall_score({ -3, -4 }, { -1, -2 })"
    ) { a in
      .maybe(
        try recallScore(a.vector("log_probabilities"), afterPrefix: a.vector("after_prefix")))
    },
  ]

  private static let retrained: [NativeFunction] = [
    .measure(
      "logit_confidence", "The logit of a probability from its logarithm.",
      [Parameter("log_probability", .number, "At most 0, in nats.")], gives: .number,
      example: "metrics.logit_confidence(-0.1)"
    ) { a in .number(try logitConfidence(logProbability: a.number("log_probability"))) },
    .measure(
      "lira", "The likelihood-ratio attack on one example, online and offline.",
      [
        Parameter("confidence", .number, "Logit confidence of the model under attack."),
        Parameter("outside", .vector, "Of models trained without the example."),
        Parameter("inside", .vector, "Of models trained with it.", optional: true),
      ],
      options: [
        Option("inside_deviation", .number, "Pooled, for fewer than about 16 models."),
        Option("outside_deviation", .number, "Pooled, for fewer than about 16 models."),
      ], gives: .fields("offline; log_ratio with inside"),
      example: "metrics.lira(3, { 0.5, 1, 0.8 }, { 2.5, 3, 2.8 })"
    ) { a in
      let inside =
        try a.has("inside")
        ? LiRA.Gaussian(
          fitting: a.vector("inside"), deviation: a.number(ifGiven: "inside_deviation"))
        : nil
      let found = try LiRA(
        confidence: a.number("confidence"), inside: inside,
        outside: .init(
          fitting: a.vector("outside"), deviation: a.number(ifGiven: "outside_deviation")))
      return .record(["offline": .number(found.offline), "log_ratio": .maybe(found.logRatio)])
    },
    .measure(
      "pooled_deviation", "The standard deviation within groups, all groups pooled.",
      [Parameter("groups", .list(.vector), "Confidences, one group per example.")],
      gives: .number(orNilWhen: "no group has two values"),
      example: "metrics.pooled_deviation { { 0.5, 1, 0.8 }, { 2.5, 3 } }"
    ) { a in .maybe(try pooledDeviation(a.pieces("groups"))) },
    .measure(
      "rmia_ratio", "How much likelier an example is under the model than in general.",
      [
        Parameter("probability", .number, "Under the model under attack."),
        Parameter("outside", .vector, "Under models trained without it."),
        Parameter("inside", .vector, "Under models trained with it.", optional: true),
      ],
      options: [
        Option("a", .number, "Offline only: how much training raises it.", default: 0.3)
      ], gives: .number(orNilWhen: "the probability in general is 0"),
      example: "metrics.rmia_ratio(0.8, { 0.2, 0.3 }, { 0.7, 0.9 })"
    ) { a in
      .maybe(
        try rmiaRatio(
          probability: a.number("probability"), outside: a.vector("outside"),
          inside: a.has("inside") ? a.vector("inside") : nil, a: a.number("a")))
    },
    .measure(
      "rmia_score", "The share of the population that the example dominates.",
      [
        Parameter("ratio", .number, "The example's rmia_ratio."),
        Parameter("population", .vector, "Those of population examples."),
      ], options: [Option("gamma", .number, "At least 1.", default: 1)], gives: .number,
      example: "metrics.rmia_score(1.5, { 0.5, 1, 2 })"
    ) { a in
      .number(
        try rmiaScore(
          ratio: a.number("ratio"), population: a.vector("population"), gamma: a.number("gamma")))
    },
    .measure(
      "dataset_usage", "The share of a dataset that was trained on, from what an attack flags.",
      [
        Parameter("flagged", .number, "The share of the dataset that is flagged."),
        Parameter("tpr", .number, "The attack's true positive rate."),
        Parameter("fpr", .number, "Its false positive rate."),
      ], gives: .number(orNilWhen: "the attack separates nothing"),
      example: "metrics.dataset_usage(0.4, 0.9, 0.1)"
    ) { a in
      .maybe(
        try datasetUsage(
          flagged: a.number("flagged"), truePositiveRate: a.number("tpr"),
          falsePositiveRate: a.number("fpr")))
    },
  ]
}
