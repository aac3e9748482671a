// Several runs on one page: a table that compares them, then each run's report.

import Metrics
import RunStore

/// The report of several runs.
public struct JointReport: Sendable {
  private let names: [String]
  private let reports: [Report]
  private let comparison: RunComparison

  /// Creates a report.
  ///
  /// - Parameters:
  ///   - runs: The runs' names and reports, in the order of the page.
  ///   - comparison: Of the same runs in the same order.
  public init(_ runs: [(name: String, report: Report)], comparison: RunComparison) {
    names = runs.map(\.name)
    reports = runs.enumerated().map { index, run in
      var report = run.report
      report.mark = "run-\(index + 1)-"
      return report
    }
    self.comparison = comparison
  }

  /// The whole page; the same results give the same bytes.
  public func html() -> String {
    let title = Set(reports.map(\.result.experiment)).sorted().joined(separator: ", ")
    let items = names.enumerated().map { index, name in
      "<li><a href=\"#run-\(index + 1)\">\(HTML.escaped(name))</a>: "
        + "\(HTML.escaped(reports[index].result.finding))</li>"
    }
    let header = """
      <header>
      <p class="eyebrow">Report of \(names.count) runs</p>
      <h1>\(HTML.escaped(title))</h1>
      <ol>\(items.joined(separator: "\n"))</ol>
      </header>
      """
    return Page.html(
      title: title, header: header,
      body: ([comparisonSection] + names.indices.map(article)).joined(separator: "\n"))
  }

  private func article(_ index: Int) -> String {
    let report = reports[index]
    return """
      <article id="run-\(index + 1)" aria-label="Run \(index + 1)">
      <p class="eyebrow">Run \(index + 1): <code>\(HTML.escaped(names[index]))</code></p>
      \(report.header)
      \(report.sections.joined(separator: "\n"))
      </article>
      """
  }

  package var comparisonSection: String {
    let numbers = names.indices.map { "Run \($0 + 1)" }
    let differences = comparison.differences.map { difference in
      ([difference.what] + difference.values.map { $0 ?? "–" }).map(HTML.escaped)
    }
    let cells = comparison.rows.map { row in
      [HTML.escaped(words(row.key.label))]
        + zip(row.cells, row.gaps).map { cell, gap in
          guard let cell else { return "–" }
          let spread = cell.betweenSeedDeviation.map { ", sd \(Cell.number($0))" } ?? ""
          let change = gap.map { "<br><small>Δ \(Cell.estimate($0.value, $0.interval))</small>" }
          return Cell.estimate(cell.mean, cell.interval) + spread + (change ?? "")
        }
    }
    let obstacles = comparison.obstacles.enumerated().compactMap { index, obstacle in
      obstacle.map {
        "<p class=\"aside\">No difference of run 1 and run \(index + 1) by person: "
          + "\(HTML.escaped($0)).</p>"
      }
    }
    return """
      <section aria-labelledby="comparison">
      <h2 id="comparison">The runs side by side</h2>
      \(HTML.table(
        caption: "Every cell: mean with interval, sd between seeds. Δ: minus run 1, person by "
          + "person over the seeds and people that both have",
        head: ["Cell"] + numbers, rows: cells, classes: "numbers"))
      \(obstacles.joined())
      \(differences.isEmpty
        ? "<p>Their circumstances are the same.</p>"
        : HTML.table(caption: "What differs", head: [""] + numbers, rows: differences))
      </section>
      """
  }
}
