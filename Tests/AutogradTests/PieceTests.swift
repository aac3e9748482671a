// Work that is cut into pieces and shared by threads: long rows, many parameters, jobs themselves.

import CKernels
import Foundation
import TensorCore
import Testing

extension DeterminismTests {
  /// Longer than two pieces, and no whole number of them.
  private static let long = 40_001

  @Test func `a long row is worked on to its end`() throws {
    let n = Self.long
    let a = try makeTensor([n], -1, 1, seed: 1), b = try makeTensor([n], -1, 1, seed: 2)
    let (x, y) = (try a.array(), try b.array())
    #expect(try (a + b).array() == zip(x, y).map { $0 + $1 })
    #expect(try a.scaled(by: 3).array() == x.map { $0 * 3 })
    #expect(try Tensor.combine(.sub, Tensor([Float(2)]), a).array() == x.map { 2 - $0 })
    let greater = zip(x, y).map { $0 > $1 }
    let mask = try Tensor.compare(.gt, a, b)
    #expect(try mask.array(of: Bool.self) == greater)
    #expect(
      try Tensor.choose(mask, a, b).array() == zip(greater, zip(x, y)).map { $0 ? $1.0 : $1.1 })
    let third = [AxisRange(start: 1, step: 3)]
    let kept = stride(from: 1, to: n, by: 3).map { x[$0] }
    #expect(try a.sliced(third).array() == kept)
    #expect(try a.spread(a.sliced(third), third).array() == x.enumerated().map {
      $0.offset % 3 == 1 ? $0.element : 0
    })
    #expect(try Tensor.full([n], 7).array().allSatisfy { $0 == 7 })
  }

  private struct Moving {
    let value: Tensor, gradient: Tensor
    let moments: (first: Tensor, second: Tensor)

    init(_ count: Int, seed: UInt64) throws {
      value = try makeTensor([count], -1, 1, seed: seed)
      gradient = try makeTensor([count], -1, 1, seed: seed + 100)
      moments = (try .zeros([count]), try .zeros([count]))
    }

    func update() throws -> AdamWUpdate { try AdamWUpdate(value, gradient, moments: moments) }
    func arrays() throws -> [[Float]] {
      [try value.array(), try moments.first.array(), try moments.second.array()]
    }
  }

  @Test func `parameters move together as each would alone`() throws {
    let counts = [5, Self.long, 0, 1, 16_384, 3, 16_385]
    let settings = AdamWSettings(
      gradientScale: 0.5, rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0.1,
      correction1: 0.1, correction2: 0.001)
    let together = try counts.enumerated().map { try Moving($1, seed: UInt64($0)) }
    let alone = try counts.enumerated().map { try Moving($1, seed: UInt64($0)) }
    Tensor.updateAdamW(try together.map { try $0.update() }, settings: settings)
    for one in alone { Tensor.updateAdamW([try one.update()], settings: settings) }
    for (a, b) in zip(together, alone) { #expect(try a.arrays() == b.arrays()) }
    // The first step in plain numbers: m̂ = g, v̂ = g², and the decay beside.
    let start = try Moving(5, seed: 0), moved = try together[0].value.array()
    for (i, (w, g)) in zip(try start.value.array(), try start.gradient.array()).enumerated() {
      let g = Double(g) / 2, w = Double(w)
      let expected = w - 0.01 * (g / (abs(g) + 1e-8) + 0.1 * w)
      #expect(abs(Double(moved[i]) - expected) < 1e-6)
    }
    Tensor.updateAdamW([], settings: settings)
    #expect(throws: TensorError.self) {
      try AdamWUpdate(.zeros([2]), .zeros([3]), moments: (.zeros([2]), .zeros([2])))
    }
    #expect(throws: TensorError.self) {
      try AdamWUpdate(.zeros([2]), .zeros([2]), moments: (.zeros([2]), Tensor([Int32(1), 2])))
    }
  }

  /// Short jobs at once, workers that fall asleep between them, another number of threads each time.
  @Test func `every index of every job runs once`() async {
    await #expect(processExitsWith: .success) {
      DispatchQueue.concurrentPerform(iterations: 3) { caller in
        var runs = [Int32](repeating: 0, count: 100)
        for round in 0..<3000 {
          if round % 50 == caller { Machine.threadCount = 1 + round / 50 % 5 }
          if round % 100 == 0 { usleep(200) }
          let count = [1, 2, 3, 17, 100][round % 5]
          runs.withUnsafeMutableBytes { bytes in
            ek_parallel(
              count,
              { context, index in
                context!.assumingMemoryBound(to: Int32.self)[index] += 1
              }, bytes.baseAddress)
          }
          for i in 0..<count {
            precondition(runs[i] == 1, "index \(i) of \(count) ran \(runs[i]) times")
            runs[i] = 0
          }
        }
      }
    }
  }
}
