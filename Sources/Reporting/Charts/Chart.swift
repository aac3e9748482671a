// One chart: what it shows and what it is called. Every kind keeps its numbers in a struct of its
// own, which knows how to draw itself; the frame (title, legend, caption) is the same for all.

import Foundation
import RunStore

/// A mistake in what a chart is to show.
public struct ChartError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was expected and what came.
  public let description: String
  /// Says what was expected and what came.
  public init(_ description: String) { self.description = description }
}

/// A chart as data: the same chart gives the same bytes.
///
/// ```swift
/// let chart = try Chart(.line([Series("image", y: losses)]), title: "Loss by step")
/// try AtomicFile.write(chart.svg(), to: "loss.svg")
/// ```
public struct Chart: Sendable, Codable, Equatable {
  /// What is drawn.
  public enum Content: Sendable, Codable, Equatable {
    /// Lines over numbers, with bands.
    case line(LineChart)
    /// Bars in groups, with intervals.
    case bars(BarChart)
    /// Points, perhaps with fitted lines.
    case scatter(ScatterChart)
    /// How often numbers fall into bins.
    case histogram(Histogram)
    /// Numbers as colors in rows and columns.
    case grid(GridChart)
    /// Pictures with captions.
    case images(ImageGrid)
    /// Points over levels, with fitted curves.
    case trend(TrendChart)
  }

  /// A value worth comparing with, such as the chance level.
  public struct Reference: Sendable, Codable, Equatable {
    /// The value, on the axis of the values.
    public var value: Double
    /// What it is.
    public var name: String
    /// Names a value.
    public init(value: Double, name: String) { (self.value, self.name) = (value, name) }
  }

  /// What is drawn.
  public let content: Content
  /// The title; may be empty.
  public var title = ""
  /// A sentence for the caption, before what is known by itself (n, intervals, what is left out).
  public var caption = ""
  /// What the horizontal axis shows, with its unit.
  public var xLabel = ""
  /// What the vertical axis shows, with its unit.
  public var yLabel = ""
  /// What was counted, such as `100 people`.
  public var sample = ""
  /// What bands and whiskers are, such as `95 % bootstrap interval over people`.
  public var interval = ""
  /// A dashed line.
  public var reference: Reference?
  /// The axis of the values covers at least this.
  public var range: [Double] = []
  /// Width of the drawing in pixels.
  public var width = 640.0
  /// Height of the plotted area in pixels.
  public var height = 280.0

  /// Makes a chart of some content.
  ///
  /// - Throws: ``ChartError`` when lists differ in length or there is too much to draw.
  public init(_ content: Content, title: String = "") throws {
    self.content = content
    self.title = title
    try validate()
  }

  /// Checks what a file or a script may have made inconsistent.
  ///
  /// - Throws: ``ChartError``.
  public func validate() throws {
    try drawn.validate()
    guard (200...4000).contains(width), (40...4000).contains(height) else {
      throw ChartError(
        "expected a width of 200 ... 4000 and a height of 40 ... 4000 pixels, got "
          + "\(Number.plain(width)) x \(Number.plain(height))")
    }
    guard reference.map(\.value.isFinite) != false else {
      throw ChartError("the reference is not a finite number")
    }
    guard range.isEmpty || range.count == 2 && range[0] < range[1] && range.allSatisfy(\.isFinite)
    else { throw ChartError("a range is two numbers, the lower first") }
  }

  var drawn: any ChartContent {
    switch content {
    case .line(let chart): chart
    case .bars(let chart): chart
    case .scatter(let chart): chart
    case .histogram(let chart): chart
    case .grid(let chart): chart
    case .images(let chart): chart
    case .trend(let chart): chart
    }
  }

  /// The caption with n, intervals and whatever was left out.
  var fullCaption: String {
    ([caption] + [sample.isEmpty ? "" : "n = \(sample)"] + drawn.facts(self))
      .filter { !$0.isEmpty }
      .map { $0.hasSuffix(".") ? $0 : $0 + "." }.joined(separator: " ")
  }

  /// The chart in a few lines of text.
  public var summary: String {
    let name = title.isEmpty ? drawn.noun : "\(drawn.noun) \"\(title)\""
    let lines = drawn.lines.isEmpty ? ["no data"] : drawn.lines
    return (["Chart: \(name)"] + lines.map { "  " + $0 }).joined(separator: "\n")
  }
}

/// What every kind of chart knows about itself.
protocol ChartContent {
  /// What the kind is called.
  var noun: String { get }
  /// Throws ``ChartError``.
  func validate() throws
  /// Names beside their marks; fewer than two need no legend.
  var legend: [LegendEntry] { get }
  /// Sentences for the caption that follow from the numbers.
  func facts(_ chart: Chart) -> [String]
  /// A few lines of text instead of a picture.
  var lines: [String] { get }
  /// Draws at the lower end of a drawing, and makes it higher by what was needed.
  func draw(_ chart: Chart, into svg: inout SVG)
}

/// The numbers of a name: a line, the bars of a color, or points.
public struct Series: Sendable, Codable, Equatable {
  /// The name in the legend.
  public var name: String
  /// Positions; of bars and histograms none.
  public var x: [Double]
  /// Values; what is not finite is left out.
  public var y: [Double]
  /// Lower ends of intervals; empty, or as many as values, NaN where there is none.
  public var low: [Double]
  /// Upper ends of intervals.
  public var high: [Double]
  /// Names of the values, for tooltips and beside points; empty, or as many as values.
  public var labels: [String]
  /// Lower ends of the positions' intervals, as `low`; charts kept by earlier versions have none.
  public var xLow: [Double]?
  /// Upper ends of the positions' intervals.
  public var xHigh: [Double]?

  /// Gathers numbers; without `x` the values stand at 1, 2, 3 …
  public init(
    _ name: String = "", x: [Double]? = nil, y: [Double], low: [Double] = [], high: [Double] = [],
    labels: [String] = [], xLow: [Double]? = nil, xHigh: [Double]? = nil
  ) {
    self.name = name
    self.x = x ?? y.indices.map { Double($0 + 1) }
    (self.y, self.low, self.high, self.labels) = (y, low, high, labels)
    (self.xLow, self.xHigh) = (xLow, xHigh)
  }

  func validate(hasPositions: Bool = true) throws {
    let what = name.isEmpty ? "a series" : "series '\(name)'"
    func check(_ list: String, _ count: Int) throws {
      guard count == y.count else {
        throw ChartError("\(what): expected as many \(list) as y, \(y.count), got \(count)")
      }
    }
    if hasPositions { try check("x", x.count) }
    if !low.isEmpty || !high.isEmpty {
      try check("low", low.count)
      try check("high", high.count)
    }
    if xLow != nil || xHigh != nil {
      try check("lower ends of x", xLow?.count ?? 0)
      try check("upper ends of x", xHigh?.count ?? 0)
    }
    if !labels.isEmpty { try check("labels", labels.count) }
  }

  /// The interval of a value, when it has one.
  func interval(_ i: Int) -> ClosedRange<Double>? {
    guard i < low.count, low[i].isFinite, high[i].isFinite, low[i] <= high[i] else { return nil }
    return low[i]...high[i]
  }

  /// The interval of a position, when it has one.
  func xInterval(_ i: Int) -> ClosedRange<Double>? {
    guard let xLow, let xHigh, i < min(xLow.count, xHigh.count), xLow[i].isFinite,
      xHigh[i].isFinite, xLow[i] <= xHigh[i]
    else { return nil }
    return xLow[i]...xHigh[i]
  }

  /// Positions of values that can be drawn.
  var drawable: [Int] {
    y.indices.filter { y[$0].isFinite && (x.isEmpty || x[$0].isFinite) }
  }

  /// Everything that the axis of values has to cover.
  var extent: [Double] {
    drawable.flatMap { i in [y[i]] + (interval(i).map { [$0.lowerBound, $0.upperBound] } ?? []) }
  }
}

extension [Series] {
  /// More is no chart any more.
  static let most = 24, mostValues = 200_000

  func validate(hasPositions: Bool = true) throws {
    guard count <= Self.most else {
      throw ChartError("expected at most \(Self.most) series, got \(count)")
    }
    let values = map(\.y.count).reduce(0, +)
    guard values <= Self.mostValues else {
      throw ChartError("expected at most \(Self.mostValues) values, got \(values)")
    }
    for series in self { try series.validate(hasPositions: hasPositions) }
  }

  /// How many values cannot be drawn, in words.
  var leftOut: String {
    let missing = map { $0.y.count - $0.drawable.count }.reduce(0, +)
    if missing == 0 { return "" }
    return missing == 1
      ? "1 value is no number and left out" : "\(missing) values are no numbers and left out"
  }

  /// What bands or whiskers are, when there are any.
  func intervalFact(_ mark: String, _ chart: Chart) -> String {
    guard
      contains(where: { series in
        series.y.indices.contains { series.interval($0) != nil || series.xInterval($0) != nil }
      })
    else { return "" }
    return "\(mark): \(chart.interval.isEmpty ? "low to high as given" : chart.interval)"
  }

  /// A line of text for each, with its course in small blocks.
  var lines: [String] {
    let width = map(\.name.count).max() ?? 0
    return map { series in
      let values = series.drawable.map { series.y[$0] }
      let name = series.name.padding(toLength: Swift.max(width, 1), withPad: " ", startingAt: 0)
      guard let low = values.min(), let high = values.max() else { return "\(name)  no data" }
      return "\(name)  \(Spark.line(values))  \(values.count) "
        + "\(values.count == 1 ? "value" : "values"), \(Number.short(low)) … \(Number.short(high))"
    }
  }
}

/// The course of numbers as a line of blocks.
enum Spark {
  private static let blocks = Array("▁▂▃▄▅▆▇█")
  private static let most = 32

  static func line(_ values: [Double]) -> String {
    guard let low = values.min(), let high = values.max() else { return "" }
    let count = min(values.count, most)
    // Halves, so that the span of the largest numbers is still finite.
    let span = max(high / 2 - low / 2, .leastNormalMagnitude)
    return String(
      (0..<count).map { place in
        let value = values[place * values.count / count]
        return blocks[min(Int((value / 2 - low / 2) / span * 8), 7)]
      })
  }
}
