// Other people of the same generator: some of them, in another order, under each other's names.
// Records stay computed on demand; only ids are kept.

import Repro

extension Population {
  /// The people at these positions, in this order.
  ///
  /// - Throws: ``PersonaError`` for a position outside 0 ..< `count`.
  public func chosen(_ positions: [Int]) throws -> Population {
    let ids = chosenIds
    return try with(
      chosen: positions.map { position in
        guard position >= 0, position < count else {
          throw PersonaError.outOfRange(
            operation: "chosen", what: "position", value: position, range: 0..<count)
        }
        return ids[position]
      }, worn: worn)
  }

  /// These people and others of the same generator.
  ///
  /// - Throws: ``PersonaError/badSetting(name:value:expected:)`` for people of another generator, and
  ///   when someone would be there twice or under two names.
  public func joined(with others: Population) throws -> Population {
    guard universeKey == others.universeKey, vocabulary == others.vocabulary,
      policy == others.policy, names.capacity == others.names.capacity,
      shortcut == others.shortcut
    else {
      throw PersonaError.badSetting(
        name: "people", value: "people of another generator, or with another shortcut",
        expected: "people of the same one, such as a part or the next ones")
    }
    let all = chosenIds + others.chosenIds
    guard Set(all).count == all.count else {
      throw PersonaError.badSetting(
        name: "people", value: "someone who is there already", expected: "others")
    }
    var worn: [Int: Int] = [:]
    for people in [self, others] where !people.worn.isEmpty {
      for id in people.chosenIds { worn[id] = people.worn[id] }
    }
    let joined = with(chosen: all, worn: worn)
    guard Set(all.map { worn[$0] ?? $0 }).count == all.count else {
      throw PersonaError.badSetting(
        name: "people", value: "someone of a name that is there already", expected: "other names")
    }
    return joined
  }

  /// The same people under each other's names: names, looks and facts have nothing to do with each
  /// other any more. With one person or none nothing changes.
  ///
  /// - Parameter share: The share of the people whose names go around, 0 ... 1; rounded, and at
  ///   least two, unless it is 0. Of those nobody keeps the name.
  /// - Throws: ``PersonaError/badSetting(name:value:expected:)`` for another share.
  public func withShuffledNames(_ stream: RandomStream, share: Double = 1) throws -> Population {
    guard (0...1).contains(share) else {
      throw PersonaError.badSetting(name: "share", value: "\(share)", expected: "0 ... 1")
    }
    guard count > 1, share > 0 else { return self }
    var stream = stream
    let moved = Swift.max(2, Int((share * Double(count)).rounded()))
    // One cycle through people in random order leaves nobody under the own name.
    let cycle = Array(stream.shuffled(chosenIds).prefix(moved))
    var names = worn
    for (place, id) in cycle.enumerated() {
      let giver = cycle[(place + 1) % moved]
      names[id] = worn[giver] ?? giver
    }
    return with(chosen: chosenIds, worn: names)
  }

  /// The same people, whose pictures carry a mark that has to do with the name.
  public func with(_ shortcut: Shortcut) -> Population {
    var marked = self
    marked.shortcut = shortcut
    return marked
  }
}
