// How well a score separates members from non-members. One orientation everywhere: a higher score
// means "member". A peer's bootstrap negates twice and prints the interval of 1 − AUC.

import Foundation

/// The area under the ROC curve, with its uncertainty.
public struct AreaUnderCurve: Equatable, Sendable {
  /// P(member scores higher than non-member), ties counting one half.
  ///
  /// - *Range*: [0, 1]. *Reads as*: 0.5 is guessing, higher means that members are told apart.
  public let value: Double
  /// Newcombe's score interval, within [0, 1] and never of width 0.
  public let interval: Interval
  /// DeLong's standard error; `nil` for fewer than two scores on a side.
  public let standardError: Double?
  /// How many members.
  public let positives: Int
  /// How many non-members.
  public let negatives: Int

  /// Compares the scores of members with those of non-members.
  ///
  /// - *Undefined when*: never. Scores must be independent: one per persona, not per prompt.
  /// - Throws: ``MetricsError`` for an empty side, scores that are NaN (a NaN score silently left out
  ///   changes who is compared) or a level outside (0, 1).
  ///
  /// Source: Mann & Whitney 1947 with midranks, as `sklearn.metrics.roc_auc_score`; interval of
  /// Newcombe 2006, Statistics in Medicine 25:559, method 5; standard error of DeLong et al. 1988.
  public init(positives: [Double], negatives: [Double], level: Double = 0.95) throws {
    try check(scores: positives, negatives, op: "auc")
    try check(level: level, op: "auc")
    let (m, n) = (positives.count, negatives.count)
    let all = midranks(positives + negatives)
    // A member's placement: the share of non-members below it.
    let above = zip(all.prefix(m), midranks(positives)).map { ($0 - $1) / Double(n) }
    let below = zip(all.suffix(n), midranks(negatives)).map { 1 - ($0 - $1) / Double(m) }
    value = PersonaTable.mean(of: above)
    interval = Self.scoreInterval(value, m, n, z: -Normal.quantile((1 - level) / 2))
    standardError =
      m < 2 || n < 2
      ? nil
      : (PersonaTable.variance(of: above) / Double(m) + PersonaTable.variance(of: below) / Double(n))
        .squareRoot()
    (self.positives, self.negatives) = (m, n)
  }

  /// The areas whose own variance (exponential model of Hanley & McNeil 1982 with both sides at their
  /// mean size) leaves the observed one within z standard errors.
  private static func scoreInterval(_ area: Double, _ m: Int, _ n: Int, z: Double) -> Interval {
    let extra = Double(m + n) / 2 - 1
    func isTooFar(_ x: Double) -> Bool {
      let variance =
        x * (1 - x) * (1 + extra * ((1 - x) / (2 - x) + x / (1 + x))) / (Double(m) * Double(n))
      return (area - x) * (area - x) > z * z * variance
    }
    func edge(_ end: Double) -> Double {
      var (outside, inside) = (end, area)
      for _ in 0..<200 where abs(outside - inside) > 1e-16 {
        let middle = (outside + inside) / 2
        if isTooFar(middle) { outside = middle } else { inside = middle }
      }
      return inside
    }
    return Interval(low: edge(0), high: edge(1))
  }
}

/// A point of the ROC curve: everything that scores above the threshold is called a member.
public struct RocPoint: Equatable, Sendable {
  /// Scores above it are flagged; +∞ flags nothing.
  public let threshold: Double
  /// The share of non-members flagged.
  public let falsePositiveRate: Double
  /// The share of members flagged.
  public let truePositiveRate: Double
}

/// The ROC curve, from nothing flagged to everything flagged, one point per distinct score.
///
/// - Throws: ``MetricsError`` for an empty side or scores that are NaN.
///
/// Source: as `sklearn.metrics.roc_curve(drop_intermediate=False)`, thresholds exclusive.
public func rocCurve(positives: [Double], negatives: [Double]) throws -> [RocPoint] {
  try check(scores: positives, negatives, op: "roc")
  let (p, n) = (positives.sorted(by: >), negatives.sorted(by: >))
  var (i, j) = (0, 0)
  var points = [RocPoint(threshold: .infinity, falsePositiveRate: 0, truePositiveRate: 0)]
  while i < p.count || j < n.count {
    let score = max(i < p.count ? p[i] : -.infinity, j < n.count ? n[j] : -.infinity)
    while i < p.count, p[i] == score { i += 1 }
    while j < n.count, n[j] == score { j += 1 }
    let next = max(i < p.count ? p[i] : -.infinity, j < n.count ? n[j] : -.infinity)
    points.append(
      RocPoint(
        threshold: next, falsePositiveRate: Double(j) / Double(n.count),
        truePositiveRate: Double(i) / Double(p.count)))
  }
  return points
}

/// The best balanced accuracy, (true positive rate + true negative rate) / 2, over all thresholds.
///
/// - *Range*: [0.5, 1]. *Reads as*: higher means better separated; 0.5 is guessing.
/// - *Undefined when*: never; optimistic, because the threshold is chosen on the same scores.
/// - Throws: ``MetricsError`` for an empty side or scores that are NaN.
public func bestBalancedAccuracy(positives: [Double], negatives: [Double]) throws -> Double {
  try rocCurve(positives: positives, negatives: negatives).reduce(0.5) {
    max($0, (1 + $1.truePositiveRate - $1.falsePositiveRate) / 2)
  }
}

/// How many members are found when almost no non-member may be accused.
public struct LowFalsePositiveRecall: Equatable, Sendable {
  /// The share of members above the threshold. *Range* [0, 1]; higher means a stronger attack.
  public let truePositiveRate: Double
  /// Wilson's interval of that share.
  public let interval: Interval
  /// The lowest threshold that flags no more non-members than allowed; flagged is what lies above.
  public let threshold: Double
  /// The false positive rate that was asked for.
  public let target: Double
  /// The false positive rate reached, at most the target.
  public let falsePositiveRate: Double
  /// The smallest rate that this number of non-members resolves: ten of them must be allowed.
  public let smallestResolvable: Double
  /// How many non-members.
  public let negatives: Int

  /// Whether the sample resolves the target: the number deserves to be printed.
  public var isResolved: Bool { target >= smallestResolvable * (1 - 1e-12) }

  /// One sentence on what the sample can resolve.
  public var note: String {
    isResolved
      ? "\(negatives) non-members resolve a false positive rate of \(target)"
      : "\(negatives) non-members resolve no false positive rate below \(smallestResolvable); "
        + (target > 0
          ? "\(target) needs \(Int(min(1e15, (10 / target).rounded(.up))))" : "0 cannot")
  }

  /// Finds the true positive rate at a false positive rate.
  ///
  /// - *Undefined when*: the sample cannot resolve the target (``isResolved``); the number is given,
  ///   with its note.
  /// - Throws: ``MetricsError`` for an empty side, scores that are NaN or a target outside [0, 1].
  ///
  /// Source: Carlini et al. 2022, "Membership inference attacks from first principles".
  public init(positives: [Double], negatives: [Double], target: Double) throws {
    let op = "tpr at fpr"
    try check(scores: positives, negatives, op: op)
    try check(share: target, "false positive rate", op: op)
    let n = negatives.count
    // 0.29 · 100 is 28.999…: the share was meant as a count.
    let allowed = Int((target * Double(n) + 1e-9).rounded(.down))
    let limit = allowed >= n ? -Double.infinity : negatives.sorted(by: >)[allowed]
    let found = positives.count { $0 > limit || allowed >= n }
    truePositiveRate = Double(found) / Double(positives.count)
    interval = try wilsonInterval(successes: found, trials: positives.count)
    threshold = limit
    self.target = target
    falsePositiveRate = Double(negatives.count { $0 > limit || allowed >= n }) / Double(n)
    smallestResolvable = min(1, 10 / Double(n))
    self.negatives = n
  }
}

private func check(scores positives: [Double], _ negatives: [Double], op: String) throws {
  guard !positives.isEmpty else { throw MetricsError.empty(op: op, what: "members") }
  guard !negatives.isEmpty else { throw MetricsError.empty(op: op, what: "non-members") }
  guard !positives.contains(where: \.isNaN), !negatives.contains(where: \.isNaN) else {
    throw MetricsError.outOfRange(op: op, what: "scores", got: "nan", expected: "to be numbers")
  }
}
