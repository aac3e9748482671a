// Two facts that are each known, image → name and name → job: are they joined, image → job?

/// Recall over two hops beside recall of each hop.
public struct MultiHop: Equatable, Sendable {
  /// The share right on the first hop.
  public let firstHop: Double
  /// The share right on the second hop.
  public let secondHop: Double
  /// The share right on the joined question.
  public let joined: Double
  /// How many personas are right on both hops.
  public let bothHops: Int
  /// The share right on the joined question among those right on both hops.
  ///
  /// - *Range*: [0, 1]. *Reads as*: higher means that known facts are joined.
  /// - *Undefined when*: no persona is right on both hops (`nil`).
  public let joinedGivenBoth: Double?
  /// How many personas.
  public let count: Int

  /// The joined recall if hops failed independently, first · second.
  public var independent: Double { firstHop * secondHop }

  /// What joining loses, first · second − joined.
  ///
  /// - *Range*: [−1, 1]. *Unit*: share. *Reads as*: higher means more is lost; below 0 the joined
  ///   question is easier than its hops, perhaps by a shortcut.
  public var deficit: Double { independent - joined }

  /// Compares three answers per persona.
  ///
  /// - *Undefined when*: there are no personas (throws).
  /// - Throws: ``MetricsError`` for no personas or lists of different length.
  ///
  /// Source: Wen et al. 2025, arXiv:2506.05198, for the question; Yang et al. 2024, "latent multi-hop
  /// reasoning", for the conditional form.
  public init(firstHop: [Bool], secondHop: [Bool], joined: [Bool]) throws {
    guard !joined.isEmpty else { throw MetricsError.empty(op: "multi hop", what: "personas") }
    try check(lengths: joined.count, firstHop.count, op: "multi hop")
    try check(lengths: joined.count, secondHop.count, op: "multi hop")
    let n = Double(joined.count)
    count = joined.count
    self.firstHop = Double(firstHop.count { $0 }) / n
    self.secondHop = Double(secondHop.count { $0 }) / n
    self.joined = Double(joined.count { $0 }) / n
    let known = joined.indices.filter { firstHop[$0] && secondHop[$0] }
    bothHops = known.count
    joinedGivenBoth =
      known.isEmpty ? nil : Double(known.count { joined[$0] }) / Double(known.count)
  }
}
