// Pictures stand in no other file of a run than its report: a report that is written again takes them
// from there. Only bytes, numbers and the caption are taken, never markup.

import Foundation

extension GalleryItem {
  /// How a card of the gallery begins.
  static func opening(seed: Int, persona: Int) -> String {
    "<li data-seed=\"\(seed)\" data-persona=\"\(persona)\">"
  }

  /// The people shown in an earlier report; none when it has no gallery or is no report.
  public static func items(inReport html: String) -> [GalleryItem] {
    html.components(separatedBy: "<li data-seed=\"").dropFirst().compactMap { card in
      guard let seed = Int(card.prefix { $0 != "\"" }),
        let persona = card.between(" data-persona=\"", "\"").flatMap({ Int($0) }),
        let png = card.between("src=\"data:image/png;base64,", "\"")
          .flatMap({ Data(base64Encoded: $0) })
      else { return nil }
      // A twin's card has a second paragraph of this kind, and one without caption only that.
      let caption = card.between("<p class=\"caption\">", "</p>") ?? ""
      return GalleryItem(
        seed: seed, persona: persona, png: Array(png),
        caption: caption == "never-trained twin" ? "" : HTML.unescaped(caption))
    }
  }
}

extension String {
  fileprivate func between(_ start: String, _ end: String) -> String? {
    guard let from = range(of: start), let to = range(of: end, range: from.upperBound..<endIndex)
    else { return nil }
    return String(self[from.upperBound..<to.lowerBound])
  }
}
