// Text that is safe inside a page. Everything that comes from outside goes through `escaped`; the
// page's own markup is the only text that does not.

import Foundation
import Metrics
import RunStore

/// Makes text safe for element content and quoted attributes.
package enum HTML {
  /// Replaces the five characters with a meaning in HTML, and those that no page may hold.
  package static func escaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\t", "\n": result.unicodeScalars.append(scalar)
      case "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value): result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Takes back what `escaped` did.
  static func unescaped(_ text: String) -> String {
    text.replacing("&lt;", with: "<").replacing("&gt;", with: ">")
      .replacing("&quot;", with: "\"").replacing("&#39;", with: "'").replacing("&amp;", with: "&")
  }

  /// A name or answer inside running text; its writing direction stays its own.
  package static func quoted(_ text: String) -> String {
    "<bdi>\(escaped(text))</bdi>"
  }

  /// An identifier made of harmless characters.
  package static func id(_ text: String) -> String {
    String(text.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
  }

  /// A table with a header row; the first cell of each row is its header.
  package static func table(
    caption: String? = nil, head: [String], rows: [[String]], classes: String = ""
  ) -> String {
    let header = head.map { "<th scope=\"col\">\($0)</th>" }.joined()
    let body = rows.map { row in
      let cells = row.dropFirst().map { "<td>\($0)</td>" }.joined()
      return "<tr><th scope=\"row\">\(row.first ?? "")</th>\(cells)</tr>"
    }
    // Outside the part that scrolls sideways, or narrow pages would cut it.
    let title = caption.map { "<p class=\"aside\">\($0)</p>" } ?? ""
    return """
      \(title)<div class="scroll" tabindex="0" role="group" aria-label="\(caption ?? "Table")">\
      <table class="\(classes)">
      <thead><tr>\(header)</tr></thead>
      <tbody>\(body.joined(separator: "\n"))</tbody></table></div>
      """
  }
}

/// Numbers as they stand in a cell, with a real minus sign.
package enum Cell {
  package static func number(_ value: Double) -> String {
    Number.short(value).replacing("-", with: "−")
  }

  package static func range(_ interval: Interval?) -> String {
    "<span class=\"range\">\(Number.range(interval).replacing("-", with: "−"))</span>"
  }

  package static func estimate(_ value: Double, _ interval: Interval?) -> String {
    "\(number(value)) \(range(interval))"
  }
}
