// One picture, painted from back to front. The order of the layers is what keeps every attribute
// visible: hair is drawn beside and below the hat, eyes look over the shades.

import Repro

/// A person in a view, on a canvas.
struct Scene {
  let look: Appearance
  let view: View
  var canvas: Canvas
  let picture: Frame
  let body: Frame
  /// The skull, with ears and hat.
  let head: Frame
  /// Eyes, nose and mouth: they move against the skull when the face turns.
  let face: Frame

  let skin: Color
  let hair: Color

  init(look: Appearance, view: View, side: Int, pixels: UnsafeMutablePointer<Color>) {
    (self.look, self.view) = (look, view)
    picture = Frame(side: side)
    canvas = Canvas(side: side, pixels: pixels, frame: picture)
    body = picture.moved(32 * view.shiftRight, 32 * view.shiftDown).scaled(view.scale)
    head = body.turned(view.tilt, around: Point(0, 9)).scaled(1.07, around: Point(0, 9))
    face = head.moved(1.2 * view.turn, 0)
    skin = Palette.skin(look)
    hair = Palette.hair(look)
  }

  /// Paints everything over the plain background.
  mutating func draw() {
    drawClutter()
    canvas.frame = head
    drawHairBehind()
    canvas.frame = body
    drawBody()
    canvas.frame = head
    drawHead()
    canvas.frame = face
    drawFeatures()
    canvas.frame = head
    drawHairInFront()
    canvas.frame = face
    drawBrows()
    drawGlasses()
    canvas.frame = head
    drawHat()
  }

  // MARK: Background

  /// Soft shapes in lighter and darker shades of the background.
  private mutating func drawClutter() {
    guard view.clutter > 0 else { return }
    var stream = RandomStream(key: view.key).fork(0)
    func draw(_ low: Float, _ high: Float) -> Float {
      Float(stream.uniform(Double(low), Double(high)))
    }
    let ground = Palette.background(look)
    for index in 0..<6 {
      let tone = 1 + view.clutter * (index % 2 == 0 ? draw(0.05, 0.13) : draw(-0.15, -0.06))
      var color = ground.lit(tone)
      color.clamp(lowerBound: Color(repeating: 0), upperBound: Color(repeating: 255))
      let paint = Paint(color, softness: draw(0.4, 2.5))
      let (x, y) = (draw(-16, 16), draw(-16, 16))
      let (width, height) = (draw(1.5, 6), draw(1.5, 6))
      switch index % 3 {
      case 0: canvas.fill(Ellipse(x, y, width, height), paint)
      case 1: canvas.fill(Box(x, y, width, height, corner: 1), paint)
      default: canvas.fill(Stroke(x, y, to: x + 2 * width - 6, y + 8, height / 3, 0.5), paint)
      }
    }
  }

  // MARK: Body

  private mutating func drawBody() {
    drawNeck()
    drawShirt()
  }

  private mutating func drawNeck() {
    canvas.fill(Box(0, 8.5, 2.5, 4, corner: 1), Paint(body: skin.lit(0.9), depth: 0.9))
    canvas.fill(
      Ellipse(0, 6.2, 3.6, 3).common(Box(0, 8.5, 2.5, 4)), Paint(skin.lit(0.68), softness: 0.8))
  }

  private mutating func drawShirt() {
    let color = Palette.shirt(look)
    let trunk = Box(0, 19, 11.4, 8.6, corner: 5.2).joined(
      Box(0, 12.4, 4.6, 2.4, corner: 1), softness: 4)
    let neckline = Ellipse(0, 8.6, 3.1, 3.6)
    canvas.fill(trunk.cut(neckline), Paint(body: color, shade: 0.8, depth: 2.4))
    let fold = Paint(color.lit(look[.shirt] == 6 ? 1.9 : 0.66), opacity: 0.8)
    canvas.fill(Stroke(7.4, 13.4, to: 7.9, 16.5, 0.22, 0.3).paired, fold)
    drawCollar(color)
    canvas.fill(Stroke(0, 13.2, to: 0, 16.5, 0.16, 0.16), fold)
    for y: Float in [13.7, 15.4] {
      canvas.fill(Ellipse(0, y, 0.42, 0.42), Paint(body: color.lit(1.12), contour: 0.16))
    }
  }

  private mutating func drawCollar(_ color: Color) {
    let flap = Polygon([
      Point(2.5, 8.7), Point(4.3, 9.9), Point(3.0, 13.2), Point(0.2, 11.9),
    ])
    let lift: Float = look[.shirt] == 6 ? 1.7 : 1.12
    canvas.fill(flap.paired, Paint(body: color.lit(lift), shade: 0.92, contour: 0.26))
  }
}

/// The values of ``Attribute/hairStyle``, in their order.
enum HairStyle: Int {
  case short, long, curly, pigtails
}

/// The values of ``Attribute/hat``, in their order.
enum Hat: Int {
  case none, cap, beanie, crown
}

/// The values of ``Attribute/glasses``, in their order.
enum Glasses: Int {
  case none, round, shades
}

/// The values of ``Attribute/beard``, in their order.
enum Beard: Int {
  case none, mustache, full
}

/// The values of ``Attribute/mouth``, in their order.
enum Mouth: Int {
  case smile, frown, open
}

extension Appearance {
  var hairStyle: HairStyle { HairStyle(rawValue: self[.hairStyle]) ?? .short }
  var hat: Hat { Hat(rawValue: self[.hat]) ?? .none }
  var glasses: Glasses { Glasses(rawValue: self[.glasses]) ?? .none }
  var beard: Beard { Beard(rawValue: self[.beard]) ?? .none }
  var mouth: Mouth { Mouth(rawValue: self[.mouth]) ?? .smile }
}
