// The visual vocabulary: which attributes a person has and which values they take. It refuses
// values that would hide another attribute (no bald people, no hat that covers the hair).

/// A visual attribute of a person; the order of the cases is the canonical order.
public enum Attribute: Int, CaseIterable, Sendable, Hashable {
  case hairColor, hairStyle, skin, glasses, shirt, hat, background, eyes, beard, mouth

  /// The identifier used in files and scripts, for example `hair_color`.
  public var key: String {
    switch self {
    case .hairColor: "hair_color"
    case .hairStyle: "hair_style"
    case .skin: "skin"
    case .glasses: "glasses"
    case .shirt: "shirt"
    case .hat: "hat"
    case .background: "background"
    case .eyes: "eyes"
    case .beard: "beard"
    case .mouth: "mouth"
    }
  }

  /// The words that stand for the attribute in a question, for example `hair color`.
  public var noun: String {
    switch self {
    case .hairColor: "hair color"
    case .hairStyle: "hair style"
    case .skin: "skin tone"
    case .glasses: "eyewear"
    case .shirt: "shirt color"
    case .hat: "headwear"
    case .background: "background color"
    case .eyes: "eye color"
    case .beard: "facial hair"
    case .mouth: "expression"
    }
  }

  /// The names of the values, in the order of their indices.
  public var values: [String] { Self.valueTable[rawValue] }

  /// The attribute with this key.
  ///
  /// - Throws: ``PersonaError/unknownName(what:name:known:)`` that lists the keys.
  public init(key: String) throws {
    guard let found = Self.allCases.first(where: { $0.key == key }) else {
      throw PersonaError.unknownName(
        what: "attribute", name: key, known: Self.allCases.map(\.key))
    }
    self = found
  }

  private static let valueTable: [[String]] = [
    ["black", "brown", "blond", "red", "gray", "blue", "pink"],
    ["short", "long", "curly", "pigtails"],
    ["pale", "tan", "brown", "dark", "rosy"],
    ["none", "round", "shades"],
    ["red", "blue", "green", "yellow", "purple", "white", "black", "orange"],
    ["none", "cap", "beanie", "crown"],
    ["teal", "gray", "pink", "yellow", "blue", "green"],
    ["brown", "blue", "green", "black"],
    ["none", "mustache", "full"],
    ["smile", "frown", "open"],
  ]
}

/// The look of a person: one value index for each of the ten attributes.
public struct Appearance: Hashable, Sendable {
  private var indices = SIMD16<UInt8>(repeating: 0)

  /// Creates the default look: value 0 everywhere.
  public init() {}

  /// The index of an attribute's value; values outside the vocabulary are clamped to it.
  public subscript(attribute: Attribute) -> Int {
    get { Int(indices[attribute.rawValue]) }
    set {
      let last = attribute.values.count - 1
      indices[attribute.rawValue] = UInt8(min(max(newValue, 0), last))
    }
  }

  /// The name of an attribute's value, for example `red`.
  public func value(of attribute: Attribute) -> String { attribute.values[self[attribute]] }

  /// Sets an attribute by its value's name.
  ///
  /// - Throws: ``PersonaError/unknownName(what:name:known:)`` that lists the values.
  public mutating func set(_ attribute: Attribute, to name: String) throws {
    guard let index = attribute.values.firstIndex(of: name) else {
      throw PersonaError.unknownName(what: attribute.key, name: name, known: attribute.values)
    }
    self[attribute] = index
  }
}
