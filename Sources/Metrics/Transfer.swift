// How much of what was learned in one modality is recalled in the other.

/// Source and target recall side by side.
public struct Transfer: Equatable, Sendable {
  /// A share of the source's recall, or the reason why there is none.
  public enum Ratio: Equatable, Sendable, CustomStringConvertible {
    /// Target over source.
    case value(Double)
    /// The source itself is at or below chance: there is nothing that could transfer.
    case notMemorized

    /// The number, when there is one.
    public var number: Double? {
      if case .value(let number) = self { number } else { nil }
    }

    /// The number, or `not memorized`.
    public var description: String {
      switch self {
      case .value(let number): "\(number)"
      case .notMemorized: "not memorized"
      }
    }
  }

  /// Recall in the modality that was trained, on views not seen in training.
  public let source: Double
  /// Recall in the other modality.
  public let target: Double
  /// What blind guessing scores.
  public let chance: Double

  /// Creates the comparison of two recall rates.
  public init(source: Double, target: Double, chance: Double) {
    (self.source, self.target, self.chance) = (source, target, chance)
  }

  /// Source minus target.
  ///
  /// - *Range*: [−1, 1]. *Unit*: share. *Reads as*: higher means less transfer; 0 means that the
  ///   modality asked in does not matter.
  /// - *Undefined when*: never; meaningless when nothing was memorized.
  ///
  /// Source: Wen et al. 2025, arXiv:2506.05198 (as a difference of accuracies).
  public var gap: Double { source - target }

  /// Target over source.
  ///
  /// - *Range*: ≥ 0; chance alone gives chance/source, not 0. *Reads as*: higher means more transfer.
  /// - *Undefined when*: source ≤ chance (``Ratio/notMemorized``, never 0 or infinity).
  public var ratio: Ratio { isMemorized ? .value(target / source) : .notMemorized }

  /// (Target − chance) over (source − chance).
  ///
  /// - *Range*: about 0 … 1; below 0 when target recall is below chance. *Reads as*: higher means
  ///   more transfer, 0 is guessing.
  /// - *Undefined when*: source ≤ chance (``Ratio/notMemorized``).
  public var chanceCorrectedRatio: Ratio {
    isMemorized ? .value((target - chance) / (source - chance)) : .notMemorized
  }

  private var isMemorized: Bool { source > chance }
}
