// Is a difference of means more than the luck of who landed in which group? Counted, not assumed.

import Foundation
import Repro

/// The outcome of a permutation test.
public struct PermutationTest: Equatable, Sendable {
  /// The observed difference of means, first minus second.
  public let difference: Double
  /// The two-sided p-value: the share of relabellings whose difference is at least as far from 0.
  ///
  /// - *Range*: (0, 1]. *Reads as*: lower means that chance explains the difference less well.
  public let p: Double
  /// Whether all relabellings were counted; otherwise p includes the observed one, (b + 1)/(m + 1).
  public let isExact: Bool
  /// How many relabellings were counted.
  public let permutations: Int

  /// Whether a relabelled difference is at least the observed one, up to rounding.
  private static func reaches(_ sum: Double, _ observed: Double, _ scale: Double) -> Bool {
    abs(sum) >= abs(observed) - 1e-12 * scale
  }

  /// Compares two independent groups by relabelling their values.
  ///
  /// All relabellings are counted when there are at most `most`, else `most` random ones.
  ///
  /// - *Undefined when*: never; with few values no p-value can be small.
  /// - Throws: ``MetricsError`` for an empty group, values that are not finite, or no permutations.
  ///
  /// Source: Fisher 1935; Phipson & Smyth 2010 for the + 1; as `scipy.stats.permutation_test`.
  public init(
    _ first: [Double], _ second: [Double], most: Int = 10_000, stream: RandomStream
  )
    throws
  {
    let op = "permutation test"
    guard !first.isEmpty, !second.isEmpty else {
      throw MetricsError.empty(op: op, what: "values of each group")
    }
    let all = first + second
    try check(finite: all, "values", op: op)
    try check(count: most, atLeast: 1, "permutations", op: op)
    let (m, n) = (Double(first.count), Double(second.count))
    let total = all.reduce(0, +)
    let difference = first.reduce(0, +) / m - second.reduce(0, +) / n
    let scale = all.reduce(0) { $0 + abs($1) } * (1 / m + 1 / n)
    func extreme(_ sum: Double) -> Bool {
      Self.reaches(sum / m - (total - sum) / n, difference, scale)
    }
    var hits = 0
    let exact = combinations(all.count, first.count, atMost: most)
    if let exact {
      eachCombination(of: first.count, from: all) { if extreme($0) { hits += 1 } }
      self.init(difference, hits, exact, isExact: true)
    } else {
      var stream = stream
      for _ in 0..<most {
        let chosen = stream.sample(first.count, below: all.count)
        if extreme(chosen.reduce(0) { $0 + all[$1] }) { hits += 1 }
      }
      self.init(difference, hits, most, isExact: false)
    }
  }

  /// Compares the same personas under two conditions by exchanging each persona's two values.
  ///
  /// - *Undefined when*: never; with few personas no p-value can be small.
  /// - Throws: ``MetricsError`` for lists of different length, none, or values that are not finite.
  ///
  /// Source: as `scipy.stats.permutation_test(permutation_type="samples")`.
  public init(
    paired first: [Double], _ second: [Double], most: Int = 10_000, stream: RandomStream
  ) throws {
    let op = "permutation test"
    try check(lengths: first.count, second.count, op: op)
    guard !first.isEmpty else { throw MetricsError.empty(op: op, what: "pairs") }
    try check(finite: first + second, "values", op: op)
    try check(count: most, atLeast: 1, "permutations", op: op)
    let differences = zip(first, second).map { $0 - $1 }
    let sum = differences.reduce(0, +)
    let scale = differences.reduce(0) { $0 + abs($1) }
    var hits = 0
    let n = differences.count
    if n < 62, 1 << n <= most {
      for signs in 0..<1 << n {
        let flipped = differences.indices.reduce(0) {
          $0 + (signs >> $1 & 1 == 1 ? -differences[$1] : differences[$1])
        }
        if Self.reaches(flipped, sum, scale) { hits += 1 }
      }
      self.init(sum / Double(n), hits, 1 << n, isExact: true)
      return
    }
    var stream = stream
    for _ in 0..<most {
      var flipped = 0.0
      for difference in differences { flipped += stream.chance(0.5) ? -difference : difference }
      if Self.reaches(flipped, sum, scale) { hits += 1 }
    }
    self.init(sum / Double(n), hits, most, isExact: false)
  }

  private init(_ difference: Double, _ hits: Int, _ permutations: Int, isExact: Bool) {
    self.difference = difference
    p =
      isExact
      ? Double(hits) / Double(permutations) : Double(hits + 1) / Double(permutations + 1)
    (self.isExact, self.permutations) = (isExact, permutations)
  }
}

/// n over k, or `nil` above a limit.
private func combinations(_ n: Int, _ k: Int, atMost limit: Int) -> Int? {
  var result = 1
  for i in 1...min(k, max(1, n - k)) where n > k {
    let (product, overflow) = result.multipliedReportingOverflow(by: n - i + 1)
    guard !overflow, product / i <= limit else { return nil }
    result = product / i
  }
  return result <= limit ? result : nil
}

/// Visits the sum of every choice of `k` values.
private func eachCombination(of k: Int, from values: [Double], _ visit: (Double) -> Void) {
  func descend(_ start: Int, _ left: Int, _ sum: Double) {
    if left == 0 {
      visit(sum)
      return
    }
    for index in start...values.count - left { descend(index + 1, left - 1, sum + values[index]) }
  }
  descend(0, k, 0)
}
