// How wide text will be, without a font: enough to wrap a title and to see that labels collide. The
// widths are those of Helvetica and its likes, in shares of the size.

import RunStore

enum ChartText {
  /// Width in pixels, a little more rather than less.
  static func width(_ text: String, size: Double = 12) -> Double {
    text.unicodeScalars.reduce(0) { $0 + share($1) } * size
  }

  private static func share(_ scalar: Unicode.Scalar) -> Double {
    switch scalar {
    case "i", "j", "l", ".", ",", ":", ";", "|", "'", "!": 0.26
    case " ", "f", "t", "r", "(", ")", "[", "]", "/", "-": 0.34
    case "m", "M", "W", "%", "@": 0.88
    case "w", "A"..."Z", "&", "−", "→", "…": 0.72
    case _ where scalar.value < 0x2E80: 0.56
    default: 1
    }
  }

  /// Lines no wider than `limit`; a longer word stands alone on its line.
  static func wrapped(
    _ text: String, _ limit: Double, size: Double = 12, most: Int = 12
  ) -> [String] {
    var lines: [String] = []
    for paragraph in text.split(separator: "\n") {
      var line = ""
      for word in paragraph.split(separator: " ") {
        let longer = line.isEmpty ? String(word) : line + " " + word
        if !line.isEmpty, width(longer, size: size) > limit {
          lines.append(line)
          line = String(word)
        } else {
          line = longer
        }
      }
      if !line.isEmpty { lines.append(line) }
    }
    guard lines.count > most else { return lines }
    return lines.prefix(most - 1)
      + [cut(lines[(most - 1)...].joined(separator: " "), limit, size: size)]
  }

  /// The beginning that fits, with an ellipsis where something is missing.
  static func cut(_ text: String, _ limit: Double, size: Double = 12) -> String {
    guard width(text, size: size) > limit else { return text }
    var kept = ""
    for character in text {
      guard width(kept + String(character) + "…", size: size) <= limit else { break }
      kept.append(character)
    }
    return kept + "…"
  }

  /// A number on an axis or in a tooltip, with a real minus sign.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    return Number.plain(value).replacing("-", with: "−")
  }
}
