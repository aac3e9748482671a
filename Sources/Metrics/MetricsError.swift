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

  /// One line: operation, expectation, what came.
  public var description: String {
    switch self {
    case .empty(let op, let what): "\(op): expected at least one of \(what), got none"
    case .outOfRange(let op, let what, let got, let expected):
      "\(op): expected \(what) \(expected), got \(got)"
    case .lengths(let op, let expected, let got): "\(op): expected \(expected) values, got \(got)"
    }
  }
}
