// Pages without a socket: they say what the numbers say, are well-formed, and escape everything.

import Dashboard
import Foundation
import FoundationXML
import Metrics
import Reporting
import Repro
import RunStore
import Testing

@Suite struct PagesTests {
  /// As XML, which is strict about what a browser forgives.
  private func parsed(_ html: String) throws -> XMLDocument {
    let text = html.replacing("<!DOCTYPE html>", with: "")
      .replacing(/<(meta|img|br|link|input)([^>]*?)>/, with: { "<\($0.1)\($0.2)/>" })
      .replacing(/\ (defer|checked|selected|reversed)(?=[\ >\/])/, with: { " \($0.1)=\"\"" })
    return try XMLDocument(xmlString: text)
  }

  private func check(_ html: String, _ what: String) throws {
    let document = try parsed(html)
    let ids = try document.nodes(forXPath: "//@id").compactMap(\.stringValue)
    #expect(Set(ids).count == ids.count, "\(what): \(ids)")
    for name in ["aria-labelledby", "aria-describedby"] {
      for reference in try document.nodes(forXPath: "//@\(name)") {
        for id in (reference.stringValue ?? "").split(separator: " ") {
          #expect(ids.contains(String(id)), "\(what): \(id)")
        }
      }
    }
    func count(_ path: String) throws -> Int { try document.nodes(forXPath: path).count }
    #expect(try count("//main") == 1 && count("//nav") >= 1 && count("//h1") == 1, "\(what)")
    #expect(try count("//a[@class='skip'][@href='#main']") == 1)
    #expect(try count("//img[not(@alt)]") == 0 && count("//th[not(@scope)]") == 0, "\(what)")
    #expect(try count("//svg[not(@role='img')]") == 0 && count("//svg/desc") == count("//svg"))
    #expect(try count("//input[not(@aria-label)][not(ancestor::label)]") == 0, "\(what)")
    for forbidden in ["http://", "https://", "onload=", "onclick=", "<style"] {
      let text = html.replacing("http://www.w3.org/2000/svg", with: "")
      #expect(!text.contains(forbidden), "\(what): \(forbidden)")
    }
  }

  private static let addresses = [
    "/", "/?group=yes", "/?where=x&sort=recall&reverse=yes", "/?sort=nothing", "/runs/one",
    "/runs/live", "/runs/broken", "/runs/begun", "/runs/one/people",
    "/runs/one/people?verdict=missed",
    "/runs/one/people/0/300", "/compare?run=one&run=two", "/compare?run=one", "/nowhere",
  ]

  private func sample() throws -> (SampleStore, FileLock) {
    let store = try SampleStore()
    try store.add("one")
    try store.add("two", SampleStore.manifest(lr: "0.1"), right: 0.9)
    try store.run("one").tag(adding: ["final", "a \"b\""])
    try store.add("begun", seeds: 0)
    try store.add("broken")
    try AtomicFile.write("{", to: store.run("broken").resultPath)
    let live = try store.addRunning("live")
    for i in 1...30 { try live.log.step(i, loss: 1 / Double(i)) }
    return (store, live.lock)
  }

  @Test(arguments: addresses) func `pages are well-formed and name what they show`(
    address: String
  ) async throws {
    let (store, lock) = try sample()
    try await check(store.site().text(address), address)
    withExtendedLifetime(lock) {}
  }

  @Test(arguments: addresses) func `nothing from a run is markup`(address: String) async throws {
    let store = try SampleStore()
    let evil = #"<script>alert(1)</script>"'&"#
    var manifest = SampleStore.manifest(evil)
    manifest.parameters[evil] = evil
    manifest.host = evil
    for name in ["one", "two"] {
      try store.add(name, manifest)
      try AtomicFile.write(evil, to: store.run(name).scriptPath)
      try store.run(name).tag(adding: [evil])
    }
    try store.add("begun", manifest, seeds: 0)
    try store.run("begun").openEvents().append(["event": "failed", "message": .string(evil)])
    let live = try store.addRunning("live")
    try live.log.append([
      "event": "step", "stage": .string(evil), "step": 1, "steps": 2, "loss": 1,
    ])
    let html = try await store.site({ _, _ in
      throw RunStoreError.unreadable(path: evil, reason: evil)
    })
    .text(address)
    #expect(!html.contains("<script>alert") && !html.contains("\"'&\""), "\(address)")
    try check(html, address)
    withExtendedLifetime(live.lock) {}
  }

  @Test func `the list says how runs stand`() async throws {
    let (store, lock) = try sample()
    let html = try await store.site().text("/")
    for word in [
      "5 in <code>", "1 running", "1 broken", "1 unfinished", "At work now", "step 30 of 100",
      "seed 0",
      "steps/s", "about 7.0 s left", "lr=0.001", "lr=0.1", ">final</a>", "result.json", "0/2",
      "name=\"run\" value=\"two\"",
    ] { #expect(html.contains(word), "\(word)") }
    let mean = try #require(try store.run("one").result().cell(source: "image", target: "image"))
    #expect(html.contains(Cell.estimate(mean.mean, mean.interval)))
    withExtendedLifetime(lock) {}
  }

  @Test func `filters, their mistakes, and order go to those who know`() async throws {
    let (store, lock) = try sample()
    let site = store.site { expression, runs in
      guard expression == "good" else {
        throw RunStoreError.unreadable(path: "there", reason: "is 'no'")
      }
      return runs.filter { $0.name == "two" }
    }
    let found = try await site.text("/?where=good")
    #expect(found.contains("value=\"two\"") && !found.contains("value=\"one\""))
    #expect(found.contains("name=\"where\" value=\"good\""))
    let wrong = try await site.text("/?where=bad")
    #expect(wrong.contains("role=\"alert\"") && wrong.contains("is &#39;no&#39;"))
    #expect(wrong.contains("aria-invalid"))
    let sorted = try await store.site().text("/?sort=recall&reverse=yes&run=two")
    let places = try ["one", "two"].map {
      try #require(sorted.range(of: "value=\"\($0)\"")).lowerBound
    }
    #expect(places[0] < places[1] && sorted.contains("value=\"two\" checked"))
    withExtendedLifetime(lock) {}
  }

  @Test func `seeds are pooled`() async throws {
    let store = try SampleStore()
    for seed in 0..<3 {
      var manifest = SampleStore.manifest(seeds: 1)
      manifest.seeds = [seed]
      let run = try store.add("run-\(seed)", manifest, seeds: 0)
      let outcomes = try SampleStore.outcomes(seeds: 3).filter { $0.seed == seed }
      try run.write(
        try ExperimentResult(outcomes: outcomes, manifest: manifest, stream: RandomStream(seed: 0)))
    }
    let group = try #require(SeedGroup.groups(try RunCatalog(root: store.root).summaries()).first)
    let html = try await store.site().text("/?group=yes")
    #expect(
      html.contains("1 of 1 groups") && html.contains("3 runs") && group.cells[0].seedCount == 3)
    for cell in group.cells { #expect(html.contains(Cell.estimate(cell.mean, cell.interval))) }
  }

  @Test func `an empty store says how to make a run, a missing one too`() async throws {
    let store = try SampleStore()
    #expect(
      try await store.site().text("/").contains("eidetic run scripts/experiments/cross_modal.lua"))
    let nowhere = Site(store: Store(root: store.root + "/none")) { _, runs in runs }
    #expect(try await nowhere.text("/").contains("There are no runs yet"))
  }

  @Test func `a run shows its numbers, circumstances and files`() async throws {
    let (store, lock) = try sample()
    let html = try await store.site().text("/runs/one")
    let result = try store.run("one").result()
    #expect(html.contains(HTML.escaped(result.finding)) && html.contains("Why?"))
    for cell in result.cells {
      #expect(html.contains("<td>\(Cell.estimate(cell.mean, cell.interval))</td>"))
      #expect(html.contains("<td>\(cell.count)</td>"))
    }
    for word in [
      "eidetic run study.lua --seeds 2", "abc123", "<code>0.001</code>", "the script of one",
      "/runs/one/files/result.json", "/runs/one/report", "the run is complete", "1 min 01 s",
      "names from image</b>, loss by step",
    ] { #expect(html.contains(word), "\(word)") }
    #expect(!html.contains("data-live"))
    let live = try await store.site().text("/runs/live")
    for word in [
      "data-live=\"/runs/live/live?mark=running%200\"", "aria-live=\"polite\"", "<progress",
    ] {
      #expect(live.contains(word), "\(word)")
    }
    // What was begun and stopped has its losses in its log alone.
    let log = try store.run("begun").openEvents()
    for i in 1...5 { try log.step(i, loss: 1) }
    #expect(try await store.site().text("/runs/begun").contains("from the log"))
    let broken = try await store.site().text("/runs/broken")
    #expect(broken.contains("broken</span>") && broken.contains("result.json"))
    withExtendedLifetime(lock) {}
  }

  @Test func `a comparison shows what differs and the curves over each other`() async throws {
    let (store, lock) = try sample()
    let html = try await store.site().text("/compare?run=one&run=two&run=two&run=begun&run=none")
    for word in [
      "parameter lr", "0.001", "Δ ", "run 1</text>", "run 2</text>", "lowest to highest seed",
      "begun</code>: it has no result yet", "none</code>: there is no such run",
      "-- the script of two",
    ] { #expect(html.contains(word), "\(word)") }
    #expect(try await store.site().text("/compare?run=one").contains("Choose two runs or more"))
    let many = (0..<20).map { "run=r\($0)" }.joined(separator: "&")
    #expect(try await store.site().text("/compare?\(many)").contains("at most 12 runs"))
    withExtendedLifetime(lock) {}
  }
}
