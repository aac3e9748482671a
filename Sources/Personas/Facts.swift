// What cannot be seen: the facts a model can only know by name, for multi-hop recall.

/// A non-visual fact about a person.
public enum Fact: Int, CaseIterable, Sendable, Hashable {
  case occupation, birthplace, hobby

  /// The identifier used in files and scripts.
  public var key: String {
    switch self {
    case .occupation: "occupation"
    case .birthplace: "birthplace"
    case .hobby: "hobby"
    }
  }

  /// The possible values; each is one lower-case word.
  public var values: [String] { Self.valueTable[rawValue] }

  /// The fact with this key.
  ///
  /// - Throws: ``PersonaError/unknownName(what:name:known:)`` that lists the keys.
  public init(key: String) throws {
    guard let found = Self.allCases.first(where: { $0.key == key }) else {
      throw PersonaError.unknownName(what: "fact", name: key, known: Self.allCases.map(\.key))
    }
    self = found
  }

  private static let valueTable: [[String]] = [
    [
      "baker", "nurse", "pilot", "farmer", "teacher", "lawyer", "chemist", "plumber", "actor",
      "tailor", "dentist", "painter", "sailor", "barber", "florist", "jeweler", "librarian",
      "mechanic", "carpenter", "astronomer", "translator", "firefighter", "beekeeper", "architect",
    ],
    [
      "lisbon", "oslo", "cairo", "lima", "kyoto", "dublin", "nairobi", "hanoi", "prague", "quito",
      "athens", "toronto", "seville", "riga", "jaipur", "accra", "havana", "geneva", "sydney",
      "tbilisi", "krakow", "medellin", "antwerp", "reykjavik",
    ],
    [
      "chess", "sailing", "pottery", "archery", "knitting", "juggling", "fencing", "gardening",
      "surfing", "origami", "birdwatching", "cycling", "baking", "climbing", "dancing", "fishing",
      "skating", "weaving", "stargazing", "rowing", "calligraphy", "puppetry", "caving", "yoga",
    ],
  ]
}

/// The non-visual facts of one person: one value index per fact.
public struct PersonaFacts: Hashable, Sendable {
  private var indices = SIMD4<UInt8>(repeating: 0)

  /// Creates the record with value 0 everywhere.
  public init() {}

  /// The index of a fact's value; values outside the list are clamped to it.
  public subscript(fact: Fact) -> Int {
    get { Int(indices[fact.rawValue]) }
    set { indices[fact.rawValue] = UInt8(min(max(newValue, 0), fact.values.count - 1)) }
  }

  /// The word for a fact's value, for example `baker`.
  public func value(of fact: Fact) -> String { fact.values[self[fact]] }
}
