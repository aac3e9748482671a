// The inputs of the conformance cases, drawn the same way here and in Tests/Golden/draws.py, so that
// only expected numbers are stored.

import Foundation
import Repro
import Testing

/// The inputs of one case of one metric.
struct Draws {
  private var state: UInt64

  init(_ name: String, _ item: Int) {
    state = 0xcbf2_9ce4_8422_2325
    for byte in "\(name)/\(item)".utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
  }

  private mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  mutating func uniform(_ low: Double = 0, _ high: Double = 1) -> Double {
    low + (high - low) * (Double(next() >> 11) * 0x1p-53)
  }

  mutating func integer(_ low: Int, _ high: Int) -> Int {
    low + Int(next() % UInt64(high - low + 1))
  }

  mutating func normal() -> Double {
    var total = 0.0
    for _ in 0..<12 { total += uniform() }
    return total - 6
  }

  mutating func uniforms(_ n: Int, _ low: Double = 0, _ high: Double = 1) -> [Double] {
    (0..<n).map { _ in uniform(low, high) }
  }

  mutating func integers(_ n: Int, _ low: Int, _ high: Int) -> [Int] {
    (0..<n).map { _ in integer(low, high) }
  }

  mutating func normals(_ n: Int) -> [Double] { (0..<n).map { _ in normal() } }

  mutating func logProbabilities(_ n: Int) -> [Double] { uniforms(n).map { -6 * $0 * $0 } }

  mutating func matrix(_ rows: Int, _ columns: Int) -> [[Double]] {
    (0..<rows).map { _ in normals(columns) }
  }

  mutating func flags(_ n: Int, _ share: Double = 0.5) -> [Bool] {
    (0..<n).map { _ in uniform() < share }
  }

  mutating func words(_ n: Int, _ kinds: Int) -> [String] {
    (0..<n).map { _ in "w\(integer(0, kinds - 1))" }
  }
}

/// Golden numbers of one family of metrics.
struct GoldenFamily: Sendable {
  private let table: JSON

  init(_ name: String) {
    let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let file = here.appendingPathComponent("../Golden/metrics_\(name).json")
    table = (try? JSON.parse(try Data(contentsOf: file))) ?? .null
  }

  /// Runs every case of a metric: at least `least`, each number within `tolerance`, relative to the
  /// larger of the number and `floor`; what is undefined there must be `nil` here.
  func check(
    _ name: String, tolerance: Double = 1e-9, floor: Double = 1, atLeast least: Int = 200,
    _ body: (inout Draws) throws -> [Double?]
  ) throws {
    let cases = table[name]?.list ?? []
    #expect(cases.count >= least, "\(name): \(cases.count) cases")
    for (index, expected) in cases.enumerated() {
      var draws = Draws(name, index)
      let got = try body(&draws)
      let wanted = expected.list
      guard got.count == wanted.count else {
        Issue.record("\(name)/\(index): \(got.count) numbers instead of \(wanted.count)")
        return
      }
      for (place, (a, b)) in zip(got, wanted).enumerated() {
        let isRight =
          if let a { abs(a - b.number) <= tolerance * max(floor, abs(b.number)) } else {
            b == .null
          }
        if !isRight {
          Issue.record("\(name)/\(index)[\(place)]: got \(String(describing: a)), expected \(b)")
          return
        }
      }
    }
  }
}
