// Everything a caller can do wrong with tensors, as values.

/// A mistake in a tensor operation: what was called, what it expected and what it got.
public enum TensorError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Shapes that do not fit; texts such as `[.., 64] x [64, ..]`.
  case shape(op: String, expected: String, got: String)
  /// An element type that the operation does not take.
  case dtype(op: String, expected: DType, got: DType)
  /// An axis, index or size outside its range; positions here count from zero.
  case range(op: String, what: String, value: Int, low: Int, high: Int)
  /// An argument whose value makes no sense.
  case argument(op: String, expected: String, got: String)
  /// More memory than is allowed.
  case outOfMemory(bytes: Int, limit: Int)

  /// One line: `op: expected X, got Y`.
  public var description: String {
    switch self {
    case .shape(let op, let expected, let got), .argument(let op, let expected, let got):
      "\(op): expected \(expected), got \(got)"
    case .dtype(let op, let expected, let got):
      "\(op): expected \(expected.rawValue), got \(got.rawValue)"
    case .range(let op, let what, let value, let low, let high):
      high < low
        ? "\(op): \(what) \(value) is out of range, there is nothing to choose from"
        : "\(op): \(what) \(value) is out of range \(low) ... \(high)"
    case .outOfMemory(let bytes, let limit):
      "out of memory: \(bytes < 1 << 20 ? "\(bytes) bytes" : "\(bytes >> 20) MiB") more would pass "
        + "the limit of \(limit >> 20) MiB"
    }
  }
}
