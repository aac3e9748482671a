// How a tensor prints: a header, then at most 6 x 8 elements of each of at most 3 matrices, in one
// common format, so that any tensor fits a screen.

import Autograd
import Glibc
import TensorCore

enum TensorText {
  private static let mostMatrices = 3, mostRows = 6, mostColumns = 8

  /// Header and excerpt.
  static func text(_ x: Variable) -> String {
    let tensor = x.value
    let header = self.header(x)
    guard tensor.count > 0 else { return header }
    if tensor.rank == 0 { return header + " " + Format([tensor.number(at: 0)], tensor.dtype)[0] }
    return header + "\n" + body(tensor)
  }

  private static func header(_ x: Variable) -> String {
    let tensor = x.value
    var header = "Tensor<\(tensor.dtype.rawValue)>\(Tensor.text(tensor.shape))"
    if x.requiresGradient { header += " grad" }
    guard !tensor.isFinite() else { return header }
    let values = UnsafeBufferPointer(start: tensor.floats, count: tensor.count)
    let nan = values.count { $0.isNaN }, infinite = values.count { $0.isInfinite }
    let counts = [(nan, "NaN"), (infinite, "Inf")].filter { $0.0 > 0 }
    return header + " (" + counts.map { "\($0.0) \($0.1)" }.joined(separator: ", ") + ")"
  }

  private static func body(_ tensor: Tensor) -> String {
    let columns = edges(tensor.shape[tensor.rank - 1], mostColumns)
    let rows = tensor.rank < 2 ? [0] : edges(tensor.shape[tensor.rank - 2], mostRows)
    let matrices = edges(tensor.shape.dropLast(2).reduce(1, *), mostMatrices)
    let (m, n) = (
      tensor.rank < 2 ? 1 : tensor.shape[tensor.rank - 2], tensor.shape[tensor.rank - 1]
    )
    let places = matrices.flatMap { matrix in
      rows.flatMap { row in columns.map { place(matrix, row, $0, m, n) } }
    }
    let cells = Format(places.map { $0.map(tensor.number) }, tensor.dtype)
    var next = 0
    var blocks: [String] = []
    for matrix in matrices {
      let lines = rows.map { row in
        defer { next += columns.count }
        return row == nil ? "  …" : "  " + cells[next..<next + columns.count].joined(separator: " ")
      }
      let title = tensor.rank > 2 ? [label(matrix, tensor.shape)] : []
      blocks.append((title + (matrix == nil ? [] : lines)).joined(separator: "\n"))
    }
    return blocks.joined(separator: "\n")
  }

  /// The first and last indices, with `nil` for what is left out between them.
  private static func edges(_ size: Int, _ most: Int) -> [Int?] {
    guard size > most else { return (0..<size).map { $0 } }
    let last = most / 2
    return (0..<most - last).map { $0 } + [nil] + (size - last..<size).map { $0 }
  }

  private static func place(_ matrix: Int?, _ row: Int?, _ column: Int?, _ m: Int, _ n: Int) -> Int?
  {
    guard let matrix, let row, let column else { return nil }
    return (matrix * m + row) * n + column
  }

  /// The leading positions of a matrix as a script would write them: `[2, 1, .., ..]`.
  private static func label(_ matrix: Int?, _ shape: [Int]) -> String {
    guard var rest = matrix else { return "…" }
    var positions: [String] = []
    for size in shape.dropLast(2).reversed() {
      positions.append(String(rest % size + 1))
      rest /= size
    }
    return "[" + (positions.reversed() + ["..", ".."]).joined(separator: ", ") + "]"
  }
}

/// Texts of numbers in one format and one width.
private struct Format {
  private let texts: [String]

  subscript(i: Int) -> String { texts[i] }
  subscript(range: Range<Int>) -> ArraySlice<String> { texts[range] }

  init(_ values: [Double?], _ dtype: DType) {
    let style = Self.style(values.compactMap { $0 }.filter(\.isFinite), dtype)
    let plain = values.map { value in value.map { Self.text($0, style, dtype) } ?? "…" }
    let width = plain.map(\.count).max() ?? 0
    texts = plain.map { String(repeating: " ", count: width - $0.count) + $0 }
  }

  private enum Style { case whole, fixed, scientific }

  private static func style(_ values: [Double], _ dtype: DType) -> Style {
    if dtype != .float32 { return .whole }
    let sizes = values.map(abs).filter { $0 > 0 }
    guard let largest = sizes.max(), let smallest = sizes.min() else { return .whole }
    if largest < 1e6, values.allSatisfy({ $0 == $0.rounded() }) { return .whole }
    return largest >= 1e5 || largest < 1e-3 || smallest < 1e-4 && largest < 1e-1
      ? .scientific : .fixed
  }

  private static func text(_ value: Double, _ style: Style, _ dtype: DType) -> String {
    if dtype == .bool { return value != 0 ? "true" : "false" }
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    switch style {
    case .whole: return String(Int(value))
    case .fixed: return printed("%.4f", value)
    case .scientific: return printed("%.3e", value)
    }
  }

  private static func printed(_ format: String, _ value: Double) -> String {
    withVaList([value]) { list in
      var buffer = [CChar](repeating: 0, count: 64)
      let length = vsnprintf(&buffer, buffer.count, format, list)
      return String(
        decoding: buffer.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }
}
