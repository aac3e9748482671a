// Measured shares over the levels of a condition, and the curve fitted to them with its band.

import Foundation

/// Points with whiskers and a curve with a band, one color per series.
public struct TrendChart: Sendable, Codable, Equatable, ChartContent {
  /// What was measured: levels and shares.
  public var points: [Series]
  /// The curve of the series at the same place; without values where none was fitted.
  public var curves: [Series]
  /// Whether doublings of the level are equally far apart.
  public var isLogarithmic: Bool

  /// Gathers points and their curves.
  public init(points: [Series], curves: [Series], isLogarithmic: Bool) {
    (self.points, self.curves, self.isLogarithmic) = (points, curves, isLogarithmic)
  }

  var noun: String { "trend" }
  var lines: [String] { points.lines }

  func validate() throws {
    try points.validate()
    try curves.validate()
    guard points.count == curves.count else {
      throw ChartError("expected a curve for each series, \(points.count), got \(curves.count)")
    }
    guard !isLogarithmic || (points + curves).allSatisfy({ $0.x.allSatisfy { !($0 <= 0) } }) else {
      throw ChartError("a logarithmic axis has positive levels only")
    }
  }

  var legend: [LegendEntry] {
    points.indices.map { LegendEntry(name: points[$0].name, color: color($0), mark: .point($0)) }
  }

  func facts(_ chart: Chart) -> [String] {
    [points.intervalFact("Whiskers and bands", chart), points.leftOut]
  }

  func draw(_ chart: Chart, into svg: inout SVG) {
    let levels = Set(points.flatMap { one in one.drawable.map { one.x[$0] } }).sorted()
    guard let ys = chart.domain((points + curves).flatMap(\.extent)),
      let low = levels.first, let high = levels.last
    else { return Plane.noData(chart, into: &svg) }
    let room = max(place(high) - place(low), 1e-9) / 40
    let plane = Plane(
      x: (place(low) - room)...(place(high) + room), y: ys, chart, below: svg.height, isEven: true)
    plane.draw(chart, into: &svg)
    ticks(levels, plane, into: &svg)
    plane.reference(chart, into: &svg)
    for (index, curve) in curves.enumerated() { draw(curve, index, plane, into: &svg) }
    for (index, one) in points.enumerated() { draw(points: one, index, plane, into: &svg) }
    Plane.label(chart, from: plane.x.start, to: plane.x.end, into: &svg)
  }

  private func place(_ level: Double) -> Double { isLogarithmic ? log2(level) : level }

  /// Every level measured has a tick, and a number where there is room.
  private func ticks(_ levels: [Double], _ plane: Plane, into svg: inout SVG) {
    var free = -Double.infinity
    for level in levels {
      let x = plane.x(place(level)), text = ChartText.number(level)
      svg.line(x, plane.bottom, x, plane.bottom + 4, "axis")
      guard x - ChartText.width(text) / 2 > free else { continue }
      free = x + ChartText.width(text) / 2 + 4
      svg.text(text, x, plane.bottom + 17, anchor: "middle", "tick")
    }
    svg.height = plane.bottom + 22
  }

  private func draw(_ curve: Series, _ index: Int, _ plane: Plane, into svg: inout SVG) {
    let places = curve.drawable.map { (i: $0, x: plane.x(place(curve.x[$0]))) }
    guard places.count > 1 else { return }
    let banded = places.filter { curve.interval($0.i) != nil }
    if banded.count > 1 {
      svg.path(
        banded.map { (x: $0.x, y: plane.y(curve.high[$0.i])) }
          + banded.reversed().map { (x: $0.x, y: plane.y(curve.low[$0.i])) },
        "band \(color(index))")
    }
    svg.path(
      places.map { (x: $0.x, y: plane.y(curve.y[$0.i])) },
      "curve \(color(index))\(isDashed(index) ? " dash" : "")", tip: curve.name)
  }

  /// Series stand a little apart, so that whiskers at one level can be told apart.
  private func draw(points one: Series, _ index: Int, _ plane: Plane, into svg: inout SVG) {
    let shift = (Double(index) - Double(points.count - 1) / 2) * 5
    for i in one.drawable {
      let x = plane.x(place(one.x[i])) + shift
      if let interval = one.interval(i) {
        svg.line(
          x, plane.y(interval.lowerBound), x, plane.y(interval.upperBound),
          "whisker \(color(index))")
      }
      svg.point(index, x, plane.y(one.y[i]), "dot \(color(index))", tip: tip(one, i))
    }
  }
}
