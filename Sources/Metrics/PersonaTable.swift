// Values of one cell laid out seed by persona: the shape that all resampling works on.

/// One value per seed and persona; repeated outcomes of a persona are averaged, absent ones are NaN.
public struct PersonaTable: Equatable, Sendable {
  /// The seeds, ascending; each has at least one value.
  public let seeds: [Int]
  /// The personas, ascending; each has at least one value.
  public let personas: [Int]
  /// Row-major `[seeds.count, personas.count]`; NaN where a persona has no outcome.
  public let values: [Double]

  /// Arranges the outcomes of one cell.
  ///
  /// - Throws: ``MetricsError`` when there are none or a value is not finite or above 1e100.
  public init(_ outcomes: some Sequence<Outcome>) throws {
    var sums: [Place: (sum: Double, count: Int)] = [:]
    for outcome in outcomes {
      // Squares of larger numbers overflow, and an infinite mean cannot be written to a file.
      guard abs(outcome.value) < 1e100 else {
        throw MetricsError.outOfRange(
          op: "persona table", what: "the value of \(outcome.cell) persona \(outcome.persona)",
          got: "\(outcome.value)", expected: "to be finite and below 1e100")
      }
      let place = Place(seed: outcome.seed, persona: outcome.persona)
      let old = sums[place] ?? (0, 0)
      sums[place] = (old.sum + outcome.value, old.count + 1)
    }
    try self.init(sums.mapValues { $0.sum / Double($0.count) })
  }

  /// A seed and a persona.
  struct Place: Hashable {
    let seed: Int
    let persona: Int
  }

  init(_ cells: [Place: Double]) throws {
    guard !cells.isEmpty else { throw MetricsError.empty(op: "persona table", what: "outcomes") }
    let seeds = Set(cells.keys.map(\.seed)).sorted()
    let personas = Set(cells.keys.map(\.persona)).sorted()
    let values = seeds.flatMap { seed in
      personas.map { cells[Place(seed: seed, persona: $0)] ?? .nan }
    }
    self.init(seeds: seeds, personas: personas, values: values)
  }

  /// The values of the `row`-th seed, NaN where absent.
  func row(_ row: Int) -> ArraySlice<Double> {
    values[row * personas.count..<(row + 1) * personas.count]
  }

  /// The values of the `column`-th persona, NaN where absent.
  func column(_ column: Int) -> [Double] {
    seeds.indices.map { values[$0 * personas.count + column] }
  }

  /// How many values are present.
  public var count: Int { values.count { !$0.isNaN } }

  /// The mean over all present values.
  public var mean: Double { Self.mean(of: values) }

  /// The mean of each seed, in the order of `seeds`.
  ///
  /// - *Unit*: the metric's. *Undefined when*: never; each seed has a value.
  public var seedMeans: [Double] { seeds.indices.map { Self.mean(of: row($0)) } }

  /// The standard deviation of the per-seed means: how much training luck matters.
  ///
  /// - *Range*: ≥ 0. *Unit*: the metric's. *Reads as*: higher means less repeatable.
  /// - *Undefined when*: there are fewer than two seeds (`nil`).
  public var betweenSeedDeviation: Double? {
    seeds.count < 2 ? nil : Self.variance(of: seedMeans).squareRoot()
  }

  /// The tables reduced to the seeds and personas that have a value in each; `nil` without any.
  static func shared(_ tables: [PersonaTable]) -> [PersonaTable]? {
    let all = tables.map { $0.places() }
    guard let first = all.first else { return nil }
    let kept = Set(first.keys).filter { place in all.allSatisfy { $0[place] != nil } }
    let reduced = all.compactMap { values in
      try? PersonaTable(values.filter { kept.contains($0.key) })
    }
    return reduced.count == tables.count ? reduced : nil
  }

  /// Both tables reduced to the seeds and personas that have a value in each; `nil` without any.
  static func paired(_ a: PersonaTable, _ b: PersonaTable) -> (PersonaTable, PersonaTable)? {
    shared([a, b]).map { ($0[0], $0[1]) }
  }

  /// A table of the same shape whose values are computed from two tables of one shape.
  static func combining(
    _ a: PersonaTable, _ b: PersonaTable, _ value: (Double, Double) -> Double
  ) -> PersonaTable {
    PersonaTable(seeds: a.seeds, personas: a.personas, values: zip(a.values, b.values).map(value))
  }

  /// Σ wᵢ·valueᵢ − `offset` for each seed and persona that has a value in every term; `nil` without.
  static func weightedSum(
    _ terms: [(weight: Double, cell: PersonaTable)], minus offset: Double
  ) -> PersonaTable? {
    guard let first = terms.first else { return nil }
    var sums = first.cell.places().mapValues { $0 * first.weight - offset }
    for term in terms.dropFirst() {
      let values = term.cell.places()
      sums = sums.reduce(into: [:]) { kept, entry in
        guard let value = values[entry.key] else { return }
        kept[entry.key] = entry.value + term.weight * value
      }
    }
    return try? PersonaTable(sums)
  }

  private init(seeds: [Int], personas: [Int], values: [Double]) {
    (self.seeds, self.personas, self.values) = (seeds, personas, values)
  }

  private func places() -> [Place: Double] {
    var result: [Place: Double] = [:]
    for (index, value) in values.enumerated() where !value.isNaN {
      let (row, column) = index.quotientAndRemainder(dividingBy: personas.count)
      result[Place(seed: seeds[row], persona: personas[column])] = value
    }
    return result
  }

  static func mean(of values: some Sequence<Double>) -> Double {
    var (sum, count) = (0.0, 0.0)
    for value in values where !value.isNaN { (sum, count) = (sum + value, count + 1) }
    return sum / count
  }

  static func variance(of values: [Double]) -> Double {
    let center = mean(of: values)
    return values.reduce(0) { $0 + ($1 - center) * ($1 - center) } / Double(values.count - 1)
  }
}

/// The 2×2 tables of two binary cells: one per seed, and all pooled.
///
/// - Returns: `nil` when no persona answered both, or a value is neither 0 nor 1.
public func pairedTables(
  first: PersonaTable, second: PersonaTable
) -> (perSeed: [(seed: Int, table: PairedTable)], pooled: PairedTable)? {
  guard let (a, b) = PersonaTable.paired(first, second) else { return nil }
  var pooled = PairedTable()
  var perSeed: [(seed: Int, table: PairedTable)] = []
  for (row, seed) in a.seeds.enumerated() {
    var table = PairedTable()
    for (x, y) in zip(a.row(row), b.row(row)) where !x.isNaN {
      guard x == 0 || x == 1, y == 0 || y == 1 else { return nil }
      table.add(first: x == 1, second: y == 1)
      pooled.add(first: x == 1, second: y == 1)
    }
    perSeed.append((seed, table))
  }
  return (perSeed, pooled)
}
