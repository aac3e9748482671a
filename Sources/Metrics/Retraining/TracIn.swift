// Which training examples moved the model towards an answer, read from gradients at checkpoints.

/// Sums over checkpoints of learning rate times inner product of gradients.
///
/// - *Range*: any; with `isCosine` each checkpoint adds at most its learning rate.
/// - *Reads as*: above 0 training on the example lowered the question's loss, below 0 it raised it.
/// - *Undefined when*: there are no checkpoints, or with `isCosine` a gradient is zero (throws).
/// - Parameters:
///   - training: Per checkpoint, the loss gradient of each training example, one row each.
///   - questions: Per checkpoint, the loss gradient of each question.
///   - rates: The learning rate at each checkpoint.
///   - isCosine: Whether gradients are brought to length 1 first, so that no example wins by its size.
/// - Returns: `[example, question]`.
/// - Throws: ``MetricsError`` for no checkpoints or shapes that do not fit.
///
/// Source: Pruthi et al. 2020, arXiv:2002.08484, TracInCP.
public func tracIn(
  training: [FeatureMatrix], questions: [FeatureMatrix], rates: [Double], isCosine: Bool = false
) throws -> FeatureMatrix {
  let op = "tracin"
  guard let first = training.first, let other = questions.first else {
    throw MetricsError.empty(op: op, what: "checkpoints")
  }
  try check(lengths: training.count, questions.count, op: op)
  try check(lengths: training.count, rates.count, op: op)
  try check(finite: rates, "learning rates", op: op)
  try check(
    size: first.rows.multipliedReportingOverflow(by: other.rows).partialValue, atMost: 1 << 26,
    "pairs of example and question", op: op)
  var sums = [Double](repeating: 0, count: first.rows * other.rows)
  for ((examples, asked), rate) in zip(zip(training, questions), rates) {
    try check(lengths: first.rows, examples.rows, op: op)
    try check(lengths: other.rows, asked.rows, op: op)
    try check(lengths: examples.columns, asked.columns, op: op)
    let left = isCosine ? try examples.normalized(op: op) : examples
    let right = isCosine ? try asked.normalized(op: op) : asked
    for (index, value) in try left.products(with: right).values.enumerated() {
      sums[index] += rate * value
    }
  }
  return try FeatureMatrix(rows: first.rows, columns: other.rows, values: sums)
}
