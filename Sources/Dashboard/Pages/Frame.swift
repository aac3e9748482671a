// What every page has around it: head, landmarks, the way back, the foot.

import Foundation
import Reporting
import RunStore

/// Text inside of filters, which are Lua.
enum LuaText {
  /// A string of Lua.
  static func quoted(_ text: String) -> String {
    "\""
      + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      .replacing("\n", with: "\\n").replacing("\r", with: "\\r") + "\""
  }
}

/// The frame of the dashboard's pages.
enum Frame {
  /// - Parameters:
  ///   - title: Of the window; escaped here.
  ///   - crumbs: The way to this page, the page itself last; addresses and escaped names.
  ///   - live: From where the page's live parts come.
  ///   - reloads: Whether the page may be loaded anew by itself when it is out of date.
  static func html(
    title: String, crumbs: [(name: String, link: String)] = [], live: String? = nil,
    reloads: Bool = false, body: String
  ) -> String {
    let way = crumbs.enumerated().map { index, crumb in
      let here = index == crumbs.count - 1 ? " aria-current=\"page\"" : ""
      return "<li><a href=\"\(crumb.link)\"\(here)>\(crumb.name)</a></li>"
    }
    let source = live.map {
      " data-live=\"\(HTML.escaped($0))\"" + (reloads ? " data-reload=\"yes\"" : "")
    }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(HTML.escaped(title)) · Eidetic</title>
      <link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' \
      viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='%230072b2'/%3E%3Cpath \
      d='M4.5 4h7M4.5 8h5M4.5 12h7' stroke='white' stroke-width='2'/%3E%3C/svg%3E">
      <link rel="stylesheet" href="/style.css">
      <script src="/dashboard.js" defer></script>
      </head>
      <body\(source ?? "")>
      <a class="skip" href="#main">Skip to the content</a>
      <header class="top"><nav aria-label="Where you are"><ol>
      <li><a class="brand" href="/">Eidetic</a></li>\(way.joined())</ol></nav></header>
      <main id="main" tabindex="-1">
      <p id="notice" class="notice" role="status"></p>
      \(body)
      </main>
      <footer><p>Everything here is read from the run folders; nothing is changed. \
      <a href="/api/">For programs: JSON</a></p></footer>
      </body>
      </html>

      """
  }

  /// A part of a page with its heading.
  static func section(_ title: String, id: String? = nil, _ body: String) -> String {
    let id = id ?? HTML.id(title)
    return """
      <section aria-labelledby="\(id)">
      <h2 id="\(id)">\(HTML.escaped(title))</h2>
      \(body)
      </section>
      """
  }

  /// A page about what is wrong.
  static func problem(_ title: String, _ text: String, next: String = "") -> String {
    html(
      title: title, crumbs: [("Runs", "/")],
      body: "<h1>\(HTML.escaped(title))</h1><p>\(HTML.escaped(text))</p>\(next)")
  }

  /// A state in words, told by shape and color too.
  static func badge(_ state: RunSummary.State) -> String {
    let mark =
      switch state {
      case .complete: "✓"
      case .running: "▶"
      case .unfinished: "…"
      case .failed: "✗"
      case .broken: "!"
      case .foreign: "?"
      }
    return "<span class=\"state \(state.rawValue)\"><span aria-hidden=\"true\">\(mark)</span> "
      + "\(state.rawValue)</span>"
  }

  static func tags(_ tags: [String]) -> String {
    guard !tags.isEmpty else { return "" }
    let items = tags.map { tag in
      let condition = "tags[\(LuaText.quoted(tag))]"
      return
        "<li><a href=\"/\(URLText.query([("where", condition)]))\">\(HTML.escaped(tag))</a></li>"
    }
    return "<ul class=\"tags\" aria-label=\"Tags\">\(items.joined())</ul>"
  }

  /// `2026-01-31 12:00`.
  static func time(_ time: Date) -> String {
    let text = time.iso8601
    return "<time datetime=\"\(text)\">\(text.prefix(16).replacing("T", with: " "))</time>"
  }

  /// A cell's label in words, with its group and conditions.
  static func cell(_ label: String) -> String {
    HTML.escaped(words(label).replacing(">", with: " → "))
  }

  /// A value as it stands in a cell, or a dash.
  static func code(_ text: String?) -> String {
    text.map { $0.isEmpty ? "–" : "<code>\(HTML.escaped($0))</code>" } ?? "–"
  }
}
