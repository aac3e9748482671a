// Pictures of a run's people. A run keeps none but those in its report; they are drawn again from
// the generator, and only where it is sure that it is the same people: the names must be those that
// the run asked for, and where the report shows a person, the picture must be that one.

import Foundation
import Metrics
import Personas
import Pictures
import Reporting
import Repro
import RunStore

/// Draws the people of a run.
package struct Portraits: Sendable {
  /// Where pictures of a seed's people come from.
  package enum Source: Sendable, Equatable {
    /// Drawn again: the first view that training never showed, counted from 0.
    case generator(view: Int, isSeenInReport: Bool)
    /// The few that the report holds.
    case report(reason: String)
    /// Nowhere.
    case none(reason: String)
  }

  private let sources: [Int: Source]
  private let shown: [Int: [Int: GalleryItem]]

  /// - Parameter report: The run's report as it was written.
  package init(_ result: ExperimentResult, report: String?) {
    let items = report.map(GalleryItem.items(inReport:)) ?? []
    shown = Dictionary(grouping: items, by: \.seed).mapValues { items in
      Dictionary(items.map { ($0.persona, $0) }, uniquingKeysWith: { first, _ in first })
    }
    let names = Self.names(result)
    var sources: [Int: Source] = [:]
    for seed in result.seeds {
      sources[seed] = Self.source(
        seed, names[seed] ?? [:], shown[seed] ?? [:],
        views: result.manifest.parameters["views"].flatMap { Int($0) })
    }
    self.sources = sources
  }

  /// Where pictures of a seed's people come from.
  package func source(seed: Int) -> Source {
    sources[seed] ?? .none(reason: "no person of this seed was asked")
  }

  /// Whether there is a picture of a person.
  package func hasPicture(seed: Int, persona: Int) -> Bool {
    switch source(seed: seed) {
    case .generator: true
    case .report: shown[seed]?[persona] != nil
    case .none: false
    }
  }

  /// The look in words; `nil` when it is not known.
  package func look(seed: Int, persona: Int) -> String? {
    switch source(seed: seed) {
    case .generator(let view, _): (try? Self.item(seed, persona, view: view))?.look
    case .report: shown[seed]?[persona]?.caption
    case .none: nil
    }
  }

  /// A picture as a PNG file's bytes; `nil` when there is none.
  ///
  /// - Parameters:
  ///   - side: In pixels, 16 ... 512; pictures from a report have theirs.
  ///   - view: Counted from 0; by default the one that the run asked with first.
  package func png(seed: Int, persona: Int, side: Int = 128, view: Int? = nil) -> [UInt8]? {
    switch source(seed: seed) {
    case .generator(let first, _):
      try? Self.item(seed, persona, view: view ?? first).portrait(side: side).picture.png()
    case .report: shown[seed]?[persona]?.png
    case .none: nil
    }
  }

  // MARK: The generator

  /// The people that experiments take from a base, as `stdlib/eidetic/base.lua` makes them: those
  /// of its generator for the seed of the run.
  private static func item(_ seed: Int, _ persona: Int, view: Int) throws -> Item {
    let stream = RandomStream(seed: UInt64(max(seed, 0))).fork("base").fork("people")
    let first = try Population(count: 1, stream: stream, reserve: 4000)
    let people = persona == 0 ? first : try first.following(persona)
    return try people.item(max(persona - 1, 0), .name, as: .image, view: view)
  }

  /// What the run held for the names of its people; who has two has none.
  private static func names(_ result: ExperimentResult) -> [Int: [Int: String]] {
    var names: [Int: [Int: String]] = [:]
    for outcome in result.outcomes where outcome.cell.metric == "full_name" {
      let known = names[outcome.seed]?[outcome.persona]
      let isOther = known != nil && known != outcome.truth
      names[outcome.seed, default: [:]][outcome.persona] = isOther ? "" : outcome.truth
    }
    return names
  }

  private static func source(
    _ seed: Int, _ names: [Int: String], _ shown: [Int: GalleryItem], views: Int?
  ) -> Source {
    func otherwise(_ reason: String) -> Source {
      shown.isEmpty ? .none(reason: reason) : .report(reason: reason)
    }
    guard !names.isEmpty else {
      return otherwise("this run asked for no full names, by which its people could be told")
    }
    let areTheSame = names.allSatisfy { persona, name in
      (try? item(seed, persona, view: 0))?.answer == name
    }
    guard seed >= 0, areTheSame else {
      return otherwise("its people are not, or not by these names, those of the base's generator")
    }
    let usual = views.flatMap { (0..<1 << 20).contains($0) ? $0 : nil } ?? 20
    guard !shown.isEmpty else { return .generator(view: usual, isSeenInReport: false) }
    let tried = [usual, 20, 0, 1, 5, 10]
    guard let view = tried.first(where: { shows(shown, seed, view: $0) }) else {
      return otherwise("the pictures in its report are others than the generator's")
    }
    return .generator(view: view, isSeenInReport: true)
  }

  /// Whether the report's pictures are this view of these people; bytes depend on zlib's version.
  private static func shows(_ shown: [Int: GalleryItem], _ seed: Int, view: Int) -> Bool {
    shown.values.sorted { $0.persona < $1.persona }.prefix(4).allSatisfy { item in
      guard let there = try? Picture(png: item.png),
        let drawn = try? Self.item(seed, item.persona, view: view)
          .portrait(side: min(max(there.width, 16), 512)).picture
      else { return false }
      return drawn == there
    }
  }
}
