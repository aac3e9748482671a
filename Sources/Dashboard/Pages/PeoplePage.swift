// The people of a run: how they look, what was recalled of them, what was said instead.

import Foundation
import Metrics
import Reporting
import RunStore

/// A gallery as it is shown.
package struct PeoplePage: Sendable {
  /// The run's name.
  package var name: String
  /// Its result.
  package var result: ExperimentResult
  /// Draws the people.
  package var portraits: Portraits
  /// Whom to show.
  package var choice: SubjectChoice
  /// Counted from 1.
  package var page = 1

  static let pageSize = 48

  package init(
    name: String, result: ExperimentResult, portraits: Portraits, choice: SubjectChoice,
    page: Int = 1
  ) {
    (self.name, self.result, self.portraits) = (name, result, portraits)
    (self.choice, self.page) = (choice, page)
  }

  private var seed: Int { choice.seed ?? result.seeds.first ?? 0 }

  /// The page.
  package func html() -> String {
    let all = result.subjects(choice)
    let first = min(
      (page - 1) * Self.pageSize, max(all.count - 1, 0) / Self.pageSize * Self.pageSize)
    let shown = all.dropFirst(first).prefix(Self.pageSize)
    let cards = shown.map {
      SubjectCard(name: name, result: result, portraits: portraits, subject: $0).html
    }
    return Frame.html(
      title: "People of \(name)",
      crumbs: [
        ("Runs", "/"), (HTML.escaped(name), Link.run(name)), ("People", Link.run(name, "/people")),
      ],
      body: """
        <h1>People</h1>
        <p class="lead">Whom the run asked about, with the model’s answers to views that were not in its
        training.</p>
        \(form)
        <p class="facts">\(all.count) of \(result.subjects(seed: seed).count) people of seed \(seed)</p>
        <p class="aside">\(HTML.escaped(PersonPage.origin(portraits.source(seed: seed))))</p>
        \(cards.isEmpty ? "<p>Nobody is like that.</p>" : "<ul class=\"gallery\">\(cards.joined(separator: "\n"))</ul>")
        \(pages(first, shown.count, all.count))
        """)
  }

  private var form: String {
    func options(_ all: [(value: String, words: String)], _ chosen: String?) -> String {
      all.map {
        "<option value=\"\(HTML.escaped($0.value))\"\($0.value == chosen ? " selected" : "")>"
          + "\(HTML.escaped($0.words))</option>"
      }.joined()
    }
    let verdicts = [
      ("all", "all answers"), ("recalled", "only those recalled"), ("missed", "only those missed"),
    ]
    let cells = result.verdictCells
    return """
      <form class="filter" action="\(Link.run(name, "/people"))" method="get">
      <label>Seed <select name="seed">\
      \(options(result.seeds.map { ("\($0)", "\($0)") }, "\(seed)"))</select></label>
      <label class="wide">Question <select name="cell">\
      \(options(cells.map { ($0, words($0).replacing(">", with: " → ")) }, choice.cell ?? cells.first))</select></label>
      <label>Show <select name="verdict">\(options(verdicts, choice.verdict.rawValue))</select></label>
      <button>Show</button></form>
      """
  }

  private func pages(_ first: Int, _ count: Int, _ total: Int) -> String {
    guard total > Self.pageSize else { return "" }
    let page = first / Self.pageSize + 1
    func link(_ page: Int, _ words: String, _ relation: String) -> String {
      let query = URLText.query([
        ("seed", "\(seed)"), ("cell", choice.cell),
        ("verdict", choice.verdict == .all ? nil : choice.verdict.rawValue), ("page", "\(page)"),
      ])
      return
        "<a rel=\"\(relation)\" href=\"\(HTML.escaped(Link.run(name, "/people") + query))\">\(words)</a>"
    }
    return "<nav class=\"pages\" aria-label=\"Pages\">"
      + (page > 1 ? link(page - 1, "Before", "prev") : "")
      + "<span>\(first + 1) to \(first + count) of \(total)</span>"
      + (first + count < total ? link(page + 1, "Further", "next") : "") + "</nav>"
  }
}

/// A person in the gallery.
struct SubjectCard {
  let name: String
  let result: ExperimentResult
  let portraits: Portraits
  let subject: Subject

  var html: String {
    let title = HTML.quoted(subject.title)
    let link = Link.people(name, seed: subject.seed, persona: subject.persona)
    let look = portraits.look(seed: subject.seed, persona: subject.persona) ?? ""
    return """
      <li>\(picture)<div><h3><a href="\(link)">\(title)</a></h3>
      \(look.isEmpty ? "" : "<p class=\"caption\">\(HTML.escaped(look))</p>")
      \(subject.isTwin ? "<p class=\"caption\">never-trained twin</p>" : "")
      <dl>\(answers)</dl></div></li>
      """
  }

  private var picture: String {
    guard portraits.hasPicture(seed: subject.seed, persona: subject.persona) else {
      return "<span class=\"nopic\">no picture</span>"
    }
    let source = Link.picture(name, seed: subject.seed, persona: subject.persona, side: 128)
    return "<img src=\"\(source)\" width=\"88\" height=\"88\" loading=\"lazy\" "
      + "alt=\"\(HTML.escaped("Picture of \(subject.title)"))\">"
  }

  private var answers: String {
    let lines = subject.answers(result.primaryMetric)
    return lines.isEmpty
      ? "<div><dt>answers</dt><dd>none kept</dd></div>" : lines.prefix(8).map(Self.line).joined()
  }

  static func line(_ outcome: Outcome) -> String {
    let conditions = outcome.cell.conditions.replacing(">", with: " → ")
    return "<div><dt>\(HTML.escaped(conditions.isEmpty ? outcome.cell.metric : conditions))</dt>"
      + "<dd\(verdict(outcome))</dd></div>"
  }

  /// Right and wrong have signs and words, never color alone.
  static func verdict(_ outcome: Outcome) -> String {
    let isRight = outcome.value == 1
    let said = outcome.answer ?? ""
    return " class=\"\(isRight ? "right" : "wrong")\">"
      + "<span aria-hidden=\"true\">\(isRight ? "✓" : "✗")</span>"
      + "<span class=\"hidden\">\(isRight ? "right:" : "wrong:")</span> "
      + (said.isEmpty ? "<i>nothing</i>" : HTML.quoted(said))
  }
}

/// A person with every outcome.
package struct PersonPage: Sendable {
  private let name: String
  private let result: ExperimentResult
  private let portraits: Portraits
  private let subject: Subject

  package init(name: String, result: ExperimentResult, portraits: Portraits, subject: Subject) {
    (self.name, self.result, self.portraits, self.subject) = (name, result, portraits, subject)
  }

  /// The page.
  package func html() -> String {
    let rows = subject.outcomes.map { outcome in
      let isBinary =
        result.cell(outcome.cell)?.scale == .binary || outcome.value == 0 || outcome.value == 1
      return [
        Frame.cell(outcome.cell.label),
        isBinary && outcome.answer != nil
          ? "<span\(SubjectCard.verdict(outcome))</span>"
          : outcome.answer.map { HTML.quoted($0) } ?? "–",
        Cell.number(outcome.value), outcome.truth.map { HTML.quoted($0) } ?? "–",
      ]
    }
    return Frame.html(
      title: subject.title,
      crumbs: [
        ("Runs", "/"), (HTML.escaped(name), Link.run(name)),
        ("People", Link.run(name, "/people") + "?seed=\(subject.seed)"),
        (
          HTML.escaped(subject.title),
          Link.people(name, seed: subject.seed, persona: subject.persona)
        ),
      ],
      body: """
        <h1>\(HTML.quoted(subject.title))</h1>
        <p class="facts">person \(subject.persona) of seed \(subject.seed)\
        \(subject.isTwin ? " <span>·</span> never-trained twin" : "")\(look)</p>
        \(pictures)
        \(Frame.section("What was answered", HTML.table(
          caption: "One line for each question", head: ["Cell", "Answer", "Value", "Truth"], rows: rows)))
        """)
  }

  private var look: String {
    portraits.look(seed: subject.seed, persona: subject.persona).map {
      " <span>·</span> \(HTML.escaped($0))"
    } ?? ""
  }

  private var pictures: String {
    let source = portraits.source(seed: subject.seed)
    guard portraits.hasPicture(seed: subject.seed, persona: subject.persona) else {
      return "<p class=\"aside\">\(HTML.escaped(Self.origin(source)))</p>"
    }
    var views: [(view: Int?, words: String)] = [(nil, "as it was asked about")]
    if case .generator(let first, _) = source, !subject.isTwin {
      views += (0..<min(first, 3)).map { ($0, "view \($0 + 1), for training") }
    }
    let figures = views.map { view, words in
      let address = Link.picture(
        name, seed: subject.seed, persona: subject.persona, side: 160, view: view)
      return "<li><figure><img src=\"\(address)\" width=\"160\" height=\"160\" "
        + "alt=\"\(HTML.escaped("Picture of \(subject.title), \(words)"))\">"
        + "<figcaption>\(words)</figcaption></figure></li>"
    }
    return "<ul class=\"portraits\">\(figures.joined())</ul>"
      + "<p class=\"aside\">\(HTML.escaped(Self.origin(source)))</p>"
  }

  /// Where pictures come from, in a sentence.
  static func origin(_ source: Portraits.Source) -> String {
    switch source {
    case .generator(_, true):
      "Pictures are drawn again from the generator; those of the run’s report are the same."
    case .generator(_, false):
      "Pictures are drawn again from the generator, which gives the run’s names; its report shows "
        + "none of these people, so a mark that the script put into pictures would not be seen here."
    case .report(let reason): "The pictures are those of the run’s report: \(reason)."
    case .none(let reason): "There are no pictures: \(reason)."
    }
  }
}
