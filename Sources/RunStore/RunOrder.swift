// In which order runs are listed.

/// By which value runs are ordered.
public struct RunOrder: Sendable {
  private let key: String
  private let isReversed: Bool

  /// - Parameters:
  ///   - key: A field, `params.NAME` or `metrics.NAME`. Time, numbers and metrics come the largest
  ///     first, words by alphabet.
  ///   - isReversed: The other way round.
  public init(key: String, isReversed: Bool = false) {
    (self.key, self.isReversed) = (key, isReversed)
  }

  /// The runs in order. Those without the value come last either way; equal ones keep the order of
  /// their names.
  ///
  /// - Returns: `nil` when the key is no field and no run has it.
  public func sorted(_ runs: [RunSummary]) -> [RunSummary]? {
    // Places are sorted, not runs: a run is large to move.
    let values = runs.map { $0.value(key) }
    guard
      runs.isEmpty || RunSummary.fieldNames.contains(key) || values.contains(where: { $0 != nil })
    else { return nil }
    let ascends = (key == "time" ? false : !isNumeric(values.compactMap(\.self))) != isReversed
    let places = values.indices.filter { values[$0] != nil }.sorted { a, b in
      if values[a] == values[b] { return a < b }
      return isBefore(values[a], values[b]) == ascends
    }
    return (places + values.indices.filter { values[$0] == nil }).map { runs[$0] }
  }

  private func isNumeric(_ values: [FieldValue]) -> Bool {
    values.contains { if case .number = $0 { true } else { false } }
  }

  private func isBefore(_ a: FieldValue?, _ b: FieldValue?) -> Bool {
    switch (a, b) {
    case (.number(let a)?, .number(let b)?): a < b
    case (.number?, _): true
    case (_, .number?): false
    default: a?.shown ?? "" < b?.shown ?? ""
    }
  }
}

extension RunSummary {
  /// Further keys that this run can be ordered by.
  public var sortKeys: [String] {
    (manifest?.parameters ?? [:]).keys.map { "params.\($0)" } + metrics.keys.map { "metrics.\($0)" }
  }
}
