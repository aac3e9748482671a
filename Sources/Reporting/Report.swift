// A run as one HTML page that needs nothing else: no network, no script, no font. Its numbers come
// from the result file; beside them stand pictures, kept charts and the times of trainings.

import Foundation
import Metrics
import Repro
import RunStore

/// A persona to show, with a picture; the answers are looked up in the result.
public struct GalleryItem: Sendable {
  /// The training seed whose answers are shown.
  public var seed: Int
  /// The persona's id.
  public var persona: Int
  /// A PNG file's bytes.
  public var png: [UInt8]
  /// A few words below the name, for example `red hair, glasses`.
  public var caption: String

  /// Creates an item.
  public init(seed: Int, persona: Int, png: [UInt8], caption: String = "") {
    (self.seed, self.persona, self.png, self.caption) = (seed, persona, png, caption)
  }
}

/// The report of one experiment.
///
/// ```swift
/// try run.writeReport(Report(result: result, gallery: items).html())
/// ```
public struct Report: Sendable {
  /// What is reported.
  public let result: ExperimentResult
  let gallery: [GalleryItem]
  let charts: [KeptChart]
  let times: [TrainingTime]
  /// Set before every identifier, for pages that hold several reports.
  var mark = ""

  /// Creates a report.
  public init(
    result: ExperimentResult, gallery: [GalleryItem] = [], charts: [KeptChart] = [],
    times: [TrainingTime] = []
  ) {
    (self.result, self.gallery, self.charts, self.times) = (result, gallery, charts, times)
  }

  /// Creates a report with what stands beside the result in the run's folder.
  ///
  /// - Throws: ``ChartError`` and ``RunStoreError`` for a kept chart that cannot be read.
  public init(_ result: ExperimentResult, of run: Run, gallery: [GalleryItem] = []) throws {
    self.init(
      result: result, gallery: gallery, charts: try run.charts(), times: run.trainingTimes())
  }

  /// The whole page. Every text from outside is escaped; the same result gives the same bytes.
  public func html() -> String {
    Page.html(
      title: result.experiment, header: header, body: sections.joined(separator: "\n"))
  }

  var sections: [String] {
    [
      claimSection, conditionSection, recallSection, comparisonSection, chartSection, gallerySection,
      furtherSection, controlSection, trainingSection, notesSection, reproduceSection,
      methodsSection,
    ].compactMap { $0 }
  }

  var header: String {
    let state =
      result.isComplete
      ? ""
      : "<strong class=\"badge\">Preliminary: \(seedCount) of "
        + "\(counted(result.manifest.seeds.count, "seed"))</strong>"
    let question =
      result.question.isEmpty ? "" : "<p class=\"question\">\(HTML.escaped(result.question))</p>"
    return """
      <header>
      <p class="eyebrow">Experiment report \(state)</p>
      <h1>\(HTML.escaped(result.experiment))</h1>
      \(question)
      <p class="finding">\(HTML.escaped(result.finding))</p>
      <p class="facts">\(facts.map(HTML.escaped).joined(separator: " <span>·</span> "))</p>
      </header>
      """
  }

  private var facts: [String] {
    let people = result.cells.filter { $0.key.group == .member }.map(\.personaCount).max() ?? 0
    return [
      counted(seedCount, "seed"), "\(counted(people, "persona")) per seed",
      counted(result.outcomes.count, "answer"),
      result.manifest.time.formatted(.iso8601.year().month().day()),
    ]
  }

  var seedCount: Int { result.seeds.count }
  var percent: String { Number.plain(result.level * 100) + " %" }

  /// The members' matrix that the finding is about.
  var primary: Matrix? {
    result.matrices.first { $0.metric == result.primaryMetric && $0.group == .member }
  }

  func section(_ title: String, _ body: String) -> String {
    let id = mark + HTML.id(title)
    return """
      <section aria-labelledby="\(id)">
      <h2 id="\(id)">\(HTML.escaped(title))</h2>
      \(body)
      </section>
      """
  }

  /// `1 seed`, `5 seeds`, `12,000 answers`.
  func counted(_ count: Int, _ noun: String) -> String {
    let digits = String(count)
    var grouped = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { grouped += "," }
      grouped.append(digit)
    }
    return "\(grouped) \(noun)\(count == 1 ? "" : "s")"
  }
}

/// Metric and condition names as words.
package func words(_ name: String) -> String { name.replacing("_", with: " ") }
