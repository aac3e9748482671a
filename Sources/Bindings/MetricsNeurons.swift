// Functions of `eidetic.metrics`: neurons, and learning over time.

import LuaHost
import Metrics

enum MetricsNeurons {
  static let functions = neurons + time

  private static let activations = Parameter(
    "activations", .matrix, "One row per example, one column per neuron.")
  private static let estimator: [Option] = [
    Option(
      "method", .oneOf(["binned", "neighbours"]), "Equal bins over the layer, or k nearest.",
      default: "binned"),
    Option("bins", .integer, "Of the binned estimate.", default: 10),
    Option("k", .integer, "Of the neighbours estimate.", default: 3),
  ]

  /// The columns of a table.
  private static func columns(_ a: Arguments, _ key: String) throws -> [[Double]] {
    let matrix = try a.matrix(key)
    return (0..<matrix.columns).map { column in
      (0..<matrix.rows).map { matrix.values[$0 * matrix.columns + column] }
    }
  }

  private static let neurons: [NativeFunction] = [
    .measure(
      "neuron_entropy", "How varied each neuron's activation is, in nats.", [activations],
      options: estimator,
      gives: .fields("values, a list with false where undefined; mean of the defined ones"),
      example: "metrics.neuron_entropy(image_features, { bins = 4 })"
    ) { a in
      let columns = try columns(a, "activations")
      let values: [Double?]
      if try a.string("method") == "binned" {
        let bins = try Bins(a.integer("bins"), covering: columns.joined())
        values = try columns.map { try neuronEntropy($0, bins: bins) }
      } else {
        values = try columns.map { try nearestNeighbourEntropy($0, k: a.integer("k")) }
      }
      return .record(["values": .maybes(values), "mean": .maybe(mean(values))])
    },
    .measure(
      "neuron_mutual_information", "How much each two neurons say the same, in nats.",
      [activations],
      options: estimator,
      gives: .fields("mean over pairs where there are two neurons; pairs; values[i][j], i below j"),
      example: "metrics.neuron_mutual_information(image_features, { bins = 4 })"
    ) { a in
      let columns = try columns(a, "activations")
      guard columns.count <= 4096 else {
        throw LuaError(
          "neuron_mutual_information: expected at most 4096 neurons, got \(columns.count)",
          kind: .argument)
      }
      let bins = try Bins(a.integer("bins"), covering: columns.joined())
      let (isBinned, k) = (try a.string("method") == "binned", try a.integer("k"))
      var rows: [LuaValue] = []
      var all: [Double?] = []
      for i in columns.indices {
        try a.checkInterrupt()
        let row = try columns.indices.map { j -> Double? in
          guard i < j else { return nil }
          return isBinned
            ? try neuronMutualInformation(columns[i], columns[j], bins: bins)
            : try nearestNeighbourInformation(columns[i], columns[j], k: k)
        }
        rows.append(.maybes(row))
        all += row.compactMap { $0 }
      }
      return .record([
        "values": .list(rows), "mean": .maybe(mean(all)), "pairs": .integer(all.count),
      ])
    },
    .measure(
      "selectivity", "Each neuron's largest group mean over the mean of the groups.",
      [activations, Parameter("groups", .tokens, "The persona of each example.")],
      gives: Result(.list(.any), "one number per neuron; false where the mean is not above 0"),
      example: "metrics.selectivity(image_features, { 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6 })[1]"
    ) { a in
      let groups = try a.tokens("groups")
      return .maybes(try columns(a, "activations").map { try selectivity($0, groups: groups) })
    },
    .measure(
      "modality_selectivity", "Which modality drives each neuron, from -1 (second) to 1 (first).",
      [
        Parameter("first", .matrix, "Activations: examples of one modality by neurons."),
        Parameter("second", .matrix, "Examples of the other by the same neurons."),
      ], gives: Result(.list(.any), "one number per neuron; false where it is silent in both"),
      example: "metrics.modality_selectivity(image_features, text_features)[1]"
    ) { a in
      let (first, second) = (try columns(a, "first"), try columns(a, "second"))
      guard first.count == second.count else {
        throw LuaError(
          "modality_selectivity: expected the same neurons, got \(first.count) and "
            + "\(second.count)", kind: .argument)
      }
      return .maybes(try zip(first, second).map { try modalitySelectivity($0, $1) })
    },
  ]

  private static func mean(_ values: [Double?]) -> Double? {
    let defined = values.compactMap { $0 }
    return defined.isEmpty ? nil : defined.reduce(0, +) / Double(defined.count)
  }

  private static let time: [NativeFunction] = [
    .measure(
      "continual", "What is kept, helped and lost over tasks learned one after the other.",
      [Parameter("accuracy", .matrix, "Square: on task i after learning task t, [t][i].")],
      options: [
        Option("baseline", .vector, "On each task before any training."),
        Option("joint", .vector, "On each task, trained on all at once."),
      ],
      gives: .fields(
        "average; backward_transfer and forgetting with two tasks or more; forward_transfer with "
          + "baseline; intransigence with joint"),
      example: "metrics.continual { { 1, 0 }, { 0.5, 1 } }"
    ) { a in
      let found = try ContinualLearning(
        accuracy: a.rows("accuracy"), baseline: a.has("baseline") ? a.vector("baseline") : nil,
        joint: a.has("joint") ? a.vector("joint") : nil)
      return .record([
        "average": .number(found.average), "backward_transfer": .maybe(found.backwardTransfer),
        "forward_transfer": .maybe(found.forwardTransfer), "forgetting": .maybe(found.forgetting),
        "intransigence": .maybe(found.intransigence),
      ])
    },
    .measure(
      "learning_history", "When an example was learned and how often it was forgotten.",
      [Parameter("correct", .flags, "Right or wrong at successive checks.")],
      gives: .fields(
        "forgetting_events; first_learned and learned_for_good, checks from 1, where they occur"),
      example: "metrics.learning_history { 0, 1, 0, 1, 1 }"
    ) { a in
      let history = try LearningHistory(correct: a.flags("correct"))
      return .record([
        "forgetting_events": .integer(history.forgettingEvents),
        "first_learned": history.firstLearned.map { .integer($0 + 1) } ?? .nil,
        "learned_for_good": history.learnedForGood.map { .integer($0 + 1) } ?? .nil,
      ])
    },
  ]
}
