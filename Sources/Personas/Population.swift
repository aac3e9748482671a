// The ground-truth ledger: who exists and what is true of them. Any record is computed from the
// seed and its index alone, so a million people need no memory.

import Repro

/// One person of the ledger.
public struct Persona: Hashable, Sendable {
  /// The person's index in the universe of its generator; never shared by twins or neighbours.
  public let id: Int
  /// One capitalised word.
  public let firstName: String
  /// One capitalised word, double-barrelled (`Abbott-Chen`) in very large populations.
  public let lastName: String
  /// What can be seen.
  public let appearance: Appearance
  /// What cannot be seen.
  public let facts: PersonaFacts

  /// First and last name, separated by a space.
  public var name: String { firstName + " " + lastName }

  /// The whole record, with the value names of the active attributes.
  public func json(_ vocabulary: VisualVocabulary) -> JSON {
    let looks = vocabulary.active.map { ($0.key, JSON.string(appearance.value(of: $0))) }
    let known = Fact.allCases.map { ($0.key, JSON.string(facts.value(of: $0))) }
    return [
      "id": .integer(id), "first_name": .string(firstName), "last_name": .string(lastName),
      "name": .string(name),
      "attributes": .object(Dictionary(uniqueKeysWithValues: looks)),
      "facts": .object(Dictionary(uniqueKeysWithValues: known)),
    ]
  }
}

/// Whether two people may look the same.
public enum AppearancePolicy: String, Sendable, CaseIterable {
  /// No two people of the universe share a combination of active attributes.
  case distinct
  /// Each person's attributes are drawn independently; look-alikes cap the accuracy.
  case independent
}

/// A range of people of one generator, each computed on demand.
///
/// ```swift
/// let people = try Population(count: 100, stream: RandomStream(seed: 7))
/// let twins = try people.following(100)   // same distribution, other names: never-trained controls
/// try people.persona(0).name
/// ```
public struct Population: Sendable, Sequence {
  /// The ids that these people are taken from: disjoint from those of every population that follows.
  public let ids: Range<Int>
  /// The attributes that vary.
  public let vocabulary: VisualVocabulary
  /// Whether look-alikes may exist.
  public let policy: AppearancePolicy
  /// The space that the names come from.
  public let names: NameSpace
  /// Identifies the generator: populations of one universe agree on every id.
  public let universeKey: UInt64
  /// The marks in pictures of these people, if there are any.
  public internal(set) var shortcut: Shortcut?
  /// Who these people are, in order, when they are not simply `ids`.
  private var chosen: [Int]?
  /// Ids of people whose name somebody else has, by the other's id.
  private(set) var worn: [Int: Int] = [:]
  private let looks: RandomStream
  private let knowledge: RandomStream
  private let lookOrder: KeyedPermutation

  /// Creates the first `count` people of a generator.
  ///
  /// - Parameters:
  ///   - stream: Decides every record; only its key matters.
  ///   - reserve: How many names to keep for this and all following populations; at least `count`,
  ///     by default twice as many. Part of the generator: another reserve may give other names.
  /// - Throws: ``PersonaError`` when names or distinct looks do not suffice.
  public init(
    count: Int, stream: RandomStream, vocabulary: VisualVocabulary = .standard,
    policy: AppearancePolicy = .distinct, reserve: Int? = nil
  ) throws {
    guard count >= 0 else {
      throw PersonaError.badSetting(
        name: "count", value: "\(count)", expected: "a number of people, 0 or more")
    }
    let limit = NameSpace.largestCapacity
    let required = Swift.max(count, reserve ?? (count > limit / 2 ? count : 2 * count))
    names = try NameSpace(required: required, key: stream.fork("names").key)
    looks = stream.fork("looks")
    knowledge = stream.fork("facts")
    lookOrder = KeyedPermutation(count: vocabulary.combinations, key: looks.key)
    universeKey = stream.key
    self.vocabulary = vocabulary
    self.policy = policy
    ids = 0..<count
    try checkRoom()
  }

  private init(unchecked other: Population, ids: Range<Int>) {
    (vocabulary, policy, names) = (other.vocabulary, other.policy, other.names)
    (looks, knowledge, lookOrder) = (other.looks, other.knowledge, other.lookOrder)
    universeKey = other.universeKey
    shortcut = other.shortcut
    self.ids = ids
  }

  /// Other people of the same generator, in this order.
  func with(chosen: [Int], worn: [Int: Int]) -> Population {
    var other = self
    (other.chosen, other.worn) = (chosen, worn)
    return other
  }

  /// The ids in order.
  var chosenIds: [Int] { chosen ?? Array(ids) }

  private func checkRoom() throws {
    guard ids.upperBound <= names.capacity else {
      throw PersonaError.exhausted(
        what: "unique names", requested: ids.upperBound, available: names.capacity,
        advice: "create the first population with a larger reserve")
    }
    guard policy == .independent || ids.upperBound <= vocabulary.combinations else {
      throw PersonaError.exhausted(
        what: "distinct looks", requested: ids.upperBound, available: vocabulary.combinations,
        advice: "activate more attributes or allow look-alikes (policy independent)")
    }
  }

  /// The number of people.
  public var count: Int { chosen?.count ?? ids.count }

  /// The next `count` people of the same generator: same distribution, no name in common.
  public func following(_ count: Int) throws -> Population {
    guard count >= 0, !ids.upperBound.addingReportingOverflow(count).overflow else {
      throw PersonaError.badSetting(
        name: "count", value: "\(count)", expected: "a number of people, 0 or more")
    }
    let next = Population(unchecked: self, ids: ids.upperBound..<ids.upperBound + count)
    try next.checkRoom()
    return next
  }

  /// The people at these positions, as a population of their own.
  ///
  /// - Throws: ``PersonaError`` when the range reaches outside 0 ..< `count`.
  public func part(_ positions: Range<Int>) throws -> Population {
    guard positions.lowerBound >= 0, positions.upperBound <= count else {
      throw PersonaError.outOfRange(
        operation: "part", what: "end", value: positions.upperBound, range: 0..<count)
    }
    if let chosen { return with(chosen: Array(chosen[positions]), worn: worn) }
    let first = ids.lowerBound + positions.lowerBound
    var part = Population(unchecked: self, ids: first..<first + positions.count)
    part.worn = worn
    return part
  }

  /// The person at a position in 0 ..< `count`, in constant time and memory.
  public func persona(_ position: Int) throws -> Persona {
    guard position >= 0, position < count else {
      throw PersonaError.outOfRange(
        operation: "persona", what: "position", value: position, range: 0..<count)
    }
    return record(chosen?[position] ?? ids.lowerBound + position)
  }

  /// The record of an id, whether or not it lies in this range.
  func record(_ id: Int) -> Persona {
    let (first, last) = names.name(worn.isEmpty ? id : worn[id] ?? id)
    var drawing = looks.fork(id)
    let appearance =
      policy == .distinct
      ? vocabulary.appearance(combination: lookOrder(id))
      : vocabulary.randomAppearance(&drawing)
    var facts = PersonaFacts()
    var learning = knowledge.fork(id)
    for fact in Fact.allCases { facts[fact] = learning.int(below: fact.values.count) }
    return Persona(
      id: id, firstName: first, lastName: last, appearance: appearance, facts: facts)
  }

  /// Iterates over the people in order, one record at a time.
  public func makeIterator() -> AnyIterator<Persona> {
    var rest = (0..<count).makeIterator()
    return AnyIterator { rest.next().map { record(chosen?[$0] ?? ids.lowerBound + $0) } }
  }

  /// Counts look-alikes. Memory grows with the number of combinations, not of people.
  public func collisions() -> CollisionReport {
    var groups: [Appearance: Int] = [:]
    for person in self { groups[person.appearance, default: 0] += 1 }
    return CollisionReport(
      people: count, distinctLooks: groups.count,
      lookAlikes: groups.values.filter { $0 > 1 }.reduce(0, +))
  }
}

/// How many people cannot be told apart by their looks.
public struct CollisionReport: Equatable, Sendable {
  /// The number of people counted.
  public let people: Int
  /// The number of different looks among them.
  public let distinctLooks: Int
  /// The number of people who share their look with someone else.
  public let lookAlikes: Int

  /// The best possible accuracy of naming people by their looks: of n people with one look, a
  /// guess is right for one. 1 for an empty population.
  public var accuracyCeiling: Double {
    people == 0 ? 1 : Double(distinctLooks) / Double(people)
  }
}
