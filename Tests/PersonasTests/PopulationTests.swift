import Personas
import Repro
import Testing

@Suite struct PopulationTests {
  private let stream = RandomStream(seed: 7)

  @Test func `names and looks are unique within people and their twins`() throws {
    let people = try Population(count: 500, stream: stream)
    let everyone = Array(people) + Array(try people.following(500))
    #expect(Set(everyone.map(\.name)).count == 1000)
    #expect(Set(everyone.map(\.appearance)).count == 1000)
    #expect(Set(everyone.map(\.id)).count == 1000)
    #expect(people.collisions().accuracyCeiling == 1)
  }

  @Test func `the name lists hold 128 different words each`() {
    for list in [NameSpace.firstNames, NameSpace.lastNames] {
      #expect(list.count == 128 && Set(list).count == 128)
    }
  }

  @Test func `a record does not depend on how many people there are`() throws {
    let few = try Population(count: 5, stream: stream, reserve: 200)
    let many = try Population(count: 100, stream: stream, reserve: 200)
    for i in 0..<5 { #expect(try few.persona(i) == many.persona(i)) }
    #expect(try Population(count: 5, stream: RandomStream(seed: 8)).persona(0) != few.persona(0))
  }

  /// The bytes of the ledger are part of the dataset's definition.
  @Test func `the same seed gives the same bytes`() throws {
    let people = try Population(count: 100, stream: stream)
    let ledger = JSON.array(people.map { $0.json(people.vocabulary) })
    #expect(ledger.hash == "90429b1f47def64a2b1fae9aa5a6df1e5d424ae4de2351c7ca2441907ef2b46f")
  }

  @Test func `a million people have a million names in constant memory`() throws {
    let people = try Population(count: 1_000_000, stream: stream, policy: .independent)
    var hashes = Set<Int>(minimumCapacity: 1_000_000)
    for person in people { hashes.insert(person.name.hashValue) }
    // Two 64-bit hashes of a million names meet with probability 3e-8.
    #expect(hashes.count == 1_000_000)
  }

  @Test func `independent looks are uniform and their ceiling is told`() throws {
    let people = try Population(count: 4000, stream: stream, policy: .independent)
    for attribute in people.vocabulary.active {
      let expected = 4000 / Double(attribute.values.count)
      var counts = [Int](repeating: 0, count: attribute.values.count)
      for person in people { counts[person.appearance[attribute]] += 1 }
      for count in counts {
        #expect(abs(Double(count) - expected) < 5 * expected.squareRoot(), "\(attribute)")
      }
    }
    let report = people.collisions()
    #expect(report.distinctLooks < 4000 && report.accuracyCeiling < 1)
    #expect(report.lookAlikes > 4000 - report.distinctLooks)
  }

  @Test func `attributes that are not chosen keep their default`() throws {
    let two = try VisualVocabulary([Attribute.hat, .shirt])
    #expect(two.combinations == 32)
    let people = try Population(count: 32, stream: stream, vocabulary: two)
    #expect(Set(people.map(\.appearance)).count == 32)
    #expect(people.allSatisfy { $0.appearance[.skin] == 0 })
    for person in people {
      #expect(
        two.appearance(combination: two.combination(of: person.appearance)) == person.appearance)
    }
  }

  @Test func `requests that cannot be met say what can`() throws {
    let two = try VisualVocabulary([Attribute.hat, .shirt])
    let error = #expect(throws: PersonaError.self) {
      try Population(count: 33, stream: stream, vocabulary: two)
    }
    #expect(
      error?.description
        == "population: expected at most 32 distinct looks, got 33; activate more attributes or "
        + "allow look-alikes (policy independent)")
    #expect(throws: PersonaError.self) { try Population(count: -1, stream: stream) }
    #expect(throws: PersonaError.self) { try Population(count: 1 << 40, stream: stream) }
    #expect(throws: PersonaError.self) { try Population(count: 3, stream: stream).persona(3) }
    #expect(throws: PersonaError.self) { try Population(count: 3, stream: stream).following(.max) }
    #expect(throws: PersonaError.self) { try Attribute(key: "hare_color") }
  }
}
