// Functions of `eidetic.metrics`: geometry of representations. With `rng` each gives its permutation
// null beside its value.

import LuaHost
import Metrics

enum MetricsRepresentation {
  static let functions = comparisons + sharedSpace

  private static let x = Parameter("x", .matrix, "One row per item.")
  private static let y = Parameter("y", .matrix, "The same items in the same order.")
  private static let withNull: [Option] = [.nullStream, .permutations]
  private static let paired = Result.fields(
    "value where defined; null with mean, deviation, z, p, permutations when rng is given")

  /// The value of a paired measure, and its null.
  private static func record(
    _ measure: some PairedMeasure, _ a: Arguments, _ more: [String: LuaValue] = [:]
  ) throws -> LuaValue {
    let null = try a.null { try measure.null(permutations: $0, stream: $1, poll: $2) }
    let own: [String: LuaValue] = ["value": .maybe(try measure.value()), "null": null]
    return .fields(own.filter { !$0.value.isNil }.merging(more) { $1 })
  }

  private static let comparisons: [NativeFunction] = [
    .measure(
      "cka", "Centered kernel alignment of two representations.", [x, y],
      options: [
        Option("unbiased", .boolean, "Song's estimator, for few items.", default: true),
        Option("kernel", .oneOf(["linear", "rbf"]), "Similarity of items.", default: "linear"),
        Option("bandwidth", .number, "Of rbf, in median distances.", default: 1),
      ] + withNull, gives: paired,
      example: "metrics.cka(image_features, text_features, { rng = rng.new(1) }).null.z"
    ) { a in
      let kernel: KernelAlignment.Kernel =
        try a.string("kernel") == "rbf" ? .rbf(bandwidth: a.number("bandwidth")) : .linear
      return try record(
        KernelAlignment(
          a.matrix("x"), a.matrix("y"), isUnbiased: a.boolean("unbiased"), kernel: kernel), a)
    },
    .measure(
      "svcca", "The mean canonical correlation of the leading directions.", [x, y],
      options: [
        Option("variance", .number, "The share of variance to keep.", default: 0.99),
        Option("directions", .integer, "How many to keep, instead of a share."),
      ] + withNull,
      gives: .fields("value where defined, directions kept as directions_x, directions_y; null"),
      example: "metrics.svcca(image_features, text_features, { directions = 2 })"
    ) { a in
      let kept: CanonicalCorrelation.Kept =
        try a.integer(ifGiven: "directions").map { .directions($0) }
        ?? .variance(a.number("variance"))
      let measure = try CanonicalCorrelation(a.matrix("x"), a.matrix("y"), keeping: kept)
      return try record(
        measure, a,
        [
          "directions_x": .integer(measure.kept.first),
          "directions_y": .integer(measure.kept.second),
        ])
    },
    .measure(
      "mutual_knn", "The share of nearest neighbours in common.", [x, y],
      options: [Option("k", .integer, "How many neighbours.", default: 10)] + withNull,
      gives: .fields("value, chance; null when rng is given"),
      example: "metrics.mutual_knn(image_features, text_features, { k = 2 }).value"
    ) { a in
      let measure = try MutualNeighbours(a.matrix("x"), a.matrix("y"), k: a.integer("k"))
      return try record(measure, a, ["chance": .number(measure.chance)])
    },
    .measure(
      "rsa", "Spearman's correlation of pairwise distances.", [x, y],
      options: [
        Option(
          "distance", .oneOf(RepresentationalSimilarity.Distance.allCases.map(\.rawValue)),
          "Of two items.", default: "cosine")
      ] + withNull, gives: paired,
      example: "metrics.rsa(image_features, text_features)"
    ) { a in
      let distance = RepresentationalSimilarity.Distance(rawValue: try a.string("distance"))
      return try record(
        RepresentationalSimilarity(
          a.matrix("x"), a.matrix("y"), distance: distance ?? .cosine), a)
    },
    .measure(
      "participation_ratio", "Over how many directions the variance is spread.", [x],
      gives: .number(orNilWhen: "all items are equal"),
      example: "metrics.participation_ratio(image_features)"
    ) { a in .maybe(try participationRatio(a.matrix("x"))) },
    .measure(
      "uniformity", "The logarithm of the mean Gaussian potential on the unit sphere.", [x],
      options: [Option("t", .number, "Sharpness, above 0.", default: 2)], gives: .number,
      example: "metrics.uniformity(image_features)"
    ) { a in .number(try uniformity(a.matrix("x"), t: a.number("t"))) },
  ]

  private static let sharedSpace: [NativeFunction] = [
    .measure(
      "alignment", "The mean squared distance of pairs on the unit sphere; lower is closer.",
      [x, y],
      options: withNull,
      gives: .fields("value, paired_cosine; unpaired_cosine where defined; null when rng is given"),
      example: "metrics.alignment(image_features, text_features).value"
    ) { a in
      let measure = try Alignment(a.matrix("x"), a.matrix("y"))
      var more: [String: LuaValue] = ["paired_cosine": .number(measure.pairedCosine)]
      more["unpaired_cosine"] = measure.unpairedCosine.map { .number($0) }
      return try record(measure, a, more)
    },
    .measure(
      "modality_gap", "The distance of the modalities' centers on the unit sphere.",
      [x, Parameter("y", .matrix, "Items of the other modality.")], options: withNull,
      gives: .fields("value, direction as a list; null of random halves when rng is given"),
      example: "metrics.modality_gap(image_features, text_features)"
    ) { a in
      let gap = try ModalityGap(a.matrix("x"), a.matrix("y"))
      return .record([
        "value": .number(gap.value), "direction": .numbers(gap.direction),
        "null": try a.null { try gap.null(permutations: $0, stream: $1, poll: $2) },
      ])
    },
    .measure(
      "shift_gap", "Both modalities moved towards each other and brought to length 1 again.",
      [
        x, Parameter("y", .matrix, "Items of the other modality."),
        Parameter("lambda", .number, "1 closes the gap before the rows are brought to length 1."),
      ], gives: .fields("x and y as lists of rows"),
      example: "local moved = metrics.shift_gap(image_features, text_features, 0.5)"
    ) { a in
      let gap = try ModalityGap(a.matrix("x"), a.matrix("y"))
      let (x, y) = try gap.shifted(by: a.number("lambda"))
      return .record(["x": .rows(x), "y": .rows(y)])
    },
    .measure(
      "retrieval", "Finding each item's partner by cosine, both ways; ties count against it.",
      [x, y],
      options: [Option("k", .list(.integer), "Limits of recall.", default: .integers([1, 5, 10]))]
        + withNull,
      gives: .fields(
        "value, recall at 1 both ways; forward and backward with ranks, median_rank, "
          + "mean_reciprocal_rank and recall, a list as long as k; null when rng is given"),
      example: "metrics.retrieval(image_features, text_features, { k = { 1, 2 } })"
    ) { a in
      let measure = try Retrieval(a.matrix("x"), a.matrix("y"))
      let limits = try a.integers("k")
      func direction(_ found: Retrieval.Direction) throws -> LuaValue {
        let summary = try found.summary
        return .record([
          "ranks": .integers(found.ranks), "median_rank": .number(summary.medianRank),
          "mean_reciprocal_rank": .number(summary.meanReciprocalRank),
          "recall": .numbers(limits.map { found.recall(at: $0) }),
        ])
      }
      return try record(
        measure, a,
        ["forward": direction(measure.forward), "backward": direction(measure.backward)])
    },
    .measure(
      "contrastive_loss",
      "InfoNCE of pairs, the mean of both directions, in nats; lower is closer.",
      [x, y], options: [Option("temperature", .number, "Divides the cosines.", default: 0.07)],
      gives: .number,
      example: "metrics.contrastive_loss(image_features, text_features, { temperature = 0.1 })"
    ) { a in
      .number(
        try contrastiveLoss(a.matrix("x"), a.matrix("y"), temperature: a.number("temperature")))
    },
    .measure(
      "linear_separability", "How well a linear classifier tells modalities apart on unseen items.",
      [x, y],
      options: [
        Option("rng", .rng, "Which items are tested together; forked.", required: true),
        Option("folds", .integer, "Parts, each tested once.", default: 5),
        Option("c", .number, "Weight of the data against the penalty.", default: 1),
        Option(
          "permutations", .integer, "Of the null; 0 for none, each trains all folds again.",
          default: 0),
      ], gives: .fields("value; null when permutations are asked for"),
      example:
        "metrics.linear_separability(image_features, text_features, { rng = rng.new(1) })"
    ) { a in
      let stream = try a.object("rng", LuaRng.self).stream
      let measure = try LinearSeparability(
        a.matrix("x"), a.matrix("y"), folds: a.integer("folds"), c: a.number("c"),
        stream: stream.fork("folds"))
      let null =
        try a.integer("permutations") == 0
        ? LuaValue.nil
        : try a.null { try measure.null(permutations: $0, stream: $1, poll: $2) }
      return .record(["value": .number(try measure.accuracy()), "null": null])
    },
  ]
}
