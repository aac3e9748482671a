// scaling: how time grows with people, views, parameters and length, beside the arithmetic.

import Foundation
import Networks
import Personas
import Repro
import Training

/// Fits t = c · x^e to measured times, and the same to the count of operations.
struct ScalingWorkload: Workload {
  let name = "scaling"
  /// Divides the sizes, for tests.
  var shrink = 1
  /// A measured exponent may lie this much above the arithmetic's.
  static let tolerance = 0.1

  func run(_ options: BenchOptions) throws -> WorkloadResult {
    tell("\(name)  exponents of growth; the peer's column holds what the arithmetic says")
    let series = try [people(), views(), parameters(), length()]
    return WorkloadResult(rows: try series.map { try $0.measured(rounds: options.rounds) })
  }

  /// Drawing and asking each of n people: linear.
  private func people() throws -> Series {
    let most = 1000 / shrink
    let subjects = try Subjects(preset: "nano", people: most)
    return Series(
      name: "people", of: "drawn and asked",
      points: [8, 4, 2, 1].map { part in
        let count = most / part
        return Series.Point(size: Double(count), operations: Double(count)) {
          let prompts = try subjects.questions(.image, first: count)
          for start in stride(from: 0, to: count, by: 100) {
            let part = Array(prompts[start..<min(start + 100, count)])
            let batch = try PackedBatch.asking(part, subjects.model.configuration)
            _ = try ReadPrompts(subjects.model, batch, room: 3)
              .greedy(limit: 3, stop: WordTokenizer.end)
          }
        }
      })
  }

  /// An epoch over n views of each person: linear.
  private func views() throws -> Series {
    let count = 48 / min(shrink, 8)
    let subjects = try Subjects(preset: "nano", people: count)
    return Series(
      name: "views", of: "drawn and learned",
      points: [4, 8, 16, 32].map { views in
        Series.Point(size: Double(views), operations: Double(views)) {
          let optimizer = AdamW()
          for view in 0..<views {
            let items = try (0..<count).map {
              try subjects.people.item($0, .name, as: .image, view: view)
            }
            let batch = try PackedBatch.learning(
              subjects.encoder.examples(items), subjects.model.configuration)
            try subjects.model.loss(batch).backward()
            try optimizer.step(subjects.model.parameters.all, rate: 1e-4)
          }
        }
      })
  }

  /// A step of models of growing size on the same batch: operations counted.
  private func parameters() throws -> Series {
    let presets = shrink == 1 ? ModelConfiguration.presetNames : ["nano", "tiny"]
    return Series(
      name: "parameters", of: "in a training step",
      points: try presets.map { preset in
        let sizes = StepSizes(
          try .preset(preset, vocabulary: 1000), examples: 8 / min(shrink, 4), words: 64)
        return try point(sizes) { Double($0.model.parameters.count) }
      })
  }

  /// A step on longer sequences: operations counted, attention grows with the square.
  private func length() throws -> Series {
    Series(
      name: "length", of: "rows in a training step",
      points: try [64, 128, 256, 512, 1024].map { $0 / min(shrink, 8) }.map { rows in
        var configuration = try ModelConfiguration.preset("tiny", vocabulary: 1000)
        configuration.maxTokens = max(rows, configuration.maxTokens)
        let sizes = StepSizes(
          configuration, examples: 4, words: max(1, rows - 1 - configuration.imageTokens))
        return try point(sizes) { _ in Double(sizes.rows) }
      })
  }

  private func point(
    _ sizes: StepSizes, size: (StepTraining) -> Double
  ) throws -> Series.Point {
    let training = try StepTraining(sizes)
    let products = StepProducts(sizes.configuration, examples: sizes.examples, rows: sizes.rows)
    return Series.Point(size: size(training), operations: products.operations) {
      _ = try training.step()
    }
  }
}

/// The same work at several sizes.
package struct Series {
  struct Point {
    let size: Double
    /// In any unit that is the same for all points.
    let operations: Double
    let work: () throws -> Void
  }

  let name: String
  let of: String
  let points: [Point]

  /// Times every size in every round, sizes in turn, and fits both exponents.
  func measured(rounds: Int) throws -> Row {
    var times = points.map { _ in Samples([]) }
    for point in points { try point.work() }
    for _ in 0..<rounds {
      for (place, point) in points.enumerated() {
        // At least a twentieth of a second, so that a short step is not a tick of the clock.
        var count = 0, total = 0.0
        while total < 0.05 {
          total += try seconds(point.work)
          count += 1
        }
        times[place].values.append(total / Double(count))
      }
    }
    let sizes = points.map(\.size)
    let ours = Self.exponent(sizes, times.map(\.median))
    let arithmetic = Self.exponent(sizes, points.map(\.operations))
    tell("  \(name) (\(of))")
    for (point, time) in zip(points, times) {
      tell("    \(point.size.text(0).padded(9))  \(time.scaled(by: 1e3).text(digits: 1)) ms")
    }
    let verdict =
      ours <= arithmetic + ScalingWorkload.tolerance
      ? "no worse than" : "WORSE than"
    tell("    exponent \(ours.text(2)), \(verdict) the arithmetic's \(arithmetic.text(2))")
    return Row(
      name: "scaling with \(name)", ours: ours, peer: arithmetic, ratio: arithmetic / ours,
      unit: "exponent")
  }

  /// e of the least-squares line ln y = ln c + e · ln x.
  package static func exponent(_ x: [Double], _ y: [Double]) -> Double {
    let points = zip(x.map { log($0) }, y.map { log($0) })
    let count = Double(x.count)
    let (mx, my) = (x.map { log($0) }.reduce(0, +) / count, y.map { log($0) }.reduce(0, +) / count)
    let along = points.map { ($0 - mx) * ($1 - my) }.reduce(0, +)
    let spread = x.map { (log($0) - mx) * (log($0) - mx) }.reduce(0, +)
    return along / spread
  }
}
