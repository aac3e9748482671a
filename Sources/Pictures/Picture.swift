// A rectangle of pixels, the common form of everything that is drawn, shown, saved or imported.

import Foundation
import Repro

/// An RGB picture with eight bits per channel.
public struct Picture: Sendable, Hashable {
  /// The number of columns, 1 or more.
  public let width: Int
  /// The number of rows, 1 or more.
  public let height: Int
  /// Red, green and blue of each pixel, row by row from the top left: 3 · width · height bytes.
  public let pixels: [UInt8]

  /// The most pixels a picture may have; keeps a small hostile file from claiming all memory.
  public static let largestPixelCount = 1 << 26

  /// Creates a picture from its bytes.
  ///
  /// - Throws: ``PictureError/size(width:height:expected:got:)`` when they do not fit the size, or
  ///   the size is empty or above ``largestPixelCount``.
  public init(width: Int, height: Int, pixels: [UInt8]) throws {
    let expected = try Self.byteCount(width: width, height: height)
    guard pixels.count == expected else {
      throw PictureError.size(
        width: width, height: height, expected: "\(expected) bytes", got: pixels.count)
    }
    (self.width, self.height, self.pixels) = (width, height, pixels)
  }

  /// Creates a picture of one color.
  ///
  /// - Throws: ``PictureError/size(width:height:expected:got:)`` when the size is empty or too large.
  public init(width: Int, height: Int, gray level: UInt8) throws {
    let count = try Self.byteCount(width: width, height: height)
    try self.init(
      width: width, height: height, pixels: [UInt8](repeating: level, count: count))
  }

  /// Bytes of a picture of this size.
  static func byteCount(width: Int, height: Int) throws -> Int {
    let (count, overflow) = width.multipliedReportingOverflow(by: height)
    guard width > 0, height > 0, !overflow, count <= largestPixelCount else {
      throw PictureError.size(
        width: width, height: height, expected: "1 to \(largestPixelCount) pixels",
        got: overflow ? .max : count)
    }
    return 3 * count
  }
}

/// A picture that cannot be made, read or saved.
public enum PictureError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Width and height make no picture, or do not fit the pixels.
  case size(width: Int, height: Int, expected: String, got: Int)
  /// The bytes are no PNG file, or one that is cut or damaged.
  case damaged(source: String, reason: String)
  /// The file cannot be opened.
  case unreadable(path: String, reason: String)
  /// libpng could not encode the picture.
  case unwritable(reason: String)

  /// One line in lower case: what was expected, what came, the next step.
  public var description: String {
    switch self {
    case .size(let width, let height, let expected, let got):
      return "picture of \(width) x \(height): expected \(expected), got \(got)"
    case .damaged(let source, let reason):
      return "\(source): expected a whole PNG file, got damage (\(reason)); save or copy it again"
    case .unreadable(let path, let reason):
      return "cannot read \(path): \(reason)"
    case .unwritable(let reason):
      return "cannot encode the picture as PNG: \(reason)"
    }
  }
}
