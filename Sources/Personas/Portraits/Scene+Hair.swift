// Hair: a mass behind the head and a fringe in front of it. Below a hat only what would rise above
// its brim is cut away.

extension Scene {
  private var hairBody: Paint { Paint(body: hair, shade: 0.78, depth: 2) }

  /// Where hair begins under the hat.
  private var hairline: HalfPlane { .below(look.hat == .none ? -40 : -6.2) }

  /// A lighter shade for strands; black hair needs more light to show them.
  private var sheen: Paint {
    let lift: Float = look[.hairColor] == 0 ? 2.3 : 1.22
    return Paint(hair.lit(lift), opacity: 0.7)
  }

  private var strand: Paint { Paint(hair.lit(0.62), opacity: 0.75) }

  /// Volume behind head and neck.
  mutating func drawHairBehind() {
    switch look.hairStyle {
    case .short:
      canvas.fill(Ellipse(0, -2.6, 7.5, 6.9).common(hairline), hairBody)
    case .long:
      let fall = Box(0, 4, 8.6, 9, corner: 4).joined(Ellipse(0, -2.2, 8, 7.4), softness: 3)
      canvas.fill(fall.common(hairline), hairBody)
    case .curly:
      canvas.fill(Self.sideCurls, hairBody)
      if look.hat == .none { canvas.fill(Self.crownCurls, hairBody) }
    case .pigtails:
      canvas.fill(Ellipse(0, -2.4, 7.2, 6.9).common(hairline), hairBody)
      drawPigtails()
    }
  }

  private static let sideCurls = Cluster(
    [
      Point(-7.6, -1.6), Point(7.6, -1.6), Point(-8.2, 1.9), Point(8.2, 1.9), Point(-6.9, 5.2),
      Point(6.9, 5.2), Point(-5.2, -0.6), Point(5.2, -0.6),
    ], radius: 2.9)
  private static let crownCurls = Cluster(
    [
      Point(0, -8.2), Point(-3.8, -7.5), Point(3.8, -7.5), Point(-6.7, -5), Point(6.7, -5),
      Point(-7.9, -2), Point(7.9, -2), Point(-3, -4), Point(3, -4),
    ], radius: 2.9)

  private mutating func drawPigtails() {
    let tail = Stroke(8.9, 0.2, to: 10.4, 7.4, 2.3, 1.0).joined(
      Ellipse(8.9, 1.6, 2.5, 3), softness: 1)
    canvas.fill(tail.paired, hairBody)
    canvas.fill(Stroke(9.2, 1, to: 10.2, 6.4, 0.25, 0.15).paired, strand)
    canvas.fill(Ellipse(7.5, -1.4, 1.2, 1.3).paired, Paint(body: Palette.white, contour: 0.26))
  }

  /// Fringe and sides.
  mutating func drawHairInFront() {
    switch look.hairStyle {
    case .short: drawShortFringe()
    case .long: drawCurtains()
    case .curly: drawCurlyFringe()
    case .pigtails: drawBangs()
    }
  }

  private mutating func drawShortFringe() {
    let crop = Ellipse(0, -2.6, 7.3, 6.7).cut(Ellipse(0, 3.2, 5.7, 7.6)).common(
      HalfPlane.above(0.6))
    let fringe = Polygon([
      Point(-5.9, -5.6), Point(-5.4, -2.6), Point(-3.6, -4.5), Point(-2.4, -3.2), Point(-0.4, -4.7),
      Point(1.2, -3.4), Point(2.8, -4.8), Point(4.6, -3.3), Point(5.9, -5.6),
    ])
    canvas.fill(crop.joined(fringe).common(hairline), hairBody)
    guard look.hat == .none else { return }
    canvas.fill(Arc(-0.6, -7.0, 3.6, sag: -0.9, 0.34), sheen)
    canvas.fill(Stroke(2.4, -8.4, to: 4.4, -5.4, 0.18, 0.1), strand)
    canvas.fill(Stroke(-1.6, -6, to: -2.4, -4, 0.16, 0.1), strand)
  }

  /// Parted hair that falls over the shoulders, in front of the shirt.
  private mutating func drawCurtains() {
    let cover = Ellipse(0, -2.2, 7.9, 7.2).common(HalfPlane.above(2))
    let opening = Ellipse(0, 1.4, 5.3, 6.5).joined(Ellipse(-0.8, -3.4, 1.6, 3.2), softness: 1.6)
    let lock = Stroke(7.1, -1, to: 6.9, 13, 1.7, 1.5)
    let locks = lock.joined(Stroke(6.9, 13, to: 5.9, 15.2, 1.5, 0.4)).paired
    canvas.fill(cover.cut(opening).joined(locks, softness: 0.8).common(hairline), hairBody)
    canvas.fill(Stroke(6.6, -3, to: 6.4, 13.4, 0.2, 0.14).paired, strand)
    canvas.fill(Stroke(7.7, 1, to: 7.3, 13, 0.16, 0.12).paired, strand)
    guard look.hat == .none else { return }
    canvas.fill(Arc(3.2, -6.4, 2, sag: -0.5, 0.32), sheen)
    canvas.fill(Arc(-4, -6, 1.6, sag: -0.5, 0.3), sheen)
  }

  private mutating func drawCurlyFringe() {
    let fringe = Cluster(
      [
        Point(-5.4, -4.2), Point(-3.2, -5.7), Point(-0.8, -6.1), Point(1.6, -6), Point(3.8, -5.4),
        Point(5.6, -3.9), Point(-6.4, -2), Point(6.4, -2),
      ], radius: 1.75)
    canvas.fill(fringe.common(hairline), Paint(body: hair, shade: 0.84, depth: 1.2, contour: 0.2))
    let lower: [Point] = [Point(7.8, 0.4), Point(7.4, 3.6)]
    for center in lower { canvas.fill(ringlet(center.x, center.y), strand) }
    guard look.hat == .none else { return }
    for center: Point in [Point(2.2, -8.4), Point(6.2, -5.2)] {
      canvas.fill(ringlet(center.x, center.y), strand)
    }
    canvas.fill(Arc(-2.6, -8.6, 1.4, sag: -0.7, 0.3), sheen)
  }

  private func ringlet(_ x: Float, _ y: Float) -> some Shape {
    Ellipse(x, y, 1.1, 1.1).ring(0.18).cut(Box(x - 1, y + 1, 1, 1)).paired
  }

  private mutating func drawBangs() {
    let cover = Ellipse(0, -2.4, 7.1, 6.7).cut(Ellipse(0, 3.4, 5.6, 7)).common(HalfPlane.above(0))
    let bangs = Ellipse(0, -2.4, 6.9, 6.5).common(HalfPlane.above(-3.3))
    canvas.fill(cover.joined(bangs, softness: 0.6).common(hairline), hairBody)
    for x: Float in [1.3, 3.6] {
      canvas.fill(Stroke(x, -6, to: 1.15 * x, -3.6, 0.16, 0.1).paired, strand)
    }
    guard look.hat == .none else { return }
    canvas.fill(Stroke(0, -9, to: 0, -6.6, 0.14, 0.14), strand)
    canvas.fill(Arc(0, -7, 4.4, sag: -1.1, 0.3), sheen)
  }
}
