// A public gradient check, so that users can test their own losses.

import TensorCore

/// The worst disagreement that a gradient check found.
public struct GradientReport: Sendable, CustomStringConvertible {
  /// Which input and which of its elements, counted from 0.
  public let input: Int, element: Int
  /// The derivative that `backward` computed.
  public let analytic: Double
  /// The derivative measured by central differences.
  public let numeric: Double
  /// |analytic − numeric| / max(1, |analytic|, |numeric|); 0 is perfect.
  public let error: Double
  /// Whether the error stays within the tolerance everywhere.
  public let passed: Bool

  /// One line: verdict, place, both numbers.
  public var description: String {
    let verdict = passed ? "gradient check passed" : "gradient check FAILED"
    return "\(verdict): worst at input \(input), element \(element): "
      + "analytic \(analytic), numeric \(numeric), error \(error)"
  }
}

/// Compares the derivatives of `function` with central differences at every element of the inputs.
///
/// The engine computes in float32, so a difference carries a rounding error of about
/// 1e-7 · |f| / step beside the truncation error of step²: the default step of 1e-2 balances them
/// for values near 1, and the default tolerance allows for both.
///
/// - Parameters:
///   - inputs: Float tensors at which to check; not changed.
///   - step: Half the distance between the two evaluations.
///   - tolerance: The largest error that passes.
///   - function: Must give one number and be the same function at every call.
/// - Returns: The worst element.
/// - Throws: What `function` throws, and ``GradientError`` when it gives more than one number.
public func gradientCheck(
  _ inputs: [Tensor], step: Float = 1e-2, tolerance: Double = 5e-3,
  _ function: ([Variable]) throws -> Variable
) throws -> GradientReport {
  let leaves = try inputs.map { Variable(try $0.clone(), requiresGradient: true) }
  try function(leaves).backward()
  var worst: (error: Double, input: Int, element: Int, analytic: Double, numeric: Double)?
  for (i, leaf) in leaves.enumerated() {
    let analytic = try leaf.gradient?.array() ?? [Float](repeating: 0, count: leaf.value.count)
    for element in analytic.indices {
      let numeric = try centralDifference(leaves.map(\.value), i, element, step, function)
      let exact = Double(analytic[element])
      let error = abs(exact - numeric) / max(1, abs(exact), abs(numeric))
      // A NaN never counts as agreement.
      if worst.map({ !(error <= $0.error) }) ?? true { worst = (error, i, element, exact, numeric) }
    }
  }
  let found = worst ?? (0, 0, 0, 0, 0)
  return GradientReport(
    input: found.input, element: found.element, analytic: found.analytic, numeric: found.numeric,
    error: found.error, passed: found.error <= tolerance)
}

private func centralDifference(
  _ inputs: [Tensor], _ input: Int, _ element: Int, _ step: Float,
  _ function: ([Variable]) throws -> Variable
) throws -> Double {
  func value(_ shift: Float) throws -> Double {
    let moved = try inputs[input].clone()
    moved.floats[element] += shift
    var arguments = inputs
    arguments[input] = moved
    return try Tape.paused { Double(try function(arguments.map { Variable($0) }).value.item()) }
  }
  return (try value(step) - value(-step)) / (2 * Double(step))
}
