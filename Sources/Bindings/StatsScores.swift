// Functions of `eidetic.stats`: how well a score tells members from non-members. A higher score always
// means "member".

import LuaHost
import Metrics

enum StatsScores {
  private static let sides = [
    Parameter("members", .vector, "Their scores, one per persona; higher means member."),
    Parameter("non_members", .vector, "Scores of what was not trained on."),
  ]

  static let functions: [NativeFunction] = [
    .measure(
      "auc", "The area under the ROC curve with Newcombe's interval and DeLong's standard error.",
      sides, options: [.level],
      gives: .fields("value, low, high, standard_error where defined, members, non_members"),
      example: "stats.auc({ 0.9, 0.8, 0.7, 0.4 }, { 0.6, 0.5, 0.3, 0.2 }).value   -- 0.875"
    ) { a in
      let area = try AreaUnderCurve(
        positives: a.vector("members"), negatives: a.vector("non_members"),
        level: a.number("level"))
      return .record([
        "value": .number(area.value), "low": .number(area.interval.low),
        "high": .number(area.interval.high), "standard_error": .maybe(area.standardError),
        "members": .integer(area.positives), "non_members": .integer(area.negatives),
      ])
    },
    .measure(
      "roc", "The ROC curve, from nothing flagged to everything flagged.", sides,
      gives: .fields("lists fpr, tpr, threshold; flagged is what lies above the threshold"),
      example: "stats.roc({ 0.9, 0.8 }, { 0.1, 0.85 })"
    ) { a in
      let points = try rocCurve(
        positives: a.vector("members"), negatives: a.vector("non_members"))
      return .record([
        "fpr": .numbers(points.map(\.falsePositiveRate)),
        "tpr": .numbers(points.map(\.truePositiveRate)),
        "threshold": .numbers(points.map(\.threshold)),
      ])
    },
    .measure(
      "tpr_at_fpr", "The share of members found at a false positive rate the sample can resolve.",
      sides + [Parameter("fpr", .number, "At most this share of non-members may be flagged.")],
      options: [Option("force", .boolean, "Give the number unresolved too.", default: false)],
      gives: .fields(
        "value, low, high, threshold, fpr reached; resolved, smallest_resolvable, note. Without value "
          + "when fewer than ten non-members may be flagged"),
      example: "stats.tpr_at_fpr({ 0.9, 0.8 }, { 0.1, 0.85 }, 0.5)"
    ) { a in
      let found = try LowFalsePositiveRecall(
        positives: a.vector("members"), negatives: a.vector("non_members"),
        target: a.number("fpr"))
      let notes: [String: LuaValue] = [
        "resolved": .boolean(found.isResolved), "note": .string(found.note),
        "smallest_resolvable": .number(found.smallestResolvable),
      ]
      guard try found.isResolved || a.boolean("force") else { return .fields(notes) }
      let numbers: [String: LuaValue] = [
        "value": .number(found.truePositiveRate), "low": .number(found.interval.low),
        "high": .number(found.interval.high), "threshold": .number(found.threshold),
        "fpr": .number(found.falsePositiveRate),
      ]
      return .fields(notes.merging(numbers) { $1 })
    },
    .measure(
      "balanced_accuracy",
      "The best balanced accuracy over all thresholds, chosen on the same scores.", sides,
      gives: .number,
      example: "stats.balanced_accuracy({ 0.9, 0.8 }, { 0.1, 0.2 })"
    ) { a in
      .number(
        try bestBalancedAccuracy(
          positives: a.vector("members"), negatives: a.vector("non_members")))
    },
  ]
}
