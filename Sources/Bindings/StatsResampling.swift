// Functions of `eidetic.stats` that resample or relabel. Streams are forked, not advanced: the same
// stream gives the same numbers.

import LuaHost
import Metrics
import Repro

enum StatsResampling {
  static let functions: [NativeFunction] = [bootstrap, seedBootstrap, seedDifference, permutation]

  private static let stream = Option("rng", .rng, "All randomness.", required: true)

  private static let bootstrap = NativeFunction.measure(
    "bootstrap", "The bootstrap of a statistic; with `clusters`, whole personas are resampled.",
    [Parameter("values", .vector, "Numbers.")],
    options: [
      stream,
      Option("clusters", .list(.integer), "The persona of each value; each alone without it."),
      Option(
        "statistic", .either([.oneOf(["mean", "median"]), .function]),
        "A name, or a function of a list of numbers that gives a number.", default: "mean"),
      Option(
        "method", .oneOf(ClusterBootstrap.Method.allCases.map(\.rawValue)), "Of the interval.",
        default: "bca"),
      .resamples, .level,
    ],
    gives: .fields("value, standard_error, bias, clusters; low and high where there is a spread"),
    example: "stats.bootstrap({ 1, 0, 1 }, { clusters = { 1, 1, 2 }, rng = rng.new(1) })"
  ) { a in
    let values = try a.vector("values")
    let clusters = try grouped(values, a.integers(ifGiven: "clusters"))
    let bootstrap = try ClusterBootstrap(
      resamples: resampleCount(a), level: a.number("level"),
      method: .init(rawValue: a.string("method")) ?? .bca)
    let statistic = try StatsResampling.statistic(a)
    let found = try bootstrap.interval(
      of: clusters, stream: a.object("rng", LuaRng.self).stream.fork("bootstrap")
    ) { values in
      try a.checkInterrupt()
      return try statistic(values)
    }
    return .record([
      "value": .number(found.value), "low": .maybe(found.interval?.low),
      "high": .maybe(found.interval?.high), "standard_error": .number(found.standardError),
      "bias": .number(found.bias), "clusters": .integer(found.clusters),
    ])
  }

  /// Resamples beyond this take hours and gigabytes.
  private static func resampleCount(_ a: Arguments) throws -> Int {
    let count = try a.integer("resamples")
    guard count <= 1_000_000 else {
      throw LuaError("resamples must be at most 1000000, got \(count)", kind: .argument)
    }
    return count
  }

  private static func grouped(_ values: [Double], _ clusters: [Int]?) throws -> [[Double]] {
    guard let clusters else { return values.map { [$0] } }
    guard clusters.count == values.count else {
      throw LuaError(
        "bootstrap: \(values.count) values need as many clusters, got \(clusters.count)",
        kind: .argument)
    }
    var order: [Int] = []
    var members: [Int: [Double]] = [:]
    for (value, cluster) in zip(values, clusters) {
      if members[cluster] == nil { order.append(cluster) }
      members[cluster, default: []].append(value)
    }
    return order.map { members[$0] ?? [] }
  }

  private static func statistic(_ a: Arguments) throws -> ([Double]) throws -> Double {
    if let function = a["statistic"].asFunction {
      return { values in
        let result = try function.call([.numbers(values)]).first
        guard let number = result?.asNumber else {
          throw LuaError(
            "bootstrap: the statistic must give a number, got \(result?.kindName ?? "nothing")",
            kind: .argument)
        }
        return number
      }
    }
    if a["statistic"].asString == "median" {
      return { values in
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
      }
    }
    return { $0.reduce(0, +) / Double($0.count) }
  }

  private static let layout: [Option] = [
    stream,
    Option("personas", .list(.integer), "The persona of each value.", required: true),
    Option("seeds", .list(.integer), "The training seed of each value; one seed without it."),
    Option(
      "shared", .boolean, "Whether all seeds train on the same people.", default: false),
    Option(
      "bounds", .list(.number), "The metric's range, such as { 0, 1 }; the interval stays inside."),
    .resamples, .level,
  ]

  private static let estimate = Result.fields(
    "value, standard_error, degrees_of_freedom, count, kind; low, high and p where defined")

  private static let seedBootstrap = NativeFunction.measure(
    "seed_bootstrap",
    "A mean over seeds and personas, both resampled, with calibrated percentiles.",
    [Parameter("values", .vector, "One per answer; a persona's answers are averaged.")],
    options: layout, gives: estimate,
    example:
      "stats.seed_bootstrap(values, { rng = rng.new(1), personas = persons, seeds = seeds })"
  ) { a in
    let table = try personaTable(a, a.vector("values"))
    let (bootstrap, stream) = try hierarchical(a)
    return .record(bootstrap.mean(table, bounds: try bounds(a), stream: stream))
  }

  private static let seedDifference = NativeFunction.measure(
    "seed_bootstrap_difference",
    "The paired difference of two metrics over seeds and personas, first minus second.",
    [
      Parameter("first", .vector, "One per answer."),
      Parameter("second", .vector, "The same seeds and personas in the same order."),
    ], options: layout, gives: estimate,
    example:
      "stats.seed_bootstrap_difference(values, others, { rng = rng.new(1), personas = persons })"
  ) { a in
    let (first, second) = (
      try personaTable(a, a.vector("first")), try personaTable(a, a.vector("second"))
    )
    let (bootstrap, stream) = try hierarchical(a)
    let found = bootstrap.difference(first, second, bounds: try bounds(a), stream: stream)
    return found.map { .record($0) } ?? .nil
  }

  private static func hierarchical(
    _ a: Arguments
  ) throws -> (
    HierarchicalBootstrap, RandomStream
  ) {
    let bootstrap = try HierarchicalBootstrap(
      design: a.boolean("shared") ? .shared : .perSeed, resamples: resampleCount(a),
      level: a.number("level"))
    return (bootstrap, try a.object("rng", LuaRng.self).stream.fork("bootstrap"))
  }

  private static func bounds(_ a: Arguments) throws -> ClosedRange<Double>? {
    guard a.has("bounds") else { return nil }
    let ends = try a.numbers("bounds")
    guard ends.count == 2, ends[0] <= ends[1] else {
      throw LuaError("bounds must be two numbers, the lower first", kind: .argument)
    }
    return ends[0]...ends[1]
  }

  private static func personaTable(_ a: Arguments, _ values: [Double]) throws -> PersonaTable {
    let personas = try a.integers("personas")
    let seeds = try a.integers(ifGiven: "seeds") ?? values.map { _ in 0 }
    guard personas.count == values.count, seeds.count == values.count else {
      throw LuaError(
        "\(values.count) values need as many personas and seeds, got \(personas.count) and "
          + "\(seeds.count)", kind: .argument)
    }
    let cell = CellKey(metric: "values", keys: [:])
    return try PersonaTable(
      values.indices.map {
        Outcome(seed: seeds[$0], cell: cell, persona: personas[$0], value: values[$0])
      })
  }

  private static let permutation = NativeFunction.measure(
    "permutation_test", "Whether two means differ by more than the luck of relabelling.",
    [Parameter("first", .vector, "Numbers."), Parameter("second", .vector, "Numbers.")],
    options: [
      stream,
      Option("paired", .boolean, "Whether both hold the same personas in order.", default: false),
      Option(
        "permutations", .integer,
        "All relabellings when there are no more, else so many random ones.",
        default: 10_000),
    ], gives: .fields("value, first minus second; p, exact, permutations"),
    example: "stats.permutation_test({ 1, 2, 3 }, { 2, 3, 4 }, { rng = rng.new(1) })"
  ) { a in
    let (first, second) = (try a.vector("first"), try a.vector("second"))
    let stream = try a.object("rng", LuaRng.self).stream.fork("permutation")
    let most = try a.integer("permutations")
    guard most <= 10_000_000 else {
      throw LuaError("permutations must be at most 10000000, got \(most)", kind: .argument)
    }
    let test =
      try a.boolean("paired")
      ? PermutationTest(paired: first, second, most: most, stream: stream)
      : PermutationTest(first, second, most: most, stream: stream)
    return .record([
      "value": .number(test.difference), "p": .number(test.p), "exact": .boolean(test.isExact),
      "permutations": .integer(test.permutations),
    ])
  }
}

extension LuaValue {
  fileprivate static func record(_ estimate: Estimate) -> LuaValue {
    .record([
      "value": .number(estimate.value), "low": .maybe(estimate.interval?.low),
      "high": .maybe(estimate.interval?.high), "standard_error": .number(estimate.standardError),
      "degrees_of_freedom": .number(estimate.degreesOfFreedom), "count": .integer(estimate.count),
      "kind": .string(estimate.kind.rawValue), "p": .maybe(estimate.pValue()),
    ])
  }
}
