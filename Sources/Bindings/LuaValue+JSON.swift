// JSON values as Lua values and back.

import LuaHost
import Repro

extension LuaValue {
  /// The same value for Lua; `null` becomes nil.
  init(_ json: JSON) {
    switch json {
    case .null: self = .nil
    case .bool(let value): self = .boolean(value)
    case .integer(let value): self = .integer(value)
    case .number(let value): self = .number(value)
    case .string(let value): self = .string(value)
    case .array(let items): self = .list(items.map { LuaValue($0) })
    case .object(let members): self = .fields(members.mapValues { LuaValue($0) })
    }
  }

  /// The same value as JSON.
  ///
  /// - Throws: ``LuaError`` for functions, objects, and tables with both positions and names.
  public func json(_ what: String) throws -> JSON {
    switch self {
    case .nil: return .null
    case .boolean(let value): return .bool(value)
    case .integer(let value): return .integer(value)
    case .number(let value): return .number(value)
    case .string(let value): return .string(value)
    case .table(let table):
      if table.fields.isEmpty { return .array(try table.items.map { try $0.json(what) }) }
      guard table.count == 0 else {
        throw LuaError("\(what): a table has either positions or names, not both", kind: .argument)
      }
      return .object(try table.fields.mapValues { try $0.json(what) })
    default:
      throw LuaError("\(what): expected plain data, got \(kindName)", kind: .argument)
    }
  }
}
