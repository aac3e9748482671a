// What every benchmark gets and gives, and the table and file of the results.

import Repro

/// How to measure.
struct BenchOptions {
  /// How often each side is measured, in turn.
  var rounds = 5
  /// The Python that has PyTorch, or `nil` when none is installed.
  var python: String?
  /// Seconds that PyTorch may take to compile.
  var compileLimit = 60
  /// The folder of the program `eidetic`.
  var programs: String
  /// Threads on both sides.
  var threads: Int
}

/// One benchmark.
protocol Workload {
  /// Its name on the command line.
  var name: String { get }
  /// Measures, prints what was found, and returns it.
  ///
  /// - Throws: ``BenchError`` when the two sides did not do the same work.
  func run(_ options: BenchOptions) throws -> WorkloadResult
}

/// What a benchmark found.
struct WorkloadResult {
  var rows: [Row]
  /// Sizes and speeds of the matrix products, for steps.
  var products: JSON?
}

/// One compared number.
package struct Row {
  let name: String
  let ours: Double
  /// `nil` when the peer is not installed.
  let peer: Double?
  /// Above 1 we are faster or smaller: the median over the rounds, each side against its neighbour.
  let ratio: Double?
  let unit: String
  /// Whether anything is compared at all.
  var hasPeer = true

  package var json: JSON {
    [
      "name": .string(name), "ours": .number(ours), "peer": peer.map { .number($0) } ?? .null,
      "ratio": ratio.map { .number($0) } ?? .null, "unit": .string(unit),
    ]
  }

  /// Heads of the table's columns.
  static let head =
    "benchmark".padded(-36) + "ours".padded(10) + "peer".padded(15) + "ratio".padded(8) + "  unit"

  package var text: String {
    let digits = ours < 10 ? 3 : 1
    return name.padded(-36) + ours.text(digits).padded(10)
      + (peer?.text(digits) ?? (hasPeer ? "not installed" : "-")).padded(15)
      + (ratio?.text(2) ?? "").padded(8) + "  " + unit
  }
}
