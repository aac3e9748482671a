// Tasks learned one after the other: what is kept, what helps, what is lost.

/// Summaries of the accuracy matrix R, R[t][i] being accuracy on task i after learning task t.
public struct ContinualLearning: Equatable, Sendable {
  /// The mean accuracy on all tasks at the end. *Range* [0, 1]; higher is better.
  public let average: Double
  /// Backward transfer, mean of R[T][i] − R[i][i] over all but the last task. *Range* [−1, 1]; below
  /// 0 later tasks erase earlier ones. *Undefined when*: there is one task (`nil`).
  public let backwardTransfer: Double?
  /// Forward transfer, mean of R[i − 1][i] − baseline[i] over all but the first task. *Range* [−1, 1];
  /// above 0 earlier tasks help later ones. *Undefined when*: there is one task or no baseline (`nil`).
  public let forwardTransfer: Double?
  /// Forgetting, mean of max over t of R[t][i] − R[T][i] over all but the last task. *Range* [0, 1];
  /// lower is better. *Undefined when*: there is one task (`nil`).
  public let forgetting: Double?
  /// Intransigence, mean of joint[i] − R[i][i]. *Range* [−1, 1]; higher means less able to learn.
  /// *Undefined when*: no joint accuracy is given (`nil`).
  public let intransigence: Double?

  /// Summarizes a matrix.
  ///
  /// - Parameters:
  ///   - accuracy: Square, one row per task learned.
  ///   - baseline: Accuracy on each task before any training.
  ///   - joint: Accuracy on each task of a model trained on all at once.
  /// - Throws: ``MetricsError`` for no tasks, a matrix that is not square, lists of other length, or
  ///   values outside [0, 1].
  ///
  /// Source: Lopez-Paz & Ranzato 2017, arXiv:1706.08840, for average and transfers; Chaudhry et al.
  /// 2018, arXiv:1801.10112, for forgetting and intransigence. The maximum runs over all t, the last
  /// included, so forgetting is never negative.
  public init(accuracy: [[Double]], baseline: [Double]? = nil, joint: [Double]? = nil) throws {
    let op = "continual"
    let tasks = accuracy.count
    guard tasks > 0 else { throw MetricsError.empty(op: op, what: "tasks") }
    for row in accuracy + [baseline, joint].compactMap({ $0 }) {
      try check(lengths: tasks, row.count, op: op)
      for value in row { try check(share: value, "an accuracy", op: op) }
    }
    func mean(_ range: Range<Int>, _ value: (Int) -> Double) -> Double? {
      range.isEmpty ? nil : range.reduce(0) { $0 + value($1) } / Double(range.count)
    }
    let last = accuracy[tasks - 1]
    average = last.reduce(0, +) / Double(tasks)
    backwardTransfer = mean(0..<tasks - 1) { last[$0] - accuracy[$0][$0] }
    forwardTransfer = baseline.flatMap { baseline in
      mean(1..<tasks) { accuracy[$0 - 1][$0] - baseline[$0] }
    }
    forgetting = mean(0..<tasks - 1) { task in
      accuracy.reduce(0) { max($0, $1[task]) } - last[task]
    }
    intransigence = joint.flatMap { joint in mean(0..<tasks) { joint[$0] - accuracy[$0][$0] } }
  }
}

/// How an example was learned over the course of training.
public struct LearningHistory: Equatable, Sendable {
  /// How often it went from right to wrong. *Range* ≥ 0; higher means less stable.
  public let forgettingEvents: Int
  /// The first check, from 0, at which it was right; `nil` when it never was.
  public let firstLearned: Int?
  /// The first check, from 0, from which on it stayed right; `nil` when it is wrong at the end.
  public let learnedForGood: Int?

  /// Reads right and wrong answers at successive checks.
  ///
  /// - *Undefined when*: there are no checks (throws).
  /// - Throws: ``MetricsError`` for no checks.
  ///
  /// Source: Toneva et al. 2019, arXiv:1812.05159. An example that is never learned has no forgetting
  /// event; they call it unlearned, here ``firstLearned`` is `nil`.
  public init(correct: [Bool]) throws {
    guard !correct.isEmpty else { throw MetricsError.empty(op: "learning history", what: "checks") }
    forgettingEvents = zip(correct, correct.dropFirst()).count { $0 && !$1 }
    firstLearned = correct.firstIndex(of: true)
    learnedForGood =
      correct[correct.count - 1] ? (correct.lastIndex(of: false) ?? -1) + 1 : nil
  }
}
