// Chosen runs side by side: what differs, every cell, the curves over each other.

import Foundation
import Metrics
import Reporting
import RunStore

/// A comparison as it is shown.
package struct ComparePage: Sendable {
  /// More are no comparison any more.
  package static let most = 12

  /// The runs with a result, in the order of the columns.
  package var runs: [(name: String, result: ExperimentResult, script: String?)]
  /// Of those runs; `nil` for fewer than two.
  package var comparison: RunComparison?
  /// Runs that were asked for and why they are not here.
  package var missing: [(name: String, reason: String)] = []

  package init(
    runs: [(name: String, result: ExperimentResult, script: String?)], comparison: RunComparison?
  ) {
    (self.runs, self.comparison) = (runs, comparison)
  }

  /// The page.
  package func html() -> String {
    let items = runs.enumerated().map { index, run in
      "<li><a href=\"\(Link.run(run.name))\">\(HTML.escaped(run.name))</a>: "
        + "\(HTML.escaped(run.result.finding))</li>"
    }
    let missing = missing.map {
      "<p class=\"notice problem\"><code>\(HTML.escaped($0.name))</code>: \(HTML.escaped($0.reason))</p>"
    }
    return Frame.html(
      title: "Comparison", crumbs: [("Runs", "/"), ("Comparison", "/compare")],
      body: """
        <h1>Comparison</h1>
        \(missing.joined())
        \(runs.isEmpty ? "" : "<ol>\(items.joined(separator: "\n"))</ol>")
        \(comparison.map(sections) ?? Self.tooFew)
        """)
  }

  private static let tooFew = """
    <p>Choose two runs or more in <a href="/">the list</a>; of each pair the difference is taken person
    by person where both asked the same people.</p>
    """

  private func sections(_ comparison: RunComparison) -> String {
    let joint = JointReport(
      runs.map { ($0.name, Report(result: $0.result)) }, comparison: comparison)
    return "<div class=\"compare\">\(joint.comparisonSection)</div>\(scripts)\(curves)"
  }

  private var scripts: String {
    guard let first = runs.first?.script else { return "" }
    let parts = runs.enumerated().dropFirst().compactMap { index, run -> String? in
      guard let script = run.script, script != first else { return nil }
      let changes = LineChange.changes(from: first, to: script)
      let lines = changes.prefix(200).map(\.description).joined(separator: "\n")
      let rest = changes.count > 200 ? "\nand \(changes.count - 200) more" : ""
      return
        "<details><summary>Run 1 (−) and run \(index + 1) (+): \(changes.count) lines</summary>"
        + "<pre tabindex=\"0\"><code>\(HTML.escaped(lines + rest))</code></pre></details>"
    }
    return parts.isEmpty ? "" : Frame.section("Lines of the scripts that differ", parts.joined())
  }

  // MARK: Curves

  private var curves: String {
    var stages: [String] = []
    for curve in runs.flatMap(\.result.curves) where !stages.contains(curve.stage) {
      stages.append(curve.stage)
    }
    let figures = stages.prefix(24).enumerated().compactMap { index, stage in
      chart(stage)?.figure(id: "curve-\(index)")
    }
    return figures.isEmpty ? "" : Frame.section("Training", figures.joined(separator: "\n"))
  }

  private func chart(_ stage: String) -> Chart? {
    let series = runs.enumerated().compactMap { index, run in
      Self.series(
        "run \(index + 1)", run.result.curves.filter { $0.stage == stage && $0.steps.count > 1 })
    }
    guard !series.isEmpty, var chart = try? Chart(.line(LineChart(series)), title: words(stage))
    else { return nil }
    chart.xLabel = "step"
    chart.yLabel = "loss [nats]"
    chart.width = 720
    chart.caption = "Mean over the run’s seeds"
    chart.interval = "lowest to highest seed"
    return chart
  }

  /// The mean over seeds at the steps that all of them have, with the lowest and highest.
  private static func series(_ name: String, _ curves: [Curve]) -> Series? {
    guard let first = curves.first else { return nil }
    let tables = curves.map { Dictionary(zip($0.steps, $0.values)) { first, _ in first } }
    let points = Set(first.steps).sorted().compactMap { step -> (Int, [Double])? in
      let values = tables.compactMap { $0[step] }
      return values.count == tables.count ? (step, values) : nil
    }
    guard !points.isEmpty else { return nil }
    let isOfSeveral = curves.count > 1
    return Series(
      name, x: points.map { Double($0.0) },
      y: points.map { $0.1.reduce(0, +) / Double($0.1.count) },
      low: isOfSeveral ? points.map { $0.1.min() ?? .nan } : [],
      high: isOfSeveral ? points.map { $0.1.max() ?? .nan } : [])
  }
}
