// Operations without a derivative, from one table like the others: comparisons, positions of
// extremes, sorting, against plain loops; broadcast, sizes 0 and 1, refused shapes and types.

import TensorCore
import Testing

@Suite struct SelectionTests {
  /// Numbers with ties, both zeros and infinities, by position.
  private static func numbers(_ shape: [Int], from start: Int = 0) -> Naive {
    let values = [3, -1, 0, 3, .infinity, -0.0, 2.5, -.infinity, -1, 7] as [Double]
    let count = shape.reduce(1, *)
    return Naive(shape, (0..<count).map { values[($0 * 7 + start) % values.count] })
  }

  private static func tensor(_ naive: Naive) throws -> Tensor {
    try Tensor(naive.data.map { Float($0) }, shape: naive.shape)
  }

  private static let pairs: [([Int], [Int])] = [
    ([2, 3], [2, 3]), ([2, 3], [3]), ([2, 1, 4], [3, 1]), ([], [5]), ([1], [1]), ([0, 3], [3]),
    ([2, 0], [1]), ([5000], [1]),
  ]

  @Test(arguments: Comparison.allCases)
  func `a comparison agrees with plain loops`(question: Comparison) throws {
    let answer: (Double, Double) -> Bool =
      switch question {
      case .eq: (==)
      case .ne: (!=)
      case .lt: (<)
      case .le: (<=)
      case .gt: (>)
      case .ge: (>=)
      }
    for (left, right) in Self.pairs {
      let a = Self.numbers(left), b = Self.numbers(right, from: 3)
      let expected = Naive.zip2(a, b) { answer($0, $1) ? 1 : 0 }
      let mask = try Tensor.compare(question, Self.tensor(a), Self.tensor(b))
      #expect(mask.shape == expected.shape && mask.dtype == .bool)
      #expect(try mask.array(of: Bool.self) == expected.data.map { $0 == 1 }, "\(left) \(right)")
    }
    #expect(throws: TensorError.self) {
      try Tensor.compare(question, Tensor.zeros([2]), Tensor.zeros([3]))
    }
    #expect(throws: TensorError.self) {
      try Tensor.compare(question, Tensor([Int32(1)]), Tensor.zeros([1]))
    }
  }

  @Test func `positions of extremes agree with plain loops`() throws {
    for shape in [[4], [2, 5], [3, 1, 4], [1], [0, 3], [2, 3, 2]] {
      let naive = Self.numbers(shape), x = try Self.tensor(naive)
      for axis in shape.indices where shape[axis] > 0 {
        var kept = shape
        kept.remove(at: axis)
        let largest = Naive(kept) { index in
          Double(
            Self.line(naive, axis, index).enumerated().max {
              $0.element < $1.element
                || ($0.element == $1.element && $0.offset > $1.offset)
            }?.offset ?? -1)
        }
        let smallest = Naive(kept) { index in
          Double(
            Self.line(naive, axis, index).enumerated().min {
              $0.element < $1.element
                || ($0.element == $1.element && $0.offset < $1.offset)
            }?.offset ?? -1)
        }
        #expect(try x.argmax(axis: axis).array(of: Int32.self).map { Double($0) } == largest.data)
        #expect(try x.argmin(axis: axis).array(of: Int32.self).map { Double($0) } == smallest.data)
      }
    }
    #expect(throws: TensorError.self) { try Tensor.zeros([2, 0]).argmax(axis: 1) }
    #expect(throws: TensorError.self) { try Tensor.zeros([2]).argmin(axis: 1) }
    #expect(throws: TensorError.self) { try Tensor([Int32(1)]).argmax(axis: 0) }
  }

  private static func line(_ naive: Naive, _ axis: Int, _ index: [Int]) -> [Double] {
    (0..<naive.shape[axis]).map { i in
      var whole = index
      whole.insert(i, at: axis)
      return naive[whole]
    }
  }

  @Test(arguments: [false, true])
  func `sorting agrees with plain loops and keeps ties in order`(descending: Bool) throws {
    for shape in [[10], [3, 7], [2, 1], [1], [0], [4, 0], [2, 2, 5]] {
      let naive = Self.numbers(shape)
      let expected = naive.rows { row in
        row.indices.sorted { i, j in
          row[i] == row[j] ? i < j : (row[i] < row[j]) != descending
        }.map { Double($0) }
      }
      let order = try Self.tensor(naive).argsorted(descending: descending)
      #expect(order.shape == shape && order.dtype == .int32)
      #expect(try order.array(of: Int32.self).map { Double($0) } == expected.data, "\(shape)")
    }
    #expect(throws: TensorError.self) { try Tensor.zeros([]).argsorted() }
    #expect(throws: TensorError.self) { try Tensor([Int32(1)]).argsorted() }
  }

  @Test func `the k largest are the first of the descending order`() throws {
    for shape in [[10], [3, 7], [1], [4, 0]] {
      let x = try Self.tensor(Self.numbers(shape))
      let n = shape[shape.count - 1]
      let order = try x.argsorted(descending: true).array(of: Int32.self)
      for k in Set([0, min(1, n), n]) {
        let expected = (0..<shape.dropLast().reduce(1, *)).flatMap { row in
          order[row * n..<row * n + k]
        }
        #expect(try x.topIndices(k).array(of: Int32.self) == expected, "\(shape) \(k)")
      }
      #expect(throws: TensorError.self) { try x.topIndices(n + 1) }
      #expect(throws: TensorError.self) { try x.topIndices(-1) }
    }
  }
}
