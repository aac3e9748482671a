// Names of people. Small studies use short lists, so that each word recurs and a first name alone
// never tells who it is; a million people get double-barrelled last names.

/// A space of unique full names, dealt out in a keyed random order.
public struct NameSpace: Sendable {
  /// How many different full names the space holds.
  public let capacity: Int
  private let firstCount: Int
  private let lastCount: Int
  private let isDoubleBarrelled: Bool
  private let order: KeyedPermutation

  /// The most names any space holds.
  public static let largestCapacity = 128 * 128 * 127

  /// Creates the smallest space with room for `required` names: 64 × 64, 128 × 128, or 128 first
  /// names with 128 × 127 double-barrelled last names.
  init(required: Int, key: UInt64) throws {
    guard required <= Self.largestCapacity else {
      throw PersonaError.exhausted(
        what: "unique names", requested: required, available: Self.largestCapacity,
        advice: "ask for fewer people")
    }
    firstCount = required <= 64 * 64 ? 64 : 128
    isDoubleBarrelled = required > 128 * 128
    lastCount = isDoubleBarrelled ? 128 * 127 : firstCount
    capacity = firstCount * lastCount
    order = KeyedPermutation(count: capacity, key: key)
  }

  /// The full name at a position of the keyed order; no two positions share a name.
  func name(_ position: Int) -> (first: String, last: String) {
    let index = order(position)
    return (Self.firstNames[index % firstCount], lastName(index / firstCount))
  }

  private func lastName(_ index: Int) -> String {
    guard isDoubleBarrelled else { return Self.lastNames[index] }
    let left = index / 127
    let right = index % 127
    return Self.lastNames[left] + "-" + Self.lastNames[right < left ? right : right + 1]
  }

  /// All first and last names; double-barrelled ones are not words of their own.
  public static var words: [String] { firstNames + lastNames }

  package static let firstNames = """
    Ada Alan Alma Amir Anna Anton Aria Arlo Bea Ben Bianca Boris Carla Cesar Clara Colin Dana Dario \
    Della Dmitri Edith Elias Elsa Emil Esme Ezra Faye Felix Fiona Frank Gina Gustav Hana Hector \
    Helga Hugo Ida Igor Ines Ivan Jada Jonas Judith Julian Kara Karim Kira Kurt Lara Leo Lena Luis \
    Mabel Marco Mina Milo Nadia Nico Nora Omar Olga Otto Petra Pavel \
    Paula Quinn Ramona Rafael Rosa Ruben Ruth Samir Selma Simon Sofia Stefan Tara Theo Tilda Tomas \
    Uma Umberto Vera Victor Viola Walter Wanda Wendell Xenia Xavier Yara Yusuf Zelda Zoltan Agnes \
    Albert Astrid Basil Blanche Bruno Camille Cedric Cora Cyrus Daphne Desmond Dora Edgar Elena \
    Enzo Flora Fritz Greta Gordon Harriet Henrik Irma Isaac Joyce Jasper Lydia Lorenzo Miriam \
    Malcolm Odette Orson Phoebe Percy
    """.split(separator: " ").map(String.init)

  package static let lastNames = """
    Abbott Adler Archer Barnes Becker Bishop Blake Bowman Brandt Burke Calder Carver Castro Chen \
    Cohen Cooper Cortez Crane Dalton Decker Diaz Drake Dunn Ellis Engel Farrow Fischer Flynn \
    Foster Frost Garcia Gibbs Gomez Grant Greer Haas Hale Harlow Hayes Holt Hughes Ibarra Jensen \
    Kane Keller Khan Klein Lang Larsen Lopez Lowell Marsh Mendez Meyer Mills Moreno Nash Novak \
    Okafor Olsen Ortega Park Patel Perez \
    Porter Quigley Ramos Reid Reyes Rhodes Rivera Romero Rossi Rowe Russo Salazar Sato Schmidt \
    Sharp Silva Singh Sloan Soto Stark Steele Stone Sutton Tanaka Tate Thorne Torres Tran Tucker \
    Turner Ueda Vance Vargas Vaughn Vega Vogel Wade Walsh Ward Weber Webb Weiss Werner West \
    Whitlock Wilder Winter Wolfe Wong Wyatt Yates York Yamada Zapata Zeller Ziegler Ashby Bauer \
    Beltran Conway Draper Everett Fuller Garland
    """.split(separator: " ").map(String.init)
}
