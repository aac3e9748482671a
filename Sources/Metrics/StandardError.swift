// How uncertain a mean over seeds and personas is, by analysis of variance. It scales the
// bootstrap's interval, whose own spread is wrong for a handful of seeds.

import Foundation

/// Whether the personas of different seeds are the same people.
public enum PersonaDesign: String, Sendable, Hashable, CaseIterable {
  /// Each seed draws its own people; persona 7 of two seeds are strangers.
  case perSeed = "per_seed"
  /// All seeds train on the same people.
  case shared

  /// Tells the design from the truths: shared unless an id has different truths in two seeds.
  ///
  /// Without truths this is `shared`, whose intervals are the wider ones.
  public init(inferredFrom outcomes: some Sequence<Outcome>) {
    var known: [Question: (seed: Int, truth: String)] = [:]
    self = .shared
    for outcome in outcomes {
      guard let truth = outcome.truth else { continue }
      let question = Question(cell: outcome.cell, persona: outcome.persona)
      if let other = known[question] {
        if other.seed != outcome.seed, other.truth != truth {
          self = .perSeed
          return
        }
      } else {
        known[question] = (outcome.seed, truth)
      }
    }
  }
}

private struct Question: Hashable {
  let cell: CellKey
  let persona: Int
}

/// A standard error with the degrees of freedom it rests on.
struct StandardError {
  var value: Double
  var degreesOfFreedom: Double

  /// The standard error of the table's mean, seeds and personas both drawn at random.
  ///
  /// One seed: spread over personas. Own people per seed: spread of the seed means. Shared people:
  /// the two-way random model, σ²(seed)/S + σ²(persona)/P + σ²(rest)/SP, with Satterthwaite's
  /// degrees of freedom. Never below what independent answers would give: two seeds with equal
  /// means by luck are no certainty. Tables with gaps use mean counts, an approximation.
  init?(of table: PersonaTable, design: PersonaDesign) {
    let n = Double(table.count)
    let s = Double(table.seeds.count)
    let p = Double(table.personas.count)
    let means = table.seedMeans
    guard n > s else { return nil }
    let within = Self.residualSquares(table, rows: means, columns: nil) / (n - s)
    guard s >= 2 else {
      self.init(value: (within / n).squareRoot(), degreesOfFreedom: n - 1)
      return
    }
    let seedMeanSquare = n / s * PersonaTable.variance(of: means)
    guard design == .shared, n > s + p - 1 else {
      // Even when the spread within seeds is the larger one: degrees of freedom of the personas
      // would be sharper, and hold the truth in only 89 % of simulated studies with two seeds.
      self.init(value: (max(seedMeanSquare, within) / n).squareRoot(), degreesOfFreedom: s - 1)
      return
    }
    let columns = table.personas.indices.map { column in
      PersonaTable.mean(of: table.column(column))
    }
    let personaMeanSquare = n / p * PersonaTable.variance(of: columns)
    let freedom = n - s - p + 1
    let rest = Self.residualSquares(table, rows: means, columns: columns) / freedom
    let sum = max(
      seedMeanSquare + personaMeanSquare - rest, seedMeanSquare, personaMeanSquare, rest)
    let spread =
      seedMeanSquare * seedMeanSquare / (s - 1) + personaMeanSquare * personaMeanSquare / (p - 1)
      + rest * rest / freedom
    self.init(
      value: (sum / n).squareRoot(),
      degreesOfFreedom: spread > 0 ? max(1, sum * sum / spread) : s - 1)
  }

  init(value: Double, degreesOfFreedom: Double) {
    (self.value, self.degreesOfFreedom) = (value, degreesOfFreedom)
  }

  /// Squares left after taking out row means, or row and column means.
  private static func residualSquares(
    _ table: PersonaTable, rows: [Double], columns: [Double]?
  ) -> Double {
    let center = table.mean
    var sum = 0.0
    for (index, value) in table.values.enumerated() where !value.isNaN {
      let (row, column) = index.quotientAndRemainder(dividingBy: table.personas.count)
      let residual = value - rows[row] - (columns.map { $0[column] - center } ?? 0)
      sum += residual * residual
    }
    return sum
  }
}

/// The smallest true effect that a study of this precision finds with the given power.
///
/// Concretely (t₁₋α⁄₂ + t_power) · standard error.
///
/// - *Range*: ≥ 0. *Unit*: the metric's. *Reads as*: lower means a sharper study; an effect that
///   was not found may still be this large.
/// - *Undefined when*: never; 0 for a standard error of 0, which then deserves no trust.
/// - Throws: ``MetricsError`` for a level or power outside (0, 1) or no degrees of freedom.
///
/// Source: Bloom 1995, "Minimum detectable effects".
public func minimumDetectableEffect(
  standardError: Double, degreesOfFreedom: Double, level: Double = 0.95, power: Double = 0.8
) throws -> Double {
  let op = "minimum detectable effect"
  try check(level: level, op: op)
  try check(level: power, op: op)
  guard degreesOfFreedom > 0 else {
    throw MetricsError.outOfRange(
      op: op, what: "degrees of freedom", got: "\(degreesOfFreedom)", expected: "above 0")
  }
  return standardError
    * (StudentT.quantile(1 - (1 - level) / 2, degreesOfFreedom: degreesOfFreedom)
      + StudentT.quantile(power, degreesOfFreedom: degreesOfFreedom))
}

/// The smallest difference of two independent shares that `personas` per group can show.
///
/// - *Range*: > 0; above 1 means that nothing can be shown. *Unit*: share.
/// - *Reads as*: lower means a sharper study.
/// - *Undefined when*: never; needs at least one persona.
/// - Throws: ``MetricsError`` for no personas or a share outside [0, 1].
///
/// Source: normal approximation, (z₁₋α⁄₂ + z_power) · √(2p(1−p)/n).
public func unpairedMinimumDetectableEffect(
  personas: Int, share: Double = 0.5, level: Double = 0.95, power: Double = 0.8
) throws -> Double {
  let op = "unpaired minimum detectable effect"
  guard personas > 0 else { throw MetricsError.empty(op: op, what: "personas") }
  guard share >= 0, share <= 1 else {
    throw MetricsError.outOfRange(op: op, what: "share", got: "\(share)", expected: "in [0, 1]")
  }
  try check(level: level, op: op)
  try check(level: power, op: op)
  return (Normal.quantile(1 - (1 - level) / 2) + Normal.quantile(power))
    * (2 * share * (1 - share) / Double(personas)).squareRoot()
}

/// The smallest difference of two shares of the same personas that so many pairs can show.
///
/// - *Range*: (0, `discordant`]. *Unit*: share. *Reads as*: lower means a sharper study.
/// - *Undefined when*: even if all discordant pairs leaned one way the study could miss it (`nil`).
/// - Throws: ``MetricsError`` for no pairs, or a discordant share, level or power outside (0, 1).
///
/// Source: Connor 1987, Biometrics 43:207, δ√n = z₁₋α⁄₂√ψ + z_power√(ψ − δ²), ψ being the share of
/// pairs that disagree.
public func pairedMinimumDetectableEffect(
  pairs: Int, discordant: Double, level: Double = 0.95, power: Double = 0.8
) throws -> Double? {
  let op = "paired minimum detectable effect"
  guard pairs > 0 else { throw MetricsError.empty(op: op, what: "pairs") }
  for share in [discordant, level, power] { try check(level: share, op: op) }
  let (za, zb) = (Normal.quantile(1 - (1 - level) / 2), Normal.quantile(power))
  func isShown(_ effect: Double) -> Bool {
    let noise = za * discordant.squareRoot() + zb * (discordant - effect * effect).squareRoot()
    return effect * Double(pairs).squareRoot() >= noise
  }
  guard isShown(discordant) else { return nil }
  var (low, high) = (0.0, discordant)
  for _ in 0..<100 where high - low > 1e-16 {
    let middle = (low + high) / 2
    if isShown(middle) { high = middle } else { low = middle }
  }
  return high
}
