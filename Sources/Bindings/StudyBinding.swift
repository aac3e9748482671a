// `runs.study`: the claims of several runs as one family, with one report.

import Foundation
import LuaHost
import Reporting
import Repro
import RunStore

extension RunsBinding {
  static func study(_ workbench: Workbench) -> NativeFunction {
    NativeFunction(
      "study",
      "Gathers finished runs below a folder: result.json, report.html and claims.md there.",
      options: [
        .init("name", .string, "The study.", required: true),
        .init("summary", .string, "What it asks, in a sentence.", default: ""),
        .init("folder", .string, "Its folder; by default as the command line says.", default: ""),
        .init("parts", .list(.string), "The runs' folders below it, in order.", required: true),
        .init("planned", .integer, "How many there will be; by default no more."),
        .init("limits", .list(.string), "What its numbers do not say.", default: .list([])),
      ], results: [.init(.string, "The verdicts and where the files are.")],
      example: "runs.study { name = \"all\", folder = \"study\", parts = { \"out\" } }"
    ) { a in
      let root = try a.path(text: a.string("folder"), for: .writing)
      let study = try StudyResult(
        name: a.string("name"), question: a.string("summary"), limits: a.strings("limits"),
        root: root, folders: a.strings("parts"), planned: a.integer(ifGiven: "planned"))
      let run = Run(path: root)
      let page = StudyReport(study, reports: try study.parts.map { try report(root, $0) })
      try AtomicFile.write(study.json.pretty, to: run.resultPath)
      try AtomicFile.write(page.verdicts.text(.markdown), to: root + "/claims.md")
      try run.writeReport(page.html())
      let level = study.parts.first?.result.level ?? 0.95
      return [
        .string(
          "\(ClaimResult.lines(study.claims, level: level))\n\n"
            + "result  \(run.resultPath)\nreport  \(run.reportPath)")
      ]
    }
  }

  /// With the pictures that the part's own report shows.
  private static func report(_ root: String, _ part: StudyResult.Part) throws -> Report {
    let run = Run(path: root + "/" + part.folder)
    let html = try? String(contentsOfFile: run.reportPath, encoding: .utf8)
    return try Report(
      part.result, of: run, gallery: html.map { GalleryItem.items(inReport: $0) } ?? [])
  }
}
