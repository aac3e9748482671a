// The reference: plain loops in double precision over plain arrays, slow and obvious.

import Foundation

/// A dense array of doubles.
struct Naive {
  let shape: [Int]
  var data: [Double]

  init(_ shape: [Int], _ data: [Double]) {
    self.shape = shape
    self.data = data
  }

  /// Computes each element from its index.
  init(_ shape: [Int], _ element: ([Int]) -> Double) {
    self.shape = shape
    data = (0..<shape.reduce(1, *)).map { element(Self.index(of: $0, in: shape)) }
  }

  static func index(of position: Int, in shape: [Int]) -> [Int] {
    var rest = position
    var index = [Int](repeating: 0, count: shape.count)
    for axis in shape.indices.reversed() {
      index[axis] = rest % shape[axis]
      rest /= shape[axis]
    }
    return index
  }

  /// The element at an index that may have more axes (they are ignored) and may run over an axis of
  /// size 1 (it repeats): broadcasting.
  subscript(_ index: [Int]) -> Double {
    var position = 0
    for (axis, i) in zip(shape.indices, index.suffix(shape.count)) {
      position = position * shape[axis] + (shape[axis] == 1 ? 0 : i)
    }
    return data[position]
  }

  func map(_ f: (Double) -> Double) -> Naive { Naive(shape, data.map(f)) }

  static func zip2(_ a: Naive, _ b: Naive, _ f: (Double, Double) -> Double) -> Naive {
    let rank = max(a.shape.count, b.shape.count)
    func padded(_ s: [Int]) -> [Int] { [Int](repeating: 1, count: rank - s.count) + s }
    let shape = zip(padded(a.shape), padded(b.shape)).map { $0 == 1 ? $1 : $0 }
    return Naive(shape) { f(a[$0], b[$0]) }
  }

  /// Replaces each row of the last axis.
  func rows(_ f: ([Double]) -> [Double]) -> Naive {
    let n = shape[shape.count - 1]
    var result: [Double] = []
    for start in stride(from: 0, to: data.count, by: max(n, 1)) {
      result += f(Array(data[start..<start + n]))
    }
    return Naive(shape, result)
  }

  /// Reduces one axis.
  func reduce(_ axis: Int, keeping: Bool = false, _ f: ([Double]) -> Double) -> Naive {
    var outer = shape
    outer[axis] = 1
    let kept = Naive(outer) { index in
      f(
        (0..<shape[axis]).map { i in
          var at = index
          at[axis] = i
          return self[at]
        })
    }
    guard !keeping else { return kept }
    outer.remove(at: axis)
    return Naive(outer, kept.data)
  }

  static func matmul(_ a: Naive, _ b: Naive) -> Naive {
    let (m, k, n) = (a.shape[a.shape.count - 2], a.shape[a.shape.count - 1], b.shape.last ?? 0)
    let rank = max(a.shape.count, b.shape.count) - 2
    func lead(_ s: [Int]) -> [Int] {
      [Int](repeating: 1, count: rank - s.count + 2) + s.dropLast(2)
    }
    let batch = zip(lead(a.shape), lead(b.shape)).map { $0 == 1 ? $1 : $0 }
    return Naive(batch + [m, n]) { index in
      let before = Array(index.dropLast(2))
      let (row, column) = (index[rank], index[rank + 1])
      return (0..<k).reduce(0.0) { $0 + a[before + [row, $1]] * b[before + [$1, column]] }
    }
  }

  static func softmax(_ row: [Double]) -> [Double] {
    let shift = row.max() ?? 0
    let e = row.map { exp($0 - shift) }
    return e.map { $0 / e.reduce(0, +) }
  }

  /// Attention of one packed batch `[rows, 3 · heads · dim]`.
  func attention(lengths: [Int], heads: Int, causal: Bool) -> Naive {
    let width = shape[1] / 3
    let dim = width / heads
    var out = Naive([shape[0], width]) { _ in 0 }
    var first = 0
    for length in lengths {
      for head in 0..<heads {
        for i in 0..<length {
          let seen = causal ? i + 1 : length
          let scores = (0..<seen).map { j in
            (0..<dim).reduce(0.0) {
              $0 + self[[first + i, head * dim + $1]] * self[[first + j, width + head * dim + $1]]
            } / Double(dim).squareRoot()
          }
          let p = Naive.softmax(scores)
          for d in 0..<dim {
            out.data[(first + i) * width + head * dim + d] = (0..<seen).reduce(0.0) {
              $0 + p[$1] * self[[first + $1, 2 * width + head * dim + d]]
            }
          }
        }
      }
      first += length
    }
    return out
  }
}

