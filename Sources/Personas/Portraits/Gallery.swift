// Many portraits on one sheet: what a report shows and what one looks at before trusting a dataset.

import Pictures
import Repro

extension Portrait {
  /// The portrait as a picture that can be saved.
  public var picture: Picture {
    get throws { try Picture(width: side, height: side, pixels: pixels) }
  }
}

/// A contact sheet of people and their views on white.
public struct Gallery: Sendable {
  /// Width and height of each portrait in pixels, 16 ... 512.
  public var side: Int
  /// The white space around each portrait in pixels, 0 ... 64.
  public var padding: Int
  /// How many views of each person stand side by side, 1 or more.
  public var views: Int
  /// How many people stand side by side in one row, 1 or more.
  public var peoplePerRow: Int
  /// How far views spread, as in ``View/init(_:strength:)``.
  public var strength: Double

  /// Creates the settings of a sheet.
  public init(
    side: Int = 96, padding: Int = 4, views: Int = 6, peoplePerRow: Int = 1, strength: Double = 1
  ) {
    (self.side, self.padding, self.views) = (side, padding, views)
    (self.peoplePerRow, self.strength) = (peoplePerRow, strength)
  }

  /// Draws the sheet.
  ///
  /// - Parameters:
  ///   - people: The people in reading order, at least one.
  ///   - stream: Decides the views: the same as in training and export when the stream is the same.
  /// - Throws: ``PersonaError`` for a setting out of range, `PictureError` for a sheet too large.
  public func picture(of people: [Persona], stream: RandomStream) throws -> Picture {
    try check(people.count)
    let columns = views * min(peoplePerRow, people.count)
    let rows = (people.count + peoplePerRow - 1) / peoplePerRow
    let pitch = side + padding
    let sheet = try Picture(
      width: columns * pitch + padding, height: rows * pitch + padding, gray: 255)
    var pixels = sheet.pixels
    for (position, person) in people.enumerated() {
      for index in 0..<views {
        let view = View(persona: person.id, index: index, stream: stream, strength: strength)
        let portrait = try person.appearance.portrait(side: side, view: view)
        let column = position % peoplePerRow * views + index
        let corner = (x: padding + column * pitch, y: padding + position / peoplePerRow * pitch)
        for row in 0..<side {
          let start = 3 * ((corner.y + row) * sheet.width + corner.x)
          let line = portrait.pixels[3 * side * row..<3 * side * (row + 1)]
          pixels.replaceSubrange(start..<start + 3 * side, with: line)
        }
      }
    }
    return try Picture(width: sheet.width, height: sheet.height, pixels: pixels)
  }

  private func check(_ count: Int) throws {
    // Within these limits no product below can overflow.
    try Self.check("gallery", "people", count, 1..<1 << 20)
    try Self.check("gallery", "side", side, Portrait.sides)
    try Self.check("gallery", "padding", padding, 0..<65)
    try Self.check("gallery", "views", views, 1..<1 << 20)
    try Self.check("gallery", "people per row", peoplePerRow, 1..<1 << 20)
  }

  static func check(_ operation: String, _ what: String, _ value: Int, _ range: Range<Int>) throws {
    guard range.contains(value) else {
      throw PersonaError.outOfRange(operation: operation, what: what, value: value, range: range)
    }
  }
}
