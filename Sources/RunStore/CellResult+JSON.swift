// How a cell and a comparison stand in result.json.

import Metrics
import Repro

extension CellResult {
  var json: JSON {
    var members = key.members.merging(JSON.ends(interval)) { $1 }
    members["scale"] = .string(scale.rawValue)
    members["mean"] = .number(mean)
    members["interval_kind"] = .string(intervalKind.rawValue)
    members["wilson"] = wilson.map { .object(JSON.ends($0)) } ?? .null
    members["n"] = .integer(count)
    members["n_personas"] = .integer(personaCount)
    members["n_seeds"] = .integer(seedCount)
    members["chance"] = .optional(chance)
    members["seed_means"] = .array(seedMeans.map(\.json))
    members["between_seed_sd"] = .optional(betweenSeedDeviation)
    members["control"] = control?.json ?? .null
    members["ranks"] = ranks?.json
    return .object(members)
  }

  init(_ json: JSON, at place: String) throws {
    var members = try Members(json, at: place)
    self.init(
      key: try CellKey(&members), scale: try members.choice("scale"),
      mean: try members.take("mean"), interval: try members.interval(),
      intervalKind: try members.choice("interval_kind"),
      wilson: try members.optionalJSON("wilson").map { try Interval($0, at: place + ".wilson") },
      count: try members.countOf("n"), personaCount: try members.countOf("n_personas"),
      seedCount: try members.countOf("n_seeds"), chance: try members.optional("chance"),
      seedMeans: try members.list("seed_means") { try SeedMean($0, at: $1) },
      betweenSeedDeviation: try members.optional("between_seed_sd"),
      control: try members.optionalJSON("control").map {
        try ControlResult($0, at: place + ".control")
      },
      ranks: try members.optionalJSON("ranks").map { try RankSummary($0, at: place + ".ranks") })
    try members.end()
  }
}

extension Interval {
  init(_ json: JSON, at place: String) throws {
    var members = try Members(json, at: place)
    self.init(low: try members.take("low"), high: try members.take("high"))
    try members.end()
  }
}

extension SeedMean {
  var json: JSON { .object(["seed": .integer(seed), "mean": .number(mean)]) }

  init(_ json: JSON, at place: String) throws {
    var members = try Members(json, at: place)
    self.init(seed: try members.take("seed"), mean: try members.take("mean"))
    try members.end()
  }
}

extension ControlResult {
  var json: JSON {
    .object(JSON.ends(interval).merging(["mean": .number(mean), "n": .integer(count)]) { $1 })
  }

  init(_ json: JSON, at place: String) throws {
    var members = try Members(json, at: place)
    self.init(
      mean: try members.take("mean"), interval: try members.interval(),
      count: try members.countOf("n"))
    try members.end()
  }
}

extension RankSummary {
  var json: JSON {
    .object([
      "mrr": .number(meanReciprocalRank), "median": .number(medianRank),
      "hits_1": .number(hitsAt1), "hits_5": .number(hitsAt5), "hits_10": .number(hitsAt10),
    ])
  }

  init(_ json: JSON, at place: String) throws {
    var members = try Members(json, at: place)
    self.init(
      meanReciprocalRank: try members.take("mrr"), medianRank: try members.take("median"),
      hitsAt1: try members.take("hits_1"), hitsAt5: try members.take("hits_5"),
      hitsAt10: try members.take("hits_10"))
    try members.end()
  }
}

extension Comparison {
  var json: JSON {
    var members: [String: JSON] = JSON.ends(interval)
    members["kind"] = .string(kind.rawValue)
    members["first"] = .object(first.members)
    members["second"] = .object(second.members)
    members["difference"] = .number(difference)
    members["interval_kind"] = .string(intervalKind.rawValue)
    members["p"] = .optional(pValue)
    members["p_holm"] = .optional(adjustedPValue)
    members["mde"] = .optional(minimumDetectableEffect)
    members["n"] = .integer(count)
    members["ratio"] = ratio?.json
    members["ratio_chance_corrected"] = chanceCorrectedRatio?.json
    members["mcnemar_per_seed"] = .array(
      seedTables.map { $0.table.json.merging(["seed": .integer($0.seed)]) })
    members["mcnemar_pooled"] = pooledTable?.json
    return .object(members)
  }

  init(_ json: JSON, at place: String) throws {
    var members = try Members(json, at: place)
    self.init(
      kind: try members.choice("kind"),
      first: try CellKey(try members.json("first"), at: place + ".first"),
      second: try CellKey(try members.json("second"), at: place + ".second"),
      difference: try members.take("difference"), interval: try members.interval(),
      intervalKind: try members.choice("interval_kind"), pValue: try members.optional("p"),
      adjustedPValue: try members.optional("p_holm"),
      minimumDetectableEffect: try members.optional("mde"), count: try members.countOf("n"),
      ratio: try members.optionalJSON("ratio").map { try Ratio($0, at: place + ".ratio") },
      chanceCorrectedRatio: try members.optionalJSON("ratio_chance_corrected").map {
        try Ratio($0, at: place + ".ratio_chance_corrected")
      },
      seedTables: try members.list("mcnemar_per_seed") { try SeedTable($0, at: $1) },
      pooledTable: try members.optionalJSON("mcnemar_pooled").map {
        try PairedTable($0, at: place + ".mcnemar_pooled")
      })
    try members.end()
  }
}

extension Comparison.Ratio {
  /// The value is a number, or the words `not memorized`.
  var json: JSON {
    let number: JSON = value.number.map(JSON.number) ?? .string(value.description)
    return .object(JSON.ends(interval).merging(["value": number]) { $1 })
  }

  init(_ json: JSON, at place: String) throws {
    var members = try Members(json, at: place)
    let raw = try members.json("value")
    if let number = Double(raw) {
      value = .value(number)
    } else if raw == .string(Transfer.Ratio.notMemorized.description) {
      value = .notMemorized
    } else {
      throw ShapeError(
        place: place + ".value", expected: "a number or 'not memorized'", got: raw.shape)
    }
    interval = try members.interval()
    try members.end()
  }
}

extension Comparison.SeedTable {
  init(_ json: JSON, at place: String) throws {
    var members = try Members(json, at: place)
    self.init(seed: try members.take("seed"), table: try PairedTable(&members))
    try members.end()
  }
}

extension Members {
  /// A number of things; the bound keeps sums of a hostile file from overflowing.
  mutating func countOf(_ key: String) throws -> Int {
    let count: Int = try take(key)
    guard (0...1 << 40).contains(count) else {
      throw ShapeError(place: "\(place).\(key)", expected: "a count", got: "\(count)")
    }
    return count
  }
}

extension PairedTable {
  var json: JSON {
    .object([
      "both": .integer(both), "first_only": .integer(firstOnly),
      "second_only": .integer(secondOnly), "neither": .integer(neither),
      "p": .number(mcnemarP), "phi": .optional(phi),
      "second_given_first": .optional(secondGivenFirst),
    ])
  }

  init(_ json: JSON, at place: String) throws {
    var members = try Members(json, at: place)
    try self.init(&members)
    try members.end()
  }

  /// The derived numbers are for other readers; here they follow from the counts.
  init(_ members: inout Members) throws {
    self.init(
      both: try members.countOf("both"), firstOnly: try members.countOf("first_only"),
      secondOnly: try members.countOf("second_only"), neither: try members.countOf("neither"))
    for derived in ["p", "phi", "second_given_first"] {
      let _: Double? = try members.optional(derived)
    }
  }
}
