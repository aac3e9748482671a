// Bars in groups, one color per series, with whiskers where intervals are known. Bars start at 0.

import RunStore

/// Bars, one per series in every group.
public struct BarChart: Sendable, Codable, Equatable, ChartContent {
  /// Names of the groups, from left to right.
  public var groups: [String]
  /// One value per group each.
  public var series: [Series]

  /// Gathers bars.
  public init(groups: [String], _ series: [Series]) {
    (self.groups, self.series) = (groups, series)
  }

  var noun: String { "bar chart" }

  func validate() throws {
    try series.validate(hasPositions: false)
    for one in series where one.y.count != groups.count {
      throw ChartError(
        "expected one value per group, \(groups.count), got \(one.y.count)"
          + (one.name.isEmpty ? "" : " for '\(one.name)'"))
    }
  }

  var lines: [String] {
    let width = groups.map(\.count).max() ?? 0
    guard !groups.isEmpty else { return ["no data"] }
    return groups.indices.map { group in
      let values = series.map { one in
        (one.name.isEmpty ? "" : one.name + " ") + Number.short(one.y[group])
          + (one.interval(group).map {
            " [\(Number.short($0.lowerBound)), \(Number.short($0.upperBound))]"
          } ?? "")
      }
      return groups[group].padding(toLength: max(width, 1), withPad: " ", startingAt: 0) + "  "
        + values.joined(separator: "; ")
    }
  }

  var legend: [LegendEntry] {
    series.indices.map { LegendEntry(name: series[$0].name, color: color($0), mark: .block) }
  }

  func facts(_ chart: Chart) -> [String] {
    [series.intervalFact("Whiskers", chart), series.leftOut]
  }

  func draw(_ chart: Chart, into svg: inout SVG) {
    guard let ys = chart.domain(series.flatMap(\.extent), withZero: true) else {
      return Plane.noData(chart, into: &svg)
    }
    let plane = Plane(
      x: 0...Double(groups.count), y: ys, chart, below: svg.height, isEven: true)
    plane.draw(chart, into: &svg)
    let step = (plane.x.end - plane.x.start) / Double(groups.count)
    let bar = min(step * 0.8 / Double(series.count), 64)
    for group in groups.indices {
      let middle = plane.x.start + (Double(group) + 0.5) * step
      for index in series.indices {
        let left = middle + (Double(index) - Double(series.count) / 2) * bar
        draw(group, index, left: left, width: bar, plane, into: &svg)
      }
    }
    plane.reference(chart, into: &svg)
    names(plane, step, into: &svg)
    Plane.label(chart, from: plane.x.start, to: plane.x.end, into: &svg)
  }

  private func draw(
    _ group: Int, _ index: Int, left: Double, width: Double, _ plane: Plane, into svg: inout SVG
  ) {
    let one = series[index], value = one.y[group], middle = left + width / 2
    guard value.isFinite else {
      svg.text("–", middle, plane.y(0) - 5, anchor: "middle", "tick")
      return
    }
    let interval = one.interval(group)
    let tip =
      (one.name.isEmpty ? "" : one.name + ", ") + "\(groups[group]): \(ChartText.number(value))"
      + (interval.map {
        " [\(ChartText.number($0.lowerBound)), \(ChartText.number($0.upperBound))]"
      } ?? "")
    let gap = min(width * 0.06, 2)
    svg.rectangle(
      left + gap, min(plane.y(value), plane.y(0)), width - 2 * gap,
      abs(plane.y(value) - plane.y(0)), "block \(color(index))", tip: tip)
    if let interval {
      let (low, high) = (plane.y(interval.lowerBound), plane.y(interval.upperBound))
      let cap = min(width * 0.18, 7)
      svg.line(middle, low, middle, high, "whisker-line")
      svg.line(middle - cap, low, middle + cap, low, "whisker-line")
      svg.line(middle - cap, high, middle + cap, high, "whisker-line")
    }
    guard width >= 30 else { return }
    let end =
      value < 0
      ? min(value, interval?.lowerBound ?? value) : max(value, interval?.upperBound ?? value)
    svg.text(
      Cell.number(value), middle, plane.y(end) + (value < 0 ? 14 : -5), anchor: "middle", "tick")
  }

  private func names(_ plane: Plane, _ step: Double, into svg: inout SVG) {
    // Below bars that hang down stands their number.
    let top = plane.bottom + (plane.y.low < 0 ? 14 : 0)
    let wrapped = groups.map { ChartText.wrapped($0, step - 6, most: 3) }
    // Where even single words collide, every other name, or fewer, is written.
    let widest = wrapped.flatMap { $0 }.map { ChartText.width($0) }.max() ?? 0
    let every = widest <= step ? 1 : min(Int((min(widest, 160) / step).rounded(.up)), groups.count)
    for (group, lines) in wrapped.enumerated() where group % max(every, 1) == 0 {
      let middle = plane.x.start + (Double(group) + 0.5) * step
      for (row, line) in lines.enumerated() {
        svg.text(
          ChartText.cut(line, step * Double(max(every, 1))), middle,
          top + 16 + Double(row) * 15, anchor: "middle", tip: groups[group])
      }
    }
    svg.height = top + 7 + 15 * Double(wrapped.map(\.count).max() ?? 0)
  }
}
