// The central object: recall by source and target, as a heat map and as a chart, and the paired
// comparisons.

import Metrics
import RunStore

extension Report {
  package var recallSection: String? {
    guard let primary else { return nil }
    let others = result.matrices.filter {
      $0.metric == result.primaryMetric && $0.group == .member && $0.title != primary.title
    }
    let isCrossed = primary.sources != [""]
    return section(
      isCrossed ? "Recall by source and target" : "Recall by how people are shown",
      """
      \(isCrossed ? Self.reading : "")
      \(heatMap(primary))
      \(RecallChart(matrix: primary, level: percent).figure(id: mark + "recall"))
      \(others.map(heatMap).joined())
      """)
  }

  private static let reading = """
    <p>Each row is a modality the names were learned from, each column one they were asked in. \
    Off the diagonal, what is recalled has crossed over.</p>
    """

  /// A matrix as a table whose backgrounds deepen with the mean.
  func heatMap(_ matrix: Matrix) -> String {
    let head = matrix.targets.map {
      "<th scope=\"col\">\($0.isEmpty ? "" : "asked by \(HTML.escaped($0))")</th>"
    }
    let rows = matrix.sources.map { source in
      let cells = matrix.targets.map { heatCell(matrix.cell(source: source, target: $0)) }
      let name = source.isEmpty ? "" : "learned from \(HTML.escaped(source))"
      return "<tr><th scope=\"row\">\(name)</th>\(cells.joined())</tr>"
    }
    return """
      <table class="heat"><caption><b>\(HTML.escaped(words(matrix.title)))</b>: mean with \
      \(percent) interval, each seed’s mean, blind guessing and never-trained twins</caption>
      <thead><tr><td></td>\(head.joined())</tr></thead>
      <tbody>\(rows.joined(separator: "\n"))</tbody></table>
      """
  }

  private func heatCell(_ cell: CellResult?) -> String {
    guard let cell else { return "<td>–</td>" }
    // Half strength at most, so that text keeps its contrast in both color schemes.
    let depth = cell.scale.range == 0...1 ? cell.mean * 0.5 : 0
    let seeds =
      cell.seedMeans.count > 1 && cell.seedMeans.count <= 6
      ? "<span class=\"seeds\">\(cell.seedMeans.map { Cell.number($0.mean) }.joined(separator: " "))</span>"
      : ""
    let context = [
      cell.chance.map { "chance \(Cell.number($0))" },
      cell.control.map { "twins \(Cell.number($0.mean))" },
    ].compactMap { $0 }.joined(separator: ", ")
    return """
      <td style="--depth:\(depth)"><b>\(Cell.number(cell.mean))</b> \
      \(Cell.range(cell.interval))\(seeds)\
      <small>\(context)</small></td>
      """
  }

  package var comparisonSection: String? {
    guard let primary else { return nil }
    let comparisons = result.comparisons.filter(primary.holds)
    guard !comparisons.isEmpty else { return nil }
    let rows = comparisons.map(row)
    let head = [
      "Comparison", "Difference [\(percent)]", "p (Holm)", "Detectable", "Transfer ratio",
    ]
    return section(
      "How large is the gap?",
      HTML.table(
        caption:
          "Paired by persona and seed. Detectable: the smallest true difference that a study "
          + "this precise finds in 8 of 10 repetitions. Transfer ratio: target over source, both "
          + "corrected for chance; below it uncorrected",
        head: head, rows: rows, classes: "numbers")
        + "<details><summary>The pairs behind it: 2×2 tables and McNemar tests</summary>"
        + pairs(comparisons) + "</details>")
  }

  private func row(_ comparison: Comparison) -> [String] {
    let ratios = [comparison.chanceCorrectedRatio, comparison.ratio].compactMap { $0 }.map(ratio)
    return [
      name(comparison), Cell.estimate(comparison.difference, comparison.interval),
      comparison.adjustedPValue.map { HTML.escaped(Number.p($0)) } ?? "all agree",
      comparison.minimumDetectableEffect.map(Cell.number) ?? "–",
      ratios.isEmpty ? "–" : ratios.joined(separator: "<br>"),
    ]
  }

  private func ratio(_ ratio: Comparison.Ratio) -> String {
    ratio.value.number.map { Cell.estimate($0, ratio.interval) } ?? ratio.value.description
  }

  func name(_ comparison: Comparison) -> String {
    let (a, b) = (comparison.first, comparison.second)
    let text =
      switch comparison.kind {
      case .transfer: "from \(a.source): by \(a.target) − by \(b.target)"
      case .asymmetry: "\(a.source) → \(a.target) − \(b.source) → \(b.target)"
      }
    return HTML.escaped(text)
  }

  private func pairs(_ comparisons: [Comparison]) -> String {
    let tables = comparisons.filter { $0.pooledTable != nil }.map { comparison in
      HTML.table(
        caption: "Personas right under both conditions, one or none; \(name(comparison))",
        head: [
          "Seed", "Both", "First only", "Second only", "Neither", "P(second | first)", "φ",
          "McNemar p",
        ],
        rows: comparison.seedTables.map { pairRow("\($0.seed)", $0.table) }
          + (comparison.pooledTable.map { [pairRow("all *", $0)] } ?? []), classes: "numbers")
    }
    return tables.joined()
      + "<p class=\"aside\">* Pooled, the test takes answers of one model for independent of each "
      + "other and rejects too often; the table further up does not.</p>"
  }

  private func pairRow(_ seed: String, _ table: PairedTable) -> [String] {
    [
      seed, "\(table.both)", "\(table.firstOnly)", "\(table.secondOnly)", "\(table.neither)",
      table.secondGivenFirst.map(Cell.number) ?? "–", table.phi.map(Cell.number) ?? "–",
      HTML.escaped(Number.p(table.mcnemarP)),
    ]
  }
}
