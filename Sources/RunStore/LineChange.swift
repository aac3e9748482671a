// Which lines of a script changed between two runs.

/// A line that only one of two texts has.
public struct LineChange: Equatable, Sendable {
  /// Whether the later text has it.
  public let isAdded: Bool
  /// Its number, from 1, in the text that has it.
  public let number: Int
  /// The line.
  public let text: String

  /// `+ 12  code` or `- 12  code`.
  public var description: String { "\(isAdded ? "+" : "-") \(number)  \(text)" }

  /// The fewest changes that lead from one text to the other, in order of their places.
  public static func changes(from old: String, to new: String) -> [LineChange] {
    func lines(_ text: String) -> [Substring] {
      text.split(separator: "\n", omittingEmptySubsequences: false)
    }
    return lines(new).difference(from: lines(old)).map { change in
      switch change {
      case .insert(let offset, let line, _):
        LineChange(isAdded: true, number: offset + 1, text: String(line))
      case .remove(let offset, let line, _):
        LineChange(isAdded: false, number: offset + 1, text: String(line))
      }
    }.sorted { ($0.number, $0.isAdded ? 1 : 0) < ($1.number, $1.isAdded ? 1 : 0) }
  }
}
