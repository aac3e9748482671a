// Numbers as people read them: few digits, never more than the data carry.

import Foundation
import Metrics

/// Short texts of numbers, the same in table, finding and report.
public enum Number {
  /// Two decimals below 10, one below 1000, none above; `–` for what is not finite.
  public static func short(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    let decimals = abs(value) < 9.995 ? 2 : abs(value) < 999.95 ? 1 : 0
    let text = String(format: "%.\(decimals)f", value)
    return text == "-0.00" ? "0.00" : text
  }

  /// `[low, high]`, or `[–]` without an interval.
  public static func range(_ interval: Interval?) -> String {
    interval.map { "[\(short($0.low)), \(short($0.high))]" } ?? "[–]"
  }

  /// A p-value: two digits, `< 0.001` below that.
  public static func p(_ value: Double) -> String {
    value < 0.001 ? "< 0.001" : String(format: value < 0.1 ? "%.3f" : "%.2f", value)
  }

  /// A transfer ratio, or `not memorized`.
  public static func ratio(_ ratio: Transfer.Ratio) -> String {
    ratio.number.map(short) ?? ratio.description
  }

  /// Without needless decimals: `95`, `0.5`.
  public static func plain(_ value: Double) -> String {
    String(format: "%g", value)
  }
}
