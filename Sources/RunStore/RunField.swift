// What a run has by name: the words of filters, sort keys and columns.

import Foundation
import Metrics

/// A value of a run as filters and columns see it.
public enum FieldValue: Equatable, Sendable {
  /// A number.
  case number(Double)
  /// `true` or `false`.
  case flag(Bool)
  /// Any other text.
  case text(String)

  /// A parameter's text as what it says: parameters stand as text in a manifest.
  public init(_ text: String) {
    if let number = Double(text), number.isFinite, !text.contains("x") {
      self = .number(number)
    } else {
      self = text == "true" ? .flag(true) : text == "false" ? .flag(false) : .text(text)
    }
  }
}

extension CellKey {
  /// `image>text` with further conditions and a group other than the members'.
  public var conditions: String {
    let further = keys.filter { $0.key != "source" && $0.key != "target" }
      .sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    let ends = [source, target].filter { !$0.isEmpty }.joined(separator: ">")
    return ([ends] + further + (group == .member ? [] : ["(\(group))"]))
      .filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// How the fact was learned and asked, for readers: `image → text`, `asked by text`, `learned from
  /// image`; empty where the experiment tells neither.
  public var route: String {
    switch (source.isEmpty, target.isEmpty) {
    case (false, false): "\(source) → \(target)"
    case (true, false): "asked by \(target)"
    case (false, true): "learned from \(source)"
    case (true, true): ""
    }
  }

  /// Metric and conditions, for example `full_name image>text`.
  public var label: String { conditions.isEmpty ? metric : "\(metric) \(conditions)" }
}

extension RunSummary {
  /// The fields that every run may have.
  public static let fieldNames = [
    "id", "experiment", "state", "seeds", "recall", "low", "high", "time", "seconds", "size",
    "host", "data_hash", "commit",
  ]

  /// The field of this name; `nil` when the run lacks it. `seeds` is their number, `recall` the mean
  /// of the headline with its interval in `low` and `high`, `seconds` how long processes that ended
  /// worked on the run, `commit` that of the user's project.
  public func field(_ name: String) -> FieldValue? {
    switch name {
    case "id": .text(self.name)
    case "state": .text(state.rawValue)
    case "size": .number(Double(size))
    case "seeds": .number(Double(seeds.count))
    case "experiment": manifest.map { .text($0.experiment) }
    case "time": manifest.map { .text($0.time.iso8601) }
    case "host": manifest.map { .text($0.host) }
    case "data_hash": manifest.map { .text($0.dataHash) }
    case "seconds": manifest?.ending.map { .number($0.seconds) }
    case "commit": manifest?.git.map { .text($0.commit) }
    case "recall": headline.map { .number($0.mean) }
    case "low": headline?.interval.map { .number($0.low) }
    case "high": headline?.interval.map { .number($0.high) }
    default: nil
    }
  }

  /// The fields that the run has.
  public var fields: [String: FieldValue] {
    var result: [String: FieldValue] = [:]
    for name in Self.fieldNames { result[name] = field(name) }
    return result
  }

  /// The parameter of this name.
  public func parameter(_ name: String) -> FieldValue? {
    manifest?.parameters[name].map { FieldValue($0) }
  }

  /// The mean of a metric's first cell.
  public func metric(_ name: String) -> Double? { cells.first { $0.key.metric == name }?.mean }

  /// The mean of the cell with this label.
  public func cellMean(_ label: String) -> Double? {
    cells.first { label.hasPrefix($0.key.metric) && $0.key.label == label }?.mean
  }

  /// The parameters.
  public var parameters: [String: FieldValue] {
    (manifest?.parameters ?? [:]).mapValues { FieldValue($0) }
  }

  /// By metric, the mean of its first cell.
  public var metrics: [String: Double] {
    Dictionary(cells.map { ($0.key.metric, $0.mean) }, uniquingKeysWith: { first, _ in first })
  }

  /// By label, the mean of every cell.
  public var cellMeans: [String: Double] {
    Dictionary(cells.map { ($0.key.label, $0.mean) }, uniquingKeysWith: { first, _ in first })
  }
}

extension Date {
  /// `2026-01-31T12:00:00Z`, as `formatted(.iso8601)` writes it, in a fiftieth of the time: lists
  /// have thousands.
  public var iso8601: String {
    var parts = tm()
    guard var seconds = time_t(exactly: timeIntervalSince1970.rounded(.down)),
      gmtime_r(&seconds, &parts) != nil, (-900...8099).contains(parts.tm_year)
    else { return formatted(.iso8601) }
    var text = [CChar](repeating: 0, count: 32)
    let length = strftime(&text, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
    return text.withUnsafeBytes { String(decoding: $0.prefix(length), as: UTF8.self) }
  }
}
