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

  /// Metric and conditions, for example `full_name image>text`.
  public var label: String { conditions.isEmpty ? metric : "\(metric) \(conditions)" }
}

extension RunSummary {
  /// The fields that every run may have.
  public static let fieldNames = [
    "id", "experiment", "state", "seeds", "recall", "low", "high", "time", "size", "host",
    "data_hash",
  ]

  /// The fields; those that the run lacks are absent. `seeds` is their number, `recall` the mean of
  /// the headline with its interval in `low` and `high`.
  public var fields: [String: FieldValue] {
    var result: [String: FieldValue] = [
      "id": .text(name), "state": .text(state.rawValue), "size": .number(Double(size)),
      "seeds": .number(Double(seeds.count)),
    ]
    if let manifest {
      result["experiment"] = .text(manifest.experiment)
      result["time"] = .text(manifest.time.formatted(.iso8601))
      result["host"] = .text(manifest.host)
      result["data_hash"] = .text(manifest.dataHash)
    }
    if let headline {
      result["recall"] = .number(headline.mean)
      result["low"] = headline.interval.map { .number($0.low) }
      result["high"] = headline.interval.map { .number($0.high) }
    }
    return result
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
