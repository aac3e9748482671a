// A study on one page: the verdicts first, then each experiment's report.

import RunStore

/// The report of a study.
public struct StudyReport: Sendable {
  private let study: StudyResult
  private let reports: [Report]

  /// Creates a report.
  ///
  /// - Parameter reports: One for each experiment, in order.
  public init(_ study: StudyResult, reports: [Report]) {
    self.study = study
    self.reports = zip(study.parts, reports).map { part, report in
      var report = report
      report.mark = HTML.id(part.folder) + "-"
      return report
    }
  }

  /// The verdicts as a table for other documents.
  public var verdicts: DataTable { ClaimTable.data(study.claims) }

  /// The whole page; the same results give the same bytes.
  public func html() -> String {
    Page.html(
      title: study.name, header: header,
      body: ([claims, limits].compactMap { $0 } + reports.indices.map(article))
        .joined(separator: "\n"))
  }

  private var header: String {
    let state =
      study.isComplete
      ? "" : "<strong class=\"badge\">Preliminary: \(study.parts.count) of \(study.planned) runs, not all complete</strong>"
    let items = zip(study.parts, reports).map { part, report in
      "<li><a href=\"#\(anchor(part))\">\(HTML.escaped(part.name))</a>: "
        + "\(HTML.escaped(report.result.question))</li>"
    }
    return """
      <header>
      <p class="eyebrow">Report of a study \(state)</p>
      <h1>\(HTML.escaped(study.name))</h1>
      <p class="question">\(HTML.escaped(study.question))</p>
      <ol>\(items.joined(separator: "\n"))</ol>
      </header>
      """
  }

  private var claims: String? {
    guard !study.claims.isEmpty, let first = reports.first else { return nil }
    let links = Dictionary(
      study.parts.map { ($0.name, anchor($0)) }, uniquingKeysWith: { first, _ in first })
    return part("Claims", ClaimTable.html(study.claims, level: first.percent, links: links))
  }

  private var limits: String? {
    guard !study.limits.isEmpty else { return nil }
    return part(
      "What this does not say",
      "<ul>\(study.limits.map { "<li>\(HTML.escaped($0))</li>" }.joined())</ul>")
  }

  private func part(_ title: String, _ body: String) -> String {
    let id = "study-" + HTML.id(title)
    return """
      <section aria-labelledby="\(id)">
      <h2 id="\(id)">\(HTML.escaped(title))</h2>
      \(body)
      </section>
      """
  }

  private func anchor(_ part: StudyResult.Part) -> String { "part-" + HTML.id(part.folder) }

  private func article(_ index: Int) -> String {
    let report = reports[index]
    return """
      <article id="\(anchor(study.parts[index]))" aria-label="\(HTML.escaped(study.parts[index].name))">
      \(report.header)
      \(report.sections.joined(separator: "\n"))
      </article>
      """
  }
}
