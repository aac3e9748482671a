// Numbers as colors in rows and columns: a heat map, or a matrix whose cells say their number.

import Foundation
import RunStore

/// Numbers in rows and columns.
public struct GridChart: Sendable, Codable, Equatable, ChartContent {
  /// The numbers, row by row; what is not finite stays blank.
  public var values: [[Double]]
  /// Lower ends of intervals, in the same form, or empty.
  public var low: [[Double]]
  /// Upper ends of intervals.
  public var high: [[Double]]
  /// Names of the rows; empty, or one each.
  public var rows: [String]
  /// Names of the columns.
  public var columns: [String]
  /// Whether cells say their number.
  public var isLabelled: Bool
  /// Where one color turns into the other; without it there is one color.
  public var center: Double?

  /// Gathers numbers.
  public init(
    _ values: [[Double]], low: [[Double]] = [], high: [[Double]] = [], rows: [String] = [],
    columns: [String] = [], isLabelled: Bool, center: Double? = nil
  ) {
    (self.values, self.low, self.high) = (values, low, high)
    (self.rows, self.columns) = (rows, columns)
    (self.isLabelled, self.center) = (isLabelled, center)
  }

  /// More cells than this are no chart any more.
  static let most = 40_000

  var noun: String { isLabelled ? "matrix" : "heat map" }
  var legend: [LegendEntry] { [] }
  private var width: Int { values.first?.count ?? 0 }
  private var finite: [Double] { values.flatMap { $0.filter(\.isFinite) } }

  func validate() throws {
    for list in [values] + (low.isEmpty && high.isEmpty ? [] : [low, high]) {
      guard list.count == values.count, list.allSatisfy({ $0.count == width }) else {
        throw ChartError("expected \(values.count) rows of \(width) numbers each")
      }
    }
    for (what, names, count) in [("rows", rows, values.count), ("columns", columns, width)]
    where !names.isEmpty && names.count != count {
      throw ChartError("expected as many names of \(what) as \(what), \(count), got \(names.count)")
    }
    let most = isLabelled ? 2500 : Self.most
    guard values.count * width <= most, width <= 4000 else {
      throw ChartError("expected at most \(most) cells, got \(values.count) x \(width)")
    }
    guard center.map(\.isFinite) != false else { throw ChartError("the center is no number") }
  }

  var lines: [String] {
    guard let low = finite.min(), let high = finite.max() else { return ["no data"] }
    let size = "\(values.count) x \(width), \(Number.short(low)) … \(Number.short(high))"
    guard isLabelled, values.count * width <= 60 else { return [size] }
    return [size]
      + values.indices.map { row in
        (row < rows.count ? rows[row] + "  " : "")
          + values[row].map(Number.short).joined(separator: " ")
      }
  }

  func facts(_ chart: Chart) -> [String] {
    let missing = values.joined().count - finite.count
    let hasIntervals = low.joined().contains(where: \.isFinite)
    return [
      hasIntervals
        ? "In brackets: \(chart.interval.isEmpty ? "low to high as given" : chart.interval)" : "",
      missing == 0 ? "" : "Blank: \(missing) without a number",
    ]
  }

  // MARK: Drawing

  func draw(_ chart: Chart, into svg: inout SVG) {
    guard let low = finite.min(), let high = finite.max() else {
      return Plane.noData(chart, into: &svg)
    }
    let scale = Scale(
      low: min(low, chart.range.first ?? low), high: max(high, chart.range.last ?? high),
      center: center, deepest: isLabelled ? 0.65 : 1)
    let place = Place(self, chart, below: svg.height)
    if !chart.yLabel.isEmpty {
      svg.text(ChartText.cut(chart.yLabel, chart.width - 24), 12, svg.height + 12, "tick")
    }
    for row in values.indices {
      for column in 0..<width { cell(row, column, scale, place, into: &svg) }
      if row % place.everyRow == 0, row < rows.count {
        svg.text(
          ChartText.cut(rows[row], place.left - 18), place.left - 7,
          place.top + (Double(row) + 0.5) * place.height + 4, anchor: "end", tip: rows[row])
      }
    }
    svg.height = place.top + Double(values.count) * place.height + 4
    names(place, into: &svg)
    Plane.label(chart, from: place.left, to: chart.width - 14, into: &svg)
    if !isLabelled { scale.draw(from: place.left, to: chart.width - 14, into: &svg) }
  }

  private func cell(
    _ row: Int, _ column: Int, _ scale: Scale, _ place: Place, into svg: inout SVG
  ) {
    let value = values[row][column]
    let (x, y) = (
      place.left + Double(column) * place.width, place.top + Double(row) * place.height
    )
    let gap = place.width > 12 && place.height > 12 ? 1.0 : 0
    let names = [row < rows.count ? rows[row] : "", column < columns.count ? columns[column] : ""]
      .filter { !$0.isEmpty }.joined(separator: ", ")
    guard value.isFinite else {
      svg.rectangle(
        x + gap, y + gap, place.width - 2 * gap, place.height - 2 * gap, "empty",
        tip: names.isEmpty ? "no number" : "\(names): no number")
      return
    }
    let interval = interval(row, column)
    let tip =
      (names.isEmpty ? "" : names + ": ") + ChartText.number(value)
      + (interval.map { " " + $0 } ?? "")
    svg.rectangle(
      x + gap, y + gap, place.width - 2 * gap, place.height - 2 * gap,
      "block \(scale.color(value))", opacity: scale.depth(value), tip: tip)
    guard isLabelled else { return }
    let hasRoom = interval.map { ChartText.width($0, size: 11) < place.width - 6 } ?? false
    let middle = x + place.width / 2
    svg.text(
      Cell.number(value), middle, y + place.height / 2 + (hasRoom ? -1 : 5), anchor: "middle",
      "value")
    if let interval, hasRoom {
      svg.text(interval, middle, y + place.height / 2 + 14, anchor: "middle", "range")
    }
  }

  private func interval(_ row: Int, _ column: Int) -> String? {
    guard !low.isEmpty, low[row][column].isFinite, high[row][column].isFinite else { return nil }
    return "[\(Cell.number(low[row][column])), \(Cell.number(high[row][column]))]"
  }

  /// Names stand level where they fit, else slanted, as many as there is room for.
  private func names(_ place: Place, into svg: inout SVG) {
    guard !columns.isEmpty else { return }
    let widest = columns.map { ChartText.width($0) }.max() ?? 0
    let step = place.width
    if widest < step - 2 || isLabelled {
      let lines = columns.map { ChartText.wrapped($0, step - 4, most: 3) }
      for (column, words) in lines.enumerated() {
        for (row, word) in words.enumerated() {
          svg.text(
            ChartText.cut(word, step - 2), place.left + (Double(column) + 0.5) * step,
            svg.height + 12 + Double(row) * 14, anchor: "middle", tip: columns[column])
        }
      }
      svg.height += 2 + 14 * Double(lines.map(\.count).max() ?? 1)
      return
    }
    let every = max(Int((15 / step).rounded(.up)), 1)
    let digits = columns.allSatisfy { ChartText.width($0) < 26 }
    let spaced = max(Int((widest + 6) / step), 0) + 1
    for column in stride(from: 0, to: columns.count, by: digits ? spaced : every) {
      let x = place.left + (Double(column) + 0.5) * step
      if digits {
        svg.text(columns[column], x, svg.height + 12, anchor: "middle", "tick")
      } else {
        svg.text(
          ChartText.cut(columns[column], 140), x + 4, svg.height + 8, anchor: "end", "tick",
          turn: -40, tip: columns[column])
      }
    }
    svg.height += digits ? 16 : 10 + min(widest, 140) * 0.66
  }
}

/// Where the cells stand.
private struct Place {
  let left: Double, top: Double, width: Double, height: Double
  let everyRow: Int

  init(_ grid: GridChart, _ chart: Chart, below used: Double) {
    let widest = grid.rows.map { ChartText.width($0) }.max() ?? 0
    left = grid.rows.isEmpty ? 14 : min(widest, chart.width * 0.32) + 22
    top = used + (chart.yLabel.isEmpty ? 6 : 20)
    let count = Double(max(grid.values.count, 1))
    width = (chart.width - 14 - left) / Double(max(grid.values.first?.count ?? 1, 1))
    height = grid.isLabelled ? 46 : min(max(chart.height / count, 2), width * 1.5, 40)
    everyRow = max(Int((14 / height).rounded(.up)), 1)
  }
}

/// Numbers to depths of one color, or of two that meet in the center.
private struct Scale {
  let low: Double, high: Double, center: Double?
  /// Text on the deepest color still has contrast where cells are labelled.
  let deepest: Double

  private var reach: Double {
    guard let center else { return high / 2 - low / 2 }
    return max(abs(high / 2 - center / 2), abs(low / 2 - center / 2))
  }

  func color(_ value: Double) -> String {
    center.map { value < $0 } == true ? "c1" : "c0"
  }

  func depth(_ value: Double) -> Double {
    guard reach > 0 else { return deepest / 2 }
    let from = center ?? low
    let share = abs(value / 2 - from / 2) / reach
    return 0.05 + min(share, 1) * (deepest - 0.05)
  }

  /// The colors with the numbers at their ends.
  func draw(from start: Double, to end: Double, into svg: inout SVG) {
    svg.height += 10
    // Whole pixels, or the steps would show seams.
    let start = start.rounded()
    let steps = 40, width = max((min(end - start, 240) / Double(steps)).rounded(.down), 1)
    let lowest = center.map { $0 - 2 * reach } ?? low
    let highest = center.map { $0 + 2 * reach } ?? high
    for step in 0..<steps {
      let share = (Double(step) + 0.5) / Double(steps)
      let value = lowest + (highest - lowest) * share
      guard value.isFinite else { continue }
      svg.rectangle(
        start + Double(step) * width, svg.height.rounded(), width, 10, "block \(color(value))",
        opacity: depth(value))
    }
    let middle: [(Double, Double)] = center.map { [(0.5, $0)] } ?? []
    let marks: [(Double, Double)] = [(0, lowest)] + middle + [(1, highest)]
    for (share, value) in marks {
      let anchor = share == 0 ? "start" : share == 1 ? "end" : "middle"
      svg.text(
        Cell.number(value), start + share * width * Double(steps), svg.height + 23,
        anchor: anchor, "tick")
    }
    svg.height += 28
  }
}
