// Functions of `eidetic.metrics`: likelihood, ranks, truth ratios.

import LuaHost
import Metrics

enum MetricsLikelihood {
  static let functions = likelihoods + ranking + truthRatios

  static let logProbabilities = Parameter(
    "log_probabilities", .vector, "Of the answer's tokens, in nats.")

  private static let likelihoods: [NativeFunction] = [
    .measure(
      "likelihood", "What a model thinks of an answer, from its tokens.", [logProbabilities],
      gives: .fields("log_probability, nll, mean, perplexity, answer_probability, tokens"),
      example: "metrics.likelihood({ -0.5, -1.5 }).perplexity   -- 2.718"
    ) { a in
      let answer = try SequenceLikelihood(a.vector("log_probabilities"))
      return .record([
        "log_probability": .number(answer.logProbability), "nll": .number(answer.nll),
        "mean": .number(answer.mean), "perplexity": .number(answer.perplexity),
        "answer_probability": .number(answer.answerProbability),
        "tokens": .integer(answer.tokens),
      ])
    },
    .measure(
      "choice_probability", "The probability of the first of several choices.",
      [Parameter("log_scores", .vector, "Log-probabilities, the right choice first.")],
      gives: .number,
      example: "metrics.choice_probability { -1, -2, -3 }"
    ) { a in .number(try choiceProbability(a.vector("log_scores"))) },
  ]

  private static let ranks = Parameter("ranks", .vector, "From 1.")

  private static let ranking: [NativeFunction] = [
    .measure(
      "rank", "The rank of one score among all, 1 being the highest.",
      [
        Parameter("scores", .vector, "One per candidate."),
        Parameter("position", .integer, "Of the true candidate, from 1."),
      ],
      options: [
        Option(
          "ties", .oneOf(["pessimistic", "middle"]), "Against the candidate, or the mean rank.",
          default: "pessimistic")
      ], gives: .number, example: "metrics.rank({ 0.1, 0.5, 0.5 }, 2)   -- 2"
    ) { a in
      let scores = try a.vector("scores")
      let place = try position(a["position"], of: scores.count, "rank")
      return try a.string("ties") == "middle"
        ? .number(middleRank(of: place, in: scores))
        : .integer(pessimisticRank(of: place, in: scores))
    },
    .measure(
      "rank_summary", "Ranks over many questions.", [ranks],
      gives: .fields("mean_reciprocal_rank, median_rank, hits_at_1, hits_at_5, hits_at_10"),
      example: "metrics.rank_summary { 1, 3, 7 }"
    ) { a in .record(ranks: try RankSummary(ranks: a.vector("ranks"))) },
    .measure(
      "hits", "The share of ranks up to k.",
      [ranks, Parameter("k", .integer, "Limit.", default: 1)],
      gives: .number,
      example: "metrics.hits({ 1, 3, 7 }, 5)   -- 2/3"
    ) { a in
      let ranks = try a.vector("ranks")
      _ = try RankSummary(ranks: ranks)
      return .number(try Metrics.hits(at: try a.integer("k"), ranks))
    },
    .measure(
      "mean_reciprocal_rank", "The mean of 1/rank.", [ranks], gives: .number,
      example: "metrics.mean_reciprocal_rank { 1, 2, 4 }   -- 7/12"
    ) { a in
      .number(try RankSummary(ranks: a.vector("ranks")).meanReciprocalRank)
    },
    .measure(
      "exposure", "log2 of the candidates minus log2 of the rank, in bits (Carlini et al. 2019).",
      [
        Parameter("rank", .integer, "Of the secret, from 1."),
        Parameter("candidates", .integer, "How many there are."),
      ], gives: .number, example: "metrics.exposure(1, 8)   -- 3"
    ) { a in
      .number(try exposureBits(rank: a.integer("rank"), candidates: a.integer("candidates")))
    },
    .measure(
      "exposure_skew_normal",
      "Exposure from a sample of candidates, whose losses a skew-normal distribution describes.",
      [
        Parameter("loss", .number, "Of the secret, such as nats per token; lower is liked more."),
        Parameter("others", .vector, "Those of candidates drawn at random, without the secret."),
      ],
      gives: .fields(
        "shape, location and scale of the distribution; distance, the largest of the sample from it; "
          + "value, in bits, where defined"),
      example: "metrics.exposure_skew_normal(0.1, { 2.1, 2.9, 3.2, 4.4 }).value"
    ) { a in
      let found = try ExposureEstimate(loss: a.number("loss"), others: a.vector("others"))
      let fit = found.distribution
      return .record([
        "value": .maybe(found.bits), "shape": .number(fit.shape), "scale": .number(fit.scale),
        "location": .number(fit.location), "distance": .number(found.distance),
      ])
    },
  ]

  private static let ratios = Parameter("ratios", .vector, "Truth ratios, one per question.")

  private static let truthRatios: [NativeFunction] = [
    .measure(
      "truth_ratio", "Whether wrong answers are preferred, in the paper's form and in its code's.",
      [
        Parameter("paraphrase", .number, "Mean loss of the true paraphrase, nats per token."),
        Parameter("perturbed", .vector, "The same of each wrong answer."),
      ],
      gives: .fields(
        "arithmetic (paper), geometric (open-unlearning), arithmetic_share, geometric_share"),
      example: "metrics.truth_ratio(-1, { -2, -3 })"
    ) { a in
      let ratio = try TruthRatio(
        paraphrase: a.number("paraphrase"), perturbed: a.vector("perturbed"))
      return .record([
        "arithmetic": .number(ratio.arithmetic), "geometric": .number(ratio.geometric),
        "arithmetic_share": .number(ratio.arithmeticShare),
        "geometric_share": .number(ratio.geometricShare),
      ])
    },
    .measure(
      "truth_ratio_forget", "The mean of min(R, 1/R): higher means truth and error look alike.",
      [ratios], gives: .number,
      example: "metrics.truth_ratio_forget { 0.5, 2 }"
    ) { a in .number(try TruthRatio.forgetScore(a.vector("ratios"))) },
    .measure(
      "truth_ratio_retain", "The mean of max(0, 1 - R): higher means the truth is preferred.",
      [ratios], gives: .number,
      example: "metrics.truth_ratio_retain { 0.5, 0.2 }"
    ) { a in .number(try TruthRatio.retainScore(a.vector("ratios"))) },
  ]
}

extension LuaValue {
  static func record(ranks summary: RankSummary) -> LuaValue {
    .record([
      "mean_reciprocal_rank": .number(summary.meanReciprocalRank),
      "median_rank": .number(summary.medianRank), "hits_at_1": .number(summary.hitsAt1),
      "hits_at_5": .number(summary.hitsAt5), "hits_at_10": .number(summary.hitsAt10),
    ])
  }
}
