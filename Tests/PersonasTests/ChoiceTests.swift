// People chosen and changed: the same records, other people; marks whose truth is known.

import Personas
import Repro
import Testing

@Suite struct ChoiceTests {
  private let people: Population
  init() throws { people = try Population(count: 20, stream: RandomStream(seed: 3)) }

  @Test func `a choice keeps records, order and repeats nothing else`() throws {
    let some = try people.chosen([5, 2, 9])
    #expect(some.count == 3)
    #expect(try some.persona(0) == people.persona(5) && some.persona(2) == people.persona(9))
    #expect(try some.part(1..<3).persona(0) == people.persona(2))
    #expect(Array(some).map(\.id) == [5, 2, 9])
    #expect(try some.following(3).ids == people.following(3).ids)
    #expect(throws: PersonaError.self) { try some.persona(3) }
    #expect(throws: PersonaError.self) { try people.chosen([20]) }
    #expect(try people.chosen([]).count == 0)
    for view in [0, 7] {
      #expect(
        try some.item(1, .name, as: .image, view: view).portrait(side: 32)
          == people.item(2, .name, as: .image, view: view).portrait(side: 32))
    }
  }

  @Test func `shuffled names are the same names on other people`() throws {
    let shuffled = try people.withShuffledNames(RandomStream(seed: 1))
    let (before, after) = (Array(people), Array(shuffled))
    #expect(Set(before.map(\.name)) == Set(after.map(\.name)))
    #expect(zip(before, after).allSatisfy { $0.name != $1.name })
    #expect(before.map(\.appearance) == after.map(\.appearance))
    #expect(before.map(\.id) == after.map(\.id))
    let again = try people.withShuffledNames(RandomStream(seed: 1))
    #expect(Array(again) == after)
    let few = try people.withShuffledNames(RandomStream(seed: 1), share: 0.25)
    #expect(zip(before, few).filter { $0.name != $1.name }.count == 5)
    #expect(try Array(people.withShuffledNames(RandomStream(seed: 1), share: 0)) == before)
    #expect(throws: PersonaError.self) {
      try people.withShuffledNames(RandomStream(seed: 1), share: .nan)
    }
    // A part keeps the names that it wears, and so does a second shuffle.
    #expect(try shuffled.part(3..<5).persona(0).name == after[3].name)
    let twice = try shuffled.withShuffledNames(RandomStream(seed: 2))
    #expect(Set(twice.map(\.name)) == Set(before.map(\.name)))
  }

  @Test func `people join once and under one name`() throws {
    let joined = try people.part(0..<2).joined(with: people.chosen([7]))
    #expect(Array(joined).map(\.id) == [0, 1, 7])
    #expect(throws: PersonaError.self) { try people.joined(with: people.part(3..<4)) }
    let others = try Population(count: 3, stream: RandomStream(seed: 4))
    #expect(throws: PersonaError.self) { try people.joined(with: others) }
    let marked = try people.following(2).with(Shortcut())
    #expect(throws: PersonaError.self) { try people.joined(with: marked) }
    // The names of a half that was shuffled within the whole stand in the other half, too.
    let half = try people.withShuffledNames(RandomStream(seed: 1)).part(0..<10)
    #expect(throws: PersonaError.self) { try half.joined(with: people.part(10..<20)) }
    let rest = try people.withShuffledNames(RandomStream(seed: 1)).part(10..<20)
    #expect(Set(try half.joined(with: rest).map(\.name)).count == 20)
  }

  @Test func `a mark covers its mask and nothing else`() throws {
    let marked = people.with(try Shortcut())
    for side in [16, 32, 100] {
      let item = try marked.item(4, .name, as: .image, view: 2)
      let plain = try people.item(4, .name, as: .image, view: 2).portrait(side: side)
      let picture = try item.portrait(side: side)
      let mark = try #require(item.mark)
      let mask = mark.mask(side: side)
      #expect(mask.filter { $0 }.count >= side * side / 50)
      for place in 0..<side * side where !mask[place] {
        #expect(picture.pixels[3 * place] == plain.pixels[3 * place])
      }
      let covered = mask.indices.filter { mask[$0] }
      #expect(Set(covered.map { picture.pixels[3 * $0] }).count == 1)
      #expect(covered.allSatisfy { picture.backgroundCoverage[$0] == 0 })
    }
  }

  @Test func `the strength is the share of own marks beyond chance`() throws {
    for (strength, share) in [(1.0, 1.0), (0.5, 0.5 + 0.5 / 4), (0, 0.25)] {
      let marked = people.with(try Shortcut(strength: strength, colors: 4, corners: 1))
      var own = 0
      for person in 0..<20 {
        for view in 0..<50 where try marked.item(person, .name, as: .image, view: view).mark!.isOwn
        {
          own += 1
        }
      }
      #expect(abs(Double(own) / 1000 - share) < 0.05)
    }
    #expect(throws: PersonaError.self) { try Shortcut(strength: 1.1) }
    #expect(throws: PersonaError.self) { try Shortcut(colors: 9) }
    #expect(throws: PersonaError.self) { try Shortcut(corners: 0) }
    #expect(throws: PersonaError.self) { try Shortcut(size: .nan) }
  }
}
