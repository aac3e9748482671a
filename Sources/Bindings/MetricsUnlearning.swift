// Functions of `eidetic.metrics`: unlearning.

import LuaHost
import Metrics

enum MetricsUnlearning {
  static let functions: [NativeFunction] = [
    .measure(
      "forget_quality", "Whether truth ratios of the unlearned and the retrained model differ.",
      [
        Parameter("unlearned", .vector, "Truth ratios of the unlearned model."),
        Parameter("retained", .vector, "Those of the model trained without the forget set."),
      ], gives: .fields("statistic, p, log10_p, exact, count1, count2; a high p is no proof"),
      example: "metrics.forget_quality({ 0.2, 0.4, 0.9 }, { 0.3, 0.5, 0.8 }).statistic"
    ) { a in
      .record(
        ks: try forgetQuality(unlearned: a.vector("unlearned"), retained: a.vector("retained")))
    },
    .measure(
      "model_utility", "The harmonic mean of scores; 0 if any is 0.",
      [Parameter("scores", .vector, "0 or more.")], gives: .number,
      example: "metrics.model_utility { 0.9, 0.8, 0.85 }"
    ) { a in .number(try modelUtility(a.vector("scores"))) },
    .measure(
      "privleak", "How far the attack's area is from that on the retrained model, in percent.",
      [
        Parameter(
          "unlearned", .number, "stats.auc of forget set against held-out, higher = member."),
        Parameter("retained", .number, "The same for the retrained model."),
      ], gives: .number(orNilWhen: "the retrained model's area is 0"),
      example: "metrics.privleak(0.8, 0.5)   -- 60: too little was unlearned"
    ) { a in .maybe(try privLeak(unlearned: a.number("unlearned"), retained: a.number("retained")))
    },
    .measure(
      "residual_leak", "How much of the recall beyond chance is left.",
      [
        Parameter("before", .number, "Recall before unlearning."),
        Parameter("after", .number, "Recall after."),
        Parameter("chance", .number, "What blind guessing scores.", default: 0),
      ], gives: .number(orNilWhen: "recall before was not above chance"),
      example: "metrics.residual_leak(0.9, 0.3, 0.1)"
    ) { a in
      .maybe(
        try residualLeak(
          before: a.number("before"), after: a.number("after"), chance: a.number("chance")))
    },
    .measure(
      "stress_retention",
      "How much of a metric is kept after stress such as quantization, at most 1.",
      [
        Parameter("before", .number, "The metric before."),
        Parameter("after", .number, "The metric after."),
      ], gives: .number(orNilWhen: "the metric was 0 before"),
      example: "metrics.stress_retention(0.8, 0.6)"
    ) { a in .maybe(try stressRetention(before: a.number("before"), after: a.number("after"))) },
    .measure(
      "all_modal_forgetting", "Which personas no modality brings back, and where others leak.",
      [
        Parameter("before", .table, "Right or wrong per persona, by modality: { image = {..} }."),
        Parameter("after", .table, "The same modalities and personas after unlearning."),
      ],
      gives: .fields(
        "eligible (known in all before), forgotten, silent, count; rate = forgotten / eligible where "
          + "defined; leak by modality where it was known"),
      example: "metrics.all_modal_forgetting({ image = { 1 }, text = { 1 } }, "
        + "{ image = { 0 }, text = { 1 } }).leak.text   -- 1", allModal),
    .measure(
      "relearning", "How fast a forgotten fact is learned again.",
      [
        Parameter("steps", .vector, "Rising."),
        Parameter("recall", .vector, "Recall at each step."),
      ], options: [Option("threshold", .number, "Recall that counts as learned.", default: 0.5)],
      gives: .fields("area, the mean recall; steps to the threshold where it is reached"),
      example: "metrics.relearning({ 0, 10, 20 }, { 0, 0.4, 1 }, { threshold = 0.5 })"
    ) { a in
      let curve = try Relearning(
        steps: a.vector("steps"), recall: a.vector("recall"), threshold: a.number("threshold"))
      return .record(["area": .number(curve.area), "steps": .maybe(curve.steps)])
    },
  ]

  private static func allModal(_ a: Arguments) throws -> LuaValue {
    let (before, after) = (try a.table("before"), try a.table("after"))
    let names = before.fields.keys.sorted()
    guard before.count == 0, after.count == 0, names == after.fields.keys.sorted() else {
      throw LuaError(
        "all_modal_forgetting: before and after must name the same modalities", kind: .argument)
    }
    func answers(_ table: LuaTable) throws -> [[Bool]] {
      try names.map { name in
        guard let items = table[name].asTable?.items else {
          throw LuaError("all_modal_forgetting: '\(name)' must be a list", kind: .argument)
        }
        return try items.map {
          if let flag = $0.asBoolean { return flag }
          guard let number = $0.asNumber, number == 0 || number == 1 else {
            throw LuaError(
              "all_modal_forgetting: '\(name)' must hold true and false, or 1 and 0",
              kind: .argument)
          }
          return number == 1
        }
      }
    }
    let found = try AllModalForgetting(before: answers(before), after: answers(after))
    let leaks = zip(names, found.modalities).compactMap { name, modality in
      modality.leak.map { (name, LuaValue.number($0)) }
    }
    return .record([
      "eligible": .integer(found.eligible), "forgotten": .integer(found.forgotten),
      "silent": .integer(found.silent), "count": .integer(found.count),
      "rate": .maybe(found.rate), "leak": .fields(Dictionary(leaks) { $1 }),
    ])
  }
}
