// The alphabet of the drawings: shapes as signed distances. Only + - * / and square roots, which
// IEEE 754 rounds in one way: the same picture has the same bytes everywhere.

/// A place in the plane of the picture: x to the right, y down, in figure units.
typealias Point = SIMD2<Float>

/// A region of the plane, given by its signed distance: negative inside, in figure units.
protocol Shape: Sendable {
  /// Distance from a point to the outline; near the outline it is right to first order.
  func distance(_ p: Point) -> Float
  /// A rectangle that holds the shape.
  var bounds: Bounds { get }
}

/// An axis-aligned rectangle.
struct Bounds {
  var low: Point
  var high: Point

  func union(_ other: Bounds) -> Bounds {
    Bounds(
      low: pointwiseMin(low, other.low), high: pointwiseMax(high, other.high))
  }
}

@inline(__always)
func length(_ p: Point) -> Float { (p.x * p.x + p.y * p.y).squareRoot() }

@inline(__always)
func clamp(_ value: Float, _ low: Float, _ high: Float) -> Float {
  value < low ? low : (value > high ? high : value)
}

/// An ellipse with axes along x and y.
struct Ellipse: Shape {
  let center: Point
  let radii: Point
  private let inverse: Point

  init(_ x: Float, _ y: Float, _ rx: Float, _ ry: Float) {
    (center, radii) = (Point(x, y), Point(rx, ry))
    inverse = Point(1, 1) / radii
  }

  /// Value over gradient of the implicit equation: exact on circles and on the outline.
  @inline(__always)
  func distance(_ p: Point) -> Float {
    let scaled = (p - center) * inverse
    let level = length(scaled)
    let slope = length(scaled * inverse)
    return level * (level - 1) / (slope > 1e-6 ? slope : 1e-6) - (slope > 1e-6 ? 0 : radii.y)
  }

  var bounds: Bounds { Bounds(low: center - radii, high: center + radii) }
}

/// A rectangle with rounded corners.
struct Box: Shape {
  let center: Point
  let half: Point
  let corner: Float

  init(_ x: Float, _ y: Float, _ halfWidth: Float, _ halfHeight: Float, corner: Float = 0) {
    (center, half, self.corner) = (Point(x, y), Point(halfWidth, halfHeight), corner)
  }

  @inline(__always)
  func distance(_ p: Point) -> Float {
    let dx = abs(p.x - center.x) - half.x + corner
    let dy = abs(p.y - center.y) - half.y + corner
    let outside = length(Point(dx > 0 ? dx : 0, dy > 0 ? dy : 0))
    let inside = dx > dy ? dx : dy
    return outside + (inside < 0 ? inside : 0) - corner
  }

  var bounds: Bounds { Bounds(low: center - half, high: center + half) }
}

/// A straight stroke with round ends whose radius goes from `start` to `end`.
struct Stroke: Shape {
  let from: Point
  let along: Point
  let start: Float
  let end: Float
  private let inverse: Float

  init(_ x0: Float, _ y0: Float, to x1: Float, _ y1: Float, _ start: Float, _ end: Float) {
    (from, along) = (Point(x0, y0), Point(x1 - x0, y1 - y0))
    (self.start, self.end) = (start, end)
    inverse = 1 / (along.x * along.x + along.y * along.y)
  }

  @inline(__always)
  func distance(_ p: Point) -> Float {
    let q = p - from
    let t = clamp((q.x * along.x + q.y * along.y) * inverse, 0, 1)
    return length(q - along * t) - start - (end - start) * t
  }

  var bounds: Bounds {
    let widest = Point(repeating: max(start, end))
    return Bounds(
      low: pointwiseMin(from, from + along) - widest,
      high: pointwiseMax(from, from + along) + widest)
  }
}

/// A stroke along a parabola: `sag` is how far its middle lies below its ends (negative: above).
struct Arc: Shape {
  let center: Point
  let halfWidth: Float
  let sag: Float
  let thickness: Float
  private let curvature: Float

  /// - Parameter thickness: Half the width of the stroke in the middle; the ends are half as wide.
  init(_ x: Float, _ y: Float, _ halfWidth: Float, sag: Float, _ thickness: Float) {
    (center, self.halfWidth) = (Point(x, y), halfWidth)
    (self.sag, self.thickness) = (sag, thickness)
    curvature = sag / (halfWidth * halfWidth)
  }

  @inline(__always)
  func distance(_ p: Point) -> Float {
    let q = p - center
    let x = clamp(q.x, -halfWidth, halfWidth)
    let slope = 2 * curvature * x
    let below = (q.y + curvature * x * x - sag) / (1 + slope * slope).squareRoot()
    let taper = 1 - 0.5 * (x * x) / (halfWidth * halfWidth)
    return length(Point(q.x - x, below)) - thickness * taper
  }

  var bounds: Bounds {
    let reach = Point(halfWidth + thickness, abs(sag) + thickness)
    return Bounds(low: center - reach, high: center + reach)
  }
}

/// Everything on one side of a line through `origin`; `normal` points out and has length 1.
struct HalfPlane: Shape {
  let origin: Point
  let normal: Point

  /// The part of the plane below a horizontal line.
  static func below(_ y: Float) -> HalfPlane {
    HalfPlane(origin: Point(0, y), normal: Point(0, -1))
  }
  /// The part of the plane above a horizontal line.
  static func above(_ y: Float) -> HalfPlane { HalfPlane(origin: Point(0, y), normal: Point(0, 1)) }

  @inline(__always)
  func distance(_ p: Point) -> Float {
    let q = p - origin
    return q.x * normal.x + q.y * normal.y
  }

  /// Halves of the plane are only ever intersected with something smaller.
  var bounds: Bounds { Bounds(low: Point(-99, -99), high: Point(99, 99)) }
}

/// A simple polygon.
struct Polygon<let count: Int>: Shape {
  let corners: InlineArray<count, Point>

  init(_ corners: InlineArray<count, Point>) { self.corners = corners }

  @inline(__always)
  func distance(_ p: Point) -> Float {
    var nearest = Float.greatestFiniteMagnitude
    var isInside = false
    var previous = corners[count - 1]
    for i in 0..<count {
      let corner = corners[i]
      let (edge, q) = (previous - corner, p - corner)
      let t = (q.x * edge.x + q.y * edge.y) / (edge.x * edge.x + edge.y * edge.y)
      let gap = q - edge * clamp(t, 0, 1)
      let squared = gap.x * gap.x + gap.y * gap.y
      if squared < nearest { nearest = squared }
      if (corner.y > p.y) != (previous.y > p.y) {
        // The ray to the right crosses this edge when p lies on its left.
        let side = q.x * edge.y - q.y * edge.x
        if (side < 0) == (edge.y > 0) { isInside.toggle() }
      }
      previous = corner
    }
    return isInside ? -nearest.squareRoot() : nearest.squareRoot()
  }

  var bounds: Bounds {
    var result = Bounds(low: corners[0], high: corners[0])
    for i in 1..<count { result = result.union(Bounds(low: corners[i], high: corners[i])) }
    return result
  }
}

/// Circles of one radius, taken together: curls.
struct Cluster<let count: Int>: Shape {
  let centers: InlineArray<count, Point>
  let radius: Float

  init(_ centers: InlineArray<count, Point>, radius: Float) {
    (self.centers, self.radius) = (centers, radius)
  }

  @inline(__always)
  func distance(_ p: Point) -> Float {
    var nearest = Float.greatestFiniteMagnitude
    for i in 0..<count {
      let q = p - centers[i]
      let squared = q.x * q.x + q.y * q.y
      if squared < nearest { nearest = squared }
    }
    return nearest.squareRoot() - radius
  }

  var bounds: Bounds {
    var result = Bounds(low: centers[0], high: centers[0])
    for i in 1..<count { result = result.union(Bounds(low: centers[i], high: centers[i])) }
    return Bounds(low: result.low - radius, high: result.high + radius)
  }
}
