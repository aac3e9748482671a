// The parts of pages that change while one looks: each is made whole and replaced as a whole, by
// the page at first and then by what the server sends.

import Foundation
import Reporting
import Repro
import RunStore

/// Markup of running jobs.
package enum LivePart {
  static let progressID = "live-progress", curvesID = "live-curves", logID = "live-log"
  static let spokenID = "live-spoken", runningID = "live-running"

  /// What a page of this run shows that a new part cannot mend; another value asks for a new page.
  package static func mark(_ run: RunSummary) -> String {
    "\(run.state.rawValue) \(run.seeds.count)"
  }

  /// The same for a list.
  package static func mark(_ runs: [RunSummary]) -> String {
    var text = ""
    for run in runs { text += "\(run.name) \(run.state.rawValue) \(run.seeds.count) \(run.tags)\n" }
    return String(SHA256.hex(text).prefix(16))
  }

  /// How far a run is.
  package static func progress(_ course: Course, _ run: RunSummary) -> String {
    let seeds = "<p class=\"facts\">\(HTML.escaped(seedsDone(run)))</p>"
    guard let stage = course.current else {
      let words = course.entries.last.map { HTML.escaped($0.text) } ?? "nothing in its log yet"
      return "<p>\(words)</p>\(seeds)"
    }
    return bar(stage) + seeds
  }

  private static func bar(_ stage: Course.Stage) -> String {
    let facts = facts(stage).map { "<span>\(HTML.escaped($0))</span>" }.joined(separator: " ")
    let label = HTML.escaped("Progress of \(stage.name)")
    let meter =
      stage.steps.map { steps in
        "<progress max=\"\(max(steps, 1))\" value=\"\(min(stage.step, max(steps, 1)))\" "
          + "aria-label=\"\(label)\"></progress>"
      } ?? ""
    return "<p class=\"stage\"><b>\(HTML.escaped(stage.name))</b> \(facts)</p>\(meter)"
  }

  private static func facts(_ stage: Course.Stage) -> [String] {
    var facts = stage.seed.map { ["seed \($0)"] } ?? []
    facts.append(stage.steps.map { "step \(stage.step) of \($0)" } ?? "step \(stage.step)")
    if let loss = stage.points.last?.loss { facts.append("loss \(Number.short(loss))") }
    if let rate = stage.rate {
      facts.append("\(Number.fixed(rate, rate < 10 ? 1 : 0)) steps/s")
      if let steps = stage.steps, steps > stage.step {
        facts.append("about \(Number.duration((Double(steps) - Double(stage.step)) / rate)) left")
      }
    }
    return facts
  }

  private static func seedsDone(_ run: RunSummary) -> String {
    let planned = run.manifest?.seeds.count ?? 0
    return "\(run.seeds.count) of \(planned) \(planned == 1 ? "seed" : "seeds") done"
  }

  /// The loss of every training so far, one small chart for each, its seeds as lines.
  ///
  /// - Parameter done: The curves of seeds that are done, as the result keeps them.
  package static func curves(_ course: Course, done: [Curve]) -> String {
    var known = Set(done.map { "\($0.stage) \($0.seed)" })
    var all = done.filter { $0.steps.count > 1 }
    for stage in course.stages.reversed() where stage.points.count > 1 {
      // The log's own line for a training that the result has, or that was begun twice, is older.
      if known.insert("\(stage.name) \(stage.seed ?? 0)").inserted { all.append(stage.curve) }
    }
    guard !all.isEmpty else {
      return "<p class=\"aside\">No losses yet. They come with the first steps of a training, or, "
        + "from scripts that do not report their steps, when a seed is done.</p>"
    }
    var names: [String] = []
    for name in course.stages.map(\.name) + all.map(\.stage) where !names.contains(name) {
      if all.contains(where: { $0.stage == name }) { names.append(name) }
    }
    let charts = names.enumerated().map { index, name in
      CurveChart(stage: name, curves: all.filter { $0.stage == name }).figure(
        id: "live-curve-\(index)")
    }
    return "<div class=\"charts\">\(charts.joined(separator: "\n"))</div>"
  }

  /// The latest lines of the log, the newest first.
  package static func log(_ course: Course) -> String {
    guard !course.entries.isEmpty else { return "<p class=\"aside\">The log is empty.</p>" }
    let items = course.entries.reversed().map { entry in
      let time = entry.seconds.map(Number.duration) ?? ""
      let seed = entry.seed.map { "seed \($0)" } ?? ""
      return "<li\(entry.isFailure ? " class=\"bad\"" : "")><span>\(HTML.escaped(time))</span> "
        + "<span>\(HTML.escaped(seed))</span> <span>\(HTML.escaped(entry.text))</span></li>"
    }
    let rest =
      course.omitted == 0
      ? ""
      : "<p class=\"aside\">and \(course.omitted) earlier lines, in <code>events.jsonl</code></p>"
    return
      "<ol class=\"log\" tabindex=\"0\" aria-label=\"Log, newest first\" reversed>\(items.joined(separator: "\n"))</ol>\(rest)"
  }

  /// Where a run is, in one sentence.
  package static func words(_ course: Course, _ run: RunSummary) -> String {
    guard run.state == .running else { return "The run is \(run.state.rawValue)." }
    guard let stage = course.current else { return "The run is running. \(seedsDone(run))." }
    return "\(stage.name), \(facts(stage).joined(separator: ", ")). \(seedsDone(run))."
  }

  /// The jobs at work, for the head of the list.
  package static func running(_ runs: [(run: RunSummary, course: Course)]) -> String {
    guard !runs.isEmpty else { return "" }
    let items = runs.prefix(50).map { run, course in
      "<li><h3><a href=\"\(Link.run(run.name))\">\(HTML.escaped(run.name))</a></h3>"
        + progress(course, run) + "</li>"
    }
    return """
      <section aria-labelledby="running"><h2 id="running">At work now</h2>
      <ul class="jobs">\(items.joined(separator: "\n"))</ul></section>
      """
  }
}

/// Addresses of pages.
package enum Link {
  package static func run(_ name: String, _ rest: String = "") -> String {
    "/runs/\(URLText.part(name))\(rest)"
  }

  static func people(_ name: String, seed: Int, persona: Int) -> String {
    run(name, "/people/\(seed)/\(persona)")
  }

  static func picture(
    _ name: String, seed: Int, persona: Int, side: Int, view: Int? = nil
  ) -> String {
    run(name, "/people/\(seed)/\(persona).png")
      + URLText.query([("size", "\(side)"), ("view", view.map { "\($0)" })]).replacing(
        "&", with: "&amp;")
  }
}
