// The colors of the attributes' values. Values of one attribute lie far apart; hats take colors that
// no hair has, and backgrounds are lighter than hair of the same name.

/// The color tables, in the order of ``Attribute/values``.
enum Palette {
  static func hair(_ look: Appearance) -> Color {
    switch look[.hairColor] {
    case 0: Color(rgb: 34, 30, 36)
    case 1: Color(rgb: 132, 76, 32)
    case 2: Color(rgb: 240, 202, 92)
    case 3: Color(rgb: 206, 62, 24)
    case 4: Color(rgb: 158, 160, 166)
    case 5: Color(rgb: 42, 86, 226)
    default: Color(rgb: 250, 96, 172)
    }
  }

  static func skin(_ look: Appearance) -> Color {
    switch look[.skin] {
    case 0: Color(rgb: 255, 228, 206)
    case 1: Color(rgb: 220, 168, 98)
    case 2: Color(rgb: 166, 108, 66)
    case 3: Color(rgb: 94, 58, 44)
    default: Color(rgb: 252, 160, 164)
    }
  }

  static func shirt(_ look: Appearance) -> Color {
    switch look[.shirt] {
    case 0: Color(rgb: 212, 36, 40)
    case 1: Color(rgb: 40, 80, 206)
    case 2: Color(rgb: 34, 146, 66)
    case 3: Color(rgb: 248, 216, 44)
    case 4: Color(rgb: 130, 48, 168)
    case 5: Color(rgb: 244, 244, 246)
    case 6: Color(rgb: 36, 36, 42)
    default: Color(rgb: 248, 130, 22)
    }
  }

  static func background(_ look: Appearance) -> Color {
    let color =
      switch look[.background] {
      case 0: Color(rgb: 66, 178, 170)
      case 1: Color(rgb: 182, 184, 188)
      case 2: Color(rgb: 250, 186, 206)
      case 3: Color(rgb: 250, 230, 118)
      case 4: Color(rgb: 118, 168, 240)
      default: Color(rgb: 136, 204, 104)
      }
    return Color(color.x, color.y, color.z, 1)
  }

  static func eyes(_ look: Appearance) -> Color {
    switch look[.eyes] {
    case 0: Color(rgb: 186, 108, 28)
    case 1: Color(rgb: 36, 122, 238)
    case 2: Color(rgb: 30, 164, 70)
    default: Color(rgb: 18, 18, 22)
    }
  }

  /// Facial hair: a dark shade of the hair, on dark skin a light one. The shade farthest from the
  /// skin, a rule that varies with both colors, was read at 0.93 at 32 pixels.
  static func beard(_ look: Appearance) -> Color {
    let hair = hair(look)
    return look[.skin] == 3 ? hair.mixed(white, 0.45) : hair.lit(0.45)
  }

  /// Lips stay apart from the skin around them.
  static func lips(_ look: Appearance) -> Color {
    look[.skin] == 3 ? Color(rgb: 240, 138, 156) : Color(rgb: 186, 52, 58)
  }

  static let glass = Color(rgb: 214, 234, 248)
  static let ink = Color(rgb: 26, 22, 28)
  static let white = Color(rgb: 252, 252, 252)
  static let throat = Color(rgb: 96, 14, 24)
  static let tongue = Color(rgb: 226, 92, 98)
  static let cap = Color(rgb: 14, 118, 62)
  static let beanie = Color(rgb: 116, 54, 176)
  static let gold = Color(rgb: 255, 196, 10)
}
