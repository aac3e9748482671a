// Do two samples come from one distribution? The p-value of a large sample underflows long before
// the difference is interesting, so its logarithm is kept beside it.

import Foundation

/// The two-sided two-sample test of Kolmogorov and Smirnov.
public struct KolmogorovSmirnov: Equatable, Sendable {
  /// How the p-value is found.
  public enum Method: String, Sendable, CaseIterable {
    /// Exact up to ten thousand pairs of values, else asymptotic.
    case auto
    /// By counting lattice paths, as if no values were tied.
    case exact
    /// By the limiting distribution.
    case asymptotic
  }

  /// The largest distance of the two empirical distribution functions.
  ///
  /// - *Range*: [0, 1]. *Reads as*: higher means more different; 1 means no overlap.
  public let statistic: Double
  /// The chance of a distance at least as large when both come from one distribution.
  ///
  /// - *Range*: [0, 1]; 0 only by underflow. *Reads as*: lower means that one distribution explains
  ///   the samples less well. No measure of size.
  public let p: Double
  /// The decimal logarithm of the p-value, which does not underflow.
  public let log10P: Double
  /// Whether the p-value is exact.
  public let isExact: Bool
  /// The size of the first sample.
  public let count1: Int
  /// The size of the second sample.
  public let count2: Int

  private static let exactPairs = 10_000
  private static let mostPairs = 10_000_000

  /// Compares two samples.
  ///
  /// - *Undefined when*: never; with tied values the exact p-value is an upper bound.
  /// - Throws: ``MetricsError`` for an empty sample, a value that is not finite, or more than ten
  ///   million pairs for the exact method.
  ///
  /// Source: Hodges 1958 for the exact distribution; as `scipy.stats.ks_2samp(method="exact")`, and
  /// `scipy.special.kolmogorov` for the limiting one.
  public init(_ first: [Double], _ second: [Double], method: Method = .auto) throws {
    let op = "ks"
    guard !first.isEmpty, !second.isEmpty else {
      throw MetricsError.empty(op: op, what: "values of each sample")
    }
    try check(finite: first + second, "values", op: op)
    (count1, count2) = (first.count, second.count)
    let distance = Self.scaledDistance(first.sorted(), second.sorted())
    statistic = Double(distance) / (Double(count1) * Double(count2))
    let pairs = count1 * count2
    guard method != .exact || pairs <= Self.mostPairs else {
      throw MetricsError.outOfRange(
        op: op, what: "pairs for the exact method", got: "\(pairs)",
        expected: "of at most \(Self.mostPairs)")
    }
    isExact = method == .exact || method == .auto && pairs <= Self.exactPairs
    let n = Double(count1) * Double(count2) / Double(count1 + count2)
    let limiting = kolmogorovTail(n.squareRoot() * statistic)
    if isExact {
      p = distance == 0 ? 1 : Self.exactTail(distance, count1, count2)
      log10P = p > 0 ? log10(p) : limiting.log10
    } else {
      (p, log10P) = limiting
    }
  }

  /// D · n₁ · n₂, a whole number, so that comparing distances is exact.
  private static func scaledDistance(_ a: [Double], _ b: [Double]) -> Int {
    var (i, j, most) = (0, 0, 0)
    while i < a.count, j < b.count {
      let value = min(a[i], b[j])
      while i < a.count, a[i] == value { i += 1 }
      while j < b.count, b[j] == value { j += 1 }
      most = max(most, abs(i * b.count - j * a.count))
    }
    return most
  }

  /// The share of lattice paths from (0, 0) to (n₁, n₂) that reach the distance somewhere. All terms
  /// are positive, so small tails keep their digits.
  private static func exactTail(_ distance: Int, _ n1: Int, _ n2: Int) -> Double {
    var row = [Double](repeating: 0, count: n2 + 1)
    for i in 0...n1 {
      for j in 0...n2 {
        if abs(i * n2 - j * n1) >= distance {
          row[j] = 1
        } else if i + j == 0 {
          row[j] = 0
        } else {
          let left = j > 0 ? row[j - 1] * Double(j) : 0
          row[j] = (row[j] * Double(i) + left) / Double(i + j)
        }
      }
    }
    return min(1, row[n2])
  }
}

/// The tail of Kolmogorov's limiting distribution at `x`, and its decimal logarithm.
///
/// - *Range*: [0, 1]. Source: Kolmogorov 1933; below 0.5 by Jacobi's form of the same series.
package func kolmogorovTail(_ x: Double) -> (p: Double, log10: Double) {
  guard x > 0 else { return (1, 0) }
  if x < 0.5 {
    let step = Double.pi * Double.pi / (8 * x * x)
    let sum = [1.0, 3, 5].reduce(0) { $0 + exp(-$1 * $1 * step) }
    let p = 1 - (2 * Double.pi).squareRoot() / x * sum
    return (p, log10(p))
  }
  var rest = 0.0
  for k in 2...12 {
    let term = exp(-2 * Double(k * k - 1) * x * x)
    rest += k % 2 == 0 ? -term : term
  }
  let logarithm = log(2) - 2 * x * x + log1p(rest)
  return (min(1, exp(logarithm)), min(0, logarithm / log(10)))
}
