// A few shapes and an axis: enough for two kinds of chart, drawn without a library or a script.

import Foundation
import RunStore

/// A drawing under construction. Colors come from the page's style sheet by class.
struct SVG {
  let width: Double
  let height: Double
  private var body = ""

  init(width: Double, height: Double) { (self.width, self.height) = (width, height) }

  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) {
    body +=
      "<line x1=\"\(at(x1))\" y1=\"\(at(y1))\" x2=\"\(at(x2))\" y2=\"\(at(y2))\" "
      + "class=\"\(style)\"/>"
  }

  mutating func circle(_ x: Double, _ y: Double, radius: Double, _ style: String) {
    body += "<circle cx=\"\(at(x))\" cy=\"\(at(y))\" r=\"\(at(radius))\" class=\"\(style)\"/>"
  }

  mutating func diamond(_ x: Double, _ y: Double, radius: Double, _ style: String) {
    let points = [(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)]
    let text = points.map { "\(at($0.0)),\(at($0.1))" }.joined(separator: " ")
    body += "<polygon points=\"\(text)\" class=\"\(style)\"/>"
  }

  mutating func path(_ points: [(x: Double, y: Double)], _ style: String) {
    guard !points.isEmpty else { return }
    let text = points.map { "\(at($0.x)) \(at($0.y))" }.joined(separator: "L")
    body += "<path d=\"M\(text)\" class=\"\(style)\"/>"
  }

  /// `anchor` is `start`, `middle` or `end`; the text is escaped here.
  mutating func text(
    _ text: String, _ x: Double, _ y: Double, anchor: String = "start", _ style: String = ""
  ) {
    body +=
      "<text x=\"\(at(x))\" y=\"\(at(y))\" text-anchor=\"\(anchor)\" class=\"\(style)\">"
      + "\(HTML.escaped(text))</text>"
  }

  /// The element with its name and description for readers who do not see it.
  func element(id: String, title: String, description: String, classes: String = "") -> String {
    """
    <svg viewBox="0 0 \(at(width)) \(at(height))" width="\(at(width))" height="\(at(height))" \
    role="img" class="\(classes)" aria-labelledby="\(id)-title \(id)-desc">\
    <title id="\(id)-title">\(HTML.escaped(title))</title>\
    <desc id="\(id)-desc">\(HTML.escaped(description))</desc>\(body)</svg>
    """
  }

  /// Tenths of a pixel: finer digits only make the file larger.
  private func at(_ value: Double) -> String {
    guard abs(value) < 1e6 else { return "0" }
    let rounded = (value * 10).rounded() / 10
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }
}

/// A linear scale from data to pixels with round ticks.
struct Axis {
  let low: Double
  let high: Double
  let start: Double
  let end: Double
  let ticks: [Double]

  /// Covers `values` in about `count` round steps, exactly when `isFixed`.
  init(_ values: ClosedRange<Double>, from start: Double, to end: Double, count: Int = 4) {
    let span = min(max(values.upperBound - values.lowerBound, 1e-9), 1e100)
    let raw = span / Double(count)
    let power = pow(10, floor(log10(raw)))
    let step = [1, 2, 2.5, 5, 10].map { $0 * power }.first { $0 >= raw * 0.999 } ?? raw
    let first = (values.lowerBound / step + 1e-9).rounded(.down)
    let last = max((values.upperBound / step - 1e-9).rounded(.up), first + 1)
    (low, high) = (first * step, last * step)
    (self.start, self.end) = (start, end)
    // Counted, not strided: a file may hold numbers so large that adding 1 changes nothing.
    ticks = (0...Int(min(last - first, 20))).map { (first + Double($0)) * step }
  }

  func callAsFunction(_ value: Double) -> Double {
    guard low < high else { return start }
    return start + (min(max(value, low), high) - low) / (high - low) * (end - start)
  }
}
