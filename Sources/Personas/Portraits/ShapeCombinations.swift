// How shapes make other shapes: set operations on signed distances. Each stays right to first order
// near its outline, which is all that coverage needs.

/// Both shapes together; where they meet the outline is rounded over about `softness` units.
struct Joined<A: Shape, B: Shape>: Shape {
  let a: A
  let b: B
  let softness: Float

  /// The quadratic smooth minimum (Quilez 2013).
  @inline(__always)
  func distance(_ p: Point) -> Float {
    let (da, db) = (a.distance(p), b.distance(p))
    let smaller = da < db ? da : db
    guard softness > 0 else { return smaller }
    let near = softness - abs(da - db)
    return near > 0 ? smaller - near * near / (4 * softness) : smaller
  }

  var bounds: Bounds { a.bounds.union(b.bounds) }
}

/// What two shapes share.
struct Common<A: Shape, B: Shape>: Shape {
  let a: A
  let b: B

  @inline(__always)
  func distance(_ p: Point) -> Float { max(a.distance(p), b.distance(p)) }

  var bounds: Bounds {
    Bounds(
      low: pointwiseMax(a.bounds.low, b.bounds.low),
      high: pointwiseMin(a.bounds.high, b.bounds.high))
  }
}

/// A shape without another.
struct Cut<A: Shape, B: Shape>: Shape {
  let a: A
  let b: B

  @inline(__always)
  func distance(_ p: Point) -> Float { max(a.distance(p), -b.distance(p)) }

  var bounds: Bounds { a.bounds }
}

/// A shape and its mirror image across the vertical axis; the shape lies on the right.
struct Paired<A: Shape>: Shape {
  let a: A

  @inline(__always)
  func distance(_ p: Point) -> Float { a.distance(Point(abs(p.x), p.y)) }

  var bounds: Bounds {
    let right = a.bounds
    return Bounds(low: Point(-right.high.x, right.low.y), high: right.high)
  }
}

/// The outline of a shape as a band of this half-width.
struct Ring<A: Shape>: Shape {
  let a: A
  let halfWidth: Float

  @inline(__always)
  func distance(_ p: Point) -> Float { abs(a.distance(p)) - halfWidth }

  var bounds: Bounds {
    Bounds(low: a.bounds.low - halfWidth, high: a.bounds.high + halfWidth)
  }
}

extension Shape {
  func joined<B: Shape>(_ other: B, softness: Float = 0) -> Joined<Self, B> {
    Joined(a: self, b: other, softness: softness)
  }

  func common<B: Shape>(_ other: B) -> Common<Self, B> { Common(a: self, b: other) }
  func cut<B: Shape>(_ other: B) -> Cut<Self, B> { Cut(a: self, b: other) }
  var paired: Paired<Self> { Paired(a: self) }
  func ring(_ halfWidth: Float) -> Ring<Self> { Ring(a: self, halfWidth: halfWidth) }
}
