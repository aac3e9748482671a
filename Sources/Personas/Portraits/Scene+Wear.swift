// Glasses and hats: large, in strong contrast, each with a silhouette of its own.

extension Scene {
  mutating func drawGlasses() {
    switch look.glasses {
    case .none: break
    case .round: drawRoundGlasses()
    case .shades: drawShades()
    }
  }

  private static let lens = Ellipse(2.85, -0.8, 2.6, 2.6)

  /// Pale glass under the eyes: on dark skin the glass shows, on light skin the frame.
  mutating func drawLenses() {
    guard look.glasses == .round else { return }
    canvas.fill(Self.lens.paired, Paint(Palette.glass, opacity: 0.8))
  }

  private mutating func drawRoundGlasses() {
    let frame = Paint(Palette.ink)
    canvas.fill(Self.lens.ring(0.5).paired, frame)
    canvas.fill(Arc(0, -1.1, 0.5, sag: -0.3, 0.42), frame)
    canvas.fill(Stroke(5.4, -1.1, to: 6.6, -1.2, 0.36, 0.3).paired, frame)
    canvas.fill(Stroke(1.5, -1.7, to: 2.5, -2.6, 0.2, 0.14), Paint(Palette.white, opacity: 0.9))
  }

  /// Sunglasses low on the nose: the eyes look over them, so that their color stays visible.
  private mutating func drawShades() {
    let lens = Box(2.95, 1.0, 2.55, 1.5, corner: 0.9)
    canvas.fill(lens.paired, Paint(body: Palette.ink, shade: 1.5, depth: 0.6, contour: 0.2))
    canvas.fill(Box(0, 0.1, 5.2, 0.45, corner: 0.3), Paint(Palette.ink))
    canvas.fill(Stroke(5.2, 0.1, to: 6.7, -0.9, 0.36, 0.3).paired, Paint(Palette.ink))
    let glint = Paint(Color(rgb: 190, 200, 220), opacity: 0.75)
    canvas.fill(Stroke(3.4, 1.9, to: 4.4, 0.6, 0.26, 0.18), glint)
    canvas.fill(Stroke(-2.4, 1.9, to: -1.4, 0.6, 0.26, 0.18), glint)
  }

  mutating func drawHat() {
    switch look.hat {
    case .none: break
    case .cap: drawCap()
    case .beanie: drawBeanie()
    case .crown: drawCrown()
    }
  }

  private mutating func drawCap() {
    let dome = Ellipse(0, -5.2, 7.5, 6.6).common(HalfPlane.above(-4.9))
    canvas.fill(dome, Paint(body: Palette.cap, shade: 0.72, depth: 2.4))
    let seam = Paint(Palette.cap.lit(0.55))
    canvas.fill(Ellipse(0, -5.2, 3.9, 6.4).ring(0.16).common(HalfPlane.above(-5.2)), seam)
    canvas.fill(Ellipse(0, -11.8, 0.7, 0.5), Paint(body: Palette.cap, contour: 0.2))
    canvas.fill(Ellipse(0, -8, 1.9, 1.9), Paint(body: Palette.white, contour: 0.2))
    canvas.fill(Polygon(Self.star), Paint(Palette.cap))
    let brim = Stroke(-6.6, -5.3, to: 10.2, -4.7, 0.95, 1.1)
    canvas.fill(brim, Paint(body: Palette.cap.lit(1.35), shade: 0.7, depth: 0.9))
  }

  private static let star: InlineArray<10, Point> = [
    Point(0, -9.4), Point(0.36, -8.5), Point(1.33, -8.43), Point(0.59, -7.81), Point(0.82, -6.87),
    Point(0, -7.38), Point(-0.82, -6.87), Point(-0.59, -7.81), Point(-1.33, -8.43),
    Point(-0.36, -8.5),
  ]

  private mutating func drawBeanie() {
    let wool = Palette.beanie
    canvas.fill(Ellipse(0, -12.1, 1.9, 1.7), Paint(body: Palette.white, shade: 0.78, depth: 1.2))
    let dome = Ellipse(0, -5.4, 7.3, 6.8).common(HalfPlane.above(-5))
    canvas.fill(dome, Paint(body: wool, shade: 0.74, depth: 2.2))
    let rib = Paint(wool.lit(0.66))
    canvas.fill(Ellipse(0, -5.4, 2.2, 6.4).ring(0.16).common(HalfPlane.above(-6)), rib)
    canvas.fill(Ellipse(0, -5.4, 5, 6.6).ring(0.16).common(HalfPlane.above(-6)), rib)
    let cuff = Box(0, -5.6, 7.7, 1.45, corner: 1)
    canvas.fill(cuff, Paint(body: wool.lit(1.45), shade: 0.84, depth: 0.8))
    for x: Float in [0.9, 2.7, 4.5, 6.2] {
      canvas.fill(Stroke(x, -6.6, to: x, -4.6, 0.16, 0.16).paired, rib)
    }
  }

  private mutating func drawCrown() {
    let gold = Paint(body: Palette.gold, shade: 0.78, depth: 1.2, contour: 0.34)
    let points = Polygon([
      Point(-7, -5.2), Point(-7.7, -11.2), Point(-4.6, -8.8), Point(-3.9, -11.7), Point(-1.6, -8.9),
      Point(0, -12.4), Point(1.6, -8.9), Point(3.9, -11.7), Point(4.6, -8.8), Point(7.7, -11.2),
      Point(7, -5.2),
    ])
    canvas.fill(points, gold)
    for tip: Point in [Point(0, -12.4), Point(3.9, -11.7), Point(7.7, -11.2)] {
      canvas.fill(Ellipse(tip.x, tip.y, 0.75, 0.75).paired, gold)
    }
    canvas.fill(Box(0, -5.8, 7.2, 1.1, corner: 0.5), gold)
    canvas.fill(Ellipse(0, -8, 1, 1.1), jewel(214, 24, 70))
    canvas.fill(Ellipse(4, -8, 0.75, 0.85).paired, jewel(20, 150, 170))
    for x: Float in [1.8, 4.8] {
      canvas.fill(Ellipse(x, -5.8, 0.5, 0.5).paired, jewel(250, 250, 250))
    }
  }

  private func jewel(_ red: Float, _ green: Float, _ blue: Float) -> Paint {
    Paint(body: Color(rgb: red, green, blue), shade: 0.7, depth: 0.5, contour: 0.2)
  }
}
