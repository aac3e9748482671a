// A fact is forgotten when no modality brings it back.

/// Which personas are forgotten, in each modality and in all.
public struct AllModalForgetting: Equatable, Sendable {
  /// One modality.
  public struct Modality: Equatable, Sendable {
    /// How many personas were recalled before.
    public let recalledBefore: Int
    /// How many of them still are.
    public let recalledAfter: Int
    /// The share of them that still is. *Range* [0, 1]; lower is better forgotten. *Undefined when*:
    /// none was recalled before (`nil`).
    public var leak: Double? {
      recalledBefore == 0 ? nil : Double(recalledAfter) / Double(recalledBefore)
    }
  }

  /// Each modality, in the given order.
  public let modalities: [Modality]
  /// How many personas were recalled in every modality before: only they can show forgetting in all.
  public let eligible: Int
  /// How many of them are recalled in no modality after.
  public let forgotten: Int
  /// How many personas are recalled in no modality after, whether or not they were before.
  public let silent: Int
  /// How many personas.
  public let count: Int

  /// The share of eligible personas that no modality brings back.
  ///
  /// - *Range*: [0, 1]. *Reads as*: higher means better forgotten.
  /// - *Undefined when*: no persona was recalled in every modality before (`nil`).
  public var rate: Double? { eligible == 0 ? nil : Double(forgotten) / Double(eligible) }

  /// Compares recall before and after.
  ///
  /// - Parameters:
  ///   - before: Whether each persona was recalled: `[modality][persona]`.
  ///   - after: The same, after unlearning.
  /// - Throws: ``MetricsError`` for no modalities or personas, or tables of different shape.
  ///
  /// Source: UMU-Bench's both-modality accuracy, gated by recall before.
  public init(before: [[Bool]], after: [[Bool]]) throws {
    let op = "all modal forgetting"
    guard let people = before.first?.count, people > 0 else {
      throw MetricsError.empty(op: op, what: "modalities and personas")
    }
    try check(lengths: before.count, after.count, op: op)
    for row in before + after { try check(lengths: people, row.count, op: op) }
    modalities = zip(before, after).map { old, new in
      Modality(
        recalledBefore: old.count { $0 },
        recalledAfter: zip(old, new).count { $0 && $1 })
    }
    let known = (0..<people).filter { persona in before.allSatisfy { $0[persona] } }
    func isSilent(_ persona: Int) -> Bool { !after.contains { $0[persona] } }
    (eligible, forgotten) = (known.count, known.count(where: isSilent))
    (silent, count) = ((0..<people).count(where: isSilent), people)
  }
}

/// How fast a forgotten fact is learned again.
public struct Relearning: Equatable, Sendable {
  /// The first step whose recall reaches the threshold; `nil` when none does.
  public let steps: Double?
  /// The mean recall over the steps, by trapezoids.
  ///
  /// - *Range*: [0, 1]. *Reads as*: higher means relearned faster. Beside that of a never-trained
  ///   model it tells whether anything was left.
  public let area: Double

  /// Reads a relearning curve.
  ///
  /// - *Undefined when*: there are fewer than two points (throws).
  /// - Throws: ``MetricsError`` for lists of different length, fewer than two points, steps that do
  ///   not rise, or recall outside [0, 1].
  public init(steps: [Double], recall: [Double], threshold: Double = 0.5) throws {
    let op = "relearning"
    try check(lengths: steps.count, recall.count, op: op)
    try check(count: steps.count, atLeast: 2, "points", op: op)
    try check(finite: steps, "steps", op: op)
    for value in recall + [threshold] { try check(share: value, "recall", op: op) }
    guard zip(steps, steps.dropFirst()).allSatisfy(<) else {
      throw MetricsError.outOfRange(
        op: op, what: "steps", got: "an order", expected: "that rises")
    }
    self.steps = zip(steps, recall).first { $0.1 >= threshold }?.0
    var area = 0.0
    for i in 1..<steps.count { area += (steps[i] - steps[i - 1]) * (recall[i] + recall[i - 1]) / 2 }
    self.area = area / (steps[steps.count - 1] - steps[0])
  }
}
