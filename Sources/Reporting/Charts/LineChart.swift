// Lines over numbers, with bands where intervals are known. A value that is missing leaves a gap.

/// Lines, one per series.
public struct LineChart: Sendable, Codable, Equatable, ChartContent {
  /// The lines.
  public var series: [Series]

  /// Gathers lines.
  public init(_ series: [Series]) { self.series = series }

  var noun: String { "line chart" }
  func validate() throws { try series.validate() }
  var lines: [String] { series.lines }

  var legend: [LegendEntry] {
    series.indices.map {
      LegendEntry(name: series[$0].name, color: color($0), mark: .line(dash: isDashed($0)))
    }
  }

  func facts(_ chart: Chart) -> [String] {
    [series.intervalFact("Bands", chart), series.leftOut]
  }

  func draw(_ chart: Chart, into svg: inout SVG) {
    let xs = series.flatMap { series in series.drawable.map { series.x[$0] } }
    guard let ys = chart.domain(series.flatMap(\.extent)), let left = xs.min(), let right = xs.max()
    else { return Plane.noData(chart, into: &svg) }
    let plane = Plane(
      x: left == right ? Chart.domain(left, right) : left...right, y: ys, chart, below: svg.height)
    plane.draw(chart, into: &svg)
    plane.reference(chart, into: &svg)
    for index in series.indices { band(index, plane, into: &svg) }
    for index in series.indices { line(index, plane, into: &svg) }
    Plane.label(chart, from: plane.x.start, to: plane.x.end, into: &svg)
  }

  /// Runs of neighbours that are all there.
  private func runs(_ series: Series, _ holds: (Int) -> Bool) -> [[Int]] {
    series.y.indices.split { !holds($0) }.map(Array.init)
  }

  private func band(_ index: Int, _ plane: Plane, into svg: inout SVG) {
    let one = series[index]
    for run in runs(one, { one.interval($0) != nil && one.x[$0].isFinite }) {
      let upper = run.map { (x: plane.x(one.x[$0]), y: plane.y(one.high[$0])) }
      let lower = run.reversed().map { (x: plane.x(one.x[$0]), y: plane.y(one.low[$0])) }
      if run.count == 1 {
        svg.line(upper[0].x, upper[0].y, lower[0].x, lower[0].y, "whisker \(color(index))")
      } else {
        svg.path(upper + lower, "band \(color(index))")
      }
    }
  }

  private func line(_ index: Int, _ plane: Plane, into svg: inout SVG) {
    let one = series[index]
    let drawable = Set(one.drawable)
    for run in runs(one, drawable.contains) {
      svg.path(
        run.map { (x: plane.x(one.x[$0]), y: plane.y(one.y[$0])) },
        "curve \(color(index))\(isDashed(index) ? " dash" : "")", tip: one.name)
    }
    // Few values are shown as points; of many, the pointer still finds some hundred.
    let isSparse = one.y.count <= 30
    let every = max(one.y.count / 200, 1)
    for i in one.drawable where isSparse || i % every == 0 {
      svg.point(
        isSparse ? index : 0, plane.x(one.x[i]), plane.y(one.y[i]),
        isSparse ? "dot \(color(index))" : "hit", tip: tip(one, i))
    }
  }
}

/// The class of a series' color.
func color(_ index: Int) -> String { "c\(index % Style.colorCount)" }
/// Series beyond the colors are dashed.
func isDashed(_ index: Int) -> Bool { index / Style.colorCount % 2 == 1 }

/// What a value's tooltip says.
func tip(_ series: Series, _ i: Int) -> String {
  let place = i < series.labels.count ? series.labels[i] : ChartText.number(series.x[i])
  let interval = series.interval(i).map {
    " [\(ChartText.number($0.lowerBound)), \(ChartText.number($0.upperBound))]"
  }
  return (series.name.isEmpty ? "" : series.name + ", ") + place + ": "
    + ChartText.number(series.y[i]) + (interval ?? "")
}
