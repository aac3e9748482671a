// Which attributes vary from person to person. The others keep value 0 and are never mentioned.

import Repro

/// The attributes that tell people apart in one study.
public struct VisualVocabulary: Sendable, Hashable {
  /// The varying attributes, in canonical order.
  public let active: [Attribute]

  /// The seven attributes that carry identity by default; eyes, beard and mouth stay fixed.
  public static let standard = VisualVocabulary(
    ordered: [.hairColor, .hairStyle, .skin, .glasses, .shirt, .hat, .background])
  /// All ten attributes.
  public static let full = VisualVocabulary(ordered: Attribute.allCases)

  /// Creates a vocabulary of these attributes; their order does not matter.
  ///
  /// - Throws: ``PersonaError/badSetting(name:value:expected:)`` when none is given.
  public init(_ attributes: some Sequence<Attribute>) throws {
    let chosen = Set(attributes)
    guard !chosen.isEmpty else {
      throw PersonaError.badSetting(
        name: "attributes", value: "none", expected: "at least one attribute")
    }
    self.init(ordered: Attribute.allCases.filter(chosen.contains))
  }

  private init(ordered: [Attribute]) { active = ordered }

  /// How many different people the active attributes can tell apart.
  public var combinations: Int { active.reduce(1) { $0 * $1.values.count } }

  /// The look with this index in 0 ..< `combinations`; larger indices wrap around.
  public func appearance(combination: Int) -> Appearance {
    var rest = combination.magnitude
    var result = Appearance()
    for attribute in active {
      let count = UInt(attribute.values.count)
      result[attribute] = Int(rest % count)
      rest /= count
    }
    return result
  }

  /// The index of a look among the combinations: the inverse of `appearance(combination:)`.
  public func combination(of appearance: Appearance) -> Int {
    active.reversed().reduce(0) { $0 * $1.values.count + appearance[$1] }
  }

  /// A look drawn uniformly; inactive attributes keep their default.
  public func randomAppearance(_ stream: inout RandomStream) -> Appearance {
    appearance(combination: stream.int(below: combinations))
  }
}
