// Points, and lines fitted to them by least squares.

import Foundation
import RunStore

/// Points, one shape and color per series.
public struct ScatterChart: Sendable, Codable, Equatable, ChartContent {
  /// The points.
  public var series: [Series]
  /// Whether a line is fitted to each series.
  public var isFitted: Bool

  /// Gathers points.
  public init(_ series: [Series], isFitted: Bool = false) {
    (self.series, self.isFitted) = (series, isFitted)
  }

  var noun: String { "scatter plot" }
  func validate() throws { try series.validate() }

  var lines: [String] {
    series.map { one in
      let fit = Fit(one)
      let name = one.name.isEmpty ? "" : one.name + "  "
      let count = one.drawable.count
      return name
        + (count == 0 ? "no data" : "\(count) \(count == 1 ? "point" : "points")")
        + (fit.map { ", r = \(Number.short($0.correlation))" } ?? "")
    }
  }

  var legend: [LegendEntry] {
    series.indices.map { LegendEntry(name: series[$0].name, color: color($0), mark: .point($0)) }
  }

  func facts(_ chart: Chart) -> [String] {
    let counts = series.map { one in
      let name = series.count > 1 && !one.name.isEmpty ? " (\(one.name))" : ""
      guard isFitted else { return "\(one.drawable.count)\(name)" }
      return "\(one.drawable.count)\(name), "
        + (Fit(one).map { "r = \(Number.short($0.correlation).replacing("-", with: "−"))" }
          ?? "no line can be fitted")
    }
    let known = chart.sample.isEmpty || isFitted ? "n = " + counts.joined(separator: "; ") : ""
    return [
      isFitted ? "Lines: least squares" : "", known,
      series.intervalFact("Whiskers", chart), series.leftOut,
    ]
  }

  func draw(_ chart: Chart, into svg: inout SVG) {
    let xs = series.flatMap { series in
      series.drawable.flatMap { i in
        [series.x[i]] + (series.xInterval(i).map { [$0.lowerBound, $0.upperBound] } ?? [])
      }
    }
    guard let ys = chart.domain(series.flatMap(\.extent)), let left = xs.min(), let right = xs.max()
    else { return Plane.noData(chart, into: &svg) }
    let plane = Plane(x: Chart.domain(left, right), y: ys, chart, below: svg.height)
    plane.draw(chart, into: &svg)
    plane.reference(chart, into: &svg)
    for (index, one) in series.enumerated() {
      for i in one.drawable {
        let (x, y) = (plane.x(one.x[i]), plane.y(one.y[i]))
        if let interval = one.interval(i) {
          svg.line(
            x, plane.y(interval.lowerBound), x, plane.y(interval.upperBound),
            "whisker \(color(index))")
        }
        if let interval = one.xInterval(i) {
          svg.line(
            plane.x(interval.lowerBound), y, plane.x(interval.upperBound), y,
            "whisker \(color(index))")
        }
        svg.point(index, x, y, "point \(color(index))", tip: tip(one, i))
      }
    }
    PointLabels(series, plane).draw(into: &svg)
    if isFitted { for index in series.indices { fit(index, plane, into: &svg) } }
    Plane.label(chart, from: plane.x.start, to: plane.x.end, into: &svg)
  }

  /// The line ends where the points end, or where it would leave the plane.
  private func fit(_ index: Int, _ plane: Plane, into svg: inout SVG) {
    let one = series[index], xs = one.drawable.map { one.x[$0] }
    guard let fit = Fit(one), let first = xs.min(), let last = xs.max() else { return }
    let ends = [first, last].map { x -> (x: Double, y: Double) in
      guard fit.slope != 0 else { return (x, fit(x)) }
      let y = min(max(fit(x), plane.y.low), plane.y.high)
      return (y == fit(x) ? x : fit.meanX + (y - fit.meanY) / fit.slope, y)
    }
    svg.path(
      ends.map { (x: plane.x($0.x), y: plane.y($0.y)) }, "curve \(color(index))",
      tip: "\(one.name.isEmpty ? "" : one.name + ": ")slope \(ChartText.number(fit.slope)), "
        + "r = \(Number.short(fit.correlation))")
  }
}

/// A straight line by least squares.
private struct Fit {
  let slope: Double
  let meanX: Double
  let meanY: Double
  let correlation: Double

  /// `nil` for fewer than two points, or where one coordinate never changes.
  init?(_ series: Series) {
    let points = series.drawable.map { (x: series.x[$0], y: series.y[$0]) }
    guard points.count > 1 else { return nil }
    let n = Double(points.count)
    let x = points.reduce(0) { $0 + $1.x / n }
    let y = points.reduce(0) { $0 + $1.y / n }
    let xx = points.reduce(0) { $0 + ($1.x - x) * ($1.x - x) }
    let xy = points.reduce(0) { $0 + ($1.x - x) * ($1.y - y) }
    let yy = points.reduce(0) { $0 + ($1.y - y) * ($1.y - y) }
    guard xx > 0, yy > 0, xx.isFinite, yy.isFinite else { return nil }
    (slope, meanX, meanY, correlation) = (xy / xx, x, y, xy / (xx.squareRoot() * yy.squareRoot()))
  }

  func callAsFunction(_ x: Double) -> Double { meanY + slope * (x - meanX) }
}
