// The matrix product at sizes around its tiles, panels and slabs, and what its bits depend on.

import CKernels
import Repro
import TensorCore
import Testing

extension DeterminismTests {
  /// Around one vector, one tile, one panel, one slab, one block of rows, and several of each.
  private static let sizes: [(m: Int, n: Int, k: Int)] = [
    (1, 1, 1), (1, 17, 3), (7, 15, 255), (8, 16, 256), (9, 31, 257), (3, 48, 512), (17, 49, 600),
    (95, 64, 33), (97, 65, 40), (200, 100, 300), (5, 209, 7), (64, 1, 64), (300, 3, 1000),
  ]

  private func random(_ shape: [Int], _ stream: inout RandomStream) throws -> Tensor {
    try .uniform(shape, low: -1, high: 1, from: &stream)
  }

  /// Both operands as they are read, and as they are stored for each way of reading them.
  private func operands(_ size: (m: Int, n: Int, k: Int)) throws -> (Tensor, Tensor) {
    var stream = RandomStream(seed: UInt64(size.m * 7 + size.n * 3 + size.k))
    return (try random([size.m, size.k], &stream), try random([size.k, size.n], &stream))
  }

  @Test func `products agree with plain loops in double precision`() throws {
    for size in Self.sizes {
      let (a, b) = try operands(size)
      let (x, y) = (try a.array(), try b.array())
      let flipped = (try a.transposed(), try b.transposed())
      let results = [
        try a.matmul(b), try a.matmul(flipped.1, transposingOther: true),
        try flipped.0.matmul(b, transposingSelf: true),
        try flipped.0.matmul(flipped.1, transposingSelf: true, transposingOther: true),
      ]
      for (way, result) in results.enumerated() {
        let got = try result.array()
        for row in 0..<size.m {
          for column in 0..<size.n {
            var sum = 0.0, scale = 0.0
            for i in 0..<size.k {
              let term = Double(x[row * size.k + i]) * Double(y[i * size.n + column])
              sum += term
              scale += abs(term)
            }
            let error = abs(Double(got[row * size.n + column]) - sum)
            #expect(error <= 1e-6 * scale + 1e-30, "way \(way) of \(size) at \(row), \(column)")
          }
        }
      }
    }
  }

  private func rows(_ a: Tensor, _ first: Int, _ count: Int) throws -> Tensor {
    let width = a.shape[1], values = try a.array()
    return try Tensor(
      Array(values[first * width..<(first + count) * width]), shape: [count, width])
  }

  @Test func `an element's bits depend on its own row and column alone`() throws {
    let (a, b) = try operands((m: 150, n: 130, k: 700))
    let whole = try a.matmul(b).array()
    for (first, count) in [(0, 1), (3, 9), (149, 1), (60, 64)] {
      let part = try rows(a, first, count).matmul(b).array()
      #expect(part == Array(whole[first * 130..<(first + count) * 130]), "rows from \(first)")
    }
    let columns = try a.matmul(rows(b.transposed(), 37, 20), transposingOther: true).array()
    for row in 0..<150 {
      let place = row * 130 + 37
      #expect(Array(columns[row * 20..<row * 20 + 20]) == Array(whole[place..<place + 20]))
    }
    let transposed = try a.transposed().matmul(b, transposingSelf: true).array()
    #expect(transposed == whole)
  }

  /// Rows that are cut into blocks, and into ever smaller ones; columns in one panel and in several.
  @Test func `a right operand is read where it lies with the bits of a packed one`() async {
    await #expect(processExitsWith: .success) {
      let tests = DeterminismTests()
      for name in ["portable", "avx2", "avx512"] where Machine.force(instructionSet: name) {
        for size in [(1, 16, 5), (8, 48, 300), (9, 128, 256), (97, 64, 513), (737, 112, 260)] {
          let (a, b) = try tests.operands(size)
          let flipped = (try a.transposed(), try b.transposed())
          var results: [[Float]] = []
          for threads in [1, 2, 7] {
            Machine.threadCount = threads
            results += [
              try a.matmul(b).array(), try a.matmul(flipped.1, transposingOther: true).array(),
              try flipped.0.matmul(b, transposingSelf: true).array(),
            ]
          }
          for result in results { #expect(result == results[0], "\(name) \(size)") }
        }
      }
    }
  }

  @Test func `both vector sets with fused multiply-add give the same products`() async {
    await #expect(processExitsWith: .success) {
      let (a, b) = try DeterminismTests().operands((m: 37, n: 61, k: 530))
      let results = try ["avx2", "avx512"].filter { Machine.force(instructionSet: $0) }.map {
        _ = Machine.force(instructionSet: $0)
        return try a.matmul(b).array()
      }
      for result in results { #expect(result == results[0]) }
    }
  }

  @Test func `a right operand beyond the shared memory is taken in parts`() throws {
    // 5,000 × 1,000 floats exceed the 4 Mi that are packed at a time; ones make the sum exact.
    let (m, n, k) = (2, 1000, 5000)
    let a = try Tensor((0..<m * k).map { Float($0 % 3) }, shape: [m, k])
    let b = try Tensor.ones([k, n])
    let sums = (0..<m).map { row in (0..<k).reduce(Float(0)) { $0 + Float((row * k + $1) % 3) } }
    let got = try a.matmul(b).array()
    for row in 0..<m { #expect(got[row * n..<row * n + n].allSatisfy { $0 == sums[row] }) }
  }

  /// A product with a diagonal; `m`, `n`, `k` are its sizes, `tb` whether the right is transposed.
  private struct Triangle {
    let kind: ek_triangle, below: Int
    let ta: Bool, tb: Bool
    let m: Int, n: Int, k: Int

    /// Whether an element of the matrix with the diagonal counts.
    func counts(_ row: Int, _ column: Int) -> Bool { column <= row + below }

    /// All kinds over a block of `rows` queries after `below` further keys.
    static func all(rows: Int, below: Int, width: Int) -> [Triangle] {
      let keys = rows + below
      return [
        Triangle(
          kind: EK_LOWER_RESULT, below: below, ta: false, tb: true, m: rows, n: keys, k: width),
        Triangle(
          kind: EK_LOWER_LEFT, below: below, ta: false, tb: false, m: rows, n: width, k: keys),
        Triangle(
          kind: EK_LOWER_LEFT, below: below, ta: true, tb: false, m: keys, n: width, k: rows),
      ]
    }

    /// What counts has the bits of the whole product, whether or not it is added.
    func check() throws {
      var stream = RandomStream(seed: UInt64(m * 5 + n * 3 + k + below))
      var a = try Tensor.uniform([m * k], low: -1, high: 1, from: &stream).array()
      let b = try Tensor.uniform([k * n], low: -1, high: 1, from: &stream).array()
      let (lda, ldb) = (ta ? m : k, tb ? k : n)
      if kind == EK_LOWER_LEFT {
        for i in a.indices where !counts(i / lda, i % lda) { a[i] = 0 }
      }
      for add in [0, 1] as [Int32] {
        var whole = [Float](repeating: 0.5, count: m * n)
        var part = whole
        ek_gemm(ta ? 1 : 0, tb ? 1 : 0, m, n, k, a, lda, b, ldb, add, nil, &whole, n)
        ek_gemm_triangle(
          kind, below, ta ? 1 : 0, tb ? 1 : 0, m, n, k, a, lda, b, ldb, add, &part, n)
        let differing = whole.indices.filter {
          whole[$0] != part[$0] && (kind != EK_LOWER_RESULT || counts($0 / n, $0 % n))
        }
        #expect(differing.isEmpty, "\(self), add \(add): at \(differing.prefix(5))")
      }
    }
  }

  @Test func `of a triangle the same bits are made as of the square`() async {
    await #expect(processExitsWith: .success) {
      for name in ["portable", "avx2", "avx512"] where Machine.force(instructionSet: name) {
        for (rows, below, width) in [
          (1, 0, 32), (1, 40, 8), (7, 0, 32), (8, 3, 64), (23, 0, 32), (72, 0, 32), (72, 17, 130),
          (96, 96, 64), (49, 300, 33), (300, 0, 40), (290, 270, 16),
        ] {
          for triangle in Triangle.all(rows: rows, below: below, width: width) {
            try triangle.check()
          }
        }
      }
      // Operands that are taken in parts.
      try Triangle(
        kind: EK_LOWER_RESULT, below: 5000, ta: false, tb: true, m: 9, n: 5009, k: 900
      ).check()
      try Triangle(
        kind: EK_LOWER_LEFT, below: 4700, ta: false, tb: false, m: 200, n: 900, k: 4900
      ).check()
      try Triangle(
        kind: EK_LOWER_LEFT, below: -4000, ta: true, tb: false, m: 600, n: 1000, k: 4900
      ).check()
    }
  }
}
