// The picture of a person: a pure function of looks, size and view. It is part of the dataset's
// definition, so its bytes depend on nothing else.

import Repro

/// A square picture of a person with the exact mask of its background.
public struct Portrait: Sendable, Hashable {
  /// Width and height in pixels.
  public let side: Int
  /// Red, green and blue of each pixel, row by row from the top left: 3 · side² bytes.
  public let pixels: [UInt8]
  /// How much of each pixel shows the background, 255 for all of it: side² bytes.
  public let backgroundCoverage: [UInt8]

  /// The sizes that can be drawn.
  public static let sides = 16..<513

  /// Whether each pixel shows background over at least half of its area: side² values.
  public var backgroundMask: [Bool] { backgroundCoverage.map { $0 >= 128 } }
}

extension Appearance {
  /// Draws the person.
  ///
  /// Every attribute stays visible in every view, at 32 pixels and more. The same arguments give
  /// the same bytes on every machine. Safe to call from several threads at once.
  ///
  /// - Parameters:
  ///   - side: Width and height in pixels, 16 ... 512.
  ///   - view: Pose, light and noise.
  /// - Throws: ``PersonaError`` when `side` or a field of `view` is out of range.
  /// - Complexity: O(side²).
  public func portrait(side: Int, view: View = .neutral) throws -> Portrait {
    guard Portrait.sides.contains(side) else {
      throw PersonaError.outOfRange(
        operation: "portrait", what: "side", value: side, range: Portrait.sides)
    }
    try view.check()
    return withUnsafeTemporaryAllocation(of: Color.self, capacity: side * side) { buffer in
      // A buffer of at least 256 pixels has a base address.
      let pixels = buffer.baseAddress!
      pixels.initialize(repeating: Palette.background(self), count: side * side)
      var scene = Scene(look: self, view: view, side: side, pixels: pixels)
      scene.draw()
      return Portrait(side: side, developing: pixels, view: view)
    }
  }
}

extension Portrait {
  /// Lights the drawing, adds noise and rounds to bytes.
  fileprivate init(side: Int, developing drawing: UnsafePointer<Color>, view: View) {
    self.side = side
    pixels = [UInt8](unsafeUninitializedCapacity: 3 * side * side) { bytes, count in
      Self.develop(drawing, side: side, view: view, into: bytes)
      count = 3 * side * side
    }
    backgroundCoverage = [UInt8](unsafeUninitializedCapacity: side * side) { bytes, count in
      for i in 0..<side * side { bytes[i] = Self.byte(drawing[i].w * 255) }
      count = side * side
    }
  }

  private static func develop(
    _ drawing: UnsafePointer<Color>, side: Int, view: View,
    into bytes: UnsafeMutableBufferPointer<UInt8>
  ) {
    var grain = Grain(key: view.key, deviation: view.noise)
    let step = 2 / Float(side)
    for row in 0..<side {
      let down = (Float(row) + 0.5) * step - 1
      let rowLight = view.light * (1 + view.lightDown * down)
      for column in 0..<side {
        let across = (Float(column) + 0.5) * step - 1
        let light = rowLight + view.light * view.lightRight * across
        let color = drawing[row * side + column] * light + grain.next()
        let place = 3 * (row * side + column)
        bytes[place] = Self.byte(color.x)
        bytes[place + 1] = Self.byte(color.y)
        bytes[place + 2] = Self.byte(color.z)
      }
    }
  }

  /// The nearest level of 0 ... 255.
  @inline(__always)
  private static func byte(_ value: Float) -> UInt8 {
    UInt8(truncatingIfNeeded: Int32(clamp(value, 0, 255) + 0.5))
  }
}

/// Noise for one pixel after the other: bell-shaped, mean 0, independent in each channel.
private struct Grain {
  private var stream: RandomStream
  private let unit: Float

  init(key: UInt64, deviation: Float) {
    stream = RandomStream(key: key).fork(1)
    // The sum of four hexadecimal digits has mean 30 and variance 4 · 255/12 = 85.
    unit = deviation / Float(85).squareRoot()
  }

  /// Sixteen random bits serve one channel.
  @inline(__always)
  mutating func next() -> Color {
    guard unit > 0 else { return Color(repeating: 0) }
    let bits = stream.next()
    let pairs = (bits & 0x0F0F_0F0F_0F0F_0F0F) &+ (bits >> 4 & 0x0F0F_0F0F_0F0F_0F0F)
    let sums = (pairs & 0x00FF_00FF_00FF_00FF) &+ (pairs >> 8 & 0x00FF_00FF_00FF_00FF)
    return Color(
      Float(sums & 0xFF) - 30, Float(sums >> 16 & 0xFF) - 30, Float(sums >> 32 & 0xFF) - 30, 0)
      * unit
  }
}
