// Numbers as people read them: few digits, never more than the data carry.

import Foundation
import Metrics

/// Short texts of numbers, the same in table, finding and report.
public enum Number {
  /// Two decimals below 10, one below 1000, none above; `–` for what is not finite.
  public static func short(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    let decimals = abs(value) < 9.995 ? 2 : abs(value) < 999.95 ? 1 : 0
    let text = fixed(value, decimals)
    return text == "-0.00" ? "0.00" : text
  }

  /// What `%.*f` prints, without the detour over Foundation's formats: lists have thousands.
  public static func fixed(_ value: Double, _ decimals: Int) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 400) { buffer in
      let count = withVaList([Int32(decimals), value]) {
        vsnprintf(buffer.baseAddress, buffer.count, "%.*f", $0)
      }
      return String(
        decoding: UnsafeRawBufferPointer(buffer).prefix(min(max(Int(count), 0), buffer.count - 1)),
        as: UTF8.self)
    }
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

  /// `1.2 MB`, in powers of 1000.
  public static func bytes(_ count: Int) -> String {
    var (value, unit) = (Double(count), 0)
    while value >= 999.5, unit < 4 { (value, unit) = (value / 1000, unit + 1) }
    return fixed(value, unit > 0 && value < 9.95 ? 1 : 0)
      + " " + ["B", "kB", "MB", "GB", "TB"][unit]
  }

  /// `12.3 s` or `5 min 02 s`.
  public static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 60, seconds < 1e15 else { return fixed(seconds, 1) + " s" }
    let whole = Int(seconds)
    return "\(whole / 60) min \(whole % 60 < 10 ? "0" : "")\(whole % 60) s"
  }
}
