// How often numbers fall into bins of equal width. Several series share the bins and lie over each
// other, see-through.

import Foundation
import RunStore

/// Numbers counted in bins.
public struct Histogram: Sendable, Codable, Equatable, ChartContent {
  /// The numbers, as values.
  public var series: [Series]
  /// How many bins; by itself when `nil`.
  public var bins: Int?
  /// Whether shares of a series are shown instead of counts.
  public var isShare: Bool

  /// Gathers numbers.
  public init(_ series: [Series], bins: Int? = nil, isShare: Bool = false) {
    (self.series, self.bins, self.isShare) = (series, bins, isShare)
  }

  var noun: String { "histogram" }

  func validate() throws {
    try series.validate(hasPositions: false)
    guard bins.map((1...1000).contains) != false else {
      throw ChartError("expected 1 ... 1000 bins, got \(bins ?? 0)")
    }
  }

  private func values(_ series: Series) -> [Double] { series.y.filter(\.isFinite) }

  /// The ends of the bins; Freedman and Diaconis' rule for their width, at most 60 of them.
  var edges: [Double]? {
    let all = series.flatMap(values).sorted()
    guard let low = all.first, let high = all.last else { return nil }
    let domain = low == high ? (low - 0.5)...(high + 0.5) : low...high
    let span = domain.upperBound - domain.lowerBound
    guard span.isFinite, span > 0 else { return nil }
    let quartiles = all[all.count * 3 / 4] - all[all.count / 4]
    let rule = 2 * quartiles / cbrt(Double(all.count))
    let natural = rule > 0 ? min(max(span / rule, 5), 60) : min(max(Double(all.count), 5), 20)
    let count = bins ?? (low == high ? 1 : Int(natural.rounded(.up)))
    return (0...count).map { domain.lowerBound + span * Double($0) / Double(count) }
  }

  /// Counts or shares per bin.
  private func heights(_ series: Series, _ edges: [Double]) -> [Double] {
    var counts = [Double](repeating: 0, count: edges.count - 1)
    let values = values(series)
    for value in values {
      let place = (value - edges[0]) / (edges[edges.count - 1] - edges[0]) * Double(counts.count)
      counts[min(max(Int(place), 0), counts.count - 1)] += 1
    }
    return isShare && !values.isEmpty ? counts.map { $0 / Double(values.count) } : counts
  }

  var lines: [String] {
    guard let edges else { return ["no data"] }
    let ends = "\(Number.short(edges[0])) … \(Number.short(edges[edges.count - 1]))"
    return series.map { one in
      (one.name.isEmpty ? "" : one.name + "  ")
        + "\(Spark.line(heights(one, edges)))  n = \(values(one).count), \(ends)"
    }
  }

  var legend: [LegendEntry] {
    series.indices.map { LegendEntry(name: series[$0].name, color: color($0), mark: .block) }
  }

  func facts(_ chart: Chart) -> [String] {
    let counts = series.map {
      "\(values($0).count)" + (series.count > 1 && !$0.name.isEmpty ? " (\($0.name))" : "")
    }
    return [
      "n = " + counts.joined(separator: ", "),
      edges.map { "\($0.count - 1) bins" } ?? "", series.leftOut,
    ]
  }

  func draw(_ chart: Chart, into svg: inout SVG) {
    guard let edges else { return Plane.noData(chart, into: &svg) }
    let heights = series.map { self.heights($0, edges) }
    var own = chart
    // The reference stands on the axis of the numbers, here the horizontal one.
    own.reference = nil
    if own.yLabel.isEmpty { own.yLabel = isShare ? "share" : "count" }
    guard let ys = own.domain(heights.flatMap { $0 }, withZero: true) else { return }
    let ends = [edges[0], edges[edges.count - 1]] + (chart.reference.map { [$0.value] } ?? [])
    let plane = Plane(
      x: (ends.min() ?? 0)...(ends.max() ?? 1), y: ys, own, below: svg.height)
    plane.draw(own, into: &svg)
    for index in series.indices { draw(index, heights[index], edges, plane, into: &svg) }
    if let reference = chart.reference {
      let x = plane.x(reference.value)
      svg.line(
        x, plane.top, x, plane.bottom, "chance",
        tip: "\(reference.name): \(ChartText.number(reference.value))")
    }
    Plane.label(chart, from: plane.x.start, to: plane.x.end, into: &svg)
  }

  private func draw(
    _ index: Int, _ heights: [Double], _ edges: [Double], _ plane: Plane, into svg: inout SVG
  ) {
    var outline = [(x: plane.x(edges[0]), y: plane.y(0))]
    for (bin, height) in heights.enumerated() {
      outline.append((plane.x(edges[bin]), plane.y(height)))
      outline.append((plane.x(edges[bin + 1]), plane.y(height)))
    }
    outline.append((plane.x(edges[edges.count - 1]), plane.y(0)))
    svg.path(outline, series.count > 1 ? "band \(color(index))" : "block \(color(index))")
    if series.count > 1 { svg.path(outline, "curve \(color(index))") }
    for (bin, height) in heights.enumerated() where height > 0 {
      let (left, right) = (plane.x(edges[bin]), plane.x(edges[bin + 1]))
      let name = series[index].name
      if series.count == 1, bin > 0 { svg.line(left, plane.y(0), left, plane.y(height), "cut") }
      svg.rectangle(
        left, plane.y(height), right - left, plane.y(0) - plane.y(height), "hit",
        tip: "\(name.isEmpty ? "" : name + ", ")\(ChartText.number(edges[bin])) to "
          + "\(ChartText.number(edges[bin + 1])): \(ChartText.number(height))")
    }
  }
}
