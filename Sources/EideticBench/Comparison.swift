// Both sides' times, measured in turn, and what is said of them.

/// What two sides took for the same work, round by round.
package struct Comparison {
  package let ours: Samples
  /// `nil` when the peer is not installed.
  package let theirs: Samples?

  package init(ours: Samples, theirs: Samples?) {
    (self.ours, self.theirs) = (ours, theirs)
  }

  /// How many times as long the peer took, round by round.
  package var ratio: Samples? { theirs.map { $0 / ours } }

  /// A row whose numbers are seconds times `scale`.
  package func row(_ name: String, scale: Double, unit: String) -> Row {
    Row(
      name: name, ours: ours.median * scale, peer: theirs.map { $0.median * scale },
      ratio: ratio?.median, unit: unit)
  }

  /// Prints both sides and the ratio.
  func tellSides(_ peer: String, scale: Double, unit: String, digits: Int) {
    func line(_ who: String, _ text: String) { tell("  \(who.padded(-10)) \(text)") }
    line("ours", "\(ours.scaled(by: scale).text(digits: digits)) \(unit)")
    guard let theirs, let ratio else { return }
    line(peer, "\(theirs.scaled(by: scale).text(digits: digits)) \(unit)")
    line("ratio", ratio.text(digits: 2))
  }
}

/// Rounds in which each side works once, one after the other.
///
/// - Parameters:
///   - ours: Returns the seconds that we took.
///   - theirs: Returns the seconds of each peer; an empty list when there is none.
package func inTurn(
  rounds: Int, ours: () throws -> Double, theirs: () throws -> [Double]
) rethrows -> (ours: Samples, theirs: [Samples]) {
  var mine = Samples([]), others: [Samples] = []
  for round in 0..<rounds {
    mine.values.append(try ours())
    let times = try theirs()
    if round == 0 { others = times.map { _ in Samples([]) } }
    for (place, time) in times.enumerated() { others[place].values.append(time) }
  }
  return (mine, others)
}
