// What a caller can get wrong when asking for a number.

/// A question to a metric that has no answer because the input is malformed.
///
/// A metric that is merely *undefined* for valid input (a ratio to nothing) returns `nil` or a case
/// of its own instead; see each metric's *Undefined when*.
public enum MetricsError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A list that must hold something is empty.
  case empty(op: String, what: String)
  /// A number is outside the values the operation is defined for.
  case outOfRange(op: String, what: String, got: String, expected: String)
  /// Two lists that must agree in length do not.
  case lengths(op: String, expected: Int, got: Int)

  /// OpenBLAS, which decomposes matrices, cannot be loaded.
  case noLibrary(reason: String)

  /// One line: operation, expectation, what came.
  public var description: String {
    switch self {
    case .empty(let op, let what): "\(op): expected at least one of \(what), got none"
    case .outOfRange(let op, let what, let got, let expected):
      "\(op): expected \(what) \(expected), got \(got)"
    case .lengths(let op, let expected, let got): "\(op): expected \(expected) values, got \(got)"
    case .noLibrary(let reason):
      "products and decompositions need OpenBLAS (libopenblas0): \(reason)"
    }
  }
}

// MARK: - Checks that many metrics share

func check(finite values: some Sequence<Double>, _ what: String, op: String) throws {
  if let bad = values.first(where: { !$0.isFinite }) {
    throw MetricsError.outOfRange(op: op, what: what, got: "\(bad)", expected: "to be finite")
  }
}

func check(share value: Double, _ what: String, op: String) throws {
  guard value >= 0, value <= 1 else {
    throw MetricsError.outOfRange(op: op, what: what, got: "\(value)", expected: "in [0, 1]")
  }
}

func check(positive value: Double, _ what: String, op: String) throws {
  guard value > 0, value.isFinite else {
    throw MetricsError.outOfRange(op: op, what: what, got: "\(value)", expected: "above 0")
  }
}

/// Refuses work whose table would not fit into memory, before it is begun.
func check(size: Int, atMost most: Int, _ what: String, op: String) throws {
  guard size <= most else {
    throw MetricsError.outOfRange(
      op: op, what: what, got: "\(size)", expected: "of at most \(most)")
  }
}

func check(count: Int, atLeast least: Int, _ what: String, op: String) throws {
  guard count >= least else {
    throw MetricsError.outOfRange(
      op: op, what: what, got: "\(count)", expected: "of at least \(least)")
  }
}

func check(lengths expected: Int, _ got: Int, op: String) throws {
  guard expected == got else {
    throw MetricsError.lengths(op: op, expected: expected, got: got)
  }
}
