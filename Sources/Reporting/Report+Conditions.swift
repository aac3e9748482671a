// What a condition such as the number of views changes: one chart per condition and metric.

import Metrics
import RunStore

extension Report {
  package var conditionSection: String? {
    let charts = conditionCharts
    guard !charts.isEmpty else { return nil }
    let figures = charts.enumerated().map { $0.element.figure(id: "\(mark)condition-\($0.offset)") }
    return section("By condition", figures.joined(separator: "\n"))
  }

  /// Conditions beside source and target that take several values; parts of names have tables only.
  private var conditionCharts: [Chart] {
    let members = result.cells.filter { $0.key.group == .member }
    let metrics = Set(members.map(\.key.metric)).subtracting(["first_name", "last_name", "rank"])
    return metrics.sorted().flatMap { metric -> [Chart] in
      let cells = members.filter { $0.key.metric == metric }
      let names = Set(cells.flatMap(\.key.keys.keys)).subtracting(["source", "target"])
      return names.sorted().compactMap { chart(metric, by: $0, cells) }
    }
  }

  private func chart(_ metric: String, by name: String, _ all: [CellResult]) -> Chart? {
    let cells = all.filter { $0.key.keys[name] != nil }
    let values = Set(cells.compactMap { $0.key.keys[name] }).sorted(by: Self.isBefore)
    guard values.count > 1, cells.contains(where: { $0.scale == .binary }) else { return nil }
    let rows = Dictionary(grouping: cells) { Self.label($0, without: name) }
    // A part of the series would read as all of them, and more cannot be told apart.
    guard rows.count <= Style.colorCount else { return nil }
    let sorted = rows.sorted { $0.key < $1.key }
    let trends = result.trends.filter { $0.condition == name && $0.key.metric == metric }
    let content =
      trends.isEmpty ? bars(sorted, by: name, values) : curves(sorted, by: name, trends)
    guard var chart = try? Chart(content, title: "\(words(metric)) by \(words(name))") else {
      return nil
    }
    chart.caption = slopes(trends)
    chart.xLabel = words(name)
    chart.yLabel = "\(words(metric)), share right"
    chart.range = [0, 1]
    chart.width = 900
    chart.sample = counted(seedCount, "seed")
    chart.interval = "\(percent) over seeds and people"
    let levels = Set(cells.compactMap(\.chance))
    if levels.count == 1, let level = levels.first { chart.reference = .init(value: level, name: "chance") }
    return chart
  }

  private func bars(
    _ rows: [(key: String, value: [CellResult])], by name: String, _ values: [String]
  ) -> Chart.Content {
    let series = rows.map { label, cells in
      let found = values.map { value in cells.first { $0.key.keys[name] == value } }
      return Series(
        label, x: [], y: found.map { $0?.mean ?? .nan },
        low: found.map { $0?.interval?.low ?? .nan }, high: found.map { $0?.interval?.high ?? .nan })
    }
    return .bars(BarChart(groups: values, series))
  }

  private func curves(
    _ rows: [(key: String, value: [CellResult])], by name: String, _ trends: [TrendResult]
  ) -> Chart.Content {
    let points = rows.map { label, cells in
      let placed = cells.compactMap { cell in
        cell.key.keys[name].flatMap(Double.init).map { (level: $0, cell: cell) }
      }.sorted { $0.level < $1.level }
      return Series(
        label, x: placed.map(\.level), y: placed.map(\.cell.mean),
        low: placed.map { $0.cell.interval?.low ?? .nan },
        high: placed.map { $0.cell.interval?.high ?? .nan })
    }
    let fitted = rows.map { label, cells in
      let curve = trends.first { $0.holds(cells.first?.key) }?.curve ?? []
      return Series(
        label, x: curve.map(\.level), y: curve.map(\.share),
        low: curve.map { $0.interval?.low ?? .nan }, high: curve.map { $0.interval?.high ?? .nan })
    }
    return .trend(
      TrendChart(
        points: points, curves: fitted, isLogarithmic: trends.allSatisfy(\.isLogarithmic)))
  }

  /// What the curves say in numbers.
  private func slopes(_ trends: [TrendResult]) -> String {
    guard let first = trends.first else { return "" }
    let unit = first.isLogarithmic ? "a doubling of \(words(first.condition))" : "one unit"
    let sentences = trends.map { "\($0.key.route) \($0.summary)" }.joined(separator: "; ")
    return "Curves: log odds linear in \(first.isLogarithmic ? "the logarithm of " : "")"
      + "\(words(first.condition)); \(unit) adds: \(sentences)"
  }

  private static func label(_ cell: CellResult, without name: String) -> String {
    let further = cell.key.keys.filter { !["source", "target", name].contains($0.key) }
      .sorted { $0.key < $1.key }.map { ", \(words($0.key)) \($0.value)" }.joined()
    return String("\(cell.key.route)\(further)".trimmingPrefix(", "))
  }

  /// Numbers by size, words by alphabet.
  private static func isBefore(_ a: String, _ b: String) -> Bool {
    switch (Double(a), Double(b)) {
    case (let a?, let b?): a < b
    case (nil, nil): a < b
    case (let a, _): a != nil
    }
  }
}
