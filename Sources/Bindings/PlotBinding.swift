// Lua module `eidetic.plot`: charts.

import LuaHost
import Pictures
import Reporting
import TensorCore

enum PlotBinding {
  static let module = NativeModule(
    "eidetic.plot",
    "Charts as SVG: save them, keep them in a run, look at them as text at the prompt.",
    functions: [line, bars, scatter, histogram, heatmap, matrix, images])

  // MARK: What all charts take

  private static let series = Parameter(
    "data", .either([.table, .tensor]),
    "A list of numbers or tensor; a table `{ name =, x =, y =, low =, high =, labels = }`; or a "
      + "list of several. An item of y may be a table with mean or value, low, high and n, such as the "
      + "functions of `stats` give.")
  private static let named: [Option] = [
    .init("title", .string, "What the chart shows.", default: ""),
    .init("caption", .string, "A sentence below it.", default: ""),
    .init("n", .either([.integer, .string]), "What was counted, such as `\"100 people\"`."),
    .init("width", .number, "Width of the drawing.", default: 640, unit: "px"),
    .init("height", .number, "Height of the plotted area.", default: 280, unit: "px"),
  ]
  private static let interval = Option(
    "interval", .string, "What bands, whiskers or brackets are, such as `95 % over people`.",
    default: "")
  private static let axes: [Option] = [
    .init("x_label", .string, "The horizontal axis, with its unit.", default: ""),
    .init("y_label", .string, "The vertical axis, with its unit.", default: ""),
    .init("range", .list(.number), "The axis of the values covers at least these two numbers."),
    .init(
      "reference", .either([.number, .table]),
      "A dashed line at this value, or at `{ value =, name = }`."),
  ]

  private static func make(
    _ name: String, _ a: Arguments, counts: Set<Int> = [], _ content: () throws -> Chart.Content
  ) throws -> [LuaValue] {
    try charting(name) {
      var chart = try Chart(content())
      chart.title = try a.string("title")
      chart.caption = try a.string("caption")
      chart.sample =
        a["n"].asInteger.map(String.init) ?? a["n"].asString
        ?? (counts.count > 1
          ? "\(counts.min() ?? 0) … \(counts.max() ?? 0)" : counts.first.map(String.init))
        ?? ""
      (chart.width, chart.height) = (try a.number("width"), try a.number("height"))
      chart.interval = a["interval"].asString ?? ""
      chart.xLabel = a["x_label"].asString ?? ""
      chart.yLabel = a["y_label"].asString ?? ""
      chart.range = a["range"].asTable?.numbers ?? []
      chart.reference = try reference(a["reference"])
      try chart.validate()
      return [.object(LuaChart(chart))]
    }
  }

  private static func reference(_ value: LuaValue) throws -> Chart.Reference? {
    guard !value.isNil else { return nil }
    guard let number = value.asNumber ?? value.asTable?["value"].asNumber else {
      throw ChartError("a reference is a number or a table with value and name")
    }
    return Chart.Reference(value: number, name: value.asTable?["name"].asString ?? "reference")
  }

  // MARK: The kinds

  private static let line = NativeFunction(
    "line", "Lines over numbers, with bands where low and high are given.", parameters: [series],
    options: named + [interval] + axes, results: [.init(.object(LuaChart.self))], since: "1.0",
    example: """
      local chart = plot.line({ { name = "image", y = { 3.2, 1.1, 0.4 } },
                                { name = "text", y = { 2.9, 1.6, 0.9 } } },
        { title = "Loss while learning", x_label = "step", y_label = "loss [nats per word]" })
      chart:save("loss.svg")
      """
  ) { a in
    let data = try PlotSeries(a["data"])
    return try make("line", a, counts: data.counts) { .line(LineChart(data.series)) }
  }

  private static let bars = NativeFunction(
    "bars",
    "Bars, one group per label and one color per series, with whiskers where low and high "
      + "are given.",
    parameters: [series],
    options: [.init("labels", .list(.string), "Names of the groups.")] + named + [interval] + axes,
    results: [.init(.object(LuaChart.self))], since: "1.0",
    example: """
      plot.bars({ { name = "asked by image", y = { { mean = 1, low = 0.99, high = 1 }, 0.35 } },
                  { name = "asked by text", y = { 0.24, 1 } } },
        { labels = { "from images", "from descriptions" }, y_label = "names recalled [share]",
          n = "100 people, 5 seeds", interval = "95 % bootstrap over seeds and people",
          reference = { value = 0.01, name = "chance" } })
      """
  ) { a in
    let data = try PlotSeries(a["data"])
    let longest = data.series.map(\.y.count).max() ?? 0
    let groups = try a.strings(ifGiven: "labels") ?? (1...max(longest, 1)).map(String.init)
    let isEmpty = longest == 0 && !a.has("labels")
    return try make("bars", a, counts: data.counts) {
      .bars(BarChart(groups: isEmpty ? [] : groups, data.series))
    }
  }

  private static let scatter = NativeFunction(
    "scatter",
    "Points, with a fitted line if wished. Labels of a series stand beside its points; items of x "
      + "may have low and high, too.", parameters: [series],
    options: [
      .init("fit", .boolean, "Fits a line to each series by least squares.", default: false)
    ] + named + [interval] + axes, results: [.init(.object(LuaChart.self))], since: "1.0",
    example: """
      plot.scatter({ x = { 1, 2, 3, 4 }, y = { 1.1, 1.9, 3.2, 3.9 } },
        { fit = true, x_label = "views", y_label = "recall" })
      """
  ) { a in
    let data = try PlotSeries(a["data"])
    return try make("scatter", a, counts: data.counts) {
      .scatter(ScatterChart(data.series, isFitted: try a.boolean("fit")))
    }
  }

  private static let histogram = NativeFunction(
    "histogram", "How often numbers fall into bins; several series lie over each other.",
    parameters: [series],
    options: [
      .init("bins", .integer, "How many bins; by default as the spread suggests."),
      .init("share", .boolean, "Shows shares of each series instead of counts.", default: false),
    ] + named + axes, results: [.init(.object(LuaChart.self))], since: "1.0",
    example: """
      plot.histogram({ { name = "members", y = { 0.2, 0.3, 0.3, 0.5 } },
                       { name = "never trained", y = { 1.1, 1.4, 1.5 } } },
        { x_label = "loss [nats per word]", bins = 8 })
      """
  ) { a in
    let data = try PlotSeries(a["data"])
    return try make("histogram", a) {
      .histogram(
        Histogram(
          data.series, bins: try a.integer(ifGiven: "bins"), isShare: try a.boolean("share")))
    }
  }

  private static let rows = Parameter(
    "values", .either([.table, .tensor]),
    "A list of rows, or a tensor of two dimensions. A value may be a table with mean or value, low "
      + "and high.")
  private static let gridOptions: [Option] =
    [
      .init("rows", .list(.string), "Names of the rows."),
      .init("columns", .list(.string), "Names of the columns."),
      .init("center", .number, "Where one color turns into the other, such as 0."),
      .init("range", .list(.number), "The colors cover at least these two numbers."),
      .init("x_label", .string, "What the columns are.", default: ""),
      .init("y_label", .string, "What the rows are.", default: ""),
    ] + named

  private static let heatmap = NativeFunction(
    "heatmap", "Many numbers as colors in rows and columns, with a scale.", parameters: [rows],
    options: gridOptions, results: [.init(.object(LuaChart.self))], since: "1.0",
    example: """
      plot.heatmap({ { 0.1, 0.5 }, { 0.7, 0.2 } },
        { rows = { "block 1", "block 2" }, columns = { "who", "is" }, title = "Attention" })
      """
  ) { a in try grid("heatmap", a, isLabelled: false) }

  private static let matrix = NativeFunction(
    "matrix", "A few numbers as cells that say their number, with intervals where given.",
    parameters: [rows], options: gridOptions + [interval],
    results: [.init(.object(LuaChart.self))], since: "1.0",
    example: """
      plot.matrix({ { 1.00, 0.24 }, { 0.35, 1.00 } },
        { rows = { "from images", "from text" }, columns = { "by image", "by text" },
          range = { 0, 1 }, title = "Names recalled" })
      """
  ) { a in try grid("matrix", a, isLabelled: true) }

  private static func grid(_ name: String, _ a: Arguments, isLabelled: Bool) throws -> [LuaValue] {
    let values = try PlotRows(a["values"])
    return try make(name, a, counts: values.counts) {
      .grid(
        GridChart(
          values.values, low: values.ends(\.low), high: values.ends(\.high),
          rows: try a.strings(ifGiven: "rows") ?? [],
          columns: try a.strings(ifGiven: "columns") ?? [], isLabelled: isLabelled,
          center: try a.number(ifGiven: "center")))
    }
  }

  private static let images = NativeFunction(
    "images", "Pictures in rows, with captions.",
    parameters: [
      .init(
        "pictures", .either([.list(.any), .tensor]),
        "A list of pictures, or of tensors [height, width, 3] in -1 ... 1; or a tensor "
          + "[count, height, width, 3].")
    ],
    options: [
      .init("captions", .list(.string), "One for each picture."),
      .init("columns", .integer, "How many stand in a row, 1 ... 40; by default as many as fit."),
    ] + named, results: [.init(.object(LuaChart.self))], since: "1.0",
    example: """
      plot.images({ people:picture(1), people:picture(2) },
        { captions = { people.names[1], people.names[2] }, title = "Two people" })
      """
  ) { a in
    let pictures = try PlotPictures.all(a["pictures"])
    let captions = try a.strings(ifGiven: "captions") ?? pictures.map { _ in "" }
    return try make("images", a) {
      guard captions.count == pictures.count else {
        throw ChartError("expected \(pictures.count) captions, got \(captions.count)")
      }
      let tiles = try zip(pictures, captions).map { try ImageGrid.Tile($0, caption: $1) }
      return .images(ImageGrid(tiles, columns: try a.integer(ifGiven: "columns")))
    }
  }
}

/// Pictures from objects and tensors.
enum PlotPictures {
  static func all(_ value: LuaValue) throws -> [Picture] {
    if let tensor = value.asObject(LuaTensor.self)?.variable.value {
      guard tensor.rank == 4 else { return [try picture(tensor, "pictures")] }
      return try split(tensor, "pictures")
    }
    return try (value.asTable?.items ?? []).enumerated().flatMap { index, item in
      let what = "pictures[\(index + 1)]"
      if let picture = item.asObject(LuaPicture.self) { return [try picture.picture] }
      guard let tensor = item.asObject(LuaTensor.self)?.variable.value else {
        throw LuaError(
          "images: \(what) must be a Picture or a Tensor, got \(item.kindName)", kind: .argument)
      }
      return tensor.rank == 4 ? try split(tensor, what) : [try picture(tensor, what)]
    }
  }

  private static func split(_ tensor: Tensor, _ what: String) throws -> [Picture] {
    let size = tensor.shape.dropFirst().reduce(1, *)
    guard tensor.shape[0] <= 400 else {
      throw LuaError(
        "images: expected at most 400 pictures, got \(tensor.shape[0])", kind: .argument)
    }
    return try (0..<tensor.shape[0]).map {
      try picture(tensor, what, from: $0 * size, shape: Array(tensor.shape.dropFirst()))
    }
  }

  /// Numbers in −1 … 1, as models read them, to bytes; whatever lies outside is cut off.
  private static func picture(
    _ tensor: Tensor, _ what: String, from start: Int = 0, shape: [Int]? = nil
  ) throws -> Picture {
    let shape = shape ?? tensor.shape
    guard shape.count == 3, shape[2] == 3 else {
      throw LuaError(
        "images: \(what) must be [height, width, 3], got \(Tensor.text(shape))", kind: .argument)
    }
    let bytes = (start..<start + shape.reduce(1, *)).map { place -> UInt8 in
      let number = tensor.number(at: place)
      return number.isNaN ? 0 : UInt8(min(max((number + 1) * 127.5, 0), 255).rounded())
    }
    return try Picture(width: shape[1], height: shape[0], pixels: bytes)
  }
}
