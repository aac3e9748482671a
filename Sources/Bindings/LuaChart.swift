// A chart in Lua: to look at as text, to save, to keep in a run.

import LuaHost
import Reporting

/// A chart.
public final class LuaChart: LuaObject {
  let chart: Chart
  init(_ chart: Chart) { self.chart = chart }

  /// How Lua sees the class.
  public static let luaClass = NativeClass(
    "Chart", "A chart made with `plot`; the prompt shows it as a few lines of text.",
    methods: [svg, save],
    metamethods: [
      NativeFunction(
        "__tostring", "A few lines: kind, title, range of each series.",
        parameters: [.init("chart", .any)], results: [.init(.string)]
      ) { a in
        [.string(try a.object("chart", LuaChart.self).chart.summary)]
      }
    ],
    properties: [
      .init("title", .string, "Its title.") {
        .string(try $0.receiver(LuaChart.self).chart.title)
      }
    ])

  private static let svg = NativeFunction(
    "svg", "The chart as an SVG document that needs nothing else; light and dark.",
    results: [.init(.string)], since: "1.0", example: "print(chart:svg():sub(1, 60))"
  ) { a in
    [.string(try a.receiver(LuaChart.self).chart.svg())]
  }

  private static let save = NativeFunction(
    "save",
    "Writes the chart as .svg, or as .png or .pdf where librsvg's rsvg-convert is "
      + "installed; whole or not at all.",
    parameters: [.init("path", .string, "The file; its ending decides the format.")],
    options: [
      .init("scale", .number, "Pixels of a PNG per pixel of the drawing, 0.1 ... 10.", default: 2)
    ], since: "1.0", example: "chart:save(\"loss.svg\")"
  ) { a in
    let scale = try a.number("scale")
    guard (0.1...10).contains(scale) else {
      throw LuaError("save: expected a scale of 0.1 ... 10, got \(scale.luaText)", kind: .argument)
    }
    let chart = try a.receiver(LuaChart.self).chart, path = try a.path("path", for: .writing)
    try charting("save") { try chart.write(to: path, scale: scale) }
    return []
  }
}

/// Runs `body`; a mistake in a chart comes out with the function's name.
func charting<Value>(_ name: String, _ body: () throws -> Value) throws -> Value {
  do { return try body() } catch let error as ChartError {
    throw LuaError("\(name): \(error)", kind: .argument)
  }
}
