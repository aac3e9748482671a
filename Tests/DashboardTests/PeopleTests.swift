// Whose pictures are drawn, and whose are not.

import Dashboard
import Foundation
import Metrics
import Personas
import Pictures
import Reporting
import Repro
import RunStore
import Testing

@Suite struct PeopleTests {
  private func report(
    _ result: ExperimentResult, views: Int = 20, people: Population? = nil, changed: Bool = false
  ) throws -> String {
    let people = try people ?? SampleStore.people(seed: 0, count: 6)
    let items = try (0..<2).map { position in
      let item = try people.item(position, .name, as: .image, view: changed ? views + 7 : views)
      return GalleryItem(
        seed: 0, persona: try people.persona(position).id,
        png: try item.portrait(side: 128).picture.png(), caption: item.look)
    }
    return Report(result: result, gallery: items).html()
  }

  @Test func `the people of the base are drawn again, as the report shows them`() throws {
    let result = try SampleStore.result()
    let portraits = Portraits(result, report: try report(result))
    #expect(portraits.source(seed: 0) == .generator(view: 20, isSeenInReport: true))
    #expect(portraits.source(seed: 1) == .generator(view: 20, isSeenInReport: false))
    let people = try SampleStore.people(seed: 0, count: 6)
    for (position, person) in people.enumerated() {
      let item = try people.item(position, .name, as: .image, view: 20)
      #expect(
        portraits.png(seed: 0, persona: person.id) == (try item.portrait(side: 128).picture.png()))
      #expect(portraits.look(seed: 0, persona: person.id) == item.look)
    }
    let small = try #require(portraits.png(seed: 1, persona: 301, side: 16, view: 3))
    #expect(try Picture(png: small).width == 16)
    #expect(portraits.png(seed: 5, persona: 300) == nil)
  }

  @Test func `another number of views is found out from the report`() throws {
    var manifest = SampleStore.manifest(views: 5)
    let result = try SampleStore.result(manifest)
    #expect(
      Portraits(result, report: try report(result, views: 5)).source(seed: 0)
        == .generator(view: 5, isSeenInReport: true))
    manifest.parameters["views"] = nil
    let silent = try SampleStore.result(manifest)
    #expect(
      Portraits(silent, report: try report(silent, views: 10)).source(seed: 0)
        == .generator(view: 10, isSeenInReport: true))
  }

  @Test func `other people are not drawn for them`() throws {
    // Pictures that the generator does not make, such as ones with marks.
    let result = try SampleStore.result()
    let changed = Portraits(result, report: try report(result, changed: true))
    guard case .report = changed.source(seed: 0) else {
      Issue.record("\(changed.source(seed: 0))")
      return
    }
    #expect(changed.hasPicture(seed: 0, persona: 300) && !changed.hasPicture(seed: 0, persona: 304))
    #expect(changed.png(seed: 0, persona: 300) != nil && changed.png(seed: 0, persona: 304) == nil)
    // Names that the generator does not give.
    var outcomes = try SampleStore.outcomes(seeds: 1)
    outcomes[0].truth = "Somebody Else"
    let renamed = try ExperimentResult(
      outcomes: outcomes, manifest: SampleStore.manifest(), resamples: 100,
      stream: RandomStream(seed: 0))
    guard case .none = Portraits(renamed, report: nil).source(seed: 0) else {
      Issue.record("drawn under another name")
      return
    }
  }

  @Test func `people are chosen by what was recalled`() throws {
    let result = try SampleStore.result(right: 0.5)
    let cell = "full_name image>text"
    func ids(_ verdict: SubjectChoice.Verdict, _ seed: Int? = nil) -> [Int] {
      result.subjects(SubjectChoice(seed: seed, cell: cell, verdict: verdict)).map(\.persona)
    }
    #expect(ids(.all) == Array(300..<306) && ids(.recalled) == [300, 301, 302])
    #expect(ids(.missed, 1) == [303, 304, 305] && ids(.all, 9).isEmpty)
  }

  @Test func `pages and pictures come by address, and nothing else does`() async throws {
    let store = try SampleStore()
    try store.add("one")
    let site = store.site()
    let gallery = try await site.text("/runs/one/people")
    #expect(gallery.matches(of: /<li><img/).count == 6 && gallery.contains("Nobody Else"))
    #expect(gallery.contains("image → text") && gallery.contains("drawn again"))
    let missed = try await site.text(
      "/runs/one/people?cell=full_name%20image%3Etext&verdict=missed&seed=1")
    #expect(missed.matches(of: /<li><img/).count == 3 && missed.contains("3 of 6 people of seed 1"))
    let person = try await site.text("/runs/one/people/0/303")
    #expect(person.contains("wrong:") && person.contains("view 1, for training"))
    let picture = try await site.get("/runs/one/people/0/303.png?size=64&view=2")
    #expect(picture.status == .ok && picture.headers["Content-Type"] == "image/png")
    for address in [
      "/runs/one/people/0/999", "/runs/one/people/7/300", "/runs/one/people/0/303.png?size=100000",
      "/runs/one/people/0/303.png?view=-1", "/runs/one/people/0/-5.png", "/runs/one/people/x/y",
      "/runs/one/people/7/300.png", "/runs/one/people/0/9999999999999999999.png",
      "/runs/none/people",
    ] { #expect(try await site.get(address).status == .notFound, "\(address)") }
  }
}
