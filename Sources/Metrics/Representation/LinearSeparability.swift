// Can a linear classifier tell the modalities apart on items it has not seen?

import Foundation
import Repro

/// A logistic classifier with an L2 penalty on its weights, not on its intercept.
package struct LogisticClassifier {
  package let weights: [Double]
  package let intercept: Double

  /// Fits by Newton's method: minimizes ½‖w‖² + C Σ log(1 + exp(−y (w·x + b))).
  ///
  /// - Throws: ``MetricsError`` when C is not above 0 or only one class is present.
  ///
  /// Source: as `sklearn.linear_model.LogisticRegression(C)`.
  package init(_ x: FeatureMatrix, _ labels: [Bool], c: Double) throws {
    let op = "linear separability"
    try check(positive: c, "c", op: op)
    guard labels.contains(true), labels.contains(false) else {
      throw MetricsError.empty(op: op, what: "items of each class")
    }
    let size = x.columns + 1
    var theta = [Double](repeating: 0, count: size)
    var loss = Self.loss(theta, x, labels, c)
    for _ in 0..<100 {
      let (gradient, hessian) = Self.derivatives(theta, x, labels, c)
      guard let step = try solved(hessian, gradient) else { break }
      var share = 1.0
      var next = theta
      var reached = loss
      repeat {
        next = zip(theta, step).map { $0 - share * $1 }
        reached = Self.loss(next, x, labels, c)
        share /= 2
      } while reached > loss && share > 1e-10
      guard reached <= loss else { break }
      let gain = loss - reached
      (theta, loss) = (next, reached)
      if gain <= 1e-14 * max(1, loss) { break }
    }
    weights = Array(theta.dropLast())
    intercept = theta[size - 1]
  }

  package func score(_ row: ArraySlice<Double>) -> Double {
    zip(weights, row).reduce(intercept) { $0 + $1.0 * $1.1 }
  }

  private static func loss(
    _ theta: [Double], _ x: FeatureMatrix, _ labels: [Bool], _ c: Double
  ) -> Double {
    let penalty = theta.dropLast().reduce(0) { $0 + $1 * $1 } / 2
    return labels.indices.reduce(penalty) { sum, i in
      let margin = Self.margin(theta, x, i) * (labels[i] ? 1 : -1)
      return sum + c * (margin > 0 ? log1p(exp(-margin)) : log1p(exp(margin)) - margin)
    }
  }

  private static func margin(_ theta: [Double], _ x: FeatureMatrix, _ i: Int) -> Double {
    zip(theta, x.row(i)).reduce(theta[x.columns]) { $0 + $1.0 * $1.1 }
  }

  private static func derivatives(
    _ theta: [Double], _ x: FeatureMatrix, _ labels: [Bool], _ c: Double
  ) -> (gradient: [Double], hessian: [Double]) {
    let size = theta.count
    var gradient = theta
    gradient[size - 1] = 0
    var hessian = [Double](repeating: 0, count: size * size)
    // A trace of curvature keeps the intercept solvable where all probabilities are certain.
    for i in 0..<size { hessian[i * size + i] = i == size - 1 ? 1e-12 : 1 }
    for (i, label) in labels.enumerated() {
      let p = 1 / (1 + exp(-margin(theta, x, i)))
      let row = x.row(i) + [1]
      let error = c * (p - (label ? 1 : 0))
      let weight = c * p * (1 - p)
      row.withUnsafeBufferPointer { row in
        for a in 0..<size {
          gradient[a] += error * row[a]
          let scaled = weight * row[a]
          for b in 0..<size { hessian[a * size + b] += scaled * row[b] }
        }
      }
    }
    return (gradient, hessian)
  }
}

/// Cross-validated accuracy of telling two modalities apart.
public struct LinearSeparability: Sendable {
  private let items: FeatureMatrix
  private let labels: [Bool]
  private let folds: [Int]
  private let c: Double

  /// Prepares items brought to length 1. Items that belong together stay in one fold, so that the
  /// classifier is never tested on the other half of a pair it knows.
  ///
  /// - Parameters:
  ///   - folds: How many parts; each is tested once.
  ///   - c: The weight of the data against the penalty.
  ///   - stream: Which items are tested together.
  /// - Throws: ``MetricsError`` for different numbers of items or dimensions, folds outside 2 … n, a
  ///   row of zeros, or C that is not above 0.
  ///
  /// Source: Shi et al. 2023, "Towards understanding the modality gap".
  public init(
    _ x: FeatureMatrix, _ y: FeatureMatrix, folds: Int = 5, c: Double = 1, stream: RandomStream
  ) throws {
    let op = "linear separability"
    try check(paired: x, y, atLeast: 2, op: op)
    guard (2...x.rows).contains(folds) else {
      throw MetricsError.outOfRange(
        op: op, what: "folds", got: "\(folds)", expected: "in 2 … \(x.rows)")
    }
    var stream = stream
    let order = stream.shuffled(Array(0..<x.rows))
    var fold = [Int](repeating: 0, count: x.rows)
    for (place, item) in order.enumerated() { fold[item] = place % folds }
    try self.init(x, y, fold: fold, c: c)
  }

  package init(_ x: FeatureMatrix, _ y: FeatureMatrix, fold: [Int], c: Double) throws {
    let op = "linear separability"
    try check(lengths: x.columns, y.columns, op: op)
    try check(positive: c, "c", op: op)
    try check(size: x.columns, atMost: 4096, "columns", op: op)
    let both = (0..<x.rows).map { Array(x.row($0)) } + (0..<y.rows).map { Array(y.row($0)) }
    items = try FeatureMatrix(both).normalized(op: op)
    labels = (0..<x.rows + y.rows).map { $0 < x.rows }
    folds = fold + fold
    self.c = c
  }

  /// The share of unseen items assigned to their modality.
  ///
  /// - *Range*: [0, 1]; 0.5 is chance. *Reads as*: higher means that the modalities are told apart.
  public func accuracy() throws -> Double { try accuracy(labels) ?? 0.5 }

  /// The accuracy where each pair's modalities are exchanged at random.
  ///
  /// - Throws: ``MetricsError`` for fewer than one permutation; what `poll` throws.
  public func null(
    permutations: Int = 100, stream: RandomStream, poll: () throws -> Void = {}
  ) throws -> PermutationNull? {
    try permutationNull(
      observed: accuracy(), higherIsExtreme: true, permutations: permutations, stream: stream,
      poll: poll
    ) { stream in
      var stream = stream
      let half = labels.count / 2
      let flips = (0..<half).map { _ in stream.chance(0.5) }
      return try accuracy(labels.indices.map { labels[$0] != flips[$0 % half] })
    }
  }

  private func accuracy(_ labels: [Bool]) throws -> Double? {
    var right = 0
    for fold in Set(folds).sorted() {
      let train = folds.indices.filter { folds[$0] != fold }
      let classifier = try LogisticClassifier(items.rows(at: train), train.map { labels[$0] }, c: c)
      right += folds.indices.count {
        folds[$0] == fold && (classifier.score(items.row($0)) > 0) == labels[$0]
      }
    }
    return Double(right) / Double(labels.count)
  }
}
