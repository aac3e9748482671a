// Behind the numbers: people and answers, further metrics, controls.

import Foundation
import Metrics
import RunStore

extension Report {
  // MARK: Gallery

  var gallerySection: String? {
    guard !gallery.isEmpty else { return nil }
    return section(
      "What the model said",
      "<p>People of the study, one picture each, with the model's answers to views that were not in "
        + "its training.</p><ul class=\"gallery\">\(gallery.map(card).joined(separator: "\n"))</ul>"
    )
  }

  private func card(_ item: GalleryItem) -> String {
    let answers = result.outcomes.filter {
      $0.seed == item.seed && $0.persona == item.persona
        && $0.cell.metric == result.primaryMetric && $0.answer != nil
    }
    let truth = answers.lazy.compactMap(\.truth).first ?? "Persona \(item.persona)"
    let isTwin = answers.first?.cell.group == .control
    let caption =
      item.caption.isEmpty ? "" : "<p class=\"caption\">\(HTML.escaped(item.caption))</p>"
    return """
      \(GalleryItem.opening(seed: item.seed, persona: item.persona))\
      <img src="data:image/png;base64,\(Data(item.png).base64EncodedString())" \
      alt="\(HTML.escaped("Picture of \(truth)"))" loading="lazy">
      <div><h3>\(HTML.quoted(truth))</h3>\(caption)\
      \(isTwin ? "<p class=\"caption\">never-trained twin</p>" : "")
      <dl>\(answers.prefix(8).map(line).joined())</dl></div></li>
      """
  }

  private func line(_ outcome: Outcome) -> String {
    let isRight = outcome.value == 1
    let said = outcome.answer ?? ""
    return """
      <div><dt>\(HTML.escaped(outcome.cell.route))</dt>\
      <dd class="\(isRight ? "right" : "wrong")">\
      <span aria-hidden="true">\(isRight ? "✓" : "✗")</span>\
      <span class="hidden">\(isRight ? "right:" : "wrong:")</span> \
      \(said.isEmpty ? "<i>nothing</i>" : HTML.quoted(said))</dd></div>
      """
  }

  // MARK: Further metrics

  var furtherSection: String? {
    let matrices = result.matrices.filter {
      $0.metric != result.primaryMetric || $0.group != .member
    }
    guard !matrices.isEmpty else { return nil }
    let rows = matrices.flatMap { matrix in matrix.cells.map { furtherRow(matrix, $0) } }
    return section(
      "Further metrics",
      HTML.table(
        head: [
          "Metric", "Learned → asked", "Mean [\(percent)]", "Chance", "Twins", "Seed sd", "n",
        ],
        rows: rows, classes: "numbers") + rankTable)
  }

  private func furtherRow(_ matrix: Matrix, _ cell: CellResult) -> [String] {
    [
      HTML.escaped(words(matrix.title)), arrow(cell),
      Cell.estimate(cell.mean, cell.interval),
      cell.chance.map(Cell.number) ?? "–", cell.control.map { Cell.number($0.mean) } ?? "–",
      cell.betweenSeedDeviation.map(Cell.number) ?? "–", "\(cell.count)",
    ]
  }

  private var rankTable: String {
    let cells = result.cells.filter { $0.ranks != nil }
    guard !cells.isEmpty else { return "" }
    let rows = cells.compactMap { cell in
      cell.ranks.map { ranks in
        [
          HTML.escaped(words(cell.key.metric)), arrow(cell), Cell.number(ranks.medianRank),
          Cell.number(ranks.meanReciprocalRank), Cell.number(ranks.hitsAt1),
          Cell.number(ranks.hitsAt5), Cell.number(ranks.hitsAt10),
        ]
      }
    }
    return HTML.table(
      caption: "Rank of the true name among all candidates; ties count against the model",
      head: ["Metric", "Learned → asked", "Median", "Mean 1/rank", "Hits@1", "@5", "@10"],
      rows: rows, classes: "numbers")
  }

  private func arrow(_ cell: CellResult) -> String {
    cell.key.route.isEmpty ? "–" : HTML.escaped(cell.key.route)
  }

  // MARK: Controls

  var controlSection: String? {
    let rows = (primary?.cells ?? []).compactMap { cell in
      cell.control.map { control in
        [
          arrow(cell),
          Cell.estimate(cell.mean, cell.interval),
          Cell.estimate(control.mean, control.interval),
          cell.chance.map(Cell.number) ?? "–", "\(control.count)",
        ]
      }
    }
    guard !rows.isEmpty else { return nil }
    return section(
      "Controls",
      "<p>Twins come from the same generator and were never trained on. What they score is guessing; "
        + "a member score that does not exceed it shows no memory.</p>"
        + HTML.table(
          head: ["Learned → asked", "Members", "Twins", "Chance", "n twins"], rows: rows,
          classes: "numbers"))
  }
}
