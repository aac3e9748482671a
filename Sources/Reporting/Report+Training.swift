// What the trainings took and how their losses fell.

import Foundation
import Metrics
import RunStore

extension Report {
  package var trainingSection: String? {
    let stages = TrainingStage.all(of: result.curves, times)
    guard !stages.isEmpty else { return nil }
    let charts = stages.filter { $0.curves.contains { $0.steps.count > 1 } }.enumerated().map {
      CurveChart(stage: $1.name, curves: $1.curves).figure(id: mark + "curve-\($0)")
    }
    return section(
      "Training",
      costTable(stages) + (charts.isEmpty ? "" : "<p>One line per seed.</p>")
        + "<div class=\"charts\">\(charts.joined())</div>")
  }

  private func costTable(_ stages: [TrainingStage]) -> String {
    HTML.table(
      caption: "What each training cost: median over seeds (least – most). Time is by the clock of "
        + "\(HTML.escaped(result.manifest.host)), beside whatever else it did.",
      head: ["Training", "Steps", "Time", "Loss at its end"],
      rows: stages.map { stage in
        [
          HTML.escaped(words(stage.name)), spread(stage.steps) { Number.fixed($0, 0) },
          spread(stage.seconds, Number.duration), spread(stage.lastLosses, Cell.number),
        ]
      }, classes: "numbers")
  }

  private func spread(_ values: [Double], _ text: (Double) -> String) -> String {
    let sorted = values.sorted()
    guard let least = sorted.first, let most = sorted.last else { return "–" }
    let middle = sorted.count / 2
    let median =
      sorted.count % 2 == 1 ? sorted[middle] : sorted[middle - 1] / 2 + sorted[middle] / 2
    return least == most
      ? text(most)
      : "\(text(median)) <span class=\"range\">(\(text(least)) – \(text(most)))</span>"
  }
}

/// All that seeds did under one name.
private struct TrainingStage {
  let name: String
  let curves: [Curve]
  let seconds: [Double]

  /// In the order in which they first came.
  static func all(of curves: [Curve], _ times: [TrainingTime]) -> [TrainingStage] {
    var names: [String] = []
    let drawn = curves.filter { !$0.steps.isEmpty }
    for curve in drawn where !names.contains(curve.stage) { names.append(curve.stage) }
    let (byName, timesByName) = (
      Dictionary(grouping: drawn, by: \.stage), Dictionary(grouping: times, by: \.stage)
    )
    return names.map { name in
      let curves = byName[name] ?? []
      let seeds = Set(curves.map(\.seed))
      return TrainingStage(
        name: name, curves: curves,
        seconds: (timesByName[name] ?? []).filter { seeds.contains($0.seed) }.map(\.seconds))
    }
  }

  var steps: [Double] { curves.compactMap { $0.steps.last.map(Double.init) } }
  var lastLosses: [Double] { curves.compactMap(\.values.last) }
}

/// The curves of one stage, all seeds on one pair of axes.
package struct CurveChart {
  let stage: String
  let curves: [Curve]

  package init(stage: String, curves: [Curve]) { (self.stage, self.curves) = (stage, curves) }

  package func figure(id: String) -> String {
    let quantity = curves[0].quantity
    let ends = curves.map { "seed \($0.seed) ends at \(Number.short($0.values.last ?? .nan))" }
    return
      "<figure><figcaption><b>\(HTML.escaped(words(stage)))</b>, \(HTML.escaped(quantity)) by step"
      + "</figcaption>"
      + drawing.element(
        id: id, title: "\(words(stage)): \(quantity) by step",
        description: ends.joined(separator: ", ")) + "</figure>"
  }

  private var drawing: SVG {
    var svg = SVG(width: 340, height: 190)
    let values = curves.flatMap(\.values)
    let steps = curves.flatMap(\.steps)
    let x = Axis(Double(min(0, steps.min() ?? 0))...Double(steps.max() ?? 1), from: 40, to: 328)
    let y = Axis(min(0, values.min() ?? 0)...(values.max() ?? 1), from: 162, to: 10)
    for tick in y.ticks {
      svg.line(x.start, y(tick), x.end, y(tick), "grid")
      svg.text(Number.plain(tick), x.start - 6, y(tick) + 4, anchor: "end", "tick")
    }
    for tick in x.ticks {
      svg.text(Number.plain(tick), x(tick), 180, anchor: "middle", "tick")
    }
    for curve in curves {
      svg.path(zip(curve.steps, curve.values).map { (x(Double($0)), y($1)) }, "curve run c0")
    }
    return svg
  }
}
