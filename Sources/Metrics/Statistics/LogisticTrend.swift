// Shares at several doses as one curve: does recall rise with the number of views, and how fast?

import Foundation

/// A logistic curve through shares at several doses: the log odds are a + b·dose.
///
/// Maximum likelihood for grouped answers (McCullagh & Nelder 1989, §4.3; as statsmodels' `GLM` with
/// a binomial family and these frequencies), after half a right and half a wrong answer is added
/// to each dose (Haldane 1956), without which doses at 0 or 1 throughout have no finite curve.
public struct LogisticTrend: Equatable, Sendable {
  /// The doses, in the caller's unit, for example log₂ of a number of views.
  public let doses: [Double]
  /// The log odds at dose 0.
  public let intercept: Double
  /// What one unit of dose adds to the log odds. *Reads as*: above 0, shares rise with the dose.
  public let slope: Double

  private let countPerDose: Double
  private let center: Double

  /// Fits the curve.
  ///
  /// - Parameters:
  ///   - doses: At least two different ones, finite.
  ///   - shares: One per dose, 0 … 1.
  ///   - countPerDose: How many answers each share rests on, at least 1.
  /// - *Undefined when*: all doses are the same, or a share is no number (`nil`).
  public init?(doses: [Double], shares: [Double], countPerDose: Double) {
    guard doses.count == shares.count, let first = doses.first,
      doses.contains(where: { $0 != first }), countPerDose >= 1,
      (doses + shares).allSatisfy(\.isFinite)
    else { return nil }
    self.doses = doses
    self.countPerDose = countPerDose
    let center = doses.reduce(0, +) / Double(doses.count)
    self.center = center
    let targets = shares.map { Self.share($0, countPerDose) }
    var height = 0.0, slope = 0.0
    // Newton's steps; the likelihood is concave, and from 0 they are few.
    for _ in 0..<50 {
      let reached = doses.map { Self.logistic(height + slope * ($0 - center)) }
      var gradient = (0.0, 0.0)
      for (dose, miss) in zip(doses, zip(targets, reached).map { $0 - $1 }) {
        gradient = (gradient.0 + miss, gradient.1 + miss * (dose - center))
      }
      let step = Self.solve(Self.curvature(doses, center, reached), gradient)
      // A step that leaves where the logistic bends is cut short.
      let scale = min(1, 4 / max(abs(step.0), abs(step.1) * Self.reach(doses, center), 4))
      height += scale * step.0
      slope += scale * step.1
      if abs(step.0) + abs(step.1) < 1e-10 { break }
    }
    guard height.isFinite, slope.isFinite else { return nil }
    self.slope = slope
    intercept = height - slope * center
  }

  /// The share on the curve. *Range*: (0, 1).
  public func share(at dose: Double) -> Double { Self.logistic(intercept + slope * dose) }

  /// How the slope moves with each dose's share, ∂b/∂share, for standard errors.
  func slopeSensitivity() -> [Double] { sensitivities().map(\.slope) }

  /// How the curve at a dose moves with each dose's share, ∂share(dose)/∂share.
  func sensitivity(at dose: Double) -> [Double] {
    let p = share(at: dose)
    return sensitivities().map { p * (1 - p) * ($0.height + $0.slope * (dose - center)) }
  }

  /// From the likelihood's condition Σ (target − p)·(1, x) = 0, by the implicit function theorem.
  private func sensitivities() -> [(height: Double, slope: Double)] {
    let curvature = Self.curvature(doses, center, doses.map { share(at: $0) })
    let shrinkage = countPerDose / (countPerDose + 1)
    return doses.map { dose in
      let moved = Self.solve(curvature, (shrinkage, shrinkage * (dose - center)))
      return (moved.0, moved.1)
    }
  }

  /// The likelihood's second derivatives by height and slope, negated: Σ p(1 − p)·(1, x, x²).
  private static func curvature(
    _ doses: [Double], _ center: Double, _ shares: [Double]
  ) -> (Double, Double, Double) {
    var sum = (0.0, 0.0, 0.0)
    for (dose, p) in zip(doses, shares) {
      let x = dose - center, weight = max(p * (1 - p), 1e-12)
      sum = (sum.0 + weight, sum.1 + weight * x, sum.2 + weight * x * x)
    }
    return sum
  }

  private static func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  private static func share(_ value: Double, _ count: Double) -> Double {
    (value * count + 0.5) / (count + 1)
  }

  private static func reach(_ doses: [Double], _ center: Double) -> Double {
    doses.map { abs($0 - center) }.max() ?? 1
  }

  /// The solution of [[a, b], [b, c]]·x = y.
  private static func solve(
    _ m: (Double, Double, Double), _ y: (Double, Double)
  ) -> (Double, Double) {
    let determinant = m.0 * m.2 - m.1 * m.1
    return ((m.2 * y.0 - m.1 * y.1) / determinant, (m.0 * y.1 - m.1 * y.0) / determinant)
  }
}
