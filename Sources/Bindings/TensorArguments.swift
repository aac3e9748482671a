// Arguments of tensor functions. Lua counts positions and dimensions from 1 and the engine from 0;
// the shift happens here, after the range check, and nowhere else.

import Autograd
import LuaHost
import TensorCore

extension Arguments {
  func tensor(_ key: ArgumentKey) throws -> Variable {
    try object(key, LuaTensor.self).variable
  }

  /// A float number; what float32 cannot hold becomes infinite.
  func float(_ key: ArgumentKey) throws -> Float { Float(try number(key)) }

  /// How many of something.
  func size(_ key: ArgumentKey, _ op: String) throws -> Int {
    let size = try integer(key)
    guard size >= 0 else {
      throw LuaError("\(op): expected 0 or more, got \(size)", kind: .argument)
    }
    return size
  }

  /// A dimension as the engine's axis.
  func axis(_ key: ArgumentKey, of rank: Int, _ op: String) throws -> Int {
    try Position.axis(integer(key), of: rank, op)
  }

  /// A dimension as the engine's axis, `nil` when it is missing.
  func axis(ifGiven key: ArgumentKey, of rank: Int, _ op: String) throws -> Int? {
    try integer(ifGiven: key).map { try Position.axis($0, of: rank, op) }
  }

  func elementType(_ key: ArgumentKey) throws -> DType {
    DType(rawValue: try string(key)) ?? .float32
  }

  /// Tensors of a list.
  func tensors(_ key: ArgumentKey, _ op: String) throws -> [Variable] {
    try list(key).enumerated().map { place, value in
      guard let tensor = value.asObject(LuaTensor.self) else {
        throw LuaError(
          "\(op): \(place + 1) of the list must be Tensor, got \(value.kindName)", kind: .argument)
      }
      return tensor.variable
    }
  }

  /// A tensor or a number.
  func operand(_ key: ArgumentKey, _ op: String) throws -> Operand {
    if let tensor = object(key, ifItIs: LuaTensor.self) { return .tensor(tensor.variable) }
    let value = self[key]
    if let number = value.asNumber { return .number(number) }
    throw LuaError("\(op): expected Tensor or number, got \(value.kindName)", kind: .argument)
  }

  /// An int32 tensor: one given as such, or the numbers of a (nested) list.
  func integerTensor(_ key: ArgumentKey, _ op: String) throws -> Tensor {
    let value = self[key]
    if let tensor = value.asObject(LuaTensor.self) {
      try tensor.variable.value.require(.int32, op)
      return tensor.variable.value
    }
    return try NestedList.tensor(value, .int32, op)
  }

  /// Positions counted from 1, or from the end if negative, as the engine's indices.
  func positions(_ key: ArgumentKey, upTo size: Int, _ op: String) throws -> Tensor {
    try integerTensor(key, op).mapped { position in
      Int32(try Position.index(Int(position), of: size, op))
    }
  }

  /// Identifiers counted from 0, unchanged.
  func identifiers(
    _ key: ArgumentKey, below limit: Int, _ what: String, allowingNegative: Bool = false,
    _ op: String
  ) throws -> Tensor {
    let tensor = try integerTensor(key, op)
    for i in 0..<tensor.count {
      let id = Int(tensor.ints[i])
      guard id < limit, id >= 0 || allowingNegative else {
        throw LuaError(
          "\(op): \(what) \(id) is out of range 0 ... \(limit - 1); "
            + "\(what)s are identifiers, counted from 0", kind: .argument)
      }
    }
    return tensor
  }
}

/// A tensor or a number, where either may stand.
enum Operand {
  case tensor(Variable)
  case number(Double)

  /// As a tensor that broadcasts.
  func broadcastable() throws -> Variable {
    switch self {
    case .tensor(let variable): variable
    case .number(let number): Variable(try .full([], Float(number)))
    }
  }
}

/// Positions and dimensions as Lua counts them.
enum Position {
  /// The engine's axis.
  static func axis(_ dim: Int, of rank: Int, _ op: String) throws -> Int {
    guard rank > 0 else {
      throw LuaError("\(op): a single number has no dimension \(dim)", kind: .argument)
    }
    return try resolve(dim, of: rank) {
      "\(op): dimension \(dim) is out of range 1 ... \(rank)"
        + (dim == 0 ? "; dimensions are counted from 1" : "")
    }
  }

  /// The engine's index.
  static func index(_ position: Int, of size: Int, _ op: String) throws -> Int {
    try resolve(position, of: size) {
      let range = size == 0 ? "; there is none" : " 1 ... \(size)"
      return "\(op): position \(position) is out of range\(range)"
        + (position == 0 ? "; tensors are 1-based" : "")
    }
  }

  private static func resolve(
    _ place: Int, of size: Int, _ message: () -> String
  ) throws -> Int {
    if place >= 1, place <= size { return place - 1 }
    if place <= -1, place >= -size { return place + size }
    throw LuaError(message(), kind: .argument)
  }
}

extension Tensor {
  /// The same int32 shape with other numbers.
  func mapped(_ change: (Int32) throws -> Int32) throws -> Tensor {
    let result = try Tensor(uninitialized: shape, dtype: .int32)
    for i in 0..<count { result.ints[i] = try change(ints[i]) }
    return result
  }

  /// The engine's indices as positions from 1. Callers know that no index is the largest int32.
  func countedFromOne() throws -> Tensor { try mapped { $0 &+ 1 } }
}
