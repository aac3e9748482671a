// How large would the number be if nothing corresponded? Alignment of a few hundred points in many
// dimensions is never 0, so no alignment is reported without its null.

import Foundation
import Repro

/// A number beside those of random pairings.
public struct PermutationNull: Equatable, Sendable {
  /// The mean over random pairings: what chance gives.
  public let mean: Double
  /// The standard deviation over random pairings.
  public let deviation: Double
  /// How many deviations the observed number lies above the mean.
  ///
  /// - *Undefined when*: all random pairings agree (`nil`).
  public let z: Double?
  /// The share of pairings, the observed one included, at least as extreme: (b + 1)/(m + 1).
  ///
  /// - *Range*: (0, 1]. *Reads as*: lower means that chance explains the number less well.
  public let p: Double
  /// How many random pairings were drawn.
  public let permutations: Int
}

/// A measure of two lists of items whose order says which belong together.
public protocol PairedMeasure {
  /// How many items each list has.
  var count: Int { get }
  /// Whether a higher value means that the lists correspond better.
  var higherIsCloser: Bool { get }
  /// The measure when item i of the first list belongs to item `order[i]` of the second.
  ///
  /// - *Undefined when*: the measure says so (`nil`).
  func value(pairing order: [Int]) throws -> Double?
}

extension PairedMeasure {
  /// The measure in the given order.
  public func value() throws -> Double? { try value(pairing: Array(0..<count)) }

  /// Compares the measure with random pairings.
  ///
  /// *Determinism*: pairing r uses `stream.fork(r)` and nothing else.
  ///
  /// - Parameters:
  ///   - permutations: How many random pairings.
  ///   - stream: All randomness.
  ///   - poll: Called before each pairing; throws to stop.
  /// - Returns: `nil` when the measure is undefined.
  /// - Throws: ``MetricsError`` for fewer than one permutation; what `poll` throws.
  ///
  /// Source: Fisher 1935; Phipson & Smyth 2010 for the + 1.
  public func null(
    permutations: Int = 1000, stream: RandomStream, poll: () throws -> Void = {}
  ) throws -> PermutationNull? {
    guard let observed = try value() else { return nil }
    return try permutationNull(
      observed: observed, higherIsExtreme: higherIsCloser, permutations: permutations,
      stream: stream, poll: poll
    ) { stream in
      var stream = stream
      return try value(pairing: stream.shuffled(Array(0..<count)))
    }
  }
}

/// Compares an observed number with numbers drawn where nothing corresponds.
func permutationNull(
  observed: Double, higherIsExtreme: Bool, permutations: Int, stream: RandomStream,
  poll: () throws -> Void, draw: (RandomStream) throws -> Double?
) throws -> PermutationNull? {
  try check(count: permutations, atLeast: 1, "permutations", op: "permutation null")
  try check(size: permutations, atMost: 1_000_000, "permutations", op: "permutation null")
  var drawn: [Double] = []
  for index in 0..<permutations {
    try poll()
    guard let value = try draw(stream.fork(index)) else { return nil }
    drawn.append(value)
  }
  // Rounding must not make equal numbers look smaller.
  let slack = 1e-12 * max(1, abs(observed))
  let extreme = drawn.count { higherIsExtreme ? $0 >= observed - slack : $0 <= observed + slack }
  let mean = PersonaTable.mean(of: drawn)
  let deviation = permutations > 1 ? PersonaTable.variance(of: drawn).squareRoot() : 0
  return PermutationNull(
    mean: mean, deviation: deviation, z: deviation > slack ? (observed - mean) / deviation : nil,
    p: Double(extreme + 1) / Double(permutations + 1), permutations: permutations)
}

func check(paired x: FeatureMatrix, _ y: FeatureMatrix, atLeast least: Int, op: String) throws {
  try check(lengths: x.rows, y.rows, op: op)
  try check(count: x.rows, atLeast: least, "rows", op: op)
  try check(size: x.rows, atMost: FeatureMatrix.mostCompared, "rows", op: op)
}
