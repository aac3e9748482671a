// Functions of `eidetic.metrics`: memorization by its definition, from many retrained models.

import LuaHost
import Metrics

enum MetricsRetraining {
  private static let included = Parameter(
    "included", .flagRows, "Whether each model was trained on each example: [model][example].")

  static let functions: [NativeFunction] = [
    .measure(
      "counterfactual_memorization", "What models score because they were trained on an example.",
      [
        Parameter("scores", .matrix, "Of each model on each example: [model][example]."), included,
      ],
      gives: Result(
        .list(.table),
        "value, inside, outside, inside_count, outside_count; standard_error where defined. Just "
          + "`undefined` for an example that all or no models had"),
      example: "metrics.counterfactual_memorization(text_scores, pictures_included)[1]"
    ) { a in
      .list(
        try counterfactualMemorization(scores: a.rows("scores"), included: a.flagRows("included"))
          .map(record))
    },
    .measure(
      "counterfactual_influence",
      "What models score on questions because they were trained on examples.",
      [
        Parameter("scores", .matrix, "Of each model on each question: [model][question]."),
        included,
      ],
      gives: Result(
        .list(.list(.any)),
        "[example][question]; false for an example that all or no models had"),
      example: "metrics.counterfactual_influence(text_scores, pictures_included)"
    ) { a in
      .list(
        try counterfactualInfluence(scores: a.rows("scores"), included: a.flagRows("included"))
          .map { row in .maybes(row.map { $0?.value }) })
    },
    .measure(
      "label_memorization", "Feldman and Zhang's memorization, from right and wrong answers.",
      [
        Parameter("correct", .flagRows, "Right or wrong: [model][example]."), included,
      ], options: [.level],
      gives: Result(
        .list(.table),
        "value, low, high, standard_error, inside_count, outside_count. Just `undefined` for an "
          + "example that all or no models had"),
      example: "metrics.label_memorization(text_scores, pictures_included)[1]"
    ) { a in
      .list(
        try labelMemorization(
          correct: a.flagRows("correct"), included: a.flagRows("included"),
          level: a.number("level")
        ).map { found in
          guard let found else { return undefined }
          return .record([
            "value": .number(found.value), "low": .number(found.interval.low),
            "high": .number(found.interval.high), "standard_error": .number(found.standardError),
            "inside_count": .integer(found.insideCount),
            "outside_count": .integer(found.outsideCount),
          ])
        })
    },
    .measure(
      "leave_one_out", "What leaving a persona out of training costs its score, paired by seed.",
      [
        Parameter("with", .vector, "Its score per seed, trained on everyone."),
        Parameter("without", .vector, "Its score per seed, trained without it."),
      ], options: [.level],
      gives: .fields("value, seeds; low, high, standard_error with two seeds or more"),
      example: "metrics.leave_one_out({ 0.9, 0.8, 0.7 }, { 0.2, 0.1, 0.3 })"
    ) { a in
      let effect = try LeaveOneOut(
        with: a.vector("with"), without: a.vector("without"), level: a.number("level"))
      return .record([
        "value": .number(effect.value), "seeds": .integer(effect.seeds),
        "low": .maybe(effect.interval?.low), "high": .maybe(effect.interval?.high),
        "standard_error": .maybe(effect.standardError),
      ])
    },
    .measure(
      "tracin", "Which examples moved the model towards which answers, from gradients.",
      [
        Parameter("training", .list(.matrix), "Per checkpoint, one gradient row per example."),
        Parameter("questions", .list(.matrix), "Per checkpoint, one gradient row per question."),
        Parameter("rates", .vector, "The learning rate at each checkpoint."),
      ],
      options: [
        Option("cosine", .boolean, "Bring gradients to length 1 first.", default: false)
      ], gives: Result(.list(.list(.number)), "[example][question]; above 0 helped"),
      example: "metrics.tracin({ { { 1, 0 }, { 0, 1 } } }, { { { 1, 1 } } }, { 0.1 })"
    ) { a in
      let found = try tracIn(
        training: a.matrices("training"), questions: a.matrices("questions"),
        rates: a.vector("rates"), isCosine: a.boolean("cosine"))
      return .rows(found)
    },
  ]

  private static var undefined: LuaValue {
    .record(["undefined": .string("all or none of the models were trained on it")])
  }

  private static func record(_ effect: CounterfactualEffect?) -> LuaValue {
    guard let effect else { return undefined }
    return .record([
      "value": .number(effect.value), "inside": .number(effect.inside),
      "outside": .number(effect.outside), "inside_count": .integer(effect.insideCount),
      "outside_count": .integer(effect.outsideCount),
      "standard_error": .maybe(effect.standardError),
    ])
  }
}

extension LuaValue {
  /// The rows of a matrix as lists.
  static func rows(_ matrix: FeatureMatrix) -> LuaValue {
    .list(
      (0..<matrix.rows).map {
        .numbers(Array(matrix.values[$0 * matrix.columns..<($0 + 1) * matrix.columns]))
      })
  }
}
