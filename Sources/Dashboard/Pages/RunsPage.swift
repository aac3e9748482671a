// The list of runs: filter, order, groups over seeds, and what is at work now.

import Foundation
import Reporting
import RunStore

/// What a reader wants to see of the list.
package struct RunsQuery: Sendable, Equatable {
  /// A Lua expression as `eidetic runs list --where` takes it.
  package var condition: String?
  /// A field, `params.NAME` or `metrics.NAME`.
  package var sort = "time"
  /// The other way round.
  package var isReversed = false
  /// Whether runs that differ in their seeds only are pooled.
  package var isGrouped = false
  /// Counted from 1.
  package var page = 1
  /// The names of runs chosen for a comparison.
  package var chosen: [String] = []

  package init() {}

  package init(_ request: Request) {
    condition = request.value("where").map { String($0.prefix(2000)) }
    sort = request.value("sort") ?? "time"
    isReversed = request.value("reverse") != nil
    isGrouped = request.value("group") != nil
    page = max(1, request.value("page").flatMap { Int($0) } ?? 1)
    chosen = request.values("run")
  }

  /// The address of the list with this question.
  package func link(page: Int = 1) -> String {
    "/"
      + URLText.query([
        ("where", condition), ("sort", sort == "time" ? nil : sort),
        ("reverse", isReversed ? "yes" : nil), ("group", isGrouped ? "yes" : nil),
        ("page", page == 1 ? nil : "\(page)"),
      ])
  }
}

/// The list as it is shown.
package struct RunsPage: Sendable {
  /// The folder that holds the runs.
  package var root: String
  /// Every run of the store.
  package var all: [RunSummary]
  /// Those that match, in order.
  package var matching: [RunSummary]
  /// What was asked.
  package var query: RunsQuery
  /// Why it cannot be answered.
  package var problem: String?
  /// What is at work.
  package var running: [(run: RunSummary, course: Course)] = []

  /// Lines of a page.
  static let pageSize = 100

  package init(root: String, all: [RunSummary], matching: [RunSummary], query: RunsQuery) {
    (self.root, self.all, self.matching, self.query) = (root, all, matching, query)
  }

  /// The page.
  package func html() -> String {
    Frame.html(
      title: "Runs", crumbs: [("Runs", "/")],
      live: "/live" + URLText.query([("mark", LivePart.mark(all))]),
      body: """
        <h1>Runs</h1>
        <p class="facts">\(facts)</p>
        <div id="\(LivePart.runningID)">\(LivePart.running(running))</div>
        \(all.isEmpty ? Self.empty(root) : form + content)
        """)
  }

  private var facts: String {
    let states = RunSummary.State.allCases.compactMap { state -> String? in
      let count = all.count { $0.state == state }
      guard count > 0, state != .complete else { return nil }
      var query = RunsQuery()
      query.condition = "state == \"\(state.rawValue)\""
      return "<a href=\"\(HTML.escaped(query.link()))\">\(count) \(state.rawValue)</a>"
    }
    return (["\(all.count) in <code>\(HTML.escaped(root))</code>"] + states)
      .joined(separator: " <span>·</span> ")
  }

  static func empty(_ root: String) -> String {
    """
    <p class="lead">There are no runs yet. An experiment makes one:</p>
    <pre tabindex="0"><code>eidetic run scripts/experiments/cross_modal.lua --quick</code></pre>
    <p>It appears here as soon as it begins, when it runs in this folder. Runs elsewhere are
    shown by <code>eidetic serve --root FOLDER</code>; this is <code>\(HTML.escaped(root))</code>.</p>
    """
  }

  // MARK: The question

  private var form: String {
    let problem = problem.map {
      "<p class=\"notice problem\" role=\"alert\" id=\"problem\">\(HTML.escaped($0))</p>"
    }
    let invalid = self.problem == nil ? "" : " aria-invalid=\"true\" aria-describedby=\"problem\""
    return """
      <form class="filter" role="search" action="/" method="get">
      <label class="wide">Show runs where
      <input type="search" name="where" value="\(HTML.escaped(query.condition ?? ""))" \
      autocomplete="off" autocapitalize="off" spellcheck="false" \
      placeholder="params.views &gt; 5 and recall &gt; 0.9"\(invalid)></label>
      <label>In the order of <select name="sort">\(orders)</select></label>
      <fieldset><legend class="hidden">How</legend>
      <label><input type="checkbox" name="reverse" value="yes"\(query.isReversed ? " checked" : "")> \
      reversed</label>
      <label><input type="checkbox" name="group" value="yes"\(query.isGrouped ? " checked" : "")> \
      seeds pooled</label></fieldset>
      <button>Show</button></form>
      \(problem ?? "")
      <details class="hint"><summary>What can stand there</summary><p>A Lua expression over
      \(RunSummary.fieldNames.map { "<code>\($0)</code>" }.joined(separator: ", ")), and the tables
      <code>params</code>, <code>metrics</code>, <code>cells</code> and <code>tags</code>, as in
      <code>eidetic runs list --where</code>. For example <code>state == "complete" and
      tags.final</code>, or <code>cells["full_name image&gt;text"] &gt; 0.2</code>.</p></details>
      """
  }

  private var orders: String {
    let fields = ["time", "recall", "experiment", "state", "seeds", "seconds", "size"]
    let further = Set(matching.prefix(500).flatMap(\.sortKeys)).sorted().prefix(40)
    var names = fields + further
    if !names.contains(query.sort) { names.append(query.sort) }
    return names.map { name in
      "<option value=\"\(HTML.escaped(name))\"\(name == query.sort ? " selected" : "")>"
        + "\(HTML.escaped(Self.orderNames[name] ?? name))</option>"
    }.joined()
  }

  private static let orderNames = [
    "time": "start, newest first", "seeds": "number of seeds", "seconds": "duration",
  ]

  // MARK: The answer

  private var content: String {
    if problem != nil { return "" }
    if matching.isEmpty {
      return "<p>None of the \(all.count) runs is like that. <a href=\"/\">Show all</a></p>"
    }
    return query.isGrouped ? groups : list
  }

  private var list: String {
    let first = min(
      (query.page - 1) * Self.pageSize, (matching.count - 1) / Self.pageSize * Self.pageSize)
    let shown = Array(matching.dropFirst(first).prefix(Self.pageSize))
    let names = shown.tellingParameters
    let head = [
      "Run", "State", "Seeds", "Parameters", "Recall [95 %]", "of", "Started", "Took", "Size",
    ]
    let columns = head.map { "<th scope=\"col\">\($0)</th>" }.joined()
    return """
      <form id="compare" action="/compare" method="get">
      <div class="scroll" tabindex="0" role="group" aria-label="Runs"><table class="runs">
      <caption class="hidden">Runs, \(shown.count) of \(matching.count)</caption>
      <thead><tr><td class="pick"></td>\(columns)</tr></thead>
      <tbody>\(shown.map { row($0, names) }.joined(separator: "\n"))</tbody></table></div>
      <div class="bar-below"><button class="quiet">Compare chosen runs</button>
      \(pages(first, shown.count))</div></form>
      """
  }

  private func row(_ run: RunSummary, _ names: [String]) -> String {
    let title = HTML.escaped(run.name)
    let isRun = run.state != .foreign
    let pick =
      isRun
      ? "<label><input type=\"checkbox\" name=\"run\" value=\"\(title)\""
        + "\(query.chosen.contains(run.name) ? " checked" : "") aria-label=\"Choose \(title)\"></label>"
      : ""
    let values = names.compactMap { name in
      run.manifest?.parameters[name].map {
        "\(HTML.escaped(name))=\(HTML.escaped(String($0.prefix(24))))"
      }
    }
    let reason = run.reason.map { reason in
      "<small class=\"reason\">\(HTML.escaped(String(reason.prefix(300))))</small>"
    }
    let link = isRun ? "<a href=\"\(Link.run(run.name))\">\(title)</a>" : title
    return """
      <tr><td class="pick">\(pick)</td><th scope="row">\(link) \(Frame.tags(run.tags))\(reason ?? "")</th>\
      <td>\(Frame.badge(run.state))</td><td>\(run.seedCount)</td>\
      <td class="free">\(values.isEmpty ? "–" : values.joined(separator: " "))</td>\
      <td>\(run.headline.map { Cell.estimate($0.mean, $0.interval) } ?? "–")</td>\
      <td class="free">\(run.headline.map { Frame.cell($0.key.label) } ?? "–")</td>\
      <td>\(run.manifest.map { Frame.time($0.time) } ?? "–")</td>\
      <td>\(run.manifest?.ending.map { Number.duration($0.seconds) } ?? "–")</td>\
      <td>\(Number.bytes(run.size))</td></tr>
      """
  }

  private func pages(_ first: Int, _ count: Int) -> String {
    guard matching.count > Self.pageSize else { return "" }
    let page = first / Self.pageSize + 1
    func link(_ page: Int, _ words: String, _ relation: String) -> String {
      "<a rel=\"\(relation)\" href=\"\(HTML.escaped(query.link(page: page)))\">\(words)</a>"
    }
    return "<nav class=\"pages\" aria-label=\"Pages\">"
      + (page > 1 ? link(page - 1, "Earlier in the list", "prev") : "")
      + "<span>\(first + 1) to \(first + count) of \(matching.count)</span>"
      + (first + count < matching.count ? link(page + 1, "Further", "next") : "") + "</nav>"
  }

  private var groups: String {
    let groups = SeedGroup.groups(matching)
    guard !groups.isEmpty else { return "<p>None of these runs has a number yet.</p>" }
    let names = Set(groups.flatMap(\.values.keys)).sorted().filter { name in
      name != "experiment" && Set(groups.map { $0.values[name]?.shown }).count > 1
    }
    let shown = groups.prefix(Self.pageSize)
    let head = ["Experiment", "Cell", "Seeds", "Mean [95 %]", "sd of seeds"]
    let columns = head.map { "<th scope=\"col\">\($0)</th>" }.joined()
    return """
      <p class="aside">Runs that differ in nothing but their seeds, \(shown.count) of \(groups.count) \
      groups. Mean of the seeds’ means with the 95 % interval by Student’s t over seeds; of one seed \
      the run’s own interval, which is over people.</p>
      <div class="scroll" tabindex="0" role="group" aria-label="Groups"><table class="runs">
      <thead><tr>\(columns)</tr></thead>
      \(shown.map { rows($0, names) }.joined(separator: "\n"))</table></div>
      """
  }

  /// The group's head stands beside all of its cells.
  private func rows(_ group: SeedGroup, _ names: [String]) -> String {
    let values = names.compactMap { name in
      group.values[name].map {
        HTML.escaped("\(name.replacing("params.", with: ""))=\($0.shown.prefix(24))")
      }
    }
    let title = """
      <th scope="rowgroup" rowspan="\(max(group.cells.count, 1))">\
      <b>\(HTML.escaped(group.values["experiment"]?.shown ?? "–"))</b><br>\
      <small>\(values.joined(separator: " "))</small><br>\(links(group))</th>
      """
    let rows = group.cells.enumerated().map { index, cell in
      "<tr>\(index == 0 ? title : "")<td class=\"free\">\(Frame.cell(cell.key.label))</td>"
        + "<td>\(cell.seedCount)</td><td>\(Cell.estimate(cell.mean, cell.interval))</td>"
        + "<td>\(cell.deviation.map(Cell.number) ?? "–")</td></tr>"
    }
    return "<tbody>\(rows.joined(separator: "\n"))</tbody>"
  }

  private func links(_ group: SeedGroup) -> String {
    let names = group.runs.map(\.name)
    if names.count == 1 { return "<a href=\"\(Link.run(names[0]))\">its run</a>" }
    let items = names.map { "<li><a href=\"\(Link.run($0))\">\(HTML.escaped($0))</a></li>" }
    let all = names.prefix(ComparePage.most).map { ("run", Optional($0)) }
    return "<details><summary>\(names.count) runs</summary><ul>\(items.joined())</ul>"
      + "<a href=\"/compare\(HTML.escaped(URLText.query(Array(all))))\">compare them</a></details>"
  }
}
