// Which people a report shows: of the first seed, some whose name crossed over to the other modality
// and some whose name did not.

import Metrics
import Personas
import Reporting

/// Collects people for a report's gallery.
struct ReportExamples {
  private struct Example {
    let item: Item
    var crossed: Bool
  }

  private var seed: Int?
  private var examples: [Int: Example] = [:]

  /// Side of the pictures in pixels.
  private static let side = 128
  /// How many of each kind are shown.
  private static let most = 8

  /// Looks at the answers of a cell; only those of the first seed seen are kept.
  mutating func add(_ items: [Item], _ answers: [String], keys: [String: String], seed: Int) {
    self.seed = self.seed ?? seed
    guard self.seed == seed else { return }
    let isTransfer = keys["source"] != keys["target"]
    for (item, answer) in zip(items, answers) {
      guard let person = item.person else { continue }
      let crossed = isTransfer && NameMatch(answer: answer, truth: item.answer).full
      examples[person, default: Example(item: item, crossed: false)].crossed =
        crossed || examples[person]?.crossed == true
    }
  }

  /// Pictures of the people chosen, in the order of their ids.
  ///
  /// - Throws: What drawing and encoding a picture throws.
  func gallery() throws -> [GalleryItem] {
    guard let seed else { return [] }
    let sorted = examples.sorted { $0.key < $1.key }
    let shown =
      sorted.filter(\.value.crossed).prefix(Self.most)
      + sorted.filter { !$0.value.crossed }.prefix(Self.most)
    return try shown.map { person, example in
      GalleryItem(
        seed: seed, persona: person,
        png: try example.item.portrait(side: Self.side).picture.png(),
        caption: example.item.look)
    }
  }
}
