import Foundation
import Repro
import TensorCore
import Testing

@Suite struct TensorTests {
  @Test(arguments: [
    ("matmul: expected [.., 3] x [3, ..], got [.., 3] x [2, ..] (from [2, 3] x [2, 3])", 0),
    ("add: expected shapes that broadcast, got [2, 3] and [2]", 1),
    ("reshape: expected sizes for 6 elements of [2, 3], got [4, 2]", 2),
    ("sum: axis 2 is out of range -2 ... 1", 3),
    ("rows: index 2 is out of range 0 ... 1", 4),
    ("exp: expected float32, got int32", 5),
    ("item: expected one element, got [2, 3]", 6),
    ("tensor: expected 4 elements for [2, 2], got 3", 7),
    ("topk: k 9 is out of range 0 ... 3", 8),
    ("arange: expected a finite range and a step other than 0, got 0.0 to 1.0 by 0.0", 9),
  ])
  func `mistakes are told in one line`(message: String, id: Int) throws {
    let x = try Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])
    let provocations: [() throws -> Any] = [
      { try x.matmul(x) }, { try x + Tensor([1, 2] as [Float]) }, { try x.reshaped([4, 2]) },
      { try x.sum(axis: 2) }, { try x.rows(at: Tensor([2] as [Int32])) },
      { try x.converted(to: .int32).map(.exp) }, { try x.item() },
      { try Tensor([1, 2, 3] as [Float], shape: [2, 2]) }, { try x.topIndices(9) },
      { try Tensor.arange(0, 1, step: 0) },
    ]
    let error = #expect(throws: TensorError.self) { _ = try provocations[id]() }
    #expect(error?.description == message)
  }

  @Test(arguments: [[-1], [1 << 62], [1 << 40, 1 << 40], [1 << 39], [Int](repeating: 1, count: 9)])
  func `absurd sizes are errors`(shape: [Int]) {
    #expect(throws: TensorError.self) { try Tensor.zeros(shape) }
  }

  @Test func `argmax takes the first of equals and NaN above all`() throws {
    let x = try Tensor([1, 3, 3, 0, .nan, 9] as [Float], shape: [2, 3])
    #expect(try x.argmax(axis: 1).array(of: Int32.self) == [1, 1])
    #expect(try x.reduced(.max, axis: 1).array()[0] == 3)
    #expect(try x.reduced(.max, axis: 1).array()[1].isNaN)
  }

  @Test func `sorting is stable with NaN last`() throws {
    let x = try Tensor([2, .nan, 1, 2, 0] as [Float])
    #expect(try x.argsorted().array(of: Int32.self) == [4, 2, 0, 3, 1])
    #expect(try x.argsorted(descending: true).array(of: Int32.self) == [0, 3, 2, 4, 1])
    #expect(try x.topIndices(2).array(of: Int32.self) == [0, 3])
  }

  @Test func `comparisons give masks`() throws {
    let x = try Tensor([1, 2, 3] as [Float])
    let two = try Tensor([2] as [Float])
    for (question, want) in [
      (Comparison.lt, [true, false, false]), (.le, [true, true, false]),
      (.eq, [false, true, false]), (.ne, [true, false, true]), (.gt, [false, false, true]),
      (.ge, [false, true, true]),
    ] {
      #expect(try Tensor.compare(question, x, two).array(of: Bool.self) == want)
    }
  }

  @Test func `exp is right to the last bits over its whole range`() throws {
    let x = try Tensor.arange(-110, 95, step: 0.037)
    for (argument, value) in zip(try x.array(), try x.map(.exp).array()) {
      let exact = Foundation.exp(Double(argument))
      if exact > Double(Float.greatestFiniteMagnitude) {
        #expect(value == .infinity)
      } else {
        #expect(abs(Double(value) - exact) <= 3e-7 * exact + 1.5e-45, "exp(\(argument))")
      }
    }
    let special = try Tensor([.infinity, -.infinity, .nan] as [Float]).map(.exp).array()
    #expect(special[0] == .infinity && special[1] == 0 && special[2].isNaN)
  }

  @Test func `conversion clamps instead of trapping`() throws {
    let x = try Tensor([.nan, 1e20, -1e20, 2.7] as [Float])
    #expect(try x.converted(to: .int32).array(of: Int32.self) == [0, 2_147_483_520, .min, 2])
    #expect(try x.converted(to: .uint8).array(of: UInt8.self) == [0, 255, 0, 2])
  }

  @Test func `normal deviates have mean 0 and variance 1`() throws {
    var stream = RandomStream(seed: 8)
    let x = try Tensor.normal([100_001], from: &stream).array().map(Double.init)
    let mean = x.reduce(0, +) / Double(x.count)
    let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count)
    #expect(abs(mean) < 0.02)  // six standard errors
    #expect(abs(variance - 1) < 0.03)
  }

  @Test(arguments: [true, false])
  func `attention of the last rows alone has the bits of the whole`(causal: Bool) throws {
    var stream = RandomStream(seed: 11)
    // Longer than a block of queries, and of several lengths.
    let segments = try Segments(lengths: [7, 200, 97, 130])
    let rows = try Tensor.normal([segments.rowCount, 3 * 24], from: &stream)
    let whole = try rows.attention(segments, heads: 3, causal: causal).output
    for asked in [1, 2, 7] {
      let places = try Tensor(segments.lastRows(asked))
      let queries = try rows.rows(at: places).sliced([AxisRange(), AxisRange(end: 24)])
      let rest = try rows.sliced([AxisRange(), AxisRange(start: 24)])
      let last = try queries.lastAttention(rest, segments, asked: asked, heads: 3, causal: causal)
      #expect(try last.array() == whole.rows(at: places).array(), "\(asked)")
    }
    let short = try Tensor.zeros([32, 24]), rest = try Tensor.zeros([segments.rowCount, 48])
    for (asked, heads) in [(8, 3), (7, 3), (8, 0), (8, 5)] {
      #expect(throws: TensorError.self) {
        try short.lastAttention(rest, segments, asked: asked, heads: heads, causal: causal)
      }
    }
  }

  @Test func `buffers of sizes that are gone do not pile up`() throws {
    // Each size has a class of its own, and all of them together are many times the largest.
    for size in [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32] {
      _ = try Tensor.zeros([size, 1 << 18])
      let pool = StoragePool.holding
      #expect(pool.bytes <= pool.room, "\(size)")
    }
  }

  @Test func `what larger tensors left serves those a little smaller`() async {
    await #expect(processExitsWith: .success) {
      func allocations(_ body: () throws -> Void) rethrows -> Int {
        let before = StoragePool.allocationCount
        try body()
        return StoragePool.allocationCount - before
      }
      let largest = 300_000
      #expect(try allocations { _ = try Tensor.zeros([largest]) } == 1)
      let smaller = [largest * 9 / 10, largest * 3 / 4, largest]
      #expect(try allocations { for size in smaller { _ = try Tensor.zeros([size]) } } == 0)
      let used = StoragePool.usedBytes
      try withExtendedLifetime(Tensor.zeros([largest * 3 / 4])) {
        #expect(StoragePool.usedBytes - used >= 4 * largest, "the buffer counts, not the tensor")
      }
      #expect(StoragePool.usedBytes == used)
      #expect(try allocations { _ = try Tensor.zeros([largest / 2]) } == 1, "half is left alone")
      #expect(try allocations { _ = try Tensor.zeros([largest]) } == 0)
      // A larger one would take all that may be used, and leave nothing to the next.
      StoragePool.limitBytes = used + 4 * largest - 100
      let both = [try Tensor.zeros([largest * 3 / 4]), try Tensor.zeros([100])]
      #expect(both.map(\.count) == [largest * 3 / 4, 100])
    }
  }

  @Test func `absurd arguments are errors or empty, never traps`() throws {
    #expect(try Tensor.arange(0, -1e300).shape == [0])
    #expect(throws: TensorError.self) { try Segments(lengths: [1, .max]) }
    #expect(throws: TensorError.self) {
      try Tensor.zeros([1, 6]).attention(Segments(lengths: [1]), heads: .max, causal: true)
    }
    #expect(throws: TensorError.self) { try Tensor.zeros([1, 0, 0, 1]).patches(size: .max) }
    #expect(throws: TensorError.self) { try Tensor.zeros([1 << 40, 0]) }
    let far = AxisRange(start: 1, step: .max)
    #expect(try Tensor([1, 2, 3]).sliced([far]).array() == [2])
    #expect(try Tensor.zeros([3, 4]).sliced([far, far]).shape == [1, 1])
  }

  @Test func `a permutation draws what shuffling draws`() throws {
    var one = RandomStream(seed: 3), other = one
    let places = try Tensor.permutation(50, from: &one).array(of: Int32.self)
    #expect(places == other.shuffled((0..<50).map { Int32($0) }))
    #expect(try Tensor.permutation(0, from: &one).count == 0)
  }
}
