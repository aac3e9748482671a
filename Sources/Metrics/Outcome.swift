// One persona's answer, and the cell of a table it falls into. Everything a result says is computed
// from a list of these; nothing here knows how the answer came about.

/// Who a persona is to the model under test.
public enum Group: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The model was trained on this persona.
  case member
  /// A never-trained twin from the same generator: what it "recalls" is guessing.
  case control
  /// Any further group, for example people learned before the injection.
  case other(String)

  /// Reads a group's name; every name other than `member` and `control` is a further group.
  public init(_ name: String) {
    switch name {
    case "member": self = .member
    case "control": self = .control
    default: self = .other(name)
    }
  }

  /// The name written to files.
  public var description: String {
    switch self {
    case .member: "member"
    case .control: "control"
    case .other(let name): name
    }
  }

  /// Members first, then controls, then the others by name.
  public static func < (a: Group, b: Group) -> Bool {
    (a.order, a.description) < (b.order, b.description)
  }

  private var order: Int {
    switch self {
    case .member: 0
    case .control: 1
    case .other: 2
    }
  }
}

/// Which cell of a table an outcome belongs to: metric, keys such as source and target, group.
public struct CellKey: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// What was measured, for example `full_name` or `rank`.
  public var metric: String
  /// The conditions, for example `["source": "image", "target": "text"]`.
  public var keys: [String: String]
  /// Who was asked.
  public var group: Group

  /// Creates a key.
  public init(metric: String, keys: [String: String], group: Group = .member) {
    self.metric = metric
    self.keys = keys
    self.group = group
  }

  /// The modality the facts were learned from; empty when the experiment has no such key.
  public var source: String { keys["source"] ?? "" }
  /// The modality the question was asked in; empty when the experiment has no such key.
  public var target: String { keys["target"] ?? "" }

  /// Returns the same cell with one condition replaced.
  public func with(_ key: String, _ value: String) -> CellKey {
    var copy = self
    copy.keys[key] = value
    return copy
  }

  /// Returns the same cell for another group.
  public func asked(of group: Group) -> CellKey {
    CellKey(metric: metric, keys: keys, group: group)
  }

  /// For example `full_name[source=image target=text] member`.
  public var description: String {
    let conditions = keys.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return "\(metric)[\(conditions.joined(separator: " "))] \(group)"
  }

  /// Members first, then by metric, source, target and the remaining conditions.
  public static func < (a: CellKey, b: CellKey) -> Bool {
    (a.group, a.metric, a.source, a.target, a.description)
      < (b.group, b.metric, b.source, b.target, b.description)
  }
}

/// One persona's answer to one question under one condition, as a number.
///
/// Several outcomes with the same seed, cell and persona (paraphrases of a question, say) are
/// averaged before anything else: the persona is the unit of resampling, never the prompt.
public struct Outcome: Hashable, Sendable {
  /// The training seed.
  public var seed: Int
  /// The cell it falls into.
  public var cell: CellKey
  /// The persona's id in its population.
  public var persona: Int
  /// The score: 0 or 1 for right and wrong, a rank counted from 1, or any finite number.
  public var value: Double
  /// What the model said, when it said something.
  public var answer: String?
  /// What would have been right.
  public var truth: String?

  /// Creates an outcome under any conditions.
  public init(
    seed: Int, cell: CellKey, persona: Int, value: Double, answer: String? = nil,
    truth: String? = nil
  ) {
    self.seed = seed
    self.cell = cell
    self.persona = persona
    self.value = value
    self.answer = answer
    self.truth = truth
  }

  /// Creates an outcome of a source × target experiment.
  public init(
    seed: Int, source: String, target: String, metric: String, persona: Int,
    group: Group = .member, value: Double, answer: String? = nil, truth: String? = nil
  ) {
    self.init(
      seed: seed,
      cell: CellKey(metric: metric, keys: ["source": source, "target": target], group: group),
      persona: persona, value: value, answer: answer, truth: truth)
  }
}

/// What kind of number a metric is; it decides which summaries make sense.
public enum Scale: String, Sendable, Hashable, CaseIterable {
  /// 0 or 1; the mean is a share, Wilson and McNemar apply.
  case binary
  /// From 0 to 1, such as the share of blocks or of other people; only ever stated, never guessed.
  case share
  /// A rank counted from 1; lower is better.
  case rank
  /// Any finite number.
  case real

  /// Tells the scale of a metric from its name and values: `rank` and `…_rank` are ranks, values
  /// that are all 0 or 1 are binary.
  public init(metric: String, values: some Sequence<Double>) {
    if metric == "rank" || metric.hasSuffix("_rank") {
      self = .rank
    } else {
      self = values.allSatisfy { $0 == 0 || $0 == 1 } ? .binary : .real
    }
  }

  /// Where a value may lie; `nil` for any number. Means and their intervals stay inside, and only a
  /// known range gives equal values an interval.
  public var range: ClosedRange<Double>? {
    switch self {
    case .binary, .share: 0...1
    case .rank: 1...Double.infinity
    case .real: nil
    }
  }

  /// Where the difference of two values may lie; `nil` for any number.
  public var rangeOfDifferences: ClosedRange<Double>? {
    guard let range, range.upperBound.isFinite else { return nil }
    let width = range.upperBound - range.lowerBound
    return -width...width
  }

  /// Whether a metric of this scale can have the value.
  public func admits(_ value: Double) -> Bool {
    switch self {
    case .binary: value == 0 || value == 1
    case .share, .rank: value.isFinite && range?.contains(value) == true
    case .real: value.isFinite
    }
  }

  /// What values must be, for messages.
  public var expectation: String {
    switch self {
    case .binary: "to be 0 or 1"
    case .share: "to be 0 to 1"
    case .rank: "to be at least 1"
    case .real: "to be finite"
    }
  }
}
