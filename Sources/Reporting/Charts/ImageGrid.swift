// Pictures in rows, each with its caption.

import Foundation
import Pictures

/// Pictures with captions.
public struct ImageGrid: Sendable, Codable, Equatable, ChartContent {
  /// One picture.
  public struct Tile: Sendable, Codable, Equatable {
    /// A PNG file's bytes.
    public var png: Data
    /// Width over height.
    public var aspect: Double
    /// A few words below it; may be empty.
    public var caption: String

    /// A picture with its caption.
    ///
    /// - Throws: What encoding throws.
    public init(_ picture: Picture, caption: String = "") throws {
      png = Data(try picture.png())
      aspect = Double(picture.width) / Double(picture.height)
      self.caption = caption
    }
  }

  /// The pictures, row by row.
  public var tiles: [Tile]
  /// How many stand in a row; by itself when `nil`.
  public var columns: Int?

  /// Gathers pictures.
  public init(_ tiles: [Tile], columns: Int? = nil) {
    (self.tiles, self.columns) = (tiles, columns)
  }

  var noun: String { "pictures" }
  var legend: [LegendEntry] { [] }

  func validate() throws {
    guard tiles.count <= 400 else {
      throw ChartError("expected at most 400 pictures, got \(tiles.count)")
    }
    guard columns.map((1...40).contains) != false else {
      throw ChartError("expected 1 ... 40 columns, got \(columns ?? 0)")
    }
    guard tiles.allSatisfy({ $0.aspect.isFinite && $0.aspect > 0.01 && $0.aspect < 100 }) else {
      throw ChartError("a picture is too narrow to be shown")
    }
  }

  func facts(_ chart: Chart) -> [String] { [] }

  var lines: [String] {
    tiles.isEmpty
      ? ["no data"]
      : ["\(tiles.count) \(tiles.count == 1 ? "picture" : "pictures")"]
        + tiles.prefix(8).map(\.caption).filter { !$0.isEmpty }
  }

  func draw(_ chart: Chart, into svg: inout SVG) {
    guard !tiles.isEmpty else { return Plane.noData(chart, into: &svg) }
    let count = min(columns ?? max(Int(chart.width / 128), 1), tiles.count)
    let gap = 12.0
    let width = min((chart.width - 24 + gap) / Double(count) - gap, 256)
    svg.height += 6
    for first in stride(from: 0, to: tiles.count, by: count) {
      let row = Array(tiles[first..<min(first + count, tiles.count)])
      let tallest = row.map { width / $0.aspect }.max() ?? width
      let captions = row.map { ChartText.wrapped($0.caption, width, most: 4) }
      for (place, tile) in row.enumerated() {
        let x = 12 + Double(place) * (width + gap)
        svg.picture(
          tile.png, x, svg.height, width, width / tile.aspect,
          tip: tile.caption.isEmpty ? "picture \(first + place + 1)" : tile.caption)
        for (index, line) in captions[place].enumerated() {
          svg.text(
            ChartText.cut(line, width), x, svg.height + tallest + 14 + Double(index) * 14)
        }
      }
      svg.height += tallest + 14 * Double(captions.map(\.count).max() ?? 0) + 14
    }
  }
}
