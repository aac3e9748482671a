// Charts: well-formed, escaped, legible without color, and honest about what is missing.

import Foundation
import FoundationXML
import Pictures
import Reporting
import Repro
import RunStore
import Testing

@Suite struct ChartTests {
  private static let two = [
    Series("image", y: [3, 2, .nan, 1], low: [2, 1, .nan, 0.5], high: [4, 3, .nan, 1.5]),
    Series("text", y: [1, 2, 3, 4]),
  ]

  private static let ladder = Series(
    "image", x: [1, 10, 100], y: [0.1, 0.3, .nan], low: [0, 0.2, .nan], high: [0.2, 0.4, .nan])

  /// One chart of every kind.
  private static func charts() throws -> [Chart] {
    let picture = try Picture(width: 4, height: 2, gray: 9)
    return [
      try Chart(.line(LineChart(two)), title: "lines"),
      try Chart(.bars(BarChart(groups: ["a", "b", "c", "d"], two)), title: "bars"),
      try Chart(.scatter(ScatterChart(two, isFitted: true)), title: "points"),
      try Chart(.histogram(Histogram(two)), title: "bins"),
      try Chart(.grid(GridChart([[1, 2], [3, .nan]], isLabelled: false)), title: "heat"),
      try Chart(
        .grid(
          GridChart(
            [[1, -2]], low: [[0, -3]], high: [[2, -1]], rows: ["r"], columns: ["a", "b"],
            isLabelled: true, center: 0)), title: "matrix"),
      try Chart(
        .trend(TrendChart(points: [ladder], curves: [ladder], isLogarithmic: true)),
        title: "levels"),
      try Chart(.images(ImageGrid([try .init(picture, caption: "gray")])), title: "pictures"),
    ]
  }

  private func parsed(_ svg: String) throws -> XMLDocument { try XMLDocument(xmlString: svg) }

  @Test func `levels that no logarithm has, and curves without points, are refused`() {
    let zero = Series("a", x: [0, 1], y: [0, 1])
    #expect(throws: ChartError.self) {
      try Chart(.trend(TrendChart(points: [zero], curves: [zero], isLogarithmic: true)))
    }
    #expect(throws: ChartError.self) {
      try Chart(.trend(TrendChart(points: [], curves: [zero], isLogarithmic: false)))
    }
  }

  @Test func `every kind is a document with name, description and tips`() throws {
    for chart in try Self.charts() {
      let svg = chart.svg()
      let document = try parsed(svg)
      #expect(document.rootElement()?.name == "svg")
      #expect(svg.contains("<title id=\"title\">\(chart.title)</title>"))
      #expect(try document.nodes(forXPath: "//*[local-name()='desc']").count == 1)
      #expect(try document.nodes(forXPath: "//*[local-name()='title']").count > 1, "\(chart.title)")
      #expect(svg.contains("prefers-color-scheme:dark") && !svg.contains("var("))
      #expect(!chart.svg(.light).contains("@media"))
      #expect(svg == chart.svg(), "the same chart gives the same bytes")
      for forbidden in ["<script", "url(", "@import", "onload", "href=\"http"] {
        #expect(!svg.contains(forbidden), "\(forbidden)")
      }
    }
  }

  @Test func `text from outside stays text`() throws {
    let attack = "</title><script>x</script>&\u{FFFF}\u{1}\""
    var chart = try Chart(
      .bars(BarChart(groups: [attack], [Series(attack, y: [1]), Series(attack, y: [2])])),
      title: attack)
    (chart.caption, chart.xLabel, chart.yLabel) = (attack, attack, attack)
    (chart.sample, chart.interval) = (attack, attack)
    chart.reference = .init(value: 1, name: attack)
    #expect(!chart.svg().contains("<script"))
    #expect(try !parsed(chart.svg()).nodes(forXPath: "//text()[contains(., 'script')]").isEmpty)
  }

  @Test func `a missing value leaves a gap and is counted`() throws {
    let chart = try Chart(.line(LineChart([Series("a", y: [1, 2, .nan, 3, 4])])))
    #expect(chart.svg().matches(of: /class="curve/).count == 2)
    #expect(chart.svg().contains("1 value is no number and left out"))
  }

  @Test func `nothing to draw is said`() throws {
    let empty: [Chart.Content] = [
      .line(LineChart([])), .line(LineChart([Series(y: [.nan, .infinity])])),
      .bars(BarChart(groups: [], [])), .scatter(ScatterChart([Series(y: [])])),
      .histogram(Histogram([Series(y: [])])), .images(ImageGrid([])),
      .grid(GridChart([], isLabelled: true)), .grid(GridChart([[.nan]], isLabelled: false)),
    ]
    for content in empty {
      let chart = try Chart(content)
      #expect(chart.svg().contains(">no data<"))
      #expect(chart.summary.contains("no data") || chart.summary.contains("–"))
      _ = try parsed(chart.svg())
    }
  }

  @Test func `numbers of any size are drawn without a trap`() throws {
    let sizes: [Double] = [0, .leastNonzeroMagnitude, 1e-300, -1e15, 1e100, -9e99, 1.7e308, -1.7e308]
    for a in sizes {
      for b in sizes {
        let series = [Series("s", x: [a, b, 1], y: [b, a, a], low: [b, a, b], high: [a, b, a])]
        let contents: [Chart.Content] = [
          .line(LineChart(series)), .bars(BarChart(groups: ["x", "y", "z"], series)),
          .scatter(ScatterChart(series, isFitted: true)), .histogram(Histogram(series)),
          .grid(GridChart([[a, b]], isLabelled: true, center: 1)),
          .grid(GridChart([[a, b]], isLabelled: false)),
        ]
        for content in contents {
          let chart = try Chart(content)
          #expect(!chart.svg().contains("nan") && !chart.svg().contains("inf\""))
          _ = chart.summary
        }
      }
    }
  }

  @Test func `a fitted line says its correlation`() throws {
    let chart = try Chart(
      .scatter(ScatterChart([Series(x: [1, 2, 3], y: [2, 4, 6])], isFitted: true)))
    #expect(chart.svg().contains("n = 3, r = 1.00"))
    let flat = try Chart(.scatter(ScatterChart([Series(x: [1, 1], y: [2, 4])], isFitted: true)))
    #expect(flat.svg().contains("no line can be fitted"))
  }

  @Test func `names beside points cover no other, and both coordinates have intervals`() throws {
    let names = ["one", "two", "three", "four", "five"]
    let crowd = Series(
      x: [1, 1, 1, 1, 0], y: [0, 0, 0, 1, 1], labels: names, xLow: [0.8, 0.9, 1, 1, .nan],
      xHigh: [1, 1, 1, 1, .nan])
    let chart = try Chart(.scatter(ScatterChart([crowd])))
    let places = try names.map { name in
      let pattern = try Regex<(Substring, Substring)>(
        "<text x=\"[0-9.]+\" y=\"([0-9.]+)\"[^>]*>\(name)<")
      let found = try #require(chart.svg().firstMatch(of: pattern))
      return try #require(Double(found.output.1))
    }
    for (a, b) in [(0, 1), (0, 2), (1, 2)] { #expect(abs(places[a] - places[b]) >= 13) }
    #expect(chart.svg().contains("Whiskers"))
    #expect(chart.svg().matches(of: /class="whisker/).count == 4)
    let kept = try JSONDecoder().decode(Series.self, from: JSONEncoder().encode(Series(y: [1])))
    #expect(kept == Series(y: [1]))
    #expect(throws: ChartError.self) {
      try Chart(.scatter(ScatterChart([Series(x: [1], y: [1], xLow: [], xHigh: [1])])))
    }
    let many = Series(y: Array(repeating: 0, count: 1000), labels: Array(repeating: "a", count: 1000))
    #expect(try !Chart(.scatter(ScatterChart([many]))).svg().contains(">a<"))
  }

  @Test func `bins hold every number once`() throws {
    let values = (0..<97).map { Double($0 * $0 % 31) }
    for bins in [nil, 1, 7, 1000] {
      let chart = try Chart(.histogram(Histogram([Series(y: values)], bins: bins)))
      let counts = chart.svg().matches(of: /to [^:<]+: (\d+)</).compactMap { Int($0.1) }
      #expect(counts.reduce(0, +) == 97)
    }
  }

  @Test func `lists that differ in length are refused`() {
    let wrong: [(Chart.Content, String)] = [
      (.line(LineChart([Series("a", x: [1], y: [1, 2])])), "as many x as y, 2, got 1"),
      (.line(LineChart([Series(y: [1], low: [0])])), "as many high as y"),
      (.bars(BarChart(groups: ["a"], [Series("s", y: [1, 2])])), "one value per group, 1, got 2"),
      (.grid(GridChart([[1], [1, 2]], isLabelled: true)), "2 rows of 1 numbers"),
      (.grid(GridChart([[1]], columns: ["a", "b"], isLabelled: true)), "names of columns"),
      (.histogram(Histogram([], bins: 0)), "bins"),
      (.line(LineChart(.init(repeating: Series(y: [1]), count: 25))), "at most 24 series"),
    ]
    for (content, text) in wrong {
      let error = #expect(throws: ChartError.self) { try Chart(content) }
      #expect(error?.description.contains(text) == true, "\(error?.description ?? "")")
    }
  }

  // MARK: Files and runs

  @Test func `the numbers survive a file, missing ones too`() throws {
    for chart in try Self.charts() {
      let again = try Chart(json: chart.json(), source: "x")
      #expect(again.svg() == chart.svg())
    }
    #expect(throws: ChartError.self) { try Chart(json: Data("{}".utf8), source: "x") }
    let broken = try String(decoding: Self.charts()[0].json(), as: UTF8.self)
      .replacing("[3,2,", with: "[2,")
    #expect(throws: ChartError.self) { try Chart(json: Data(broken.utf8), source: "x") }
  }

  @Test func `a run's charts stand in its report`() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/charts-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let run = Run(path: folder)
    for chart in try Self.charts() {
      try run.keep(chart, name: chart.plainName, seed: 1)
      try run.keep(chart, name: chart.plainName, seed: 0)
    }
    #expect(throws: ChartError.self) { try run.keep(Self.charts()[0], name: "../x", seed: 0) }
    let charts = try run.charts()
    #expect(charts.count == 16 && charts[0].name == "bars" && charts[1].seed == 1)
    let result = try Sample.result(seeds: 2, planned: 2, personas: 12, resamples: 100)
    let html = Report(result: result, charts: charts).html()
    #expect(html.contains("Seed 1. ") && !html.contains(". .") && html.contains(">Charts</h2>"))
    let document = try XMLDocument(
      xmlString: html.replacing("<!DOCTYPE html>", with: "")
        .replacing(/<style>[^<]*<\/style>/.dotMatchesNewlines(), with: "")
        .replacing(/<(meta|img|br)([^>]*?)>/, with: { "<\($0.1)\($0.2)/>" }))
    let ids = try document.nodes(forXPath: "//@id").compactMap(\.stringValue)
    #expect(Set(ids).count == ids.count)
    try AtomicFile.write("{}", to: run.chartsPath + "/bars.seed0.json")
    let error = #expect(throws: ChartError.self) { try run.charts() }
    #expect(error?.description.contains("bars.seed0.json holds no chart") == true)
  }

  @Test func `files are made in the format of their name`() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/charts-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let chart = try Self.charts()[0]
    try chart.write(to: folder + "/a.svg")
    #expect(try String(contentsOfFile: folder + "/a.svg", encoding: .utf8) == chart.svg())
    #expect(throws: ChartError.self) { try chart.write(to: folder + "/a.gif") }
    #expect(throws: ChartError.self) { try chart.write(to: folder + "/svg") }
    let hasConverter = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
      .contains { FileManager.default.isExecutableFile(atPath: $0 + "/rsvg-convert") }
    for (name, head) in [("a.png", "\u{89}PNG"), ("a.pdf", "%PDF")] {
      if hasConverter {
        try chart.write(to: folder + "/" + name)
        let data = FileManager.default.contents(atPath: folder + "/" + name) ?? Data()
        #expect(data.starts(with: head.unicodeScalars.map { UInt8($0.value) }))
      } else {
        let error = #expect(throws: ChartError.self) { try chart.write(to: folder + "/" + name) }
        #expect(error?.description.contains("librsvg2-bin") == true)
      }
    }
  }
}
