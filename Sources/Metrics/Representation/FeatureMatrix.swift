// Rows of numbers, and the products and decompositions that LAPACK computes on them.

import CLAPACK

/// Representations: one row per item, one column per dimension, row-major.
public struct FeatureMatrix: Equatable, Sendable {
  /// More items than this are not compared with each other: half a gigabyte for each table.
  static let mostCompared = 8192

  /// How many items.
  public let rows: Int
  /// How many dimensions.
  public let columns: Int
  /// Row-major.
  public private(set) var values: [Double]

  /// Creates a matrix from its numbers.
  ///
  /// - Throws: ``MetricsError`` when the count does not fit, there are none, or one is not finite or
  ///   beyond 10⁶⁰, whose products would overflow.
  public init(rows: Int, columns: Int, values: [Double]) throws {
    guard rows > 0, columns > 0, !values.isEmpty else {
      throw MetricsError.empty(op: "matrix", what: "rows and columns")
    }
    try check(lengths: rows * columns, values.count, op: "matrix")
    if let bad = values.first(where: { !(abs($0) < 1e60) }) {
      throw MetricsError.outOfRange(
        op: "matrix", what: "numbers", got: "\(bad)", expected: "finite and below 1e60")
    }
    (self.rows, self.columns, self.values) = (rows, columns, values)
  }

  /// Creates a matrix from its rows.
  ///
  /// - Throws: ``MetricsError`` when there are none, lengths differ, or a number is not finite.
  public init(_ rows: [[Double]]) throws {
    for row in rows { try check(lengths: rows[0].count, row.count, op: "matrix") }
    try self.init(rows: rows.count, columns: rows.first?.count ?? 0, values: rows.flatMap { $0 })
  }

  private init(unchecked rows: Int, _ columns: Int, _ values: [Double]) {
    (self.rows, self.columns, self.values) = (rows, columns, values)
  }

  subscript(row: Int, column: Int) -> Double { values[row * columns + column] }

  func row(_ index: Int) -> ArraySlice<Double> {
    values[index * columns..<(index + 1) * columns]
  }

  /// The mean of each column.
  var center: [Double] {
    (0..<columns).map { column in
      (0..<rows).reduce(0) { $0 + self[$1, column] } / Double(rows)
    }
  }

  /// The rows minus their mean, brought to a sum of squares of 1; `nil` when all rows are equal up to
  /// rounding.
  var centered: FeatureMatrix? {
    let mean = center
    let moved = values.indices.map { values[$0] - mean[$0 % columns] }
    let size = moved.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let whole = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard size > 1e-12 * whole else { return nil }
    return FeatureMatrix(unchecked: rows, columns, moved.map { $0 / size })
  }

  /// The rows at length 1.
  ///
  /// - Throws: ``MetricsError`` for a row of zeros, which has no direction.
  func normalized(op: String) throws -> FeatureMatrix {
    let lengths = (0..<rows).map { row($0).reduce(0) { $0 + $1 * $1 }.squareRoot() }
    if let zero = lengths.firstIndex(of: 0) {
      throw MetricsError.outOfRange(
        op: op, what: "rows with a direction", got: "zeros in row \(zero + 1)", expected: "only")
    }
    return FeatureMatrix(
      unchecked: rows, columns, values.indices.map { values[$0] / lengths[$0 / columns] })
  }

  /// Inner products of the rows with those of another matrix, `[rows, other.rows]`.
  ///
  /// - Throws: ``MetricsError`` when OpenBLAS is missing.
  func products(with other: FeatureMatrix) throws -> FeatureMatrix {
    let lapack = try lapack()
    var result = [Double](repeating: 0, count: rows * other.rows)
    var (m, n, k) = (Int32(other.rows), Int32(rows), Int32(columns))
    var (one, zero) = (1.0, 0.0)
    // Row-major C = A Bᵀ is column-major Cᵀ = B Aᵀ.
    lapack.dgemm(
      "T", "N", &m, &n, &k, &one, other.values, &k, values, &k, &zero, &result, &m, 1, 1)
    return FeatureMatrix(unchecked: rows, other.rows, result)
  }

  /// Squared Euclidean distances between all rows, `[rows, rows]`.
  ///
  /// - Throws: ``MetricsError`` when OpenBLAS is missing.
  func squaredDistances() throws -> FeatureMatrix {
    let inner = try products(with: self)
    var result = inner.values
    for i in 0..<rows {
      for j in 0..<rows {
        result[i * rows + j] = i == j ? 0 : max(0, inner[i, i] + inner[j, j] - 2 * inner[i, j])
      }
    }
    return FeatureMatrix(unchecked: rows, rows, result)
  }

  /// The singular value decomposition: left vectors as columns `[rows, k]` and the values, falling.
  ///
  /// - Throws: ``MetricsError`` when LAPACK does not converge, or OpenBLAS is missing.
  func leftSingular() throws -> (vectors: FeatureMatrix, values: [Double]) {
    let lapack = try lapack()
    let k = min(rows, columns)
    var (m, n, kk) = (Int32(columns), Int32(rows), Int32(k))
    var a = values
    var singular = [Double](repeating: 0, count: k)
    var right = [Double](repeating: 0, count: columns * k)
    var left = [Double](repeating: 0, count: k * rows)
    var whole = [Int32](repeating: 0, count: 8 * k)
    var (size, query, info) = (0.0, Int32(-1), Int32(0))
    lapack.dgesdd(
      "S", &m, &n, &a, &m, &singular, &right, &m, &left, &kk, &size, &query, &whole, &info, 1)
    var count = Int32(size)
    var work = [Double](repeating: 0, count: max(1, Int(count)))
    // In column-major eyes the rows are columns, so the right vectors of LAPACK are our left ones.
    lapack.dgesdd(
      "S", &m, &n, &a, &m, &singular, &right, &m, &left, &kk, &work, &count, &whole, &info, 1)
    guard info == 0 else {
      throw MetricsError.outOfRange(
        op: "singular values", what: "LAPACK's dgesdd", got: "status \(info)",
        expected: "to converge")
    }
    return (FeatureMatrix(unchecked: rows, k, left), singular)
  }

  /// The columns before `count`.
  func firstColumns(_ count: Int) -> FeatureMatrix {
    FeatureMatrix(unchecked: rows, count, (0..<rows).flatMap { row($0).prefix(count) })
  }

  /// Rows and columns exchanged.
  var transposed: FeatureMatrix {
    FeatureMatrix(
      unchecked: columns, rows,
      (0..<columns).flatMap { column in (0..<rows).map { self[$0, column] } })
  }

  /// The rows at these places, in this order.
  func rows(at places: [Int]) -> FeatureMatrix {
    FeatureMatrix(unchecked: places.count, columns, places.flatMap { row($0) })
  }

  /// The same shape with other numbers.
  func mapped(_ change: (Int, Int, Double) -> Double) -> FeatureMatrix {
    FeatureMatrix(
      unchecked: rows, columns,
      values.indices.map { change($0 / columns, $0 % columns, values[$0]) })
  }
}

/// The routines of LAPACK.
///
/// - Throws: ``MetricsError`` when OpenBLAS is missing.
private func lapack() throws -> lapack {
  var problem: UnsafePointer<CChar>?
  guard let routines = lapack_loaded(&problem) else {
    throw MetricsError.noLibrary(reason: problem.map { String(cString: $0) } ?? "no reason given")
  }
  return routines.pointee
}

/// The solution of A x = b for a symmetric positive definite A, row-major.
///
/// - Returns: `nil` when A is not positive definite.
/// - Throws: ``MetricsError`` when OpenBLAS is missing.
func solved(_ a: [Double], _ b: [Double]) throws -> [Double]? {
  let lapack = try lapack()
  var (a, b) = (a, b)
  var (n, one, info) = (Int32(b.count), Int32(1), Int32(0))
  lapack.dposv("L", &n, &one, &a, &n, &b, &n, &info, 1)
  return info == 0 ? b : nil
}
