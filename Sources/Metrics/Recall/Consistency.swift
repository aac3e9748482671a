// Does the model say the same about a person whether it sees a picture or reads a description? Right
// or wrong is another question, and answered beside it.

/// Agreement of the answers in two modalities.
public struct Consistency: Equatable, Sendable {
  /// The share of questions answered alike.
  ///
  /// - *Range*: [0, 1]. *Reads as*: higher means that the modality matters less. A collapsed model has
  ///   1: read ``kappa`` beside it.
  public let agreement: Double
  /// The agreement that answers drawn independently from each modality's own frequencies have.
  public let chance: Double
  /// Agreement beyond chance, (agreement − chance) / (1 − chance).
  ///
  /// - *Range*: about −1 … 1; 0 is chance. *Undefined when*: chance is 1, that is both modalities
  ///   always give one and the same answer (`nil`).
  public let kappa: Double?
  /// How many questions.
  public let count: Int

  /// Compares answers that were brought into one form before.
  ///
  /// - *Undefined when*: there are no answers (throws).
  /// - Throws: ``MetricsError`` for no answers or lists of different length.
  ///
  /// Source: Zhang et al. 2024, arXiv:2411.09273, for the agreement; Cohen 1960 for κ, as
  /// `sklearn.metrics.cohen_kappa_score`.
  public init(_ first: [String], _ second: [String]) throws {
    guard !first.isEmpty else { throw MetricsError.empty(op: "consistency", what: "answers") }
    try check(lengths: first.count, second.count, op: "consistency")
    var counts: [String: (Int, Int)] = [:]
    for answer in first { counts[answer, default: (0, 0)].0 += 1 }
    for answer in second { counts[answer, default: (0, 0)].1 += 1 }
    count = first.count
    let n = Double(first.count)
    agreement = Double(zip(first, second).count { $0 == $1 }) / n
    // Summed as whole numbers: the order of a dictionary must not show in the last digit.
    chance = Double(counts.values.reduce(0) { $0 + $1.0 * $1.1 }) / (n * n)
    kappa = chance < 1 ? (agreement - chance) / (1 - chance) : nil
  }
}

/// Agreement split by who is right.
public struct ConsistencyByCorrectness: Equatable, Sendable {
  /// The share right in the first modality.
  public let firstAccuracy: Double
  /// The share right in the second modality.
  public let secondAccuracy: Double
  /// The share answered alike and right.
  public let sameAndRight: Double
  /// The share answered alike and wrong.
  public let sameAndWrong: Double

  /// The most that agreement can be, 1 − |first − second accuracy|.
  ///
  /// - *Range*: [0, 1]. *Reads as*: agreement near it means that only the accuracies differ.
  public var bound: Double { 1 - abs(firstAccuracy - secondAccuracy) }

  /// Splits the agreement of answers about known truths.
  ///
  /// - Throws: ``MetricsError`` for no answers or lists of different length.
  ///
  /// Source: Zhang et al. 2024, arXiv:2411.09273; the bound follows because where exactly one is
  /// right the answers differ.
  public init(_ first: [String], _ second: [String], truths: [String]) throws {
    guard !first.isEmpty else { throw MetricsError.empty(op: "consistency", what: "answers") }
    try check(lengths: first.count, second.count, op: "consistency")
    try check(lengths: first.count, truths.count, op: "consistency")
    let n = Double(first.count)
    firstAccuracy = Double(zip(first, truths).count { $0 == $1 }) / n
    secondAccuracy = Double(zip(second, truths).count { $0 == $1 }) / n
    let same = zip(zip(first, second), truths).filter { $0.0.0 == $0.0.1 }
    let right = same.count { $0.0.0 == $0.1 }
    sameAndRight = Double(right) / n
    sameAndWrong = Double(same.count - right) / n
  }
}
