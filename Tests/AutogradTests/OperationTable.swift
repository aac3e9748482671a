// One row per operation drives all tests of operations. A row says what the operation must compute,
// as plain loops in double precision; derivatives are measured on those loops, so the engine's
// float32 rounding does not blur the comparison.

import Autograd
import Foundation
import TensorCore
import Testing

/// What an operation must do.
struct OperationRow: Sendable, CustomTestStringConvertible {
  let name: String
  /// Input shapes to try, among them broadcasts and sizes 0 and 1 where they make sense.
  var shapes: [[[Int]]]
  /// Input shapes that must be refused.
  var refused: [[[Int]]] = []
  /// The range of the inputs.
  var low = -2.0, high = 2.0
  /// Values that a central difference must not step across: kinks.
  var kinks: [Double] = []
  /// Whether int32 inputs are refused: the operation does arithmetic.
  var arithmetic = true
  let apply: @Sendable ([Variable]) throws -> Variable
  let reference: @Sendable ([Naive]) -> Naive

  var testDescription: String { name }
}

private func unary(
  _ function: UnaryFunction, _ low: Double = -2, _ high: Double = 2, kinks: [Double] = [],
  _ f: @escaping @Sendable (Double) -> Double
) -> OperationRow {
  OperationRow(
    name: function.rawValue, shapes: [[[2, 3]], [[1]], [[]], [[0, 4]], [[37]]], low: low, high: high,
    kinks: kinks, apply: { try $0[0].map(function) }, reference: { $0[0].map(f) })
}

private func binary(
  _ function: BinaryFunction, _ low: Double = -2, _ high: Double = 2,
  _ f: @escaping @Sendable (Double, Double) -> Double
) -> OperationRow {
  OperationRow(
    name: function.rawValue,
    shapes: [
      [[2, 3], [2, 3]], [[2, 3], [3]], [[2, 1], [1, 3]], [[], [4]], [[2, 1, 3], [5, 1]], [[1], [1]],
      [[0, 3], [3]], [[33], []],
    ],
    refused: [[[2, 3], [2]], [[2], [3]]], low: low, high: high,
    apply: { try .combine(function, $0[0], $0[1]) },
    reference: { .zip2($0[0], $0[1], f) })
}

private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

private func gelu(_ x: Double) -> Double {
  0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
}

/// x · wᵀ + b
private func linear(_ x: Naive, _ w: Naive, _ b: Naive) -> Naive {
  let wt = Naive([w.shape[1], w.shape[0]]) { w[[$0[1], $0[0]]] }
  return .zip2(.matmul(x, wt), b, +)
}

private func layerNorm(_ x: Naive, _ scale: Naive, _ shift: Naive) -> Naive {
  let h = x.rows { row in
    let mean = row.reduce(0, +) / Double(row.count)
    let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(row.count)
    return row.map { ($0 - mean) / (variance + 1e-5).squareRoot() }
  }
  return .zip2(.zip2(h, scale, *), shift, +)
}

let operationTable: [OperationRow] = unaryRows + binaryRows + reductionRows + rowRows + layoutRows

private let unaryRows: [OperationRow] = [
  unary(.neg) { -$0 },
  unary(.abs, kinks: [0]) { abs($0) },
  unary(.exp) { exp($0) },
  unary(.log, 0.1, 3) { log($0) },
  unary(.sqrt, 0.1, 3) { $0.squareRoot() },
  unary(.sin) { sin($0) },
  unary(.cos) { cos($0) },
  unary(.tanh) { tanh($0) },
  unary(.sigmoid) { sigmoid($0) },
  unary(.relu, kinks: [0]) { max($0, 0) },
  unary(.silu) { $0 * sigmoid($0) },
  unary(.gelu) { gelu($0) },
  unary(.sign, kinks: [0]) { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 },
  unary(.step, kinks: [0]) { $0 > 0 ? 1 : 0 },
  unary(.reciprocal, 0.3, 2) { 1 / $0 },
  unary(.square) { $0 * $0 },
  unary(.floor, kinks: [-2, -1, 0, 1, 2]) { floor($0) },
  unary(.rsqrt, 0.2, 3) { 1 / $0.squareRoot() },
]

private let binaryRows: [OperationRow] = [
  binary(.add) { $0 + $1 },
  binary(.sub) { $0 - $1 },
  binary(.mul) { $0 * $1 },
  binary(.div, 0.3, 2) { $0 / $1 },
  binary(.pow, 0.3, 2) { pow($0, $1) },
  binary(.maximum) { max($0, $1) },
  binary(.minimum) { min($0, $1) },
  OperationRow(
    name: "scale", shapes: [[[2, 3]], [[0]]], apply: { try $0[0] * 2.5 },
    reference: { $0[0].map { $0 * 2.5 } }),
  OperationRow(
    name: "offset", shapes: [[[2, 3]], [[]]], apply: { try $0[0] + 1.5 },
    reference: { $0[0].map { $0 + 1.5 } }),
  OperationRow(
    name: "power", shapes: [[[2, 3]], [[1]]], low: 0.2, apply: { try $0[0].power(1.7) },
    reference: { $0[0].map { pow($0, 1.7) } }),
  OperationRow(
    name: "where", shapes: [[[2, 2], [2, 2]], [[2, 1], []]], refused: [[[3], [2, 2]]],
    apply: {
      try .choose(Tensor([true, false, false, true], shape: [2, 2]), $0[0], $0[1])
    },
    reference: { x in
      Naive([2, 2]) { $0[0] == $0[1] ? x[0][$0] : x[1][$0] }
    }),
  OperationRow(
    name: "matmul",
    shapes: [
      [[2, 3], [3, 4]], [[5, 2, 3], [3, 4]], [[5, 2, 3], [5, 3, 4]], [[2, 1, 2, 3], [3, 3, 2]],
      [[1, 1], [1, 1]], [[0, 3], [3, 2]], [[2, 0], [0, 2]], [[2, 3], [4, 3, 2]],
      [[3, 1, 2, 2], [2, 2, 2]],
    ],
    refused: [[[2, 3], [4, 3]], [[3], [3, 2]], [[2, 2, 3], [3, 3, 4]]],
    apply: { try $0[0].matmul($0[1]) }, reference: { .matmul($0[0], $0[1]) }),
  OperationRow(
    name: "linear", shapes: [[[2, 3], [4, 3], [4]], [[5, 2, 3], [1, 3], [1]], [[0, 3], [2, 3], [2]]],
    refused: [[[2, 3], [3, 4], [4]], [[2, 3], [4, 3], [3]]],
    apply: { try $0[0].linear($0[1], $0[2]) }, reference: { linear($0[0], $0[1], $0[2]) }),
  OperationRow(
    name: "linear_add",
    shapes: [
      [[2, 3], [4, 3], [4], [2, 4]], [[5, 2, 3], [1, 3], [1], [5, 2, 1]],
      [[0, 3], [2, 3], [2], [0, 2]],
    ],
    refused: [[[2, 3], [3, 4], [4], [2, 4]], [[2, 3], [4, 3], [4], [4]]],
    apply: { try $0[0].linear($0[1], $0[2], adding: $0[3]) },
    reference: { .zip2($0[3], linear($0[0], $0[1], $0[2]), +) }),
  OperationRow(
    name: "linear_add", shapes: [[[3, 2], [2, 2], [2], [3, 2]]],
    apply: {
      try $0[0].linear($0[1], $0[2], adding: $0[3], of: RowSubset([1, 300, 301], of: 700))
    },
    reference: { .zip2($0[3], linear($0[0], $0[1], $0[2]), +) }),
  OperationRow(
    name: "norm_linear",
    shapes: [
      [[3, 6], [6], [6], [4, 6], [4]], [[2, 2, 17], [17], [17], [3, 17], [3]],
      [[0, 4], [4], [4], [2, 4], [2]],
    ],
    refused: [[[2, 3], [2], [3], [4, 3], [4]], [[2, 3], [3], [3], [4, 2], [4]]],
    apply: { try $0[0].normLinear($0[1], $0[2], $0[3], $0[4]) },
    reference: { linear(layerNorm($0[0], $0[1], $0[2]), $0[3], $0[4]) }),
  OperationRow(
    name: "norm_linear", shapes: [[[3, 6], [6], [6], [4, 6], [4]]],
    apply: {
      try $0[0].normLinear($0[1], $0[2], $0[3], $0[4], of: RowSubset([1, 300, 301], of: 700))
    },
    reference: { linear(layerNorm($0[0], $0[1], $0[2]), $0[3], $0[4]) }),
  OperationRow(
    name: "gelu_linear_add",
    shapes: [
      [[2, 3], [4, 3], [4], [2, 4]], [[5, 2, 19], [1, 19], [1], [5, 2, 1]],
      [[0, 3], [2, 3], [2], [0, 2]],
    ],
    refused: [[[2, 3], [3, 4], [4], [2, 4]], [[2, 3], [4, 3], [4], [4]]],
    apply: { try $0[0].geluLinear($0[1], $0[2], adding: $0[3]) },
    reference: { .zip2($0[3], linear($0[0].map(gelu), $0[1], $0[2]), +) }),
]

private let reductionRows: [OperationRow] = [
  OperationRow(
    name: "sum", shapes: [[[300, 70]]], apply: { try $0[0].sum(axis: 0) },
    reference: { $0[0].reduce(0) { $0.reduce(0, +) } }),
  OperationRow(
    name: "sum", shapes: [[[2, 3, 4]], [[1, 1]], [[2, 0]]], refused: [[[3]]],
    apply: { try $0[0].sum(axis: 1) }, reference: { $0[0].reduce(1) { $0.reduce(0, +) } }),
  OperationRow(
    name: "sum_all", shapes: [[[2, 3, 4]], [[1]], [[]], [[0]], [[8192]]],
    apply: { try $0[0].sum() }, reference: { Naive([], [$0[0].data.reduce(0, +)]) }),
  OperationRow(
    name: "max", shapes: [[[2, 5, 3]], [[1, 1]], [[2, 1, 3]]], refused: [[[2, 0]]],
    apply: { try $0[0].extreme(.max, axis: 1) }, reference: { $0[0].reduce(1) { $0.max() ?? 0 } }),
  OperationRow(
    name: "min", shapes: [[[2, 5]], [[3, 1]]], refused: [[[2, 0]]],
    apply: { try $0[0].extreme(.min, axis: -1) },
    reference: { x in x[0].reduce(1) { $0.min() ?? 0 } }),
]

private let rowRows: [OperationRow] = [
  OperationRow(
    name: "softmax", shapes: [[[2, 5]], [[3, 1]], [[0, 4]], [[2, 2, 40]]], refused: [[[]]],
    apply: { try $0[0].softmax() }, reference: { $0[0].rows(Naive.softmax) }),
  OperationRow(
    name: "log_softmax", shapes: [[[2, 5]], [[3, 1]], [[0, 4]]],
    apply: { try $0[0].softmax(logarithm: true) },
    reference: { $0[0].rows { Naive.softmax($0).map { log($0) } } }),
  OperationRow(
    name: "layer_norm", shapes: [[[3, 6], [6], [6]], [[2, 2, 17], [17], [17]], [[0, 4], [4], [4]]],
    refused: [[[2, 3], [2], [3]]],
    apply: { try $0[0].layerNorm($0[1], $0[2]) },
    reference: { layerNorm($0[0], $0[1], $0[2]) }),
  OperationRow(
    name: "rms_norm", shapes: [[[3, 6], [6]], [[1, 1], [1]], [[0, 4], [4]]],
    refused: [[[2, 3], [2]]],
    apply: { try $0[0].rmsNorm($0[1]) },
    reference: { x in
      let h = x[0].rows { row in
        let mean = row.reduce(0) { $0 + $1 * $1 } / Double(row.count)
        return row.map { $0 / (mean + 1e-6).squareRoot() }
      }
      return .zip2(h, x[1], *)
    }),
  OperationRow(
    name: "cross_entropy", shapes: [[[3, 5]], [[3, 20]]], refused: [[[2, 5]], [[3, 2]]],
    apply: { try $0[0].crossEntropy(Tensor([4, -1, 0] as [Int32])) },
    reference: { x in
      let n = x[0].shape[1]
      return Naive([3]) { index in
        let label = [4, -1, 0][index[0]]
        let row = Array(x[0].data[index[0] * n..<(index[0] + 1) * n])
        return label < 0 ? 0 : -log(Naive.softmax(row)[label])
      }
    }),
  OperationRow(
    name: "attention", shapes: [[[7, 12]], [[7, 24]]], refused: [[[6, 12]], [[7, 10]]],
    apply: {
      try $0[0].attention(Segments(lengths: [3, 0, 4]), heads: 2, causal: true)
    },
    reference: { $0[0].attention(lengths: [3, 0, 4], heads: 2, causal: true) }),
  OperationRow(
    name: "attention", shapes: [[[150, 6]]], low: -1, high: 1,
    apply: {
      try $0[0].attention(Segments(lengths: [149, 1]), heads: 1, causal: false)
    },
    reference: { $0[0].attention(lengths: [149, 1], heads: 1, causal: false) }),
  // Of the first segment an inner row alone, of the third two apart.
  OperationRow(
    name: "attention", shapes: [[[8, 12]]], refused: [[[7, 12]]],
    apply: {
      try $0[0].attention(
        Segments(lengths: [3, 0, 4, 1]), heads: 2, causal: true, of: RowSubset([1, 4, 6], of: 8))
    },
    reference: { x in
      let all = x[0].attention(lengths: [3, 0, 4, 1], heads: 2, causal: true)
      return Naive([3, 4]) { all[[[1, 4, 6][$0[0]], $0[1]]] }
    }),
]

private let layoutRows: [OperationRow] = [
  OperationRow(
    name: "rows", shapes: [[[4, 3]], [[4]], [[4, 0]]], refused: [[[2, 3]], [[]]],
    arithmetic: false, apply: { try $0[0].rows(at: Tensor([3, 0, 3] as [Int32])) },
    reference: { x in
      Naive([3] + x[0].shape.dropFirst()) { x[0][[[3, 0, 3][$0[0]]] + $0.dropFirst()] }
    }),
  OperationRow(
    name: "rows", shapes: [[[2, 3], [1, 3], [3, 3]], [[1, 0], [3, 0], [2, 0]]],
    refused: [[[2, 3], [3, 2]], [[6], [6, 1]], [[2, 3], [1, 3]], [[6, 3], []]], arithmetic: false,
    apply: { try .rows(of: $0, at: Tensor([5, 0, 2, 5, 1] as [Int32])) },
    reference: { x in
      let tables = Naive([6] + x[0].shape.dropFirst(), x.flatMap(\.data))
      return Naive([5] + x[0].shape.dropFirst()) {
        tables[[[5, 0, 2, 5, 1][$0[0]]] + $0.dropFirst()]
      }
    }),
  OperationRow(
    name: "gather", shapes: [[[2, 4]]], refused: [[[2, 2]], [[3, 4]]],
    apply: { try $0[0].gathered(Tensor([3, 0, 0, 1, 1, 2] as [Int32], shape: [2, 3])) },
    reference: { x in
      Naive([2, 3]) { x[0][[$0[0], [3, 0, 0, 1, 1, 2][$0[0] * 3 + $0[1]]]] }
    }),
  OperationRow(
    name: "scatter", shapes: [[[2, 3]]], refused: [[[2, 4]], [[3]]],
    apply: {
      try $0[0].scattered(Tensor([3, 0, 0, 1, 1, 2] as [Int32], shape: [2, 3]), size: 5)
    },
    reference: { x in
      Naive([2, 5]) { at in
        (0..<3).filter { [3, 0, 0, 1, 1, 2][at[0] * 3 + $0] == at[1] }
          .reduce(0.0) { $0 + x[0][[at[0], $1]] }
      }
    }),
  OperationRow(
    name: "reshape", shapes: [[[2, 6]], [[12]]], refused: [[[5]], [[]]], arithmetic: false,
    apply: { try $0[0].reshaped([3, -1]) }, reference: { Naive([3, 4], $0[0].data) }),
  OperationRow(
    name: "permute", shapes: [[[2, 3, 4]], [[1, 1, 5]], [[2, 0, 3]]], refused: [[[2, 3]]],
    arithmetic: false, apply: { try $0[0].permuted([2, 0, 1]) },
    reference: { x in
      let s = x[0].shape
      return Naive([s[2], s[0], s[1]]) { x[0][[$0[1], $0[2], $0[0]]] }
    }),
  OperationRow(
    name: "slice", shapes: [[[4, 6]], [[3, 5, 2]]], refused: [[[2, 6]], [[4]]],
    arithmetic: false,
    apply: { try $0[0].sliced([AxisRange(start: 1, end: 3), AxisRange(start: 1, step: 2)]) },
    reference: { x in
      let s = x[0].shape
      return Naive([2, s[1] / 2] + s.dropFirst(2)) {
        x[0][[$0[0] + 1, 2 * $0[1] + 1] + $0.dropFirst(2)]
      }
    }),
  OperationRow(
    name: "cat", shapes: [[[2, 3], [2, 1]], [[2, 0], [2, 2]]], refused: [[[2, 3], [3, 3]], [[2], [2, 1]]],
    arithmetic: false, apply: { try .concatenated($0, axis: 1) },
    reference: { x in
      let n = x[0].shape[1]
      return Naive([2, n + x[1].shape[1]]) {
        $0[1] < n ? x[0][$0] : x[1][[$0[0], $0[1] - n]]
      }
    }),
  OperationRow(
    name: "broadcast", shapes: [[[3, 1]], [[4]], [[]]], refused: [[[2]], [[2, 3, 4]]],
    arithmetic: false, apply: { try $0[0].broadcast(to: [3, 4]) },
    reference: { x in Naive([3, 4]) { x[0][$0] } }),
  OperationRow(
    name: "patches", shapes: [[[2, 4, 6, 3]], [[1, 2, 2, 1]], [[0, 2, 2, 3]]],
    refused: [[[2, 3, 4, 3]], [[4, 4]]],
    apply: { try $0[0].patches(size: 2) },
    reference: { x in
      let (h, w, c) = (x[0].shape[1] / 2, x[0].shape[2] / 2, x[0].shape[3])
      return Naive([x[0].shape[0] * h * w, 4 * c]) { at in
        let (image, patch) = (at[0] / (h * w), at[0] % (h * w))
        let (pixel, channel) = (at[1] / c, at[1] % c)
        return x[0][[image, patch / w * 2 + pixel / 2, patch % w * 2 + pixel % 2, channel]]
      }
    }),
]
