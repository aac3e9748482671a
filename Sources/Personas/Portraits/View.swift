// What differs between two pictures of one person: pose, crop, light, clutter, noise. Never an
// attribute of the ledger.

import Repro

/// The nuisance of one picture.
///
/// ```swift
/// let view = View(RandomStream(seed: 7).fork("views").fork(3))
/// let picture = try persona.appearance.portrait(side: 32, view: view)
/// ```
public struct View: Sendable, Hashable {
  /// How far the figure stands to the right, as a share of the side; −0.25 ... 0.25.
  public var shiftRight: Float = 0
  /// How far the figure stands below the middle, as a share of the side; −0.25 ... 0.25.
  public var shiftDown: Float = 0
  /// The size of the figure, 1 for the standard size; 0.5 ... 2.
  public var scale: Float = 1
  /// The tilt of the head to its left: the tangent of half its angle; −0.25 ... 0.25.
  public var tilt: Float = 0
  /// How far the face looks to the picture's right, 0 for straight ahead; −1 ... 1.
  public var turn: Float = 0
  /// The brightness, 1 for the colors of the palette; 0.25 ... 2.
  public var light: Float = 1
  /// How much brighter the right edge is than the middle, as a share; −0.5 ... 0.5.
  public var lightRight: Float = 0
  /// How much brighter the lower edge is than the middle, as a share; −0.5 ... 0.5.
  public var lightDown: Float = 0
  /// The contrast of the shapes in the background, 0 for none; 0 ... 2.
  public var clutter: Float = 0
  /// The standard deviation of the noise of each channel, in levels of 0 ... 255; 0 ... 64.
  public var noise: Float = 0
  /// Places the clutter and the noise.
  public var key: UInt64 = 0

  private init() {}

  /// The standard picture: upright, centered, evenly lit, without clutter or noise.
  public static let neutral = View()

  /// Draws a view at random.
  ///
  /// - Parameters:
  ///   - stream: Decides the view; only its key matters.
  ///   - strength: How far views spread: 0 gives ``neutral`` for all, 1 the standard: shift ±1/16,
  ///     scale 0.9 ... 1.1, light 0.85 ... 1.15, noise 8. Clamped to 0 ... 2.
  public init(_ stream: RandomStream, strength: Double = 1) {
    let strength = strength > 0 ? min(strength, 2) : 0
    var stream = RandomStream(key: stream.key)
    func spread(_ reach: Double) -> Float { Float(reach * strength * stream.uniform(-1, 1)) }
    shiftRight = spread(1 / 16)
    shiftDown = spread(1 / 16)
    scale = 1 + spread(0.1)
    tilt = spread(0.05)
    turn = spread(0.5)
    light = 1 + spread(0.15)
    lightRight = spread(0.1)
    lightDown = spread(0.1)
    clutter = Float(strength)
    noise = Float(8 * strength)
    key = stream.next()
  }

  /// The view with this index of a person: what training, export and galleries agree on.
  ///
  /// - Parameters:
  ///   - persona: The person's id.
  ///   - index: The number of the view.
  ///   - stream: Decides all views of all people; only its key matters.
  ///   - strength: How far views spread, as in ``init(_:strength:)``.
  public init(persona: Int, index: Int, stream: RandomStream, strength: Double = 1) {
    self.init(stream.fork(persona).fork(index), strength: strength)
  }

  /// - Throws: ``PersonaError/badSetting(name:value:expected:)`` for the first field out of range.
  func check() throws {
    try Self.check("view.shiftRight", shiftRight, -0.25...0.25)
    try Self.check("view.shiftDown", shiftDown, -0.25...0.25)
    try Self.check("view.scale", scale, 0.5...2)
    try Self.check("view.tilt", tilt, -0.25...0.25)
    try Self.check("view.turn", turn, -1...1)
    try Self.check("view.light", light, 0.25...2)
    try Self.check("view.lightRight", lightRight, -0.5...0.5)
    try Self.check("view.lightDown", lightDown, -0.5...0.5)
    try Self.check("view.clutter", clutter, 0...2)
    try Self.check("view.noise", noise, 0...64)
  }

  private static func check(_ name: String, _ value: Float, _ range: ClosedRange<Float>) throws {
    guard range.contains(value) else {
      throw PersonaError.badSetting(
        name: name, value: "\(value)",
        expected: "a number in \(range.lowerBound)...\(range.upperBound)")
    }
  }
}
