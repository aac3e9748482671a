// One run: how it goes, what it found, how it was made, what lies in its folder.

import Foundation
import Metrics
import Reporting
import RunStore

/// A run as it is shown.
package struct RunPage: Sendable {
  /// The line of the list.
  package var summary: RunSummary
  /// What its log says.
  package var course: Course
  /// The result; `nil` while no seed is done, or when it cannot be read.
  package var result: ExperimentResult?
  /// Why a file of it cannot be shown.
  package var problem: String?
  /// The report whose sections are shown; `nil` like `result`.
  package var report: Report?
  /// Files with sizes.
  package var files: [(path: String, size: Int)] = []
  /// The copy of the script.
  package var script: String?

  package init(summary: RunSummary, course: Course, result: ExperimentResult?) {
    (self.summary, self.course, self.result) = (summary, course, result)
  }

  private var name: String { summary.name }
  private var isRunning: Bool { summary.state == .running }

  /// The page.
  package func html() -> String {
    let live =
      isRunning
      ? Link.run(name, "/live") + URLText.query([("mark", LivePart.mark(summary))]) : nil
    return Frame.html(
      title: "\(summary.manifest?.experiment ?? "run") \(name)",
      crumbs: [("Runs", "/"), (HTML.escaped(name), Link.run(name))], live: live, reloads: true,
      body: ([head, liveSection, results] + numbers + [keptCurves, log, circumstances]
        + [scriptSection, fileSection]).compactMap(\.self).joined(separator: "\n"))
  }

  // MARK: Head

  private var head: String {
    let manifest = summary.manifest
    let question = result?.question ?? ""
    let reason = (problem ?? summary.reason).map {
      "<p class=\"notice problem\">\(HTML.escaped($0))</p>"
    }
    return """
      <p class="eyebrow"><code>\(HTML.escaped(name))</code></p>
      <h1>\(HTML.escaped(manifest?.experiment ?? name)) \(Frame.badge(summary.state))</h1>
      \(Frame.tags(summary.tags))
      \(reason ?? "")
      \(question.isEmpty ? "" : "<p class=\"question\">\(HTML.escaped(question))</p>")
      \(result.map { "<p class=\"finding\">\(HTML.escaped($0.finding))</p>" } ?? "")
      <p class="facts">\(facts.joined(separator: " <span>·</span> "))</p>
      \(summary.state == .broken ? "" : links)
      """
  }

  private var facts: [String] {
    guard let manifest = summary.manifest else { return ["\(Number.bytes(summary.size))"] }
    var facts = ["started \(Frame.time(manifest.time))", "seeds \(summary.seedCount)"]
    if let ending = manifest.ending { facts.append("took \(Number.duration(ending.seconds))") }
    if let result { facts.append("\(result.outcomes.count) answers") }
    return facts + [Number.bytes(summary.size)]
  }

  private var links: String {
    var query = RunsQuery()
    query.condition = "experiment == \(LuaText.quoted(summary.manifest?.experiment ?? ""))"
    let others = query.link() + "&run=\(URLText.part(name))"
    let items =
      (result == nil
        ? []
        : [("Report", Link.run(name, "/report")), ("People", Link.run(name, "/people"))])
      + [("Compare with …", others), ("JSON", "/api" + Link.run(name))]
    let links = items.map {
      "<li><a class=\"button quiet\" href=\"\(HTML.escaped($1))\">\($0)</a></li>"
    }
    return "<ul class=\"links\" aria-label=\"More about this run\">\(links.joined())</ul>"
  }

  // MARK: While it runs

  private var liveSection: String? {
    guard isRunning else { return nil }
    return Frame.section(
      "How it goes",
      """
      <div class="live" id="\(LivePart.progressID)">\(LivePart.progress(course, summary))</div>
      <p class="hidden" id="\(LivePart.spokenID)" aria-live="polite"></p>
      <h3>Loss by step, one line per seed</h3>
      <div id="\(LivePart.curvesID)">\(LivePart.curves(course, done: result?.curves ?? []))</div>
      """)
  }

  /// Of a run that was stopped before its first seed was done the log alone has the losses.
  private var keptCurves: String? {
    guard !isRunning, result?.curves.isEmpty ?? true,
      course.stages.contains(where: { $0.points.count > 1 })
    else { return nil }
    return Frame.section(
      "Training", "<p>One line per seed, from the log.</p>" + LivePart.curves(course, done: []))
  }

  private var log: String? {
    if course.entries.isEmpty, !isRunning { return nil }
    return Frame.section(
      "Log",
      "<div id=\"\(LivePart.logID)\">\(LivePart.log(course))</div>")
  }

  // MARK: Numbers

  private var results: String? {
    guard let result, !result.cells.isEmpty else {
      return isRunning || summary.state == .broken || problem != nil
        ? nil : Frame.section("Results", "<p>No seed was done, so there are no numbers.</p>")
    }
    let level = "\(Number.plain(result.level * 100)) %"
    let rows = result.cells.map { cell in
      [
        Frame.cell(cell.key.label), Cell.estimate(cell.mean, cell.interval),
        cell.betweenSeedDeviation.map(Cell.number) ?? "–", "\(cell.seedCount)", "\(cell.count)",
        cell.chance.map(Cell.number) ?? "–",
        cell.control.map { Cell.estimate($0.mean, $0.interval) } ?? "–",
      ]
    }
    return Frame.section(
      "Results",
      HTML.table(
        caption:
          "Every cell: mean with \(level) interval, standard deviation of the seeds’ means, how "
          + "many seeds and answers (n), blind guessing, never-trained twins",
        head: ["Cell", "Mean [\(level)]", "sd of seeds", "Seeds", "n", "Chance", "Twins"],
        rows: rows,
        classes: "numbers"))
  }

  private var numbers: [String?] {
    guard let report else { return [] }
    return [
      report.claimSection, report.conditionSection, report.recallSection, report.comparisonSection,
      report.chartSection, isRunning ? nil : report.trainingSection, report.notesSection,
    ]
  }

  // MARK: Circumstances

  private var circumstances: String? {
    guard let manifest = summary.manifest else { return nil }
    let parameters = manifest.parameters.sorted { $0.key < $1.key }.map {
      [HTML.escaped($0.key), Frame.code($0.value)]
    }
    let git = manifest.git?.summary
    let ending = manifest.ending.map {
      "\($0.time.iso8601), \($0.state.rawValue) (exit code \($0.exitCode))"
    }
    let rows: [(String, String?)] =
      [
        ("command", manifest.commandLine), ("folder", manifest.directory),
        ("started", manifest.time.iso8601), ("ended", ending),
        ("seeds planned", manifest.seeds.map(String.init).joined(separator: ", ")),
        ("people (data hash)", manifest.dataHash), ("script (SHA-256)", manifest.scriptHash),
        ("project", git), ("host", manifest.host), ("threads", "\(manifest.threads)"),
        ("BLAS", manifest.blas),
      ]
      + manifest.versions.sorted { $0.key < $1.key }.map {
        ("version of \($0.key)", Optional($0.value))
      }
    let none = parameters.isEmpty ? [["none", "–"]] : parameters
    return """
      <div class="two">
      \(Frame.section("Parameters", HTML.table(head: ["Parameter", "Value"], rows: none, classes: "facts")))
      \(Frame.section(
        "How it was made", id: "manifest",
        HTML.table(
          head: ["Circumstance", "Value"], rows: rows.map { [HTML.escaped($0), Frame.code($1)] },
          classes: "facts")))
      </div>
      """
  }

  private var scriptSection: String? {
    script.map { text in
      Frame.section(
        "Script",
        "<details><summary>\(text.split(separator: "\n").count) lines</summary>"
          + "<pre tabindex=\"0\"><code>\(HTML.escaped(text))</code></pre></details>")
    }
  }

  private var fileSection: String? {
    guard !files.isEmpty else { return nil }
    let rows = files.map { file in
      let path = file.path.split(separator: "/").map { URLText.part(String($0)) }
      return [
        "<a href=\"\(Link.run(name, "/files/" + path.joined(separator: "/")))\">"
          + "\(HTML.escaped(file.path))</a>", Number.bytes(file.size),
      ]
    }
    return Frame.section(
      "Files",
      HTML.table(
        caption: "In \(HTML.escaped(summary.path))", head: ["File", "Size"], rows: rows,
        classes: "facts"))
  }
}
