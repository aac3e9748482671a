// Picking elements by index: rows, gather and scatter, sorting. Indices are int32 and count from 0.

import CKernels

extension Tensor {
  /// Checks that this is an int32 tensor of indices below `limit`.
  package func requireIndices(
    _ op: String, below limit: Int, allowingNegative: Bool = false
  ) throws {
    try require(.int32, op)
    for i in 0..<count where ints[i] >= limit || (ints[i] < 0 && !allowingNegative) {
      throw TensorError.range(
        op: op, what: "index", value: Int(ints[i]), low: 0, high: limit - 1)
    }
  }

  /// Rows of the first axis by index: `[N, ..]` and indices `[I]` give `[I, ..]`.
  public func rows(at indices: Tensor) throws -> Tensor {
    try Tensor.rows(of: [self], at: indices)
  }

  /// The same of several tables laid one after the other, `[N₁, ..]`, `[N₂, ..]` …, which agree in all
  /// sizes but the first.
  package static func rows(of tables: [Tensor], at indices: Tensor) throws -> Tensor {
    guard let first = tables.first, first.rank >= 1 else {
      throw TensorError.shape(op: "rows", expected: "[N, ..]", got: "a single number")
    }
    var starts = [0]
    for table in tables {
      try table.require(first.dtype, "rows")
      guard table.rank == first.rank, table.shape.dropFirst() == first.shape.dropFirst() else {
        throw TensorError.shape(
          op: "rows", expected: text(first.shape) + " but for the rows", got: text(table.shape))
      }
      starts.append(starts[starts.count - 1] + table.shape[0])
    }
    try indices.requireIndices("rows", below: starts[tables.count])
    let result = try Tensor(
      uninitialized: indices.shape + first.shape.dropFirst(), dtype: first.dtype)
    let size = first.dtype.byteCount
    let row = first.shape.dropFirst().reduce(1, *) * size
    let places = tables.map { UnsafeRawPointer?($0.base(UInt8.self, scale: size)) }
    places.withUnsafeBufferPointer { places in
      starts.withUnsafeBufferPointer { starts in
        var all = ek_row_tables(
          count: tables.count, tables: places.baseAddress, starts: starts.baseAddress)
        ek_gather_rows(
          indices.count, row, &all, indices.ints, result.base(UInt8.self, scale: size))
      }
    }
    return result
  }

  /// Sums the rows by index, those of the indices in `range`: one row for each of these.
  package func scatteredRows(at indices: Tensor, of range: Range<Int>) throws -> Tensor {
    let rowShape = shape.dropFirst(indices.rank)
    let result = try Tensor(uninitialized: [range.count] + rowShape)
    ek_scatter_rows(
      indices.count, rowShape.reduce(1, *), floats, indices.ints, range.lowerBound, range.count,
      result.floats)
    return result
  }

  /// One element per index along the last axis: `[.., N]` and indices `[.., I]` give `[.., I]`.
  public func gathered(_ indices: Tensor) throws -> Tensor {
    let (rows, n) = try rows("gather")
    try requireSameRows(indices, "gather", below: n)
    let result = try Tensor(uninitialized: indices.shape)
    let taken = indices.shape[indices.rank - 1]
    for row in 0..<rows {
      for i in row * taken..<(row + 1) * taken {
        result.floats[i] = floats[row * n + Int(indices.ints[i])]
      }
    }
    return result
  }

  /// Adds the elements of `[.., I]` to a zero tensor `[.., N]` at their indices.
  public func scattered(_ indices: Tensor, size n: Int) throws -> Tensor {
    let (rows, taken) = try rows("scatter")
    guard n >= 0 else {
      throw TensorError.range(op: "scatter", what: "size", value: n, low: 0, high: 1 << 40)
    }
    try requireSameRows(indices, "scatter", below: n)
    guard indices.shape == shape else {
      throw TensorError.shape(
        op: "scatter", expected: "indices \(Self.text(shape))", got: Self.text(indices.shape))
    }
    let result = try Tensor.zeros(shape.dropLast() + [n])
    for row in 0..<rows {
      for i in row * taken..<(row + 1) * taken {
        result.floats[row * n + Int(indices.ints[i])] += floats[i]
      }
    }
    return result
  }

  private func requireSameRows(_ indices: Tensor, _ op: String, below n: Int) throws {
    try indices.requireIndices(op, below: n)
    guard indices.rank == rank, indices.shape.dropLast() == shape.dropLast() else {
      throw TensorError.shape(
        op: op, expected: "indices \(Self.text(Array(shape.dropLast()))) plus one axis",
        got: Self.text(indices.shape))
    }
  }

  /// The positions that sort the last axis, counted from 0; equal elements keep their order and NaN
  /// comes last.
  public func argsorted(descending: Bool = false) throws -> Tensor {
    let (rows, n) = try rows("argsort")
    guard n <= Int32.max else {
      throw TensorError.range(
        op: "argsort", what: "length", value: n, low: 0, high: Int(Int32.max))
    }
    let result = try Tensor(uninitialized: shape, dtype: .int32)
    for row in 0..<rows {
      let values = UnsafeBufferPointer(start: floats + row * n, count: n)
      let order = (0..<n).sorted { Self.precedes(values, $0, $1, descending) }
      for (i, position) in order.enumerated() { result.ints[row * n + i] = Int32(position) }
    }
    return result
  }

  private static func precedes(
    _ values: UnsafeBufferPointer<Float>, _ i: Int, _ j: Int, _ descending: Bool
  ) -> Bool {
    let (a, b) = (values[i], values[j])
    if a.isNaN || b.isNaN { return a.isNaN == b.isNaN ? i < j : b.isNaN }
    return a == b ? i < j : (a < b) != descending
  }

  /// The positions of the `k` largest elements of the last axis, largest first.
  public func topIndices(_ k: Int) throws -> Tensor {
    let (_, n) = try rows("topk")
    guard k >= 0, k <= n else {
      throw TensorError.range(op: "topk", what: "k", value: k, low: 0, high: n)
    }
    let whole = [AxisRange](repeating: AxisRange(), count: rank - 1)
    return try argsorted(descending: true).sliced(whole + [AxisRange(end: k)])
  }
}
