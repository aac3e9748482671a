// What an experiment sets out to show, stated before it runs, and what became of it. The verdict
// follows from effect and p-value by rule: nobody decides afterwards what counts.

import Metrics
import Repro

/// A statement about a weighted sum of cells that is true when the sum lies above 0.
public struct Claim: Equatable, Sendable {
  /// A cell and its weight in the sum.
  public struct Term: Equatable, Sendable {
    /// The weight, for example 1 and −1 for a difference.
    public var weight: Double
    /// The cell.
    public var cell: CellKey

    /// A term of the sum.
    public init(_ weight: Double, _ cell: CellKey) { (self.weight, self.cell) = (weight, cell) }
  }

  /// The statement, in one sentence.
  public var text: String
  /// The cells whose weighted sum is the effect.
  public var terms: [Term]
  /// Subtracted from the sum: a level to be exceeded, such as chance.
  public var offset: Double

  /// A statement about cells.
  public init(_ text: String, _ terms: [Term], offset: Double = 0) {
    (self.text, self.terms, self.offset) = (text, terms, offset)
  }
}

/// What an experiment says about a claim.
public enum Verdict: String, Sendable, CaseIterable {
  /// The effect is above 0 beyond chance.
  case shown
  /// No effect beyond chance, which is no proof that there is none.
  case notShown = "not shown"
  /// The effect is below 0 beyond chance.
  case opposite
  /// A cell is missing, or no interval could be made.
  case notMeasured = "not measured"
}

/// A claim with its effect and verdict.
public struct ClaimResult: Adjustable, Equatable, Sendable {
  /// The experiment that measured it.
  public var experiment: String
  /// The statement.
  public var text: String
  /// The weighted sum of cells, `nil` when not measured.
  public var effect: Double?
  /// The interval of the effect.
  public var interval: Interval?
  /// The t test of no effect, seeds and personas random; `nil` when all agree.
  public var pValue: Double?
  /// `pValue` adjusted by Holm for all claims of the experiment.
  public var adjustedPValue: Double?
  /// How many persona × seed values the effect rests on.
  public var count: Int
  /// What follows.
  public var verdict: Verdict

  init(_ claim: Claim, of experiment: String, _ estimate: Estimate?) {
    self.experiment = experiment
    text = claim.text
    effect = estimate?.value
    interval = estimate?.interval
    pValue = estimate?.pValue()
    count = estimate?.count ?? 0
    verdict = .notMeasured
  }

  /// The claims judged as one family: p-values adjusted by Holm, verdicts at 0.05.
  static func adjusted(_ claims: [ClaimResult]) -> [ClaimResult] {
    adjustedByHolm(claims, within: { _ in "all" }).map { claim in
      var judged = claim
      judged.verdict = judged.judgement
      return judged
    }
  }

  /// Without a p-value, when all personas agree, the interval decides.
  private var judgement: Verdict {
    guard let effect, let interval else { return .notMeasured }
    let isBeyondChance = adjustedPValue.map { $0 < 0.05 } ?? !interval.contains(0)
    guard isBeyondChance else { return .notShown }
    return effect > 0 ? .shown : .opposite
  }
}

extension ClaimResult {
  var json: JSON {
    .object(
      [
        "claim": .string(text), "experiment": .string(experiment), "effect": .optional(effect),
        "p": .optional(pValue), "p_holm": .optional(adjustedPValue), "n": .integer(count),
        "verdict": .string(verdict.rawValue),
      ].merging(JSON.ends(interval)) { $1 })
  }

  init(_ json: JSON, at place: String) throws {
    var members = try Members(json, at: place)
    experiment = try members.take("experiment")
    text = try members.take("claim")
    effect = try members.optional("effect")
    interval = try members.interval()
    pValue = try members.optional("p")
    adjustedPValue = try members.optional("p_holm")
    count = try members.take("n")
    verdict = try members.choice("verdict")
    try members.end()
  }
}
