// result.json: what is written and how it is read back. One outcome or cell per line, keys sorted,
// so that two results can be compared with `diff`.

import Foundation
import Metrics
import Repro

extension ExperimentResult {
  /// The result as JSON.
  public var json: JSON {
    .object([
      "cells": .array(cells.map(\.json)),
      "claims": .array(claims.map(\.json)),
      "comparisons": .array(comparisons.map(\.json)),
      "complete": .bool(isComplete),
      "curves": .array(curves.map(\.json)),
      "experiment": .string(experiment),
      "format": .integer(Self.format),
      "level": .number(level),
      "manifest": manifest.json,
      "normalizer": .string(NameNormalizer.name),
      "notes": .array(notes.map(JSON.string)),
      "outcomes": .array(outcomes.map(\.json)),
      "personas": .string(design.rawValue),
      "primary_metric": .string(primaryMetric),
      "question": .string(question),
      "resamples": .integer(resamples),
      "seeds": .array(seeds.map(JSON.integer)),
      "trends": .array(trends.map(\.json)),
    ])
  }

  /// The text of `result.json`: canonical values, one list item per line.
  public var text: String {
    guard case .object(let members) = json else { return "" }
    let lines = members.sorted { $0.key < $1.key }.map { key, value in
      guard case .array(let items) = value, items.contains(where: { $0.isContainer }) else {
        return "  \"\(key)\": \(value.canonical)"
      }
      return "  \"\(key)\": [\n    "
        + items.map(\.canonical).joined(separator: ",\n    ") + "\n  ]"
    }
    return "{\n" + lines.joined(separator: ",\n") + "\n}\n"
  }

  /// Writes the result; the file appears whole or not at all.
  ///
  /// - Throws: `FileWriteError` when it cannot be written.
  public func write(to path: String) throws {
    try AtomicFile.write(text, to: path)
  }

  /// Reads a result file, strictly.
  ///
  /// - Throws: ``RunStoreError`` naming the file when it is missing, damaged or too new.
  public static func read(_ path: String) throws -> ExperimentResult {
    try read(path) { $0 }
  }

  static func read(_ path: String, prepare: (Data) -> Data) throws -> ExperimentResult {
    try readJSON(path, prepare: prepare) { json in
      if case .integer(let got)? = json["format"], got != format {
        throw RunStoreError.unknownFormat(path: path, got: got, newest: format)
      }
      return try ExperimentResult(json)
    }
  }

  init(_ json: JSON) throws {
    var members = try Members(json, at: "result")
    let _: Int = try members.take("format")
    let _: String = try members.take("normalizer")
    self.init(
      experiment: try members.take("experiment"),
      question: try members.take("question"),
      primaryMetric: try members.take("primary_metric"),
      seeds: try members.list("seeds", of: Int.self),
      isComplete: try members.take("complete"),
      design: try members.choice("personas"),
      level: try members.take("level"),
      resamples: try members.take("resamples"),
      cells: try members.list("cells") { try CellResult($0, at: $1) },
      comparisons: try members.list("comparisons") { try Comparison($0, at: $1) },
      trends: try members.listIfPresent("trends") { try TrendResult($0, at: $1) },
      claims: try members.listIfPresent("claims") { try ClaimResult($0, at: $1) },
      curves: try members.list("curves") { try Curve($0, at: $1) },
      notes: try members.list("notes", of: String.self),
      outcomes: try members.list("outcomes") { try Outcome($0, at: $1) },
      manifest: try Manifest(try members.json("manifest"), at: "result.manifest"))
    try members.end()
  }
}

extension JSON {
  fileprivate var isContainer: Bool {
    switch self {
    case .array, .object: true
    default: false
    }
  }

  static func optional(_ value: Double?) -> JSON { value.map(JSON.number) ?? .null }
  static func optional(_ value: String?) -> JSON { value.map(JSON.string) ?? .null }

  /// The two ends of an interval under the names every reader looks for.
  static func ends(_ interval: Interval?) -> [String: JSON] {
    ["low": .optional(interval?.low), "high": .optional(interval?.high)]
  }

  func merging(_ members: [String: JSON]) -> JSON {
    guard case .object(let own) = self else { return self }
    return .object(own.merging(members) { $1 })
  }
}

extension Members {
  /// `low` and `high`; both or neither.
  mutating func interval() throws -> Interval? {
    let low: Double? = try optional("low")
    let high: Double? = try optional("high")
    switch (low, high) {
    case (let low?, let high?): return Interval(low: low, high: high)
    case (nil, nil): return nil
    default:
      throw ShapeError(place: place, expected: "both of low and high or neither", got: "one")
    }
  }
}

extension CellKey {
  /// Source and target stand beside the metric, further conditions under `keys`.
  var members: [String: JSON] {
    var result: [String: JSON] = ["metric": .string(metric), "group": .string("\(group)")]
    var further: [String: JSON] = [:]
    for (key, value) in keys {
      if key == "source" || key == "target" {
        result[key] = .string(value)
      } else {
        further[key] = .string(value)
      }
    }
    if !further.isEmpty { result["keys"] = .object(further) }
    return result
  }

  init(_ members: inout Members) throws {
    let further = members.optionalJSON("keys")
    var keys: [String: String] = [:]
    if let further {
      var box = try Members(.object(["keys": further]), at: members.place)
      keys = try box.dictionary("keys")
    }
    if let source: String = try members.optional("source") { keys["source"] = source }
    if let target: String = try members.optional("target") { keys["target"] = target }
    self.init(
      metric: try members.take("metric"), keys: keys, group: Group(try members.take("group")))
  }

  init(_ json: JSON, at place: String) throws {
    var members = try Members(json, at: place)
    try self.init(&members)
    try members.end()
  }
}

extension Outcome {
  /// The outcome as one JSON object; answer and truth only where there are any.
  public var json: JSON {
    var members = cell.members
    members["seed"] = .integer(seed)
    members["persona"] = .integer(persona)
    members["value"] = .number(value)
    members["answer"] = answer.map(JSON.string)
    members["truth"] = truth.map(JSON.string)
    return .object(members)
  }

  init(_ json: JSON, at place: String) throws {
    var members = try Members(json, at: place)
    let cell = try CellKey(&members)
    self.init(
      seed: try members.take("seed"), cell: cell, persona: try members.take("persona"),
      value: try members.take("value"), answer: try members.optional("answer"),
      truth: try members.optional("truth"))
    try members.end()
  }
}

extension Curve {
  var json: JSON {
    .object([
      "quantity": .string(quantity), "seed": .integer(seed), "stage": .string(stage),
      "steps": .array(steps.map(JSON.integer)), "values": .array(values.map(JSON.number)),
    ])
  }

  init(_ json: JSON, at place: String) throws {
    var members = try Members(json, at: place)
    let steps = try members.list("steps", of: Int.self)
    let values = try members.list("values", of: Double.self)
    guard steps.count == values.count else {
      throw ShapeError(
        place: place, expected: "\(steps.count) values", got: "\(values.count)")
    }
    self.init(
      stage: try members.take("stage"), seed: try members.take("seed"),
      quantity: try members.take("quantity"),
      points: zip(steps, values).map { (step: $0, value: $1) }, limit: steps.count)
    try members.end()
  }
}
