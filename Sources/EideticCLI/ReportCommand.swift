// `eidetic report`: the HTML page of one run or of several.

import ArgumentParser
import Foundation
import Reporting
import Repro
import RunStore

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Write the HTML report of a run, or one page for several.",
    discussion: """
      One run: its report.html is written again from result.json; the pictures of
      people are kept. Several runs: one page with a comparison and a part per run,
      in report.html here or in --out.

      Examples:
        eidetic report 0C5K9QXW
        eidetic report 0C5K9QXW 7M2TPA1Z --out comparison.html
      """)

  @Argument(help: "The runs.") var runs: [String]

  @Option(
    help: "The file; by default the run's report.html, for several runs report.html here.",
    completion: .file(extensions: ["html"]))
  var out: String?

  @OptionGroup var root: RootOption

  func run() throws {
    let found = try root.find(runs)
    let reports = try found.map { run in
      let (result, gallery) = (try run.resultOrFailure(), try gallery(run))
      return (name: run.name, report: try failing { try Report(result, of: run, gallery: gallery) })
    }
    try failing {
      if found.count == 1 {
        let path = out ?? found[0].reportPath
        try AtomicFile.write(reports[0].report.html(), to: path)
        print("report  \(path)")
      } else {
        let path = out ?? "report.html"
        if out == nil, FileManager.default.fileExists(atPath: path) {
          throw Failure(
            code: 2, "error: \(path) is there already; --out names another file, or replaces it")
        }
        try JointReport.write(reports, scripts: found.map(\.scriptText), to: path)
        print("report  \(path)")
      }
    }
  }

  /// Reports of earlier versions do not say whose pictures they show.
  private func gallery(_ run: Run) throws -> [GalleryItem] {
    guard let earlier = try? String(contentsOfFile: run.reportPath, encoding: .utf8) else {
      return []
    }
    let items = GalleryItem.items(inReport: earlier)
    if items.isEmpty, earlier.contains("<ul class=\"gallery\">"), out == nil, runs.count == 1 {
      throw Failure(
        code: 1,
        "error: \(run.reportPath) was written by an earlier version, and its pictures cannot be "
          + "taken over; --out writes a report without them to another file")
    }
    return items
  }
}

extension JointReport {
  /// Writes one page over several results.
  ///
  /// - Throws: `MetricsError` for outcomes that are not finite; `FileWriteError`.
  static func write(
    _ reports: [(name: String, report: Report)], scripts: [String?], to path: String
  ) throws {
    let comparison = try RunComparison(reports.map(\.report.result), scripts: scripts)
    try AtomicFile.write(JointReport(reports, comparison: comparison).html(), to: path)
  }
}
