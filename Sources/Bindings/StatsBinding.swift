// Lua module `eidetic.stats`: intervals, tests and effect sizes. The definitions live in Metrics.

import LuaHost
import Metrics

enum StatsBinding {
  static let module = NativeModule(
    "eidetic.stats", "Intervals, tests and effect sizes; what is undefined is nil or absent.",
    functions: shares + StatsTests.functions + StatsScores.functions + StatsResampling.functions)

  private static let shares: [NativeFunction] = [
    .measure(
      "wilson", "Wilson's score interval of a share of independent successes.",
      [
        Parameter("successes", .integer, "How many succeeded."),
        Parameter("trials", .integer, "How many there were."),
      ], options: [.level], gives: .fields("value, low, high"),
      example: "stats.wilson(7, 10).low   -- 0.397"
    ) { a in
      let (successes, trials) = (try a.integer("successes"), try a.integer("trials"))
      let interval = try wilsonInterval(
        successes: successes, trials: trials, level: a.number("level"))
      return .record([
        "value": .number(Double(successes) / Double(trials)), "low": .number(interval.low),
        "high": .number(interval.high),
      ])
    },
    .measure(
      "newcombe", "Newcombe's interval of the difference of two independent shares.",
      [
        Parameter("successes1", .integer, "Of the first group."),
        Parameter("trials1", .integer, "Of the first group."),
        Parameter("successes2", .integer, "Of the second group."),
        Parameter("trials2", .integer, "Of the second group."),
      ], options: [.level], gives: .fields("value, first minus second; low, high"),
      example: "stats.newcombe(56, 70, 48, 80)"
    ) { a in
      let first = (successes: try a.integer("successes1"), trials: try a.integer("trials1"))
      let second = (successes: try a.integer("successes2"), trials: try a.integer("trials2"))
      let interval = try newcombeInterval(first: first, second: second, level: a.number("level"))
      let (p, q) = (
        Double(first.successes) / Double(first.trials),
        Double(second.successes) / Double(second.trials)
      )
      return .record([
        "value": .number(p - q), "low": .number(interval.low), "high": .number(interval.high),
      ])
    },
    .measure(
      "mcnemar", "Exact two-sided McNemar p-value from the two counts of pairs that disagree.",
      [
        Parameter("first_only", .integer, "Right only the first time."),
        Parameter("second_only", .integer, "Right only the second time."),
      ], gives: .number, example: "stats.mcnemar(1, 6)   -- 0.125"
    ) { a in
      let (first, second) = (try a.integer("first_only"), try a.integer("second_only"))
      guard first >= 0, second >= 0, first < 1 << 40, second < 1 << 40 else {
        throw LuaError("mcnemar: counts must be in 0 ... 2^40", kind: .argument)
      }
      return .number(PairedTable(firstOnly: first, secondOnly: second).mcnemarP)
    },
    .measure(
      "paired",
      "The same personas asked twice: counts, difference with Newcombe's interval, tests.",
      [
        Parameter("first", .flags, "Right or wrong, per persona."),
        Parameter("second", .flags, "The same personas in the same order."),
      ], options: [.level],
      gives: .fields(
        "both, first_only, second_only, neither; value, first minus second, with low and high; p of "
          + "exact McNemar; phi, second_given_first, second_given_not_first where defined"),
      example: "stats.paired({ 1, 1, 0 }, { 1, 0, 0 }).second_given_first   -- 0.5"
    ) { a in
      let table = try PairedTable(first: a.flags("first"), second: a.flags("second"))
      let interval = try newcombePairedInterval(table, level: a.number("level"))
      return .record([
        "both": .integer(table.both), "first_only": .integer(table.firstOnly),
        "second_only": .integer(table.secondOnly), "neither": .integer(table.neither),
        "value": .maybe(table.difference), "low": .number(interval.low),
        "high": .number(interval.high), "p": .number(table.mcnemarP), "phi": .maybe(table.phi),
        "second_given_first": .maybe(table.secondGivenFirst),
        "second_given_not_first": .maybe(table.secondGivenNotFirst),
      ])
    },
    .measure(
      "minimum_detectable_effect",
      "The smallest difference of two independent shares that so many personas per group can show.",
      [Parameter("personas", .integer, "In each group.")],
      options: [
        Option("share", .number, "The share to start from.", default: 0.5), .level,
        Option("power", .number, "How often a true effect is found.", default: 0.8),
      ], gives: .number,
      example: "stats.minimum_detectable_effect(100)"
    ) { a in
      .number(
        try unpairedMinimumDetectableEffect(
          personas: a.integer("personas"), share: a.number("share"), level: a.number("level"),
          power: a.number("power")))
    },
    .measure(
      "paired_minimum_detectable_effect",
      "The smallest difference of two shares of the same personas that so many pairs can show.",
      [
        Parameter("pairs", .integer, "Personas asked twice."),
        Parameter("discordant", .number, "The share of pairs that disagree."),
      ],
      options: [
        .level, Option("power", .number, "How often a true effect is found.", default: 0.8),
      ], gives: .number(orNilWhen: "no difference can be shown"),
      example: "stats.paired_minimum_detectable_effect(100, 0.3)"
    ) { a in
      .maybe(
        try pairedMinimumDetectableEffect(
          pairs: a.integer("pairs"), discordant: a.number("discordant"), level: a.number("level"),
          power: a.number("power")))
    },
  ]
}
