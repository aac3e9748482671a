// Fused operations, and rows without a gradient left out: the bits are those of the plain way.

import Autograd
import Repro
import TensorCore
import Testing

extension DeterminismTests {
  /// More rows than a slab, and sizes that threads share.
  private static let rows = 700

  private func leaves() throws -> [Variable] {
    let shapes = [
      [Self.rows, 96], [Self.rows, 96], [96, 96], [96], [96], [96], [200, 96], [200], [96, 200],
      [96],
    ]
    return try shapes.enumerated().map { i, shape in
      Variable(try makeTensor(shape, -0.4, 0.4, seed: UInt64(50 + i)), requiresGradient: true)
    }
  }

  /// What follows attention in a block, step by step, and then only the rows at `places`.
  private func plain(_ v: [Variable], _ places: [Int32]) throws -> Variable {
    let mixed = try v[1] + v[0].linear(v[2], v[3])
    let hidden = try mixed.layerNorm(v[4], v[5]).linear(v[6], v[7]).map(.gelu)
    return try (mixed + hidden.linear(v[8], v[9])).rows(at: Tensor(places))
  }

  /// The same fused, of these rows alone.
  private func fused(_ v: [Variable], _ places: [Int32]) throws -> Variable {
    let subset = try #require(RowSubset(places, of: Self.rows)), at = try Tensor(places)
    let mixed = try v[0].rows(at: at).linear(v[2], v[3], adding: v[1].rows(at: at), of: subset)
    return try mixed.normLinear(v[4], v[5], v[6], v[7], of: subset).geluLinear(
      v[8], v[9], adding: mixed, of: subset)
  }

  private func bits(
    _ places: [Int32], _ way: ([Variable], [Int32]) throws -> Variable
  ) throws -> [[Float]] {
    let leaves = try leaves(), output = try way(leaves, places)
    let weights = try makeTensor(output.shape, -1, 1, seed: 99)
    try (output * Variable(weights)).sum().backward()
    return try [output.value.array()] + leaves.map { try #require($0.gradient).array() }
  }

  private static let subsets: [[Int32]] = [
    Array(0..<700), [0], [699], [3, 255, 256, 257, 600], Array(stride(from: 5, to: 250, by: 3)),
    Array(stride(from: 300, to: 700, by: 7)),
  ]

  @Test func `a fused block has the bits of its steps, and of rows left out`() async {
    await #expect(processExitsWith: .success) {
      let tests = DeterminismTests()
      for name in ["portable", "avx2", "avx512"] where Machine.force(instructionSet: name) {
        for places in DeterminismTests.subsets {
          let (one, steps) = (try tests.bits(places, tests.fused), try tests.bits(places, tests.plain))
          #expect(one == steps, "\(name), \(places.count) rows")
        }
      }
    }
  }

  /// Attention over all rows and what it passes back, of the rows at `places` alone.
  private func attention(_ places: [Int32], causal: Bool, leavingOut: Bool) throws -> [[Float]] {
    // Of one block and of several, and one with nothing to see.
    let segments = try Segments(lengths: [20, 200, 0, 97, 96, 250, 37])
    let qkv = Variable(try makeTensor([Self.rows, 96], -2, 2, seed: 7), requiresGradient: true)
    let subset = leavingOut ? RowSubset(places, of: Self.rows) : nil
    let some = try qkv.attention(segments, heads: 2, causal: causal, of: subset)
    let output = leavingOut ? some : try some.rows(at: Tensor(places))
    try (output * Variable(makeTensor(output.shape, -1, 1, seed: 8))).sum().backward()
    return try [output.value.array(), #require(qkv.gradient).array()]
  }

  @Test(arguments: [true, false])
  func `attention of some rows has the bits of attention of all`(causal: Bool) async {
    await #expect(processExitsWith: .success) { [causal] in
      let tests = DeterminismTests()
      for name in ["portable", "avx2", "avx512"] where Machine.force(instructionSet: name) {
        for places in DeterminismTests.subsets + [[]] {
          let some = try tests.attention(places, causal: causal, leavingOut: true)
          let all = try tests.attention(places, causal: causal, leavingOut: false)
          #expect(some == all, "\(name), \(places.count) rows")
        }
      }
    }
  }

  @Test func `attention refuses a subset of other rows`() throws {
    let qkv = Variable(try .zeros([4, 6])), segments = try Segments(lengths: [4])
    #expect(throws: TensorError.self) {
      try qkv.attention(segments, heads: 1, causal: true, of: RowSubset([0], of: 5))
    }
  }

  @Test func `places that do not rise make no subset`() {
    #expect(RowSubset([2, 1], of: 5) == nil && RowSubset([1, 1], of: 5) == nil)
    #expect(RowSubset([5], of: 5) == nil && RowSubset([-1], of: 5) == nil)
    #expect(RowSubset([], of: 5) != nil)
  }

  @Test func `of no rows every sum is zero`() throws {
    for sum in try bits([], fused).dropFirst() { #expect(sum.allSatisfy { $0 == 0 }) }
  }

  @Test func `parameters that are frozen get no derivative`() throws {
    let all = try leaves()
    for moving in all.indices {
      let v = all.enumerated().map { Variable($1.value, requiresGradient: $0 == moving) }
      let places = (0..<Int32(Self.rows)).map { $0 }
      try fused(v, places).sum().backward()
      #expect(v.indices.allSatisfy { (v[$0].gradient != nil) == ($0 == moving) })
      let w = all.enumerated().map { Variable($1.value, requiresGradient: $0 == moving) }
      try plain(w, places).sum().backward()
      #expect(try v[moving].gradient?.array() == w[moving].gradient?.array())
    }
  }
}
