// Two axes with grid, ticks and labels, between which most charts are drawn.

/// The place where values are drawn.
struct Plane {
  let x: Axis
  let y: Axis
  let top: Double
  let bottom: Double

  /// Lays the axes out below what is drawn already, leaving room for the ticks' numbers.
  ///
  /// - Parameters:
  ///   - isEven: The x axis has no numbers and spans exactly what is given: places for groups.
  init(
    x xs: ClosedRange<Double>, y ys: ClosedRange<Double>, _ chart: Chart, below used: Double,
    isEven: Bool = false
  ) {
    // Above bars stands a number, which must not meet the label.
    top = used + (chart.yLabel.isEmpty ? 8 : 22) + (isEven ? 12 : 0)
    bottom = top + chart.height
    y = Axis(ys, from: bottom, to: top, count: 5)
    let room = y.ticks.map { ChartText.width(ChartText.number($0)) }.max() ?? 0
    x =
      isEven
      ? Axis(exactly: xs, from: 20 + room, to: chart.width - 14)
      : Axis(xs, from: 20 + room, to: chart.width - 18, count: chart.width < 400 ? 4 : 6)
  }

  /// Draws grid, ticks and labels; the drawing then ends below them.
  func draw(_ chart: Chart, into svg: inout SVG) {
    if !chart.yLabel.isEmpty {
      svg.text(ChartText.cut(chart.yLabel, chart.width - 24), 12, svg.height + 12, "tick")
    }
    for tick in y.ticks {
      svg.line(x.start, y(tick), x.end, y(tick), tick == 0 ? "axis" : "grid")
      svg.text(ChartText.number(tick), x.start - 7, y(tick) + 4, anchor: "end", "tick")
    }
    if let first = y.ticks.first, first != 0 { svg.line(x.start, bottom, x.end, bottom, "axis") }
    for tick in x.ticks {
      svg.line(x(tick), bottom, x(tick), bottom + 4, "axis")
      svg.text(ChartText.number(tick), x(tick), bottom + 17, anchor: "middle", "tick")
    }
    svg.height = bottom + (x.ticks.isEmpty ? 0 : 22)
  }

  /// Writes the label of the horizontal axis below everything.
  static func label(_ chart: Chart, from start: Double, to end: Double, into svg: inout SVG) {
    guard !chart.xLabel.isEmpty else { return }
    svg.height += 17
    svg.text(
      ChartText.cut(chart.xLabel, chart.width - 24), (start + end) / 2, svg.height - 5,
      anchor: "middle", "tick")
  }

  /// The dashed line of a reference on the vertical axis.
  func reference(_ chart: Chart, into svg: inout SVG) {
    guard let reference = chart.reference else { return }
    svg.line(
      x.start, y(reference.value), x.end, y(reference.value), "chance",
      tip: "\(reference.name): \(ChartText.number(reference.value))")
  }

  /// Says in the middle that there is nothing to draw.
  static func noData(_ chart: Chart, into svg: inout SVG) {
    let top = svg.height + 8
    svg.rectangle(12, top, chart.width - 24, chart.height / 2, "empty")
    svg.text("no data", chart.width / 2, top + chart.height / 4 + 4, anchor: "middle", "label")
    svg.height = top + chart.height / 2 + 4
  }
}

extension Chart {
  /// What an axis has to cover: the numbers, the range asked for, and zero where it is near.
  ///
  /// - Returns: `nil` when there are no numbers.
  func domain(_ values: [Double], withZero: Bool = false) -> ClosedRange<Double>? {
    let all = values + range + (values.isEmpty ? [] : reference.map { [$0.value] } ?? [])
    guard !values.isEmpty, let low = all.min(), let high = all.max() else { return nil }
    return Self.domain(low, high, withZero: withZero)
  }

  /// Room around a single number, and zero where it is near or asked for.
  static func domain(_ low: Double, _ high: Double, withZero: Bool = false) -> ClosedRange<Double> {
    var (low, high) = (low, high)
    if withZero || (low > 0 && low < high / 2) { low = min(low, 0) }
    if withZero || (high < 0 && high > low / 2) { high = max(high, 0) }
    guard low == high else { return low...high }
    let room = low == 0 ? 1 : abs(low) / 2
    return (low - room)...(high + room)
  }
}
