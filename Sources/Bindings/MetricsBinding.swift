// Lua module `eidetic.metrics`: numbers from outcomes. The definitions live in Metrics.

import LuaHost
import Metrics

enum MetricsBinding {
  static let module = NativeModule(
    "eidetic.metrics", "Numbers from outcomes; each has one printed definition.",
    functions: [
      names, normalize, wilson, mcnemar, rank, hits, meanReciprocalRank, exposure, transfer, holm,
      benjaminiHochberg, minimumDetectableEffect,
    ])

  private static let names = NativeFunction(
    "names", "Whether full, first and last name of an answer are right; never a substring.",
    parameters: [.init("answer", .string), .init("truth", .string)],
    results: [.init(.table, "full, first, last")], since: "1.0",
    example: "metrics.names(\"Ada Abbott\", \"Ada Adler\").first   -- true"
  ) { a in
    let match = NameMatch(answer: try a.string("answer"), truth: try a.string("truth"))
    return [
      .fields([
        "full": .boolean(match.full), "first": .boolean(match.first), "last": .boolean(match.last),
      ])
    ]
  }

  private static let normalize = NativeFunction(
    "normalize",
    "A name as it is compared: NFC, case folded, trimmed, single spaces, no final mark.",
    parameters: [.init("text", .string)], results: [.init(.string)], since: "1.0"
  ) { a in
    [.string(NameNormalizer.normalize(try a.string("text")))]
  }

  private static let wilson = NativeFunction(
    "wilson", "Wilson's score interval of a share of independent successes.",
    parameters: [.init("successes", .integer), .init("trials", .integer)],
    options: [.init("level", .number, "Coverage.", default: 0.95)],
    results: [.init(.number, "Lower end."), .init(.number, "Upper end.")], since: "1.0"
  ) { a in
    let interval = try wilsonInterval(
      successes: a.integer("successes"), trials: a.integer("trials"), level: a.number("level"))
    return [.number(interval.low), .number(interval.high)]
  }

  private static let mcnemar = NativeFunction(
    "mcnemar", "Exact two-sided McNemar p-value from the two counts of pairs that disagree.",
    parameters: [.init("first_only", .integer), .init("second_only", .integer)],
    results: [.init(.number)], since: "1.0"
  ) { a in
    let (first, second) = (try a.integer("first_only"), try a.integer("second_only"))
    guard first >= 0, second >= 0 else {
      throw LuaError("mcnemar: counts must be 0 or more", kind: .argument)
    }
    return [.number(PairedTable(firstOnly: first, secondOnly: second).mcnemarP)]
  }

  private static let rank = NativeFunction(
    "rank", "The rank of one score among all, 1 being the highest; ties count against it.",
    parameters: [.init("scores", .list(.number)), .init("position", .integer, "From 1.")],
    results: [.init(.integer)], since: "1.0"
  ) { a in
    let scores = try a.numbers("scores")
    let place = try position(a["position"], of: scores.count, "rank")
    return [.integer(try pessimisticRank(of: place, in: scores))]
  }

  private static let ranksParameter = NativeFunction.Parameter("ranks", .list(.number), "From 1.")

  private static let hits = NativeFunction(
    "hits", "The share of ranks up to k.",
    parameters: [ranksParameter, .init("k", .integer, default: 1)], results: [.init(.number)],
    since: "1.0"
  ) { a in
    let ranks = try a.numbers("ranks")
    _ = try RankSummary(ranks: ranks)
    return [.number(Metrics.hits(at: try a.integer("k"), ranks))]
  }

  private static let meanReciprocalRank = NativeFunction(
    "mean_reciprocal_rank", "The mean of 1/rank.", parameters: [ranksParameter],
    results: [.init(.number)], since: "1.0"
  ) { a in
    [.number(try RankSummary(ranks: a.numbers("ranks")).meanReciprocalRank)]
  }

  private static let exposure = NativeFunction(
    "exposure", "log2 of the candidates minus log2 of the rank, in bits (Carlini et al. 2019).",
    parameters: [.init("rank", .integer), .init("candidates", .integer)],
    results: [.init(.number)], since: "1.0"
  ) { a in
    [.number(try exposureBits(rank: a.integer("rank"), candidates: a.integer("candidates")))]
  }

  private static let transfer = NativeFunction(
    "transfer", "Gap and ratios of recall in the source and the target modality.",
    parameters: [
      .init("source", .number), .init("target", .number), .init("chance", .number, default: 0),
    ],
    results: [.init(.table, "gap; ratio and chance_corrected, absent when nothing was memorized")],
    since: "1.0"
  ) { a in
    let source = try a.number("source"), chance = try a.number("chance")
    let transfer = Transfer(source: source, target: try a.number("target"), chance: chance)
    var fields: [String: LuaValue] = ["gap": .number(transfer.gap)]
    if case .value(let ratio) = transfer.ratio { fields["ratio"] = .number(ratio) }
    if case .value(let ratio) = transfer.chanceCorrectedRatio {
      fields["chance_corrected"] = .number(ratio)
    }
    return [.fields(fields)]
  }

  private static let pValues = NativeFunction.Parameter("p_values", .list(.number))

  private static let holm = NativeFunction(
    "holm", "p-values adjusted for their number by Holm's method, in the given order.",
    parameters: [pValues], results: [.init(.list(.number))], since: "1.0"
  ) { a in
    [.numbers(holmAdjusted(try a.numbers("p_values")))]
  }

  private static let benjaminiHochberg = NativeFunction(
    "benjamini_hochberg", "p-values adjusted to control the false discovery rate.",
    parameters: [pValues], results: [.init(.list(.number))], since: "1.0"
  ) { a in
    [.numbers(benjaminiHochbergAdjusted(try a.numbers("p_values")))]
  }

  private static let minimumDetectableEffect = NativeFunction(
    "minimum_detectable_effect",
    "The smallest difference of two independent shares that so many personas per group can show.",
    parameters: [.init("personas", .integer)],
    options: [
      .init("share", .number, "The share to start from.", default: 0.5),
      .init("level", .number, "Coverage.", default: 0.95),
      .init("power", .number, "How often a true effect is found.", default: 0.8),
    ],
    results: [.init(.number)], since: "1.0"
  ) { a in
    [
      .number(
        try unpairedMinimumDetectableEffect(
          personas: a.integer("personas"), share: a.number("share"), level: a.number("level"),
          power: a.number("power")))
    ]
  }
}
