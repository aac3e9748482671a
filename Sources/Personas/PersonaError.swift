// The one error type of this module: every way in which a request can be wrong.

/// A request that cannot be met, with the next step in words.
public enum PersonaError: Error, Equatable, Sendable, CustomStringConvertible {
  /// An index lies outside its range; `what` names it.
  case outOfRange(operation: String, what: String, value: Int, range: Range<Int>)
  /// A setting has a value that makes no sense; `expected` says what would.
  case badSetting(name: String, value: String, expected: String)
  /// A name is unknown; `known` lists the ones that exist.
  case unknownName(what: String, name: String, known: [String])
  /// More people were asked for than the names or appearances can tell apart.
  case exhausted(what: String, requested: Int, available: Int, advice: String)
  /// A folder cannot take an export; nothing in it has changed.
  case folderInUse(path: String, reason: String)

  /// One line in lower case: operation, what was expected, what came, the next step.
  public var description: String {
    switch self {
    case .outOfRange(let operation, let what, let value, let range):
      let limits =
        range.isEmpty ? "nothing, it is empty" : "\(range.lowerBound)...\(range.upperBound - 1)"
      return "\(operation): expected \(what) in \(limits), got \(value)"
    case .badSetting(let name, let value, let expected):
      return "\(name): expected \(expected), got \(value)"
    case .unknownName(let what, let name, let known):
      return "\(what): expected one of \(known.joined(separator: ", ")), got '\(name)'"
    case .exhausted(let what, let requested, let available, let advice):
      return "population: expected at most \(available) \(what), got \(requested); \(advice)"
    case .folderInUse(let path, let reason):
      return "export: expected an empty folder, but \(path) \(reason)"
    }
  }
}
