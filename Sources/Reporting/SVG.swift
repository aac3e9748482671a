// Shapes and an axis: what every chart is drawn of, without a library or a script.

import Foundation
import RunStore

/// A drawing under construction. Colors come from a style sheet by class; a tip is what the pointer
/// over a shape shows.
struct SVG {
  let width: Double
  /// Grows as parts are added below.
  var height: Double
  private var body = ""

  init(width: Double, height: Double) { (self.width, self.height) = (width, height) }

  mutating func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String, tip: String = ""
  ) {
    add("line x1=\"\(at(x1))\" y1=\"\(at(y1))\" x2=\"\(at(x2))\" y2=\"\(at(y2))\"", style, tip)
  }

  mutating func circle(
    _ x: Double, _ y: Double, radius: Double, _ style: String, tip: String = ""
  ) {
    add("circle cx=\"\(at(x))\" cy=\"\(at(y))\" r=\"\(at(radius))\"", style, tip)
  }

  mutating func diamond(
    _ x: Double, _ y: Double, radius: Double, _ style: String, tip: String = ""
  ) {
    polygon([(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)], style, tip: tip)
  }

  mutating func rectangle(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: String,
    opacity: Double? = nil, tip: String = ""
  ) {
    let depth = opacity.map { " fill-opacity=\"\(($0 * 1000).rounded() / 1000)\"" } ?? ""
    add(
      "rect x=\"\(at(x))\" y=\"\(at(y))\" width=\"\(at(max(width, 0)))\" "
        + "height=\"\(at(max(height, 0)))\"\(depth)", style, tip)
  }

  /// One of four shapes, so that points are told apart without their color.
  mutating func point(_ shape: Int, _ x: Double, _ y: Double, _ style: String, tip: String = "") {
    switch shape % 4 {
    case 0: circle(x, y, radius: 4, style, tip: tip)
    case 1: rectangle(x - 3.5, y - 3.5, 7, 7, style, tip: tip)
    case 2: polygon([(x, y - 4.5), (x + 4.5, y + 3.5), (x - 4.5, y + 3.5)], style, tip: tip)
    default: diamond(x, y, radius: 5, style, tip: tip)
    }
  }

  private mutating func polygon(
    _ points: [(Double, Double)], _ style: String, tip: String
  ) {
    let text = points.map { "\(at($0.0)),\(at($0.1))" }.joined(separator: " ")
    add("polygon points=\"\(text)\"", style, tip)
  }

  mutating func path(_ points: [(x: Double, y: Double)], _ style: String, tip: String = "") {
    guard !points.isEmpty else { return }
    let text = points.map { "\(at($0.x)) \(at($0.y))" }.joined(separator: "L")
    add("path d=\"M\(text)\"", style, tip)
  }

  mutating func picture(
    _ png: Data, _ x: Double, _ y: Double, _ width: Double, _ height: Double, tip: String
  ) {
    // Few pixels stay square: not every program that reads drawings knows the style.
    add(
      "image x=\"\(at(x))\" y=\"\(at(y))\" width=\"\(at(width))\" height=\"\(at(height))\" "
        + "image-rendering=\"optimizeSpeed\" style=\"image-rendering:pixelated\" "
        + "href=\"data:image/png;base64,\(png.base64EncodedString())\"", "", tip)
  }

  /// `anchor` is `start`, `middle` or `end`, `turn` an angle in degrees; the text is escaped here.
  mutating func text(
    _ text: String, _ x: Double, _ y: Double, anchor: String = "start", _ style: String = "",
    turn: Double = 0, tip: String = ""
  ) {
    let turned = turn == 0 ? "" : " transform=\"rotate(\(at(turn)) \(at(x)) \(at(y)))\""
    body +=
      "<text x=\"\(at(x))\" y=\"\(at(y))\" text-anchor=\"\(anchor)\"\(turned) "
      + "class=\"\(style)\">\(title(tip))\(HTML.escaped(text))</text>"
  }

  private mutating func add(_ shape: String, _ style: String, _ tip: String) {
    let name = shape.prefix { $0 != " " }
    body +=
      tip.isEmpty
      ? "<\(shape) class=\"\(style)\"/>"
      : "<\(shape) class=\"\(style)\">\(title(tip))</\(name)>"
  }

  private func title(_ tip: String) -> String {
    tip.isEmpty ? "" : "<title>\(HTML.escaped(tip))</title>"
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

  /// A document of its own, on paper of its own: it may lie on a page of either kind.
  func document(title: String, description: String, style: String) -> String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(at(width)) \(at(height))" \
    width="\(at(width))" height="\(at(height))" role="img" aria-labelledby="title desc">\
    <title id="title">\(HTML.escaped(title))</title>\
    <desc id="desc">\(HTML.escaped(description))</desc>\
    <style>\(style)</style><rect width="100%" height="100%" class="paper"/>\(body)</svg>
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

  /// Spans exactly `values`, without ticks.
  init(exactly values: ClosedRange<Double>, from start: Double, to end: Double) {
    (low, high, self.start, self.end) = (values.lowerBound, values.upperBound, start, end)
    ticks = []
  }

  func callAsFunction(_ value: Double) -> Double {
    guard low < high else { return start }
    return start + (min(max(value, low), high) - low) / (high - low) * (end - start)
  }
}
