// What is said about people: descriptions, questions, answers, views.

import Personas
import Repro
import Testing

struct LanguageTests {
  private let vocabulary = VisualVocabulary.full
  private func people(_ count: Int = 50) throws -> Population {
    try Population(count: count, stream: RandomStream(seed: 3))
  }

  @Test func `every word that is ever said is in the word list`() throws {
    let known = Set(vocabulary.words)
    var stream = RandomStream(seed: 1)
    for register in Register.allCases {
      let style = try DescriptionStyle(register: register)
      for _ in 0..<300 {
        let look = vocabulary.randomAppearance(&stream)
        let said = vocabulary.describe(look, style: style, from: &stream)
        for word in said.split(separator: " ", omittingEmptySubsequences: false) {
          #expect(known.contains(String(word)), "'\(word)' in '\(said)'")
        }
      }
    }
  }

  @Test func `the terse words of a description give the look back`() throws {
    var stream = RandomStream(seed: 2)
    let style = try DescriptionStyle(register: .terse)
    for _ in 0..<200 {
      let look = vocabulary.randomAppearance(&stream)
      var found = Appearance()
      for word in vocabulary.describe(look, style: style, from: &stream).split(separator: " ") {
        for attribute in vocabulary.active {
          if let value = attribute.terseWords.firstIndex(of: String(word)) {
            found[attribute] = value
          }
        }
      }
      #expect(found == look)
    }
  }

  @Test func `terse words name one attribute and one value only`() {
    let all = Attribute.allCases.flatMap(\.terseWords)
    #expect(Set(all).count == all.count)
    for attribute in Attribute.allCases {
      #expect(attribute.terseWords.count == attribute.values.count)
      #expect(attribute.phraseWords.count == attribute.values.count)
    }
  }

  @Test func `phrases of different values of an attribute never read the same`() {
    for attribute in Attribute.allCases {
      let words = attribute.phraseWords.flatMap { $0 }
      #expect(Set(words).count == words.count, "\(attribute.key)")
    }
  }

  @Test func `mention chooses how many attributes are told`() throws {
    var stream = RandomStream(seed: 4)
    let style = try DescriptionStyle(register: .terse, mention: 0.4)
    let look = vocabulary.randomAppearance(&stream)
    let said = vocabulary.describe(look, style: style, from: &stream)
    #expect(said.split(separator: " ").count == 4)
    for mention in [0, -1, 1.5, Double.nan] {
      #expect(throws: PersonaError.self) { try DescriptionStyle(mention: mention) }
    }
  }

  @Test func `a view is the same whatever else was asked`() throws {
    let few = try people(50), many = try people(90)
    for view in [0, 7, 1000] {
      let one = try few.item(4, .name, as: .text, view: view)
      let other = try many.item(4, .name, as: .text, view: view)
      #expect(one.prompt == other.prompt)
      #expect(one.pictureStream == other.pictureStream)
    }
    let prompts = try Set((0..<40).map { try few.item(4, .name, as: .text, view: $0).prompt })
    #expect(prompts.count > 35)
  }

  @Test func `answers come from the ledger`() throws {
    let group = try people()
    let person = try group.persona(9)
    func answer(_ question: Question) throws -> String {
      try group.item(9, question, as: .image, view: 0).answer
    }
    #expect(try answer(.name) == person.name)
    #expect(try answer(.fact(.hobby)) == person.facts.value(of: .hobby))
    let hat = Attribute.hat.terseWords[person.appearance[.hat]]
    #expect(try answer(.attribute(.hat)) == hat)
    #expect(try answer(.caption).split(separator: " ").contains(Substring(hat)))
    #expect(try group.item(9, .name, as: .image, view: 0).prompt == "<image> who is this ?")
    #expect(throws: PersonaError.self) { try group.item(50, .name, as: .image, view: 0) }
  }

  @Test func `a person is shown in pictures, in words, in both, or by name`() throws {
    let group = try people()
    func item(_ modality: Modality) throws -> Item {
      try group.item(9, .fact(.hobby), as: modality, view: 3)
    }
    let name = try group.persona(9).name
    #expect(try item(.name).prompt == "\(name) what is the hobby ?")
    #expect(try item(.both).shown == "<image> " + item(.text).shown)
    #expect(Modality.allCases.map(\.hasPicture) == [true, false, true, false])
    #expect(try item(.both).showing("a b").shown == "<image> a b")
    #expect(try item(.name).showing("a b").prompt == "a b what is the hobby ?")
    #expect(try item(.name).showing("a b").answer == item(.image).answer)
  }
}
