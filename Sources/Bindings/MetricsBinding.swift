// Lua module `eidetic.metrics`: numbers from what models say and hold. The definitions live in Metrics.

import LuaHost
import Metrics

enum MetricsBinding {
  static let module = NativeModule(
    "eidetic.metrics",
    "Numbers from what models say and hold; what is undefined is nil, absent, or false in a list.",
    functions: recall + MetricsLikelihood.functions + MetricsExtraction.functions
      + MetricsMembership.functions + MetricsRetraining.functions + MetricsUnlearning.functions
      + MetricsRepresentation.functions + MetricsNeurons.functions)

  private static let recall: [NativeFunction] = [
    .measure(
      "names", "Whether full, first and last name of an answer are right; never a substring.",
      [
        Parameter("answer", .string, "What the model said."),
        Parameter("truth", .string, "The whole name."),
      ], gives: .fields("full, first, last"),
      example: "metrics.names(\"Ada Abbott\", \"Ada Adler\").first   -- true"
    ) { a in
      let match = NameMatch(answer: try a.string("answer"), truth: try a.string("truth"))
      return .record([
        "full": .boolean(match.full), "first": .boolean(match.first), "last": .boolean(match.last),
      ])
    },
    .measure(
      "normalize",
      "A name as it is compared: NFC, case folded, trimmed, single spaces, no final mark.",
      [Parameter("text", .string, "Any text.")], gives: Result(.string),
      example: "metrics.normalize(\"  Ada   BLAKE. \")"
    ) { a in .string(NameNormalizer.normalize(try a.string("text"))) },
    .measure(
      "exact_match", "The share of answers that are the truth, whole text with whole text.",
      [
        Parameter("answers", .list(.string), "What the model said."),
        Parameter("truths", .list(.string), "What is right."),
      ],
      options: [
        Option("normalizer", .oneOf(["name", "none"]), "How texts are compared.", default: "name"),
        .level,
      ],
      gives: .fields("value, Wilson's low and high, correct as a list, normalizer"),
      example: "metrics.exact_match({ \"Ada\", \"Bo\" }, { \"Ada\", \"Cy\" })"
    ) { a in
      let normalizer = try a.string("normalizer") == "none" ? TextNormalizer.none : .name
      let match = try ExactMatch(
        answers: a.strings("answers"), truths: a.strings("truths"), normalizer: normalizer)
      let interval = try wilsonInterval(
        successes: match.correct.count { $0 }, trials: match.correct.count,
        level: a.number("level"))
      return .record([
        "value": .number(match.accuracy), "low": .number(interval.low),
        "high": .number(interval.high), "correct": .list(match.correct.map { .boolean($0) }),
        "normalizer": .string(normalizer.rawValue),
      ])
    },
    .measure(
      "chance_level", "The accuracy of the best answer that ignores the question.",
      [Parameter("truths", .list(.string), "What is right.")],
      options: [
        Option("part", .oneOf(["full", "first", "last"]), "Which words count.", default: "full")
      ], gives: .number(orNilWhen: "there are no truths"),
      example: "metrics.chance_level { \"Ada Blake\", \"Ada Cole\", \"Bo Dunn\" }"
    ) { a in
      let part: NamePart =
        switch try a.string("part") {
        case "first": .first
        case "last": .last
        default: .full
        }
      return .maybe(chanceLevel(truths: try a.strings("truths"), part: part))
    },
    .measure(
      "transfer", "Gap and ratios of recall in the source and the target modality.",
      [
        Parameter("source", .number, "Recall in the modality that was trained."),
        Parameter("target", .number, "Recall in the other."),
        Parameter("chance", .number, "What blind guessing scores.", default: 0),
      ], gives: .fields("gap; ratio and chance_corrected, absent when nothing was memorized"),
      example: "metrics.transfer(0.9, 0.45, 0.01).chance_corrected   -- 0.494"
    ) { a in
      let transfer = Transfer(
        source: try a.number("source"), target: try a.number("target"),
        chance: try a.number("chance"))
      return .record([
        "gap": .number(transfer.gap), "ratio": .maybe(transfer.ratio.number),
        "chance_corrected": .maybe(transfer.chanceCorrectedRatio.number),
      ])
    },
    consistency,
    .measure(
      "multi_hop", "Recall over two hops beside recall of each hop.",
      [
        Parameter("first_hop", .flags, "Right or wrong, per persona."),
        Parameter("second_hop", .flags, "The same personas."),
        Parameter("joined", .flags, "The question over both hops."),
      ],
      gives: .fields(
        "first_hop, second_hop, joined, independent (their product), deficit, both_hops, count; "
          + "joined_given_both where defined"),
      example: "metrics.multi_hop({ 1, 1, 0 }, { 1, 0, 1 }, { 1, 0, 0 })"
    ) { a in
      let hops = try MultiHop(
        firstHop: a.flags("first_hop"), secondHop: a.flags("second_hop"),
        joined: a.flags("joined"))
      return .record([
        "first_hop": .number(hops.firstHop), "second_hop": .number(hops.secondHop),
        "joined": .number(hops.joined), "independent": .number(hops.independent),
        "deficit": .number(hops.deficit), "both_hops": .integer(hops.bothHops),
        "joined_given_both": .maybe(hops.joinedGivenBoth), "count": .integer(hops.count),
      ])
    },
  ]

  private static let consistency = NativeFunction.measure(
    "consistency", "Agreement of the answers in two modalities, right or wrong, and beyond chance.",
    [
      Parameter("first", .list(.string), "Answers in one modality."),
      Parameter("second", .list(.string), "Answers to the same questions in the other."),
    ],
    options: [Option("truths", .list(.string), "What is right: adds the split by correctness.")],
    gives: .fields(
      "value, chance, count; kappa where defined; with truths also first_accuracy, second_accuracy, "
        + "bound, same_and_right, same_and_wrong"),
    example: "metrics.consistency({ \"Ada\", \"Bo\" }, { \"Ada\", \"Cy\" })"
  ) { a in
    let normalize = { (text: String) in NameNormalizer.normalize(text) }
    let (first, second) = (
      try a.strings("first").map(normalize), try a.strings("second").map(normalize)
    )
    let found = try Consistency(first, second)
    let split = try a.strings(ifGiven: "truths").map {
      try ConsistencyByCorrectness(first, second, truths: $0.map(normalize))
    }
    return .record([
      "value": .number(found.agreement), "chance": .number(found.chance),
      "kappa": .maybe(found.kappa), "count": .integer(found.count),
      "first_accuracy": .maybe(split?.firstAccuracy),
      "second_accuracy": .maybe(split?.secondAccuracy), "bound": .maybe(split?.bound),
      "same_and_right": .maybe(split?.sameAndRight),
      "same_and_wrong": .maybe(split?.sameAndWrong),
    ])
  }
}
