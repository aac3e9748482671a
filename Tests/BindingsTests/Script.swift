// How these tests talk to Lua: a state with the modules, and one text form for every result.

import Autograd
import Bindings
import Foundation
import LuaHost
import TensorCore

/// Names that every snippet may use.
private let prelude = """
  local t, rng = require "eidetic.tensor", require "eidetic.rng"; \
  local a = t.from{ { 1, 2, 3 }, { 4, 5, 6 } }; local v = t.from{ 1, 4, 9 }; \
  local ids = t.from({ 2, 1, 3 }, { dtype = "int32" }); local m = t.from{ true, false, true };
  """

func makeState() throws -> LuaState {
  let state = try LuaState()
  try registerTensors(state)
  return state
}

/// Runs an expression, or statements that return something, and renders the results.
func evaluate(_ source: String, in state: LuaState? = nil) throws -> String {
  let state = try state ?? makeState()
  let body = source.hasPrefix("local ") ? source : "return " + source
  return try state.run(prelude + body, name: "snippet").map(render).joined(separator: "; ")
}

/// The message of the error that a snippet ends in, without its position; empty when it does not.
func failure(_ source: String, in state: LuaState? = nil) throws -> String {
  do {
    _ = try evaluate(source, in: state)
    return ""
  } catch let error as LuaError {
    return error.message.replacing(#/^snippet:\d+: /#, with: "")
  }
}

/// Tensors as `dtype[shape] elements`, numbers with five digits, tables as `{a b}`.
func render(_ value: LuaValue) -> String {
  switch value {
  case .nil: "nil"
  case .boolean(let flag): "\(flag)"
  case .integer(let whole): "\(whole)"
  case .number(let number): String(format: "%.5g", number)
  case .string(let text): text
  case .table(let table):
    "{"
      + (table.items.map(render)
      + table.fields.sorted { $0.key < $1.key }.map { "\($0.key)=\(render($0.value))" })
      .joined(separator: " ") + "}"
  case .object(let object): (object as? LuaTensor).map { render($0.variable.value) } ?? "object"
  default: value.kindName
  }
}

private func render(_ tensor: Tensor) -> String {
  let elements: [String]
  switch tensor.dtype {
  case .float32:
    elements = tensor.floatArray.map { $0 == 0 ? "0" : String(format: "%.5g", $0) }
  case .int32: elements = (try? tensor.array(of: Int32.self))?.map { "\($0)" } ?? []
  case .uint8: elements = (try? tensor.array(of: UInt8.self))?.map { "\($0)" } ?? []
  case .bool: elements = (try? tensor.array(of: Bool.self))?.map { "\($0)" } ?? []
  }
  let type = tensor.dtype == .float32 ? "" : tensor.dtype.rawValue
  return ([type + Tensor.text(tensor.shape)] + elements).joined(separator: " ")
}

extension Tensor {
  /// The elements of a float tensor, none of any other.
  var floatArray: [Float] { (try? array()) ?? [] }
}
