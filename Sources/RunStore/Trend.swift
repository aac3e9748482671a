// What a condition that is a number does to a share, over all of its levels: views, steps, sizes.

import Foundation
import Metrics
import Repro

/// A fitted curve over the levels of one condition.
public struct TrendResult: Adjustable, Equatable, Sendable {
  /// A place on the curve.
  public struct Point: Equatable, Sendable {
    /// The level of the condition, as a number.
    public var level: Double
    /// The share on the curve.
    public var share: Double
    /// Where the curve may lie there.
    public var interval: Interval?
  }

  /// Metric, group and all conditions but the one that varies.
  public var key: CellKey
  /// The condition that varies, for example `views`.
  public var condition: String
  /// Whether the dose is the level's logarithm to base 2 or the level itself.
  public var isLogarithmic: Bool
  /// The levels measured, ascending.
  public var levels: [Double]
  /// What a doubling of the level, or one unit of it, adds to the log odds.
  public var slope: Double
  /// The interval of the slope.
  public var interval: Interval?
  /// The t test of no slope, seeds and personas random.
  public var pValue: Double?
  /// `pValue` adjusted by Holm for all trends of the metric.
  public var adjustedPValue: Double?
  /// The curve, levels ascending.
  public var curve: [Point]

  /// Whether a cell is one of those that the curve goes through.
  public func holds(_ cell: CellKey?) -> Bool {
    guard let cell, let level = cell.keys[condition].flatMap(Double.init) else { return false }
    return levels.contains(level) && cell.metric == key.metric && cell.group == key.group
      && cell.keys.filter { $0.key != condition } == key.keys
  }

  /// Slope, interval and p-value in a few words.
  public var summary: String {
    let p = adjustedPValue.map { ", p \(Number.p($0)) (Holm)" } ?? ""
    return "\(Number.short(slope)) \(Number.range(interval))\(p)"
  }
}

/// Finds what varies as a number among an experiment's cells, and fits it.
struct TrendBuilder {
  let tables: [CellKey: PersonaTable]
  let scales: [CellKey: Scale]
  let bootstrap: HierarchicalBootstrap
  let stream: RandomStream

  /// All trends, in the order of their keys.
  func trends() -> [TrendResult] {
    let conditions = Set(tables.keys.flatMap(\.keys.keys)).subtracting(["source", "target"])
    let found = conditions.sorted().flatMap { condition in
      ladders(condition).sorted { $0.key < $1.key }.compactMap {
        trend($0.key, over: condition, $0.value)
      }
    }
    return adjustedByHolm(found, within: \.key.metric)
  }

  /// The cells of shares, grouped by all but one condition.
  private func ladders(_ condition: String) -> [CellKey: [Double: CellKey]] {
    var found: [CellKey: [Double: CellKey]] = [:]
    // In order, so that of `1` and `1.0` always the same one is taken.
    for key in tables.keys.sorted() where key.group != .control {
      guard scales[key]?.range == 0...1, let level = key.keys[condition].flatMap(Double.init),
        level.isFinite
      else { continue }
      let rest = CellKey(
        metric: key.metric, keys: key.keys.filter { $0.key != condition }, group: key.group)
      found[rest, default: [:]][level] = key
    }
    return found
  }

  private func trend(
    _ key: CellKey, over condition: String, _ cells: [Double: CellKey]
  ) -> TrendResult? {
    let levels = cells.keys.sorted()
    guard levels.count > 2 else { return nil }
    let isLogarithmic = levels[0] > 0
    func dose(_ level: Double) -> Double { isLogarithmic ? log2(level) : level }
    let ladder = levels.compactMap { level in
      cells[level].flatMap { tables[$0] }.map { (dose: dose(level), cell: $0) }
    }
    let places = Self.places(from: dose(levels[0]), to: dose(levels[levels.count - 1]))
    guard
      let fit = bootstrap.trend(
        ladder, at: places, stream: stream.fork("trend \(condition) \(key)"))
    else { return nil }
    return TrendResult(
      key: key, condition: condition, isLogarithmic: isLogarithmic, levels: levels,
      slope: fit.slope.value, interval: fit.slope.interval, pValue: fit.slope.pValue(),
      adjustedPValue: nil,
      curve: fit.curve.enumerated().map { place, point in
        // The ends are the levels themselves, not what their logarithms lead back to.
        let level =
          place == 0
          ? levels[0]
          : place == places.count - 1
            ? levels[levels.count - 1] : isLogarithmic ? exp2(point.dose) : point.dose
        return .init(level: level, share: point.share, interval: point.interval)
      })
  }

  private static func places(from low: Double, to high: Double, count: Int = 33) -> [Double] {
    (0..<count).map { low + (high - low) * Double($0) / Double(count - 1) }
  }
}

extension ExperimentResult {
  /// A line per trend of whole answers: condition, what varies beside it, slope.
  var trendLines: [String] {
    let whole = trends.filter { !["first_name", "last_name"].contains($0.key.metric) }
    guard !whole.isEmpty else { return [] }
    let rows = whole.map { trend in
      let further = trend.key.keys.filter { $0.key != "source" && $0.key != "target" }
        .sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
      return [
        trend.key.metric, trend.isLogarithmic ? "2 x \(trend.condition)" : "\(trend.condition) + 1",
        trend.key.route + further, trend.summary,
      ]
    }
    let percent = Number.plain(level * 100)
    return [
      (["trends: what it adds to the log odds [\(percent) % interval]"] + Self.aligned(rows))
        .joined(separator: "\n")
    ]
  }
}

extension TrendResult {
  var json: JSON {
    var members = key.members.merging(JSON.ends(interval)) { $1 }
    members["condition"] = .string(condition)
    members["scale"] = .string(isLogarithmic ? "log2" : "linear")
    members["levels"] = .array(levels.map(JSON.number))
    members["slope"] = .number(slope)
    members["p"] = .optional(pValue)
    members["p_holm"] = .optional(adjustedPValue)
    members["curve"] = .array(curve.map(\.json))
    return .object(members)
  }

  init(_ json: JSON, at place: String) throws {
    var members = try Members(json, at: place)
    key = try CellKey(&members)
    condition = try members.take("condition")
    let scale: String = try members.take("scale")
    guard ["log2", "linear"].contains(scale) else {
      throw ShapeError(place: place + ".scale", expected: "log2 or linear", got: scale)
    }
    isLogarithmic = scale == "log2"
    levels = try members.list("levels", of: Double.self)
    slope = try members.take("slope")
    interval = try members.interval()
    pValue = try members.optional("p")
    adjustedPValue = try members.optional("p_holm")
    curve = try members.list("curve") { try Point($0, at: $1) }
    try members.end()
  }
}

extension TrendResult.Point {
  var json: JSON {
    .object(
      ["level": .number(level), "share": .number(share)].merging(JSON.ends(interval)) { $1 })
  }

  init(_ json: JSON, at place: String) throws {
    var members = try Members(json, at: place)
    level = try members.take("level")
    share = try members.take("share")
    interval = try members.interval()
    try members.end()
  }
}
