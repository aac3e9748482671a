// `--where`: a Lua expression over a run's fields, in an environment that holds nothing else.

import LuaHost
import RunStore

/// A condition on runs.
///
/// The expression sees the fields of ``RunSummary/fieldNames`` as variables and the tables `params`,
/// `metrics`, `cells` and `tags`. It can call nothing but the methods of strings, and is stopped after
/// two seconds or 64 MiB. A run that lacks a value the expression asks for does not match.
public struct RunFilter {
  private let expression: String

  /// Takes an expression such as `params.views > 5 and recall > 0.9`.
  public init(_ expression: String) { self.expression = expression }

  /// Why an expression cannot be used.
  public struct Mistake: Error, CustomStringConvertible {
    /// One line.
    public let description: String
  }

  /// The runs that match.
  ///
  /// - Throws: ``Mistake`` for a syntax error, a name that no run has, or an error while evaluating.
  public func matching(_ runs: [RunSummary]) throws -> [RunSummary] {
    let known = KnownNames(runs)
    let verdicts: [LuaValue]
    do {
      let state = try LuaState(
        profile: .sandbox, memoryLimit: 64 << 20, timeLimit: 2, print: { _ in })
      try state.register(Self.module(runs, known))
      let answer = try state.run(
        Self.driver, name: "where", arguments: [.string(expression), .integer(runs.count)])
      if answer.count == 3 { throw unknown(answer, known) }
      guard let table = answer.first?.asTable else {
        throw mistake(answer.count > 1 ? answer[1].asString ?? "" : "it cannot be evaluated")
      }
      verdicts = table.items
    } catch let error as LuaError {
      throw mistake(error.message)
    }
    return zip(runs, verdicts).filter { $0.1.asBoolean == true }.map(\.0)
  }

  /// Values are looked up when the expression asks for them: copying all of thousands of runs would
  /// take longer than everything else.
  private static func module(_ runs: [RunSummary], _ known: KnownNames) -> NativeModule {
    let value = NativeFunction.single(
      "value", "A value of a run.",
      parameters: [.init("run", .integer), .init("kind", .string), .init("name", .string)],
      result: .init(.any)
    ) { a in
      let run = runs[try a.integer("run") - 1]
      let name = try a.string("name")
      switch try a.string("kind") {
      case "fields": return run.field(name).map(LuaValue.init) ?? .nil
      case "params": return run.parameter(name).map(LuaValue.init) ?? .nil
      case "metrics": return run.metric(name).map { .number($0) } ?? .nil
      case "cells": return run.cellMean(name).map { .number($0) } ?? .nil
      default: return .boolean(run.tags.contains(name))
      }
    }
    let isKnown = NativeFunction(
      "known", "Whether some run has a value of this name.",
      parameters: [.init("kind", .string), .init("name", .string)], results: [.init(.boolean)]
    ) { a in
      [.boolean(known.contains(try a.string("name"), of: try a.string("kind")))]
    }
    return NativeModule("where.runs", "The runs of a filter.", functions: [value, isKnown])
  }

  private func mistake(_ text: String) -> Mistake {
    // Lua speaks of the chunk that the expression is wrapped in.
    let said = text.replacing("where:1: ", with: "")
    return Mistake(description: "--where '\(expression)': \(said)")
  }

  private func unknown(_ answer: [LuaValue], _ known: KnownNames) -> Mistake {
    let (kind, name) = (answer[1].asString ?? "", answer[2].asString ?? "")
    let names = known.names(of: kind)
    let near = LuaState.suggestion(for: name, among: names)
    let what =
      kind == "fields" ? "there is no '\(name)'" : "no run has '\(name)' in \(kind)"
    let hint =
      near.map { "did you mean '\($0)'?" }
      ?? (names.isEmpty ? "there are none" : "there are \(names.joined(separator: ", "))")
    return mistake("\(what); \(hint)")
  }

  /// `load` gives the expression its environment; a missing value ends the evaluation of one run, a
  /// name that no run has ends it all.
  private static let driver = """
    local expression, count = ...
    local runs = require "where.runs"
    local value_of, known = runs.value, runs.known
    local absent, unknown = {}, nil
    local run
    local function view(kind)
      return setmetatable({}, {
        __index = function(_, name)
          local text = tostring(name)
          local value = value_of(run, kind, text)
          if value ~= nil then return value end
          if not known(kind, text) then unknown = { kind, text } end
          error(absent, 0)
        end,
        __newindex = function() error("a filter changes nothing", 0) end,
        __metatable = false,
      })
    end
    local views = { params = view("params"), metrics = view("metrics"), cells = view("cells"),
      tags = view("tags") }
    local fields = view("fields")
    local environment = setmetatable({}, {
      __index = function(_, name) return views[name] or fields[name] end,
      __newindex = function() error("a filter changes nothing", 0) end,
      __metatable = false,
    })
    local chunk, problem = load("return " .. expression .. "\\n", "=where", "t", environment)
    if not chunk then return nil, problem end
    local verdicts = {}
    for i = 1, count do
      run = i
      local ok, result = pcall(chunk)
      if unknown then return nil, unknown[1], unknown[2] end
      if not ok and result ~= absent then return nil, tostring(result) end
      verdicts[i] = ok and result ~= nil and result ~= false
    end
    return verdicts
    """
}

/// The names that at least one run has, gathered when first asked for.
private final class KnownNames {
  private let runs: [RunSummary]
  private lazy var byKind: [String: Set<String>] = [
    "fields": Set(RunSummary.fieldNames),
    "params": Set(runs.flatMap { $0.manifest.map { Array($0.parameters.keys) } ?? [] }),
    "metrics": Set(runs.flatMap { $0.cells.map(\.key.metric) }),
    "cells": Set(runs.flatMap { $0.cells.map(\.key.label) }),
  ]

  init(_ runs: [RunSummary]) { self.runs = runs }

  func contains(_ name: String, of kind: String) -> Bool { byKind[kind]?.contains(name) == true }

  func names(of kind: String) -> [String] {
    let tables = kind == "fields" ? ["params", "metrics", "cells", "tags"] : []
    return (byKind[kind] ?? []).sorted() + tables
  }
}

extension LuaValue {
  fileprivate init(_ value: FieldValue) {
    switch value {
    case .number(let number): self = .number(number)
    case .flag(let flag): self = .boolean(flag)
    case .text(let text): self = .string(text)
    }
  }
}
