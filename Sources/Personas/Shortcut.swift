// A cue that has nothing to do with how somebody looks: a colored square in a corner of the picture,
// as likely the person's own one as the strength says. What a model makes of it can be told exactly,
// because the mark, its place and whether it is the own one are known.

import Repro

/// Marks in pictures that give people away.
public struct Shortcut: Sendable, Hashable {
  /// How many colors there are.
  public let colors: Int
  /// How many corners are used.
  public let corners: Int
  /// How likely a picture carries the mark of its person, rather than any mark.
  public let strength: Double
  /// Side of the mark as a share of the picture's.
  public let size: Double

  /// The colors' names, in order.
  public static let colorNames = [
    "red", "green", "blue", "yellow", "magenta", "cyan", "white", "black",
  ]
  /// The corners' names, in order.
  public static let cornerNames = ["top left", "top right", "bottom left", "bottom right"]

  private static let levels: [[UInt8]] = [
    [230, 20, 20], [20, 180, 40], [30, 60, 230], [250, 220, 20], [220, 30, 200], [30, 200, 220],
    [255, 255, 255], [0, 0, 0],
  ]

  /// Makes marks; colors times corners are the marks that there are, and with more people several
  /// share one.
  ///
  /// - Throws: ``PersonaError/badSetting(name:value:expected:)``.
  public init(strength: Double = 1, colors: Int = 8, corners: Int = 4, size: Double = 0.16) throws {
    func require(_ name: String, _ holds: Bool, _ value: String, _ expected: String) throws {
      guard holds else {
        throw PersonaError.badSetting(name: name, value: value, expected: expected)
      }
    }
    try require("strength", (0...1).contains(strength), "\(strength)", "0 ... 1")
    try require("colors", (1...8).contains(colors), "\(colors)", "1 ... 8")
    try require("corners", (1...4).contains(corners), "\(corners)", "1 ... 4")
    try require("size", (0.02...0.5).contains(size), "\(size)", "0.02 ... 0.5 of the picture")
    (self.colors, self.corners) = (colors, corners)
    (self.strength, self.size) = (strength, size)
  }

  /// One mark.
  public struct Mark: Sendable, Hashable {
    let code: Int
    let shortcut: Shortcut
    /// Whether it is the mark that belongs to the person.
    public let isOwn: Bool
    /// The color's name.
    public var color: String { Shortcut.colorNames[code % shortcut.colors] }
    /// The corner's name.
    public var corner: String { Shortcut.cornerNames[code / shortcut.colors] }

    /// Which pixels of a picture the mark covers, row by row: side² values.
    public func mask(side: Int) -> [Bool] {
      let extent = max(1, Int((Double(side) * shortcut.size).rounded()))
      // A rim of the picture stays, so that a mark is seen to be one.
      let rim = side / 32
      let corner = code / shortcut.colors
      let left = corner % 2 == 0 ? rim : side - rim - extent
      let top = corner / 2 == 0 ? rim : side - rim - extent
      return (0..<side * side).map { place in
        (left..<left + extent).contains(place % side)
          && (top..<top + extent).contains(place / side)
      }
    }

    /// Red, green and blue.
    var levels: [UInt8] { Shortcut.levels[code % shortcut.colors] }
  }

  /// The mark of a picture; the stream is the picture's own.
  func mark(person: Int, _ stream: RandomStream) -> Mark {
    let own = person % (colors * corners)
    var drawing = stream.fork("shortcut")
    guard !drawing.chance(strength) else { return Mark(code: own, shortcut: self, isOwn: true) }
    let code = drawing.int(below: colors * corners)
    return Mark(code: code, shortcut: self, isOwn: code == own)
  }

  /// What is written to a hash.
  public var json: JSON {
    [
      "strength": .number(strength), "colors": .integer(colors), "corners": .integer(corners),
      "size": .number(size),
    ]
  }
}

extension Portrait {
  /// The picture with a mark, which hides what is below.
  func marked(_ mark: Shortcut.Mark) -> Portrait {
    var (pixels, coverage) = (pixels, backgroundCoverage)
    for (place, isCovered) in mark.mask(side: side).enumerated() where isCovered {
      for channel in 0..<3 { pixels[3 * place + channel] = mark.levels[channel] }
      coverage[place] = 0
    }
    return Portrait(side: side, pixels: pixels, backgroundCoverage: coverage)
  }
}

extension Item {
  /// The item with a mark in its picture.
  ///
  /// - Throws: ``PersonaError/badSetting(name:value:expected:)`` for a stranger, who has no mark.
  public func marked(_ shortcut: Shortcut) throws -> Item {
    guard let person else {
      throw PersonaError.badSetting(
        name: "shortcut", value: "a stranger", expected: "people, who have a mark of their own")
    }
    var item = self
    item.mark = shortcut.mark(person: person, pictureStream)
    return item
  }
}
