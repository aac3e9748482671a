// Tables as text, several runs on a page, and pictures that survive a second writing.

import Foundation
import Metrics
import Reporting
import Repro
import RunStore
import Testing

@Suite struct JointReportTests {
  @Test func `tables are quoted for their readers`() {
    let table = DataTable(
      columns: ["a_b", "c"], rows: [["1,\"2\"\n3", "50 % & <x> | \u{1B}[31m"], ["ä", ""]])
    #expect(
      table.text(.csv) == "a_b,c\n\"1,\"\"2\"\"\n3\",50 % & <x> | \u{1B}[31m\nä,\n")
    #expect(table.text(.markdown).contains("| 50 % & &lt;x> \\| \u{FFFD}[31m |"))
    #expect(table.text(.latex).contains("a\\_b & c \\\\\n\\midrule"))
    #expect(table.text(.latex).contains("50 \\% \\& \\textless{}x\\textgreater{}"))
    #expect(table.text(.plain).hasPrefix("a_b      c\n1,\"2\"\u{FFFD}3  50 %"))
  }

  @Test func `pictures are taken over from an earlier report`() throws {
    let result = try Sample.result(seeds: 4, planned: 4, resamples: 100)
    var gallery = Sample.gallery
    gallery[0].caption = "<b> \"red\" & 'blue'"
    gallery[1].caption = ""
    let html = Report(result: result, gallery: gallery).html()
    let again = GalleryItem.items(inReport: html)
    #expect(again.map(\.png) == gallery.map(\.png))
    #expect(again.map(\.caption) == gallery.map(\.caption))
    #expect(Report(result: result, gallery: again).html() == html)
    #expect(GalleryItem.items(inReport: "<li data-seed=\"x\"><li data-seed=\"").isEmpty)
  }

  @Test func `several runs are one page with distinct identifiers`() throws {
    let results = [
      try Sample.result(resamples: 100), try Sample.result(seeds: 2, resamples: 100),
    ]
    let html = JointReport(
      [("run <a>", Report(result: results[0])), ("b", Report(result: results[1]))],
      comparison: try RunComparison(results, resamples: 100)
    ).html()
    let marks = html.matches(of: #/ id="([^"]*)"/#).map { String($0.1) }
    #expect(Set(marks).count == marks.count && marks.contains("run-2-recall-wide-title"))
    for reference in html.matches(of: #/(?:labelledby="|href="#)([^"]*)"/#) {
      for id in reference.1.split(separator: " ") { #expect(marks.contains(String(id))) }
    }
    #expect(html.contains("run &lt;a&gt;") && !html.contains("run <a>"))
    #expect(html.contains("The runs side by side") && html.contains("Δ"))
    #expect(html.ranges(of: "<!DOCTYPE").count == 1 && !html.contains("<script"))
  }

  @Test func `a study's page opens with its verdicts and leads to each experiment`() throws {
    let root = NSTemporaryDirectory() + "/eidetic-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: root) }
    for name in ["first <x>", "second"] {
      let folder = root + "/" + name
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
      let sample = try Sample.result(experiment: name, resamples: 100)
      try Run(path: folder).write(
        ExperimentResult(
          outcomes: sample.outcomes, manifest: sample.manifest,
          claims: [
            Claim(
              "it <transfers>",
              [
                .init(
                  1, CellKey(metric: "full_name", keys: ["source": "image", "target": "text"]))
              ], offset: 0.01)
          ], resamples: 100, stream: RandomStream(seed: 0)))
    }
    let study = try StudyResult(
      name: "paper", question: "q & a", limits: ["small"], root: root,
      folders: ["first <x>", "second"])
    let report = StudyReport(
      study,
      reports: study.parts.enumerated().map {
        Report(result: $1.result, gallery: $0 == 0 ? Sample.gallery : [])
      })
    let html = report.html()
    let marks = html.matches(of: #/ id="([^"]*)"/#).map { String($0.1) }
    #expect(Set(marks).count == marks.count)
    for reference in html.matches(of: #/(?:labelledby="|href="#)([^"]*)"/#) {
      for id in reference.1.split(separator: " ") { #expect(marks.contains(String(id))) }
    }
    #expect(html.contains("it &lt;transfers&gt;") && !html.contains("<transfers>"))
    #expect(html.contains("<b>shown</b>") && html.contains("What this does not say"))
    #expect(report.verdicts.rows.count == 2 && report.verdicts.rows[0].last == "shown")
  }
}
