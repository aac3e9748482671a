// Times and what is said of them: medians, ranges, aligned columns.

import Foundation

/// Measurements of one thing, in the order in which they were made.
package struct Samples {
  package var values: [Double]

  package init(_ values: [Double]) { self.values = values }

  /// The middle value, or the mean of the middle two.
  package var median: Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  /// `median (least – most)` with the given digits.
  package func text(digits: Int) -> String {
    "\(median.text(digits)) (\(values.min()!.text(digits)) – \(values.max()!.text(digits)))"
  }

  /// Measurement by measurement: what was run in the same round is compared.
  package static func / (left: Samples, right: Samples) -> Samples {
    Samples(zip(left.values, right.values).map { $0 / $1 })
  }

  package func scaled(by factor: Double) -> Samples { Samples(values.map { $0 * factor }) }
}

/// Seconds that a piece of work takes.
func seconds(_ body: () throws -> Void) rethrows -> Double {
  let start = ContinuousClock.now
  try body()
  return (ContinuousClock.now - start) / .seconds(1)
}

/// The median time of a call, after a first one that is not counted.
func medianSeconds(atLeast total: Double = 0.04, calls: Int = 5, _ body: () -> Void) -> Double {
  body()
  var times: [Double] = []
  while times.count < calls || times.reduce(0, +) < total { times.append(seconds(body)) }
  return Samples(times).median
}

extension Double {
  /// With a fixed number of digits after the point.
  func text(_ digits: Int) -> String { String(format: "%.\(digits)f", self) }
}

extension String {
  /// Filled with spaces on the left, or on the right for a negative width.
  func padded(_ width: Int) -> String {
    let fill = String(repeating: " ", count: max(0, abs(width) - count))
    return width < 0 ? self + fill : fill + self
  }
}

/// Prints a line at once, so that it is seen when it was measured, also through a pipe.
func tell(_ text: String) {
  print(text)
  fflush(nil)
}
