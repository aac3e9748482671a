// A picture as text for a terminal.

import Foundation
import Pictures

/// Encodes pictures for terminals.
public enum TerminalPicture {
  /// The text that shows a picture, without a line break at the end.
  ///
  /// - Parameters:
  ///   - picture: The picture.
  ///   - style: How.
  ///   - columns: The most columns it may take, 1 or more; a picture is never enlarged beyond one
  ///     column per pixel.
  /// - Returns: The text, or `nil` when the terminal shows no pictures.
  /// - Throws: `PictureError` when the PNG file cannot be made.
  public static func text(
    _ picture: Picture, style: TerminalAbilities.PictureStyle, columns: Int
  ) throws -> String? {
    let columns = max(1, min(columns, picture.width))
    // A character is about twice as high as wide.
    let rows = max(1, (columns * picture.height + picture.width) / (2 * picture.width))
    switch style {
    case .kitty: return kitty(picture, columns, rows)
    case .iterm: return iterm(try picture.png(), columns, rows)
    case .blocks: return blocks(picture, columns, rows) { "\(role($1));2;\($0.0);\($0.1);\($0.2)" }
    case .blocks256: return blocks(picture, columns, rows) { "\(role($1));5;\(xterm256($0))" }
    case .none: return nil
    }
  }

  // MARK: Protocols

  /// Raw pixels in pieces of at most 4096 characters; `q=2` forbids the answer, which would arrive
  /// as typed keys.
  private static func kitty(_ picture: Picture, _ columns: Int, _ rows: Int) -> String {
    let data = Array(Data(picture.pixels).base64EncodedString().utf8)
    var result = ""
    for start in stride(from: 0, to: data.count, by: 4096) {
      let piece = data[start..<min(start + 4096, data.count)]
      let more = piece.endIndex < data.count ? 1 : 0
      let head =
        start == 0
        ? "a=T,f=24,s=\(picture.width),v=\(picture.height),c=\(columns),r=\(rows),q=2,m=\(more)"
        : "q=2,m=\(more)"
      result += "\u{1B}_G\(head);\(String(decoding: piece, as: UTF8.self))\u{1B}\\"
    }
    return result
  }

  private static func iterm(_ png: [UInt8], _ columns: Int, _ rows: Int) -> String {
    "\u{1B}]1337;File=inline=1;size=\(png.count);width=\(columns);height=\(rows);"
      + "preserveAspectRatio=1:\(Data(png).base64EncodedString())\u{07}"
  }

  // MARK: Half blocks

  package typealias Color = (UInt8, UInt8, UInt8)

  private enum Half { case upper, lower }

  private static func role(_ half: Half) -> Int { half == .upper ? 38 : 48 }

  /// Each character is an upper half block in the upper pixel's color on the lower pixel's.
  private static func blocks(
    _ picture: Picture, _ columns: Int, _ rows: Int, code: (Color, Half) -> String
  ) -> String {
    let small = shrunk(picture, width: columns, height: 2 * rows)
    return (0..<rows).map { row in
      var line = "", last = ""
      for column in 0..<columns {
        let upper = code(small[2 * row * columns + column], .upper)
        let colors = upper + ";" + code(small[(2 * row + 1) * columns + column], .lower)
        if colors != last { line += "\u{1B}[\(colors)m" }
        last = colors
        line += "▀"
      }
      return line + "\u{1B}[0m"
    }.joined(separator: "\n")
  }

  /// Each pixel is the mean of those it covers, at least of the nearest one.
  package static func shrunk(_ picture: Picture, width: Int, height: Int) -> [Color] {
    func span(_ i: Int, _ of: Int, _ size: Int) -> Range<Int> {
      let start = i * size / of
      return start..<max(start + 1, (i + 1) * size / of)
    }
    var result: [Color] = []
    result.reserveCapacity(width * height)
    for y in 0..<height {
      let rows = span(y, height, picture.height)
      for x in 0..<width {
        let columns = span(x, width, picture.width)
        var sums = (0, 0, 0)
        for row in rows {
          for column in columns {
            let place = 3 * (row * picture.width + column)
            sums.0 += Int(picture.pixels[place])
            sums.1 += Int(picture.pixels[place + 1])
            sums.2 += Int(picture.pixels[place + 2])
          }
        }
        let count = rows.count * columns.count
        result.append(
          (UInt8(sums.0 / count), UInt8(sums.1 / count), UInt8(sums.2 / count)))
      }
    }
    return result
  }

  /// The nearest color of xterm's 6 × 6 × 6 cube (16 …) or of its 24 grays (232 …).
  package static func xterm256(_ color: Color) -> Int {
    let levels = [0, 95, 135, 175, 215, 255]
    func nearest(_ value: UInt8) -> Int {
      levels.indices.min { abs(levels[$0] - Int(value)) < abs(levels[$1] - Int(value)) } ?? 0
    }
    func distance(_ r: Int, _ g: Int, _ b: Int) -> Int {
      let d = (r - Int(color.0), g - Int(color.1), b - Int(color.2))
      return d.0 * d.0 + d.1 * d.1 + d.2 * d.2
    }
    let (r, g, b) = (nearest(color.0), nearest(color.1), nearest(color.2))
    let mean = (Int(color.0) + Int(color.1) + Int(color.2)) / 3
    let step = min(23, max(0, (mean - 3) / 10))
    let gray = 8 + 10 * step
    return distance(gray, gray, gray) < distance(levels[r], levels[g], levels[b])
      ? 232 + step : 16 + 36 * r + 6 * g + b
  }
}
