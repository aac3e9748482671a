// Dots and intervals, one row per cell: the mean, each seed, chance and the twins on one axis. Drawn
// twice, for wide and narrow pages, because scaled text is no text.

import Metrics
import RunStore

/// The dot-and-interval chart of a matrix.
struct RecallChart {
  let matrix: Matrix
  let level: String

  func figure(id: String) -> String {
    """
    <figure>
    \(drawing(width: 720, labels: 150).element(
      id: id + "-wide", title: title, description: description, classes: "wide"))
    \(drawing(width: 340, labels: 0).element(
      id: id + "-narrow", title: title, description: description, classes: "narrow"))
    <figcaption>\(HTML.escaped(words(matrix.metric))), mean (dot) with \(level) interval (bar); small \
    circles are seeds, diamonds never-trained twins, the dashed line is chance.</figcaption>
    </figure>
    """
  }

  private var title: String { "\(words(matrix.title)) by source and target" }

  private var description: String {
    matrix.cells.map {
      "\(label($0)): \(Number.short($0.mean)) \(Number.range($0.interval))"
        + ($0.chance.map { ", chance \(Number.short($0))" } ?? "")
    }.joined(separator: "; ")
  }

  private func label(_ cell: CellResult) -> String { cell.key.route }

  private var domain: ClosedRange<Double> {
    if matrix.cells.allSatisfy({ $0.scale.range == 0...1 }) { return 0...1 }
    let values = matrix.cells.flatMap {
      [$0.mean, $0.interval?.low, $0.interval?.high, $0.chance].compactMap { $0 }
        + $0.seedMeans.map(\.mean)
    }
    return (values.min() ?? 0)...(values.max() ?? 1)
  }

  /// With `labels` pixels for names on the left, or with names above the bars when 0.
  private func drawing(width: Double, labels: Double) -> SVG {
    let rowHeight = labels > 0 ? 46.0 : 62
    let top = 8.0
    let bottom = top + Double(matrix.cells.count) * rowHeight
    var svg = SVG(width: width, height: bottom + 26)
    let axis = Axis(domain, from: labels + 10, to: width - 16)
    for tick in axis.ticks {
      svg.line(axis(tick), top, axis(tick), bottom, "grid")
      svg.text(Number.plain(tick), axis(tick), bottom + 18, anchor: "middle", "tick")
    }
    for (index, cell) in matrix.cells.enumerated() {
      let y = top + Double(index) * rowHeight + (labels > 0 ? 18 : 34)
      draw(cell, at: y, axis, labels: labels, into: &svg)
    }
    return svg
  }

  private func draw(
    _ cell: CellResult, at y: Double, _ axis: Axis, labels: Double, into svg: inout SVG
  ) {
    let color = "c\((matrix.sources.firstIndex(of: cell.key.source) ?? 0) % 4)"
    if labels > 0 {
      svg.text(label(cell), labels - 8, y + 5, anchor: "end", "label")
    } else {
      svg.text(label(cell), axis.start, y - 16, "label")
    }
    if let chance = cell.chance { svg.line(axis(chance), y - 11, axis(chance), y + 22, "chance") }
    if let interval = cell.interval {
      svg.line(axis(interval.low), y, axis(interval.high), y, "bar \(color)")
    }
    if let control = cell.control { svg.diamond(axis(control.mean), y + 14, radius: 4, "twin") }
    for (position, seed) in cell.seedMeans.enumerated() {
      let spread = Double(position) - Double(cell.seedMeans.count - 1) / 2
      let lane = y + 14 + spread * min(2.4, 10 / Double(cell.seedMeans.count))
      svg.circle(axis(seed.mean), lane, radius: 3, "seed \(color)")
    }
    svg.circle(axis(cell.mean), y, radius: 6, "mean \(color)")
  }
}
