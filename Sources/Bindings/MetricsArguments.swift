// What the functions of `eidetic.metrics` and `eidetic.stats` share: numbers in double precision from
// lists or tensors, right and wrong answers, results with named fields.

import LuaHost
import Metrics
import Repro
import TensorCore

extension ValueKind {
  /// Numbers in a row: a list, or a tensor of one dimension.
  static let vector = ValueKind.either([.tensor, .list(.number)])
  /// Rows of numbers: lists of equal length, or a tensor of two dimensions.
  static let matrix = ValueKind.either([.tensor, .list(.list(.number))])
  /// Right and wrong answers, as booleans or as 1 and 0.
  static let flags = ValueKind.either([.tensor, .list(.either([.boolean, .number]))])
  /// Rows of right and wrong answers.
  static let flagRows = ValueKind.either([
    .tensor, .list(.list(.either([.boolean, .number]))),
  ])
  /// Token ids, unchanged.
  static let tokens = ValueKind.either([.tensor, .list(.integer)])
}

extension Option {
  static let level = Option("level", .number, "Coverage of the interval.", default: 0.95)
  static let resamples = Option("resamples", .integer, "How many.", default: 10_000)
  static let permutations = Option(
    "permutations", .integer, "Random pairings of the null.", default: 1000)
  static let nullStream = Option(
    "rng", .rng, "Adds the permutation null; the stream is forked, not advanced.")
}

extension NativeFunction {
  /// A function of numbers. A result that is not a number is an error: it would spoil every table.
  static func measure(
    _ name: String, _ summary: String, _ parameters: [Parameter], options: [Option] = [],
    gives results: Result..., example: String? = nil,
    _ body: @escaping (Arguments) throws -> LuaValue
  ) -> NativeFunction {
    entry(name, summary, parameters, options: options, results: results, example: example) {
      let value = try body($0)
      guard !value.holdsNaN else {
        throw LuaError("\(name): the numbers are too large for a result", kind: .argument)
      }
      return [value]
    }
  }
}

extension Result {
  /// A number.
  static let number = Result(.number)
  /// A number that may be undefined.
  static func number(orNilWhen reason: String) -> Result {
    Result(.number, "nil when \(reason)", optional: true)
  }
  /// A table with these fields.
  static func fields(_ summary: String) -> Result { Result(.table, summary) }
}

extension LuaValue {
  /// A table of the fields that have a value; what is undefined is absent.
  static func record(_ fields: KeyValuePairs<String, LuaValue>) -> LuaValue {
    .fields(Dictionary(fields.filter { !$0.value.isNil }.map { ($0.key, $0.value) }) { $1 })
  }

  /// A number, or nil.
  static func maybe(_ number: Double?) -> LuaValue { number.map { .number($0) } ?? .nil }

  /// Numbers with `false` in place of what is undefined, so that positions stay.
  static func maybes(_ numbers: [Double?]) -> LuaValue {
    .list(numbers.map { $0.map { .number($0) } ?? .boolean(false) })
  }

  fileprivate var holdsNaN: Bool {
    switch self {
    case .number(let number): number.isNaN
    case .table(let table):
      (table.numbers?.contains(where: \.isNaN) ?? table.items.contains(where: \.holdsNaN))
        || table.fields.values.contains(where: \.holdsNaN)
    default: false
    }
  }
}

extension Arguments {
  /// Numbers of a list or of a tensor of one dimension.
  func vector(_ key: String) throws -> [Double] {
    guard let tensor = self[.name(key)].asObject(LuaTensor.self) else {
      return try numbers(.name(key))
    }
    return try doubles(tensor, key, rank: 1)
  }

  /// Rows of numbers.
  func rows(_ key: String) throws -> [[Double]] {
    guard let tensor = self[.name(key)].asObject(LuaTensor.self) else {
      return try list(.name(key)).map { $0.asTable?.numbers ?? [] }
    }
    let (values, width) = (try doubles(tensor, key, rank: 2), tensor.variable.shape[1])
    return (0..<tensor.variable.shape[0]).map { Array(values[$0 * width..<($0 + 1) * width]) }
  }

  /// Representations, one row per item.
  func matrix(_ key: String) throws -> FeatureMatrix {
    guard let tensor = self[.name(key)].asObject(LuaTensor.self) else {
      return try FeatureMatrix(rows(key))
    }
    let values = try doubles(tensor, key, rank: 2)
    return try FeatureMatrix(
      rows: tensor.variable.shape[0], columns: tensor.variable.shape[1], values: values)
  }

  /// One matrix per item of a list.
  func matrices(_ key: String) throws -> [FeatureMatrix] {
    try list(.name(key)).enumerated().map { place, value in
      if let tensor = value.asObject(LuaTensor.self) {
        let values = try doubles(tensor, "\(key)[\(place + 1)]", rank: 2)
        let shape = tensor.variable.shape
        return try FeatureMatrix(rows: shape[0], columns: shape[1], values: values)
      }
      return try FeatureMatrix((value.asTable?.items ?? []).map { $0.asTable?.numbers ?? [] })
    }
  }

  /// Lists of numbers that may differ in length, or tensors of any shape.
  func pieces(_ key: String) throws -> [[Double]] {
    try list(.name(key)).enumerated().map { place, value in
      guard let tensor = value.asObject(LuaTensor.self) else { return value.asTable?.numbers ?? [] }
      return try doubles(tensor, "\(key)[\(place + 1)]", rank: nil)
    }
  }

  /// Right and wrong answers.
  func flags(_ key: String) throws -> [Bool] {
    guard let tensor = self[.name(key)].asObject(LuaTensor.self) else {
      return try list(.name(key)).map { try flag($0, key) }
    }
    return try doubles(tensor, key, rank: 1).map { try flag(.number($0), key) }
  }

  /// Rows of right and wrong answers.
  func flagRows(_ key: String) throws -> [[Bool]] {
    if self[.name(key)].asObject(LuaTensor.self) != nil {
      return try rows(key).map { try $0.map { try flag(.number($0), key) } }
    }
    return try list(.name(key)).map { row in
      try (row.asTable?.items ?? []).map { try flag($0, key) }
    }
  }

  /// Token ids.
  func tokens(_ key: String) throws -> [Int] {
    guard let tensor = self[.name(key)].asObject(LuaTensor.self) else {
      return try integers(.name(key))
    }
    return try whole(doubles(tensor, key, rank: 1), key)
  }

  /// The permutation null, when the caller gave a stream.
  func null(
    _ draw: (Int, RandomStream, () throws -> Void) throws -> PermutationNull?
  ) throws -> LuaValue {
    guard let rng = try object(ifGiven: "rng", LuaRng.self) else { return .nil }
    let permutations = try integer("permutations")
    let null = try draw(permutations, rng.stream.fork("null"), checkInterrupt)
    guard let null else { return .nil }
    return .record([
      "mean": .number(null.mean), "deviation": .number(null.deviation), "z": .maybe(null.z),
      "p": .number(null.p), "permutations": .integer(null.permutations),
    ])
  }

  private func flag(_ value: LuaValue, _ key: String) throws -> Bool {
    if let flag = value.asBoolean { return flag }
    switch value.asNumber {
    case 1: return true
    case 0: return false
    default:
      let got = value.asNumber.map(\.luaText) ?? value.kindName
      throw LuaError("'\(key)' must hold true and false, or 1 and 0, got \(got)", kind: .argument)
    }
  }

  private func whole(_ values: [Double], _ key: String) throws -> [Int] {
    try values.map {
      guard let id = Int(exactly: $0) else {
        throw LuaError("'\(key)' must hold integers, got \($0.luaText)", kind: .argument)
      }
      return id
    }
  }

  private func doubles(_ tensor: LuaTensor, _ key: String, rank: Int?) throws -> [Double] {
    let value = tensor.variable.value
    guard rank == nil || value.rank == rank else {
      throw LuaError(
        "'\(key)' must be a tensor of \(rank ?? 0) dimension\(rank == 1 ? "" : "s"), got shape "
          + Tensor.text(value.shape), kind: .argument)
    }
    let flat = try value.reshaped([value.count])
    return (0..<flat.count).map { flat.number(at: $0) }
  }
}
