// The page: whole, self-contained, well-formed, escaped, and saying what the numbers say.
// EIDETIC_SHOW=folder writes the sample pages there, to be looked at.

import Foundation
import FoundationXML
import Metrics
import Reporting
import Repro
import RunStore
import Testing

@Suite struct ReportTests {
  @Test func `sample pages can be written to be looked at`() throws {
    guard let folder = ProcessInfo.processInfo.environment["EIDETIC_SHOW"] else { return }
    let pages = [
      "full": Report(result: try Sample.result(resamples: 10_000), gallery: Sample.gallery),
      "partial": Report(result: try Sample.result(seeds: 2, personas: 40)),
    ]
    for (name, report) in pages {
      try AtomicFile.write(report.html(), to: "\(folder)/\(name).html")
    }
  }

  private func page(_ hostile: String? = nil) throws -> String {
    let result = try Sample.result(
      seeds: 2, planned: 2, personas: 12, experiment: hostile ?? "cross-modal", resamples: 100)
    return Report(result: result, gallery: Sample.gallery).html()
  }

  @Test func `the page says what the numbers say`() throws {
    let result = try Sample.result(resamples: 500)
    let html = Report(result: result, gallery: Sample.gallery).html()
    #expect(html.contains(result.finding.replacing("'", with: "&#39;")))
    for cell in result.cells where cell.key.metric == "full_name" {
      #expect(html.contains("<b>\(Number.short(cell.mean))</b>"))
      #expect(html.contains(Number.range(cell.interval)))
    }
    #expect(html.contains("<code>\(result.manifest.commandLine)</code>"))
    #expect(html.contains(result.manifest.dataHash) && html.contains("OpenBLAS 0.3.21"))
    #expect(html.contains("twins 0.00") && html.contains("chance 0.01"))
    #expect(html.contains("5 seeds") && html.contains("12,000 answers"))
    #expect(!html.contains("Preliminary"))
    let words = [
      "hierarchical bootstrap", "Wilson", "McNemar", "Holm", "t test", NameNormalizer.name,
    ]
    for word in words { #expect(html.contains(word), "\(word)") }
  }

  @Test func `an unfinished run is marked as such`() throws {
    let html = Report(result: try Sample.result(seeds: 2, personas: 12, resamples: 100)).html()
    #expect(html.contains("Preliminary: 2 of 5 seeds"))
  }

  @Test func `a run without outcomes still has a page`() throws {
    let html = Report(result: try Sample.result(seeds: 0, resamples: 100)).html()
    #expect(html.contains("No outcomes of full_name yet."))
    #expect(html.contains("How to reproduce"))
    _ = try parsed(html)
  }

  @Test func `nothing is loaded from elsewhere and nothing runs`() throws {
    let html = try page()
    for forbidden in ["<script", "http://", "https://", "<link", "@import", "url(", "onload="] {
      #expect(!html.contains(forbidden), "\(forbidden)")
    }
    #expect(html.contains("default-src 'none'"))
    for source in html.matches(of: /src="([^"]{0,22})/) {
      #expect(source.1 == "data:image/png;base64,")
    }
    #expect(html.matches(of: /<img[ ]/).count == 6)
  }

  @Test func `the markup is well-formed and identifiers are unique`() throws {
    for html in [try page(), try page(#"<b>&"'x</b>"#)] {
      let document = try parsed(html)
      let ids = try document.nodes(forXPath: "//@id").compactMap(\.stringValue)
      #expect(ids.count > 10 && Set(ids).count == ids.count)
      for reference in try document.nodes(forXPath: "//@aria-labelledby") {
        for id in (reference.stringValue ?? "").split(separator: " ") {
          #expect(ids.contains(String(id)), "\(id)")
        }
      }
    }
  }

  @Test func `charts have names and descriptions, tables headers, pictures texts`() throws {
    let document = try parsed(try page())
    let charts = try document.nodes(forXPath: "//svg")
    #expect(charts.count == 7)
    for chart in charts {
      #expect(try chart.nodes(forXPath: "title[string-length() > 3]").count == 1)
      #expect(try chart.nodes(forXPath: "desc[string-length() > 10]").count == 1)
    }
    for table in try document.nodes(forXPath: "//table") {
      #expect(try !table.nodes(forXPath: ".//th[@scope='col']").isEmpty)
      #expect(try !table.nodes(forXPath: ".//th[@scope='row']").isEmpty)
    }
    #expect(try document.nodes(forXPath: "//img[not(@alt) or @alt='']").isEmpty)
    #expect(try document.nodes(forXPath: "//h1").count == 1)
  }

  @Test func `no text from outside becomes markup`() throws {
    let attack = #"<script>alert('x')</script><img src=x onerror="y">&amp;"#
    var outcomes = (0..<6).flatMap { id in
      [("image", "image"), ("image", attack), (attack, "image"), (attack, attack)].map {
        Outcome(
          seed: 0,
          cell: CellKey(metric: attack, keys: ["source": $0, "target": $1, attack: attack]),
          persona: id, value: Double(id % 2), answer: attack + "\(id)\u{0}\u{1B}", truth: attack)
      }
    }
    outcomes.append(
      Outcome(
        seed: 0, cell: CellKey(metric: attack, keys: ["source": attack], group: .other(attack)),
        persona: 0, value: 1, truth: attack))
    var manifest = Sample.manifest(seeds: 2, experiment: attack)
    manifest.command = ["eidetic", "run", attack]
    (manifest.blas, manifest.host, manifest.dataHash) = (attack, attack, attack)
    (manifest.versions, manifest.parameters) = ([attack: attack], [attack: attack])
    let result = try ExperimentResult(
      outcomes: outcomes, manifest: manifest, question: attack, primaryMetric: attack,
      curves: [Curve(stage: attack, seed: 0, quantity: attack, points: [(0, 1), (1, 0)])],
      notes: [attack], resamples: 100, stream: RandomStream(seed: 0))
    let item = GalleryItem(seed: 0, persona: 1, png: [1, 2, 3], caption: attack)
    let html = Report(result: result, gallery: [item]).html()
    #expect(
      !html.contains("<script") && !html.contains("<img src=x") && !html.contains("&amp;&amp;"))
    #expect(!html.contains("\u{0}") && !html.contains("\u{1B}"))
    let document = try parsed(html)
    #expect(try document.nodes(forXPath: "//script | //img[@onerror]").isEmpty)
    #expect(try document.nodes(forXPath: "//h1").first?.stringValue == attack)
    let places = try document.nodes(forXPath: "//text()[contains(., \"alert('x')\")]")
    #expect(places.count > 20, "the text is there, as text")
  }

  @Test func `numbers of any size are drawn without a trap`() throws {
    for size in [1e-300, 1e-12, 1, 1e15, 9e99, -9e99] {
      let outcomes = (0..<8).flatMap { id in
        ["image", "text"].map {
          Outcome(
            seed: id / 4, source: "image", target: $0, metric: "loss", persona: id % 4,
            value: size * Double(1 + id) / 8)
        }
      }
      let curve = Curve(
        stage: "s", seed: 0, points: [(0, size), (Int.max, 1.7e308), (Int.max, -1.7e308)])
      let result = try ExperimentResult(
        outcomes: outcomes, manifest: Sample.manifest(seeds: 2, experiment: "sizes"),
        curves: [curve], resamples: 100, stream: RandomStream(seed: 0))
      let html = Report(result: result).html()
      _ = try parsed(html)
      #expect(!html.contains("nan") && !html.contains("inf\""), "\(size)")
    }
  }

  @Test func `what trainings cost stands beside them, over seeds`() throws {
    let outcomes = (0..<3).flatMap { seed in
      (0..<4).map {
        Outcome(seed: seed, source: "image", target: "text", metric: "hat", persona: $0, value: 1)
      }
    }
    let curves = [(0, 200, 61.0), (1, 240, 8.0), (2, 210, 9.0)].map { seed, steps, seconds in
      (
        Curve(stage: "names", seed: seed, points: [(1, 2), (steps, 0.25)]),
        TrainingTime(stage: "names", seed: seed, seconds: seconds)
      )
    }
    let unknown = Curve(stage: "of an older version", seed: 0, points: [(3, 1)])
    let result = try ExperimentResult(
      outcomes: outcomes, manifest: Sample.manifest(seeds: 3, experiment: "cost"),
      curves: curves.map(\.0) + [unknown], resamples: 100, stream: RandomStream(seed: 0))
    let stopped = TrainingTime(stage: "names", seed: 7, seconds: 1000)
    let times = curves.map(\.1) + [stopped]
    let document = try parsed(Report(result: result, times: times).html())
    func row(_ name: String) throws -> [String] {
      try document.nodes(forXPath: "//tr[th[.='\(name)']]/td").compactMap(\.stringValue)
    }
    #expect(
      try row("names") == ["210 (200 – 240)", "9.0 s (8.0 s – 1 min 01 s)", "0.25"])
    #expect(try row("of an older version") == ["3", "–", "1.00"])
  }

  @Test func `same result, same bytes`() throws {
    #expect(try page() == page())
  }

  @Test func `text keeps its contrast on every heat of both color schemes`() throws {
    // WCAG AA for small text is 4.5; the heat is at most half strength over the panel.
    let schemes: [(ink: [Double], panel: [Double], heat: [Double])] = [
      ([28, 33, 39], [244, 244, 240], [0, 114, 178]),
      ([230, 232, 235], [29, 34, 40], [64, 144, 214]),
    ]
    let html = try page()
    #expect(html.contains("--ink:#1c2127") && html.contains("--heat:0 114 178"))
    #expect(html.contains("--ink:#e6e8eb") && html.contains("--heat:64 144 214"))
    for scheme in schemes {
      for depth in stride(from: 0, through: 0.5, by: 0.05) {
        let back = zip(scheme.panel, scheme.heat).map { $0 * (1 - depth) + $1 * depth }
        #expect(contrast(scheme.ink, back) > 4.5, "\(depth)")
      }
    }
  }

  private func contrast(_ a: [Double], _ b: [Double]) -> Double {
    func luminance(_ color: [Double]) -> Double {
      zip(color, [0.2126, 0.7152, 0.0722]).reduce(0) { sum, part in
        let c = part.0 / 255
        return sum + part.1 * (c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4))
      }
    }
    let (x, y) = (luminance(a), luminance(b))
    return (max(x, y) + 0.05) / (min(x, y) + 0.05)
  }

  /// Reads the page with a strict XML parser, after closing HTML's void elements and dropping the
  /// style sheet, which is no XML.
  private func parsed(_ html: String) throws -> XMLDocument {
    let text = html.replacing("<!DOCTYPE html>", with: "")
      .replacing(/<style>[^<]*<\/style>/.dotMatchesNewlines(), with: "")
      .replacing(/<(meta|img|br)([^>]*?)>/, with: { "<\($0.1)\($0.2)/>" })
    return try XMLDocument(xmlString: text)
  }
}
