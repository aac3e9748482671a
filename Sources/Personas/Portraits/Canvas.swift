// Where shapes become pixels: coverage anti-aliasing over a buffer of linear blends. A pixel has a
// fourth lane, how much of the background shows through it, from which the exact mask is read.

/// Red, green, blue in 0 ... 255, and 1 where the paint belongs to the background.
typealias Color = SIMD4<Float>

extension SIMD4<Float> {
  /// A figure's color.
  init(rgb red: Float, _ green: Float, _ blue: Float) { self.init(red, green, blue, 0) }

  /// The color times `factor`; factors below 1 darken. The background lane is kept.
  func lit(_ factor: Float) -> Color { Color(x * factor, y * factor, z * factor, w) }

  /// The way from this color to another.
  @inline(__always)
  func mixed(_ other: Color, _ share: Float) -> Color { self + (other - self) * share }
}

/// How a shape is filled: flat inside, shaded near its outline, with a contour around it.
struct Paint {
  var fill: Color
  /// The color that the fill turns into towards the outline.
  var shade: Color
  /// How far inside the outline shading begins, in figure units.
  var shadeDepth: Float = 1
  var edge: Color
  /// The width of the contour, outside the shape, in figure units.
  var edgeWidth: Float = 0
  /// How wide the transition at the outline is, in figure units; at least one pixel.
  var softness: Float = 0
  var opacity: Float = 1

  /// One color throughout.
  init(_ color: Color, opacity: Float = 1, softness: Float = 0) {
    (fill, shade, edge) = (color, color, color)
    (self.opacity, self.softness) = (opacity, softness)
  }

  /// A body: shaded towards its outline over `depth` units, with a contour.
  init(body color: Color, shade: Float = 0.84, depth: Float = 1.6, contour: Float = 0.3) {
    (fill, self.shade, edge) = (color, color.lit(shade), color.lit(0.42))
    (shadeDepth, edgeWidth) = (depth, contour)
  }
}

/// A similarity from figure units to pixels.
struct Frame {
  /// Pixels per unit along x, and how far a step along x goes down.
  private(set) var across: Float
  private(set) var down: Float
  private(set) var origin: Point

  /// The whole picture: −16 ... 16 in both directions, the centers of pixels at half numbers.
  init(side: Int) {
    across = Float(side) / 32
    down = 0
    origin = Point(repeating: Float(side) / 2)
  }

  var scale: Float { (across * across + down * down).squareRoot() }

  func pixel(_ p: Point) -> Point {
    Point(origin.x + across * p.x - down * p.y, origin.y + down * p.x + across * p.y)
  }

  func moved(_ x: Float, _ y: Float) -> Frame {
    var result = self
    result.origin = pixel(Point(x, y))
    return result
  }

  func scaled(_ factor: Float) -> Frame {
    var result = self
    result.across *= factor
    result.down *= factor
    return result
  }

  func scaled(_ factor: Float, around pivot: Point) -> Frame {
    moved(pivot.x, pivot.y).scaled(factor).moved(-pivot.x, -pivot.y)
  }

  /// Turned clockwise around a point by twice the angle whose tangent is `halfTangent`.
  func turned(_ halfTangent: Float, around pivot: Point) -> Frame {
    // The rational parametrisation of the circle needs no sine.
    let square = halfTangent * halfTangent
    let cosine = (1 - square) / (1 + square)
    let sine = 2 * halfTangent / (1 + square)
    var result = moved(pivot.x, pivot.y)
    result.across = across * cosine - down * sine
    result.down = down * cosine + across * sine
    return result.moved(-pivot.x, -pivot.y)
  }
}

/// A square picture in the making.
struct Canvas {
  let side: Int
  let pixels: UnsafeMutablePointer<Color>
  /// Where the next shapes go.
  var frame: Frame

  /// Paints a shape over what is there.
  @inline(__always)
  func fill<S: Shape>(_ shape: S, _ paint: Paint) {
    let scale = frame.scale
    let margin = paint.edgeWidth + 0.5 * paint.softness + 0.75 / scale
    let (columns, rows) = reach(of: shape.bounds, margin: margin)
    guard !columns.isEmpty else { return }
    let across = frame.across / (scale * scale)
    let down = frame.down / (scale * scale)
    let sharpness = paint.softness * scale > 1 ? 1 / paint.softness : scale
    let shadeSlope = 1 / paint.shadeDepth
    for row in rows {
      let line = pixels + row * side
      let dy = Float(row) + 0.5 - frame.origin.y
      for column in columns {
        let dx = Float(column) + 0.5 - frame.origin.x
        let p = Point(across * dx + down * dy, across * dy - down * dx)
        let distance = shape.distance(p)
        let cover = 0.5 - (distance - paint.edgeWidth) * sharpness
        guard cover > 0 else { continue }
        let shaded = clamp(1 + distance * shadeSlope, 0, 1)
        let outside = clamp(0.5 + distance * sharpness, 0, 1)
        let color = paint.fill.mixed(paint.shade, shaded * shaded).mixed(paint.edge, outside)
        line[column] = line[column].mixed(color, (cover < 1 ? cover : 1) * paint.opacity)
      }
    }
  }

  /// The pixels that a rectangle in the current frame can touch.
  private func reach(of bounds: Bounds, margin: Float) -> (columns: Range<Int>, rows: Range<Int>) {
    let low = bounds.low - margin
    let high = bounds.high + margin
    let corners = (
      frame.pixel(low), frame.pixel(high), frame.pixel(Point(low.x, high.y)),
      frame.pixel(Point(high.x, low.y))
    )
    let first = pointwiseMin(pointwiseMin(corners.0, corners.1), pointwiseMin(corners.2, corners.3))
    let last = pointwiseMax(pointwiseMax(corners.0, corners.1), pointwiseMax(corners.2, corners.3))
    return (span(first.x, last.x), span(first.y, last.y))
  }

  private func span(_ first: Float, _ last: Float) -> Range<Int> {
    let limit = Float(side)
    let low = Int(clamp(first, 0, limit))
    let high = Int(clamp(last + 1, 0, limit))
    return low..<max(low, high)
  }
}
