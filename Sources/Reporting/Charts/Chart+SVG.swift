// The frame around every chart, and the two forms it takes: a file of its own, which brings its
// colors along, and a figure of a page, whose style sheet has them.

import Foundation
import Repro

/// A name in the legend and how it is marked.
struct LegendEntry {
  let name: String
  /// The color's class.
  let color: String
  let mark: Mark

  enum Mark {
    case line(dash: Bool), block, point(Int), dashed
  }
}

extension Chart {
  /// Whether a drawing brings colors for dark screens along.
  public enum Schemes: Sendable {
    /// Light, and dark where the reader prefers that; always light on paper.
    case lightAndDark
    /// Light only, for programs that turn it into a picture.
    case light
  }

  /// The chart as an SVG document that needs nothing else.
  public func svg(_ schemes: Schemes = .lightAndDark) -> String {
    var svg = SVG(width: width, height: 0)
    frame(into: &svg)
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      \(svg.document(title: name, description: description, style: Style.chart(schemes)))

      """
  }

  /// The chart as a figure of a page, for wide and for narrow ones.
  package func figure(id: String) -> String {
    let drawings = [("wide", min(width, 720)), ("narrow", 340)].map { kind, width in
      var chart = self
      chart.width = width
      var svg = SVG(width: width, height: 0)
      chart.body(into: &svg)
      return svg.element(
        id: "\(id)-\(kind)", title: name, description: description, classes: kind)
    }
    let heading = title.isEmpty ? "" : "<b>\(HTML.escaped(title))</b>"
    let words = [heading, HTML.escaped(fullCaption)].filter { !$0.isEmpty }
    return "<figure>\(drawings.joined(separator: "\n"))"
      + "<figcaption>\(words.joined(separator: ". "))</figcaption></figure>"
  }

  private var name: String { title.isEmpty ? drawn.noun : title }
  private var description: String {
    ([drawn.noun] + drawn.lines + [fullCaption]).joined(separator: "; ")
  }

  private func frame(into svg: inout SVG) {
    svg.height = 10
    for line in ChartText.wrapped(title, width - 24, size: 17) {
      svg.height += 20
      svg.text(ChartText.cut(line, width - 24, size: 17), 12, svg.height - 4, "title")
    }
    if !title.isEmpty { svg.height += 6 }
    body(into: &svg)
    svg.height += 4
    for line in ChartText.wrapped(fullCaption, width - 24, size: 12) {
      svg.height += 16
      svg.text(ChartText.cut(line, width - 24), 12, svg.height - 2, "note")
    }
    svg.height += 10
  }

  private func body(into svg: inout SVG) {
    if drawn.legend.count > 1 || reference != nil { legend(into: &svg) }
    drawn.draw(self, into: &svg)
  }

  private func legend(into svg: inout SVG) {
    var entries = drawn.legend.count > 1 ? drawn.legend : []
    if let reference {
      entries.append(
        LegendEntry(
          name: "\(reference.name) \(ChartText.number(reference.value))", color: "", mark: .dashed))
    }
    var x = 12.0
    svg.height += 18
    for entry in entries {
      let name = ChartText.cut(entry.name.isEmpty ? "unnamed" : entry.name, width - 60)
      let needed = 30 + ChartText.width(name)
      if x > 12, x + needed > width - 12 {
        x = 12
        svg.height += 18
      }
      entry.draw(x, svg.height - 8, into: &svg)
      svg.text(name, x + 26, svg.height - 4)
      x += needed + 14
    }
    svg.height += 4
  }
}

extension LegendEntry {
  fileprivate func draw(_ x: Double, _ y: Double, into svg: inout SVG) {
    switch mark {
    case .line(let dash): svg.line(x, y, x + 20, y, "curve \(color)\(dash ? " dash" : "")")
    case .block: svg.rectangle(x + 4, y - 6, 13, 12, "block \(color)")
    case .point(let shape): svg.point(shape, x + 10, y, "dot \(color)")
    case .dashed: svg.line(x, y, x + 20, y, "chance")
    }
  }
}
