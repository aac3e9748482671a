// What came out of a sweep: a line per condition, and one page over all of them.

import Foundation
import Reporting
import Repro
import RunStore
import Sweeps

struct SweepOutcome {
  private let folder: SweepFolder
  private let plan: Plan

  init(_ folder: SweepFolder, _ plan: Plan) { (self.folder, self.plan) = (folder, plan) }

  /// More conditions than this fill no page that anyone reads.
  private static let pageLimit = 24

  /// Prints the table and writes the report of what is done.
  ///
  /// - Throws: ``Failure``.
  func tell() throws {
    let done = plan.tasks.filter {
      FileManager.default.fileExists(atPath: folder.run($0.id).resultPath)
    }
    guard !done.isEmpty else { return }
    let summaries = done.map { RunSummary(reading: folder.run($0.id)) }
    print(GroupTable(SeedGroup.groups(summaries), keys: []).table(.plain).text(.plain))
    let conditions = Set(done.map(\.settings)).count
    if conditions > Self.pageLimit {
      print(
        "runs    \(folder.runsPath)\n\(conditions) conditions are too many for one page: "
          + "eidetic report --root \(folder.runsPath) RUN…")
      return
    }
    try failing { try writeReport(done) }
    print("runs    \(folder.runsPath)\nreport  \(folder.reportPath)")
  }

  /// Seeds of one condition are pooled.
  private func writeReport(_ done: [PlannedTask]) throws {
    let loaded = try done.map { task in
      let run = folder.run(task.id)
      return (name: task.id, result: try run.result(), script: run.scriptText)
    }
    let names = Dictionary(
      done.map { ($0.id, Self.condition($0)) }, uniquingKeysWith: { first, _ in first })
    let reports = try RunGroup.groups(loaded).map { group in
      (name: names[group.names[0]] ?? group.names[0], report: Report(result: group.result))
    }
    if reports.count == 1 {
      try AtomicFile.write(reports[0].report.html(), to: folder.reportPath)
    } else {
      let script = loaded[0].script
      try JointReport.write(
        reports, scripts: reports.map { _ in script }, to: folder.reportPath)
    }
  }

  private static func condition(_ task: PlannedTask) -> String {
    let text = task.settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return text.isEmpty ? "as it is" : text.joined(separator: " ")
  }
}
