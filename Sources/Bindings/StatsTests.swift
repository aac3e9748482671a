// Functions of `eidetic.stats`: comparisons of samples, corrections, correlations, collapse.

import LuaHost
import Metrics

enum StatsTests {
  static let functions = adjustments + comparisons + descriptions

  private static let pValues = Parameter("p_values", .list(.number), "One per test of the family.")
  private static let x = Parameter("x", .vector, "Numbers.")
  private static let y = Parameter("y", .vector, "Numbers paired with x.")

  private static let adjustments: [NativeFunction] = [
    .entry(
      "holm", "p-values adjusted for their number by Holm's method, in the given order.", [pValues],
      results: [Result(.list(.number))],
      example: "stats.holm { 0.01, 0.04, 0.3 }"
    ) { a in [.numbers(holmAdjusted(try family(a)))] },
    .entry(
      "benjamini_hochberg", "p-values adjusted to control the false discovery rate.", [pValues],
      results: [Result(.list(.number))],
      example: "stats.benjamini_hochberg { 0.01, 0.04, 0.3 }"
    ) { a in [.numbers(benjaminiHochbergAdjusted(try family(a)))] },
  ]

  private static func family(_ a: Arguments) throws -> [Double] {
    let values = try a.numbers("p_values")
    if let bad = values.first(where: { !($0 >= 0 && $0 <= 1) }) {
      throw LuaError("p_values must be in [0, 1], got \(bad.luaText)", kind: .argument)
    }
    return values
  }

  private static let comparisons: [NativeFunction] = [
    .measure(
      "ks", "The two-sample test of Kolmogorov and Smirnov.",
      [Parameter("first", .vector, "A sample."), Parameter("second", .vector, "Another sample.")],
      options: [
        Option(
          "method", .oneOf(KolmogorovSmirnov.Method.allCases.map(\.rawValue)),
          "How the p-value is found; auto is exact up to 10,000 pairs of values.", default: "auto")
      ], gives: .fields("statistic, p, log10_p, exact, count1, count2"),
      example: "stats.ks({ 1, 2, 3 }, { 2, 3, 4 }).statistic"
    ) { a in
      let method = KolmogorovSmirnov.Method(rawValue: try a.string("method")) ?? .auto
      return .record(
        ks: try KolmogorovSmirnov(a.vector("first"), a.vector("second"), method: method))
    },
    .measure(
      "pearson", "Pearson's correlation with Fisher's interval.", [x, y], options: [.level],
      gives: Result(
        .table, "value, low, high, p, count; nil when a column is constant", optional: true),
      example: "stats.pearson({ 1, 2, 3, 4 }, { 2, 1, 4, 3 })"
    ) { a in
      .correlation(try pearson(a.vector("x"), a.vector("y"), level: a.number("level")))
    },
    .measure(
      "spearman", "Spearman's rank correlation with the interval of Bonett and Wright.", [x, y],
      options: [.level],
      gives: Result(
        .table, "value, low, high, p, count; nil when a column is constant", optional: true),
      example: "stats.spearman({ 1, 2, 3, 4 }, { 2, 1, 4, 3 })"
    ) { a in
      .correlation(try spearman(a.vector("x"), a.vector("y"), level: a.number("level")))
    },
    .measure(
      "ranks", "Ranks from 1, lowest first; tied values share the mean of their ranks.",
      [Parameter("values", .vector, "Numbers.")], gives: Result(.list(.number)),
      example: "stats.ranks { 0.3, 0.1, 0.3 }   -- { 2.5, 1, 2.5 }"
    ) { a in
      let values = try a.vector("values")
      guard !values.contains(where: \.isNaN) else {
        throw LuaError("ranks: nan has no rank", kind: .argument)
      }
      return .numbers(midranks(values))
    },
  ]

  private static let descriptions: [NativeFunction] = [
    .measure(
      "collapse", "How varied answers are: the signs of a model that gives one answer to all.",
      [Parameter("answers", .list(.string), "What the model said.")],
      gives: .fields("distinct, distinct_share, majority, majority_share, entropy in nats, count"),
      example: "stats.collapse { \"Ada\", \"Ada\", \"Bo\" }"
    ) { a in
      let found = try Collapse(a.strings("answers"))
      return .record([
        "distinct": .integer(found.distinct), "distinct_share": .number(found.distinctShare),
        "majority": .string(found.majority), "majority_share": .number(found.majorityShare),
        "entropy": .number(found.entropy), "count": .integer(found.count),
      ])
    },
    .measure(
      "distinct_n", "The share of different n-grams of a sequence; 1 minus it is repetition.",
      [
        Parameter("tokens", .either([.list(.string), .tokens]), "Words or token ids."),
        Parameter("n", .integer, "Length of the runs.", default: 2),
      ], gives: .number(orNilWhen: "the sequence is shorter than n"),
      example: "stats.distinct_n({ \"a\", \"red\", \"hat\", \"a\", \"red\" }, 2)"
    ) { a in
      if let words = a["tokens"].asTable?.strings {
        return .maybe(try distinctGrams(words, n: a.integer("n")))
      }
      return .maybe(try distinctGrams(a.tokens("tokens"), n: a.integer("n")))
    },
    .measure(
      "entropy", "The entropy of a distribution given by counts, in nats.",
      [Parameter("counts", .vector, "0 or more, not all 0.")], gives: .number,
      example: "stats.entropy { 3, 1 }   -- 0.562"
    ) { a in .number(try entropyNats(counts: a.vector("counts"))) },
    .measure(
      "mutual_information", "The mutual information of a table of joint counts, in nats.",
      [Parameter("joint", .matrix, "Counts of 0 or more, not all 0.")], gives: .number,
      example: "stats.mutual_information { { 0.4, 0.1 }, { 0.1, 0.4 } }"
    ) { a in .number(try mutualInformationNats(joint: a.rows("joint"))) },
    .measure(
      "kl_divergence", "How badly q explains samples of p, in nats; the order matters.", [p, q],
      gives: .number(orNilWhen: "q lacks a kind that p has"),
      example: "stats.kl_divergence({ 0.7, 0.3 }, { 0.5, 0.5 })"
    ) { a in .maybe(try klDivergence(a.vector("p"), a.vector("q"))) },
    .measure(
      "js_divergence", "The Jensen-Shannon divergence, symmetric, in nats.", [p, q], gives: .number,
      example: "stats.js_divergence({ 0.5, 0.5 }, { 0.9, 0.1 })"
    ) { a in .number(try jensenShannonDivergence(a.vector("p"), a.vector("q"))) },
    .measure(
      "brier", "The mean squared distance of confidence and outcome.", calibration, gives: .number,
      example: "stats.brier({ 0.9, 0.2 }, { 1, 0 })"
    ) { a in
      .number(try brierScore(confidences: a.vector("confidences"), correct: a.flags("correct")))
    },
    .measure(
      "calibration_error", "The expected calibration error over bins of equal width.", calibration,
      options: [Option("bins", .integer, "How many.", default: 10)], gives: .number,
      example: "stats.calibration_error({ 0.9, 0.2 }, { 1, 0 }, { bins = 2 })"
    ) { a in
      .number(
        try expectedCalibrationError(
          confidences: a.vector("confidences"), correct: a.flags("correct"),
          bins: a.integer("bins")))
    },
  ]

  private static let p = Parameter("p", .vector, "What is true: probabilities or counts.")
  private static let q = Parameter("q", .vector, "What is believed, for the same kinds.")

  private static let calibration = [
    Parameter("confidences", .vector, "In [0, 1]."),
    Parameter("correct", .flags, "Whether each answer was right."),
  ]
}

extension LuaValue {
  static func record(ks test: KolmogorovSmirnov) -> LuaValue {
    .record([
      "statistic": .number(test.statistic), "p": .number(test.p), "log10_p": .number(test.log10P),
      "exact": .boolean(test.isExact), "count1": .integer(test.count1),
      "count2": .integer(test.count2),
    ])
  }

  fileprivate static func correlation(_ r: Correlation?) -> LuaValue {
    guard let r else { return .nil }
    return .record([
      "value": .number(r.value), "low": .maybe(r.interval?.low), "high": .maybe(r.interval?.high),
      "p": .maybe(r.p), "count": .integer(r.count),
    ])
  }
}
