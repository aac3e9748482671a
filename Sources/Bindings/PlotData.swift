// What scripts give to `plot`: numbers in lists or tensors, alone or with intervals, with or
// without names.

import LuaHost
import Reporting
import TensorCore

/// Numbers with the ends of their intervals, NaN where there is none, and counts where given.
struct PlotValues {
  var values: [Double] = []
  var low: [Double] = []
  var high: [Double] = []
  var counts: Set<Int> = []

  /// A list of numbers, of tables `{ mean or value, low, high, n }`, or a tensor of one dimension.
  init(_ value: LuaValue, _ what: String) throws {
    if let tensor = value.asObject(LuaTensor.self)?.variable.value {
      guard tensor.rank == 1 else {
        throw LuaError(
          "\(what) must have one dimension, got \(Tensor.text(tensor.shape))", kind: .argument)
      }
      values = (0..<tensor.count).map { tensor.number(at: $0) }
      return
    }
    guard let table = value.asTable, table.fields.isEmpty else {
      throw LuaError(
        "\(what) must be a list of numbers or a tensor, got "
          + (value.asTable?.fields.keys.min().map { "a table with the name '\($0)'" }
            ?? value.kindName),
        kind: .argument)
    }
    if let numbers = table.numbers {
      values = numbers
      return
    }
    for (index, item) in table.items.enumerated() { try add(item, "\(what)[\(index + 1)]") }
    if low.allSatisfy(\.isNaN) || high.allSatisfy(\.isNaN) { (low, high) = ([], []) }
  }

  private mutating func add(_ item: LuaValue, _ what: String) throws {
    let table = item.asTable
    let value = item.asNumber ?? table?["value"].asNumber ?? table?["mean"].asNumber
    guard let value else {
      throw LuaError(
        "\(what) must be a number or a table with mean or value, low and high, got "
          + (table == nil ? item.kindName : "a table without them"), kind: .argument)
    }
    values.append(value)
    low.append(table?["low"].asNumber ?? .nan)
    high.append(table?["high"].asNumber ?? .nan)
    if let count = table?["n"].asInteger { counts.insert(count) }
  }
}

/// Series and the counts that came with their values.
struct PlotSeries {
  var series: [Series] = []
  var counts: Set<Int> = []

  private static let fields = ["name", "x", "y", "low", "high", "labels"]

  /// One list of numbers, one table with `y`, or a list of such.
  init(_ value: LuaValue) throws {
    guard let table = value.asTable, table.fields.isEmpty, table.count > 0,
      table.items.allSatisfy({ $0.isSeries })
    else {
      try add(value, "data")
      return
    }
    for (index, item) in table.items.enumerated() { try add(item, "data[\(index + 1)]") }
  }

  private mutating func add(_ value: LuaValue, _ what: String) throws {
    guard let table = value.asTable, !table.fields.isEmpty else {
      let y = try PlotValues(value, what)
      series.append(Series(y: y.values, low: y.low, high: y.high))
      counts.formUnion(y.counts)
      return
    }
    if let unknown = table.fields.keys.filter({ !Self.fields.contains($0) }).min() {
      throw LuaError(
        "\(what): unknown field '\(unknown)'; a series takes "
          + Self.fields.joined(separator: ", "),
        kind: .argument)
    }
    func given(_ name: String) throws -> PlotValues? {
      table[name].isNil ? nil : try PlotValues(table[name], "\(what).\(name)")
    }
    let x = try given("x")
    let hasEnds = x.map { !$0.low.isEmpty } ?? false
    guard !table["y"].isNil else {
      throw LuaError("\(what): a series needs y, a list of numbers", kind: .argument)
    }
    let y = try PlotValues(table["y"], "\(what).y")
    guard table["name"].isNil || table["name"].asString != nil else {
      throw LuaError("\(what).name must be a string", kind: .argument)
    }
    let labels = table["labels"]
    guard labels.isNil || labels.asTable?.strings != nil else {
      throw LuaError("\(what).labels must be a list of strings", kind: .argument)
    }
    series.append(
      Series(
        table["name"].asString ?? "", x: x?.values, y: y.values,
        low: try given("low")?.values ?? y.low, high: try given("high")?.values ?? y.high,
        labels: labels.asTable?.strings ?? [], xLow: hasEnds ? x?.low : nil,
        xHigh: hasEnds ? x?.high : nil))
    counts.formUnion(y.counts)
  }
}

extension LuaValue {
  /// A table with `y`, a list of its own, or a tensor.
  fileprivate var isSeries: Bool {
    if asObject(LuaTensor.self) != nil { return true }
    guard let table = asTable else { return false }
    return table.fields.isEmpty || !table["y"].isNil || !table["name"].isNil
  }
}

/// Rows of numbers, from lists of lists or a tensor of two dimensions.
struct PlotRows {
  var rows: [PlotValues] = []

  init(_ value: LuaValue) throws {
    if let tensor = value.asObject(LuaTensor.self)?.variable.value {
      guard tensor.rank == 2 else {
        throw LuaError(
          "values must have two dimensions, got \(Tensor.text(tensor.shape))", kind: .argument)
      }
      let width = tensor.shape[1]
      rows = try (0..<tensor.shape[0]).map { row in
        try PlotValues(.numbers((0..<width).map { tensor.number(at: row * width + $0) }), "values")
      }
      return
    }
    guard let table = value.asTable, table.fields.isEmpty else {
      throw LuaError(
        "values must be a list of rows or a tensor, got \(value.kindName)", kind: .argument)
    }
    rows = try table.items.enumerated().map { try PlotValues($1, "values[\($0 + 1)]") }
  }

  var values: [[Double]] { rows.map(\.values) }
  var counts: Set<Int> { rows.reduce(into: []) { $0.formUnion($1.counts) } }
  private var hasIntervals: Bool { rows.contains { !$0.low.isEmpty } }

  /// The ends of the intervals in the form of the values.
  func ends(_ end: KeyPath<PlotValues, [Double]>) -> [[Double]] {
    guard hasIntervals else { return [] }
    return rows.map { row in
      row[keyPath: end].isEmpty ? row.values.map { _ in .nan } : row[keyPath: end]
    }
  }
}
