// Head and features: skull and jaw, ears, eyes, nose, mouth, beard.

extension Scene {
  /// Skull and jaw.
  private static let outline = Ellipse(0, -1.4, 6.2, 6.3)
    .joined(Ellipse(0, 2.5, 4.8, 4.6), softness: 2.4)

  mutating func drawHead() {
    let ears = Ellipse(6.4, 0.3, 1.3, 1.9).paired
    canvas.fill(ears, Paint(body: skin, shade: 0.8, depth: 0.8))
    canvas.fill(Ellipse(6.5, 0.4, 0.6, 1.1).paired, Paint(skin.lit(0.74), softness: 0.4))
    canvas.fill(Self.outline, Paint(body: skin, shade: 0.86, depth: 2))
  }

  mutating func drawFeatures() {
    drawCheeks()
    drawBeard()
    drawNose()
    drawMouth()
    drawLenses()
    drawEyes()
  }

  private mutating func drawCheeks() {
    let blush = skin.mixed(Color(rgb: 236, 84, 84), 0.34)
    canvas.fill(Ellipse(3.7, 2.3, 1.5, 1).paired, Paint(blush, opacity: 0.75, softness: 1.2))
  }

  private mutating func drawNose() {
    let shadow = Paint(skin.lit(0.66), opacity: 0.9)
    canvas.fill(Stroke(0.35, -0.2, to: 0.75, 1.7, 0.12, 0.22), Paint(skin.lit(0.78)))
    canvas.fill(Arc(0, 2.05, 0.95, sag: 0.35, 0.26), shadow)
  }

  // MARK: Eyes

  private mutating func drawEyes() {
    let lid = Paint(skin.lit(0.36))
    for x: Float in [-2.75, 2.75] {
      let white = Ellipse(x, -0.9, 1.9, 1.65)
      canvas.fill(white, Paint(body: Palette.white, shade: 0.9, depth: 0.5, contour: 0.16))
      canvas.fill(
        Ellipse(x, -0.85, 1.38, 1.4), Paint(body: Palette.eyes(look), shade: 0.74, contour: 0.1))
      canvas.fill(Ellipse(x, -0.85, 0.48, 0.52), Paint(Palette.ink))
      canvas.fill(Ellipse(x + 0.45, -1.4, 0.36, 0.36), Paint(Palette.white))
      canvas.fill(Arc(x, -1.6, 1.9, sag: -0.85, 0.28), lid)
    }
  }

  mutating func drawBrows() {
    let color = look[.hairColor] == 0 ? hair : hair.lit(0.6)
    let lean: Float = look.mouth == .frown ? 0.7 : (look.mouth == .open ? -0.35 : -0.15)
    let brow = Stroke(1.2, -3.3 + lean * 0.5, to: 4.4, -3.5 - lean * 0.3, 0.46, 0.26)
    canvas.fill(brow.paired, Paint(color))
  }

  // MARK: Mouth and beard

  private mutating func drawMouth() {
    let lips = Paint(Palette.lips(look))
    switch look.mouth {
    case .smile:
      let grin = Ellipse(0, 3.6, 3, 2.5).common(HalfPlane.below(3.9))
      canvas.fill(grin, Paint(body: Palette.white, shade: 0.94, depth: 0.4, contour: 0))
      canvas.fill(grin.ring(0.26), lips)
      canvas.fill(Arc(0, 6.55, 0.9, sag: 0.2, 0.18), Paint(skin.lit(0.72)))
    case .frown:
      canvas.fill(Arc(0, 5.5, 2.8, sag: -1.5, 0.6), lips)
      canvas.fill(Arc(0, 6.4, 1, sag: -0.3, 0.18), Paint(skin.lit(0.72)))
    case .open:
      let gape = Ellipse(0, 4.9, 1.9, 1.85)
      canvas.fill(gape, Paint(body: Palette.throat, shade: 0.8, contour: 0))
      canvas.fill(Ellipse(0, 6.1, 1.3, 0.9).common(gape), Paint(Palette.tongue))
      canvas.fill(Box(0, 3.5, 1.2, 0.45, corner: 0.2).common(gape), Paint(Palette.white))
      canvas.fill(gape.ring(0.28), lips)
    }
  }

  private mutating func drawBeard() {
    guard look.beard != .none else { return }
    let paint = Paint(body: Palette.beard(look), shade: 0.84, depth: 0.6, contour: 0.26)
    let mustache = Stroke(0.5, 2.95, to: 3.6, 3.8, 1, 0.45).paired
    if look.beard == .full {
      canvas.frame = head
      let jaw = Self.outline.cut(Ellipse(0, 0.2, 5.6, 3.4)).cut(Ellipse(0, 4.8, 3, 1.5))
      canvas.fill(jaw.common(HalfPlane.below(0.6)), paint)
      canvas.frame = face
    }
    canvas.fill(mustache, paint)
  }
}
