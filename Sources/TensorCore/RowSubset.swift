// Rows that alone have a gradient, and sums over them that have the bits of sums over all.

import CKernels

/// Some rows of a matrix, taken out of it because the others have no gradient.
///
/// Sums over rows are grouped as if all rows were there. The missing ones would add zeros, so the
/// sums have the same bits.
public struct RowSubset: Sendable, Equatable {
  /// Which rows, counted from 0, rising.
  public let places: [Int32]
  /// The number of all rows.
  public let total: Int

  /// Nothing where the places do not rise within 0 ..< total: then their sums need another order.
  public init?(_ places: [Int32], of total: Int) {
    guard zip(places, places.dropFirst()).allSatisfy(<), places.first.map({ $0 >= 0 }) ?? true,
      places.last.map({ Int($0) < total }) ?? true
    else { return nil }
    (self.places, self.total) = (places, total)
  }

  /// Where in `places` the rows of each segment begin, and at the end their number.
  func starts(in segments: Segments) -> [Int32] {
    var next = 0
    return segments.starts.map { start in
      while next < places.count, places[next] < start { next += 1 }
      return Int32(next)
    }
  }

  /// The rows that are summed at a time, as a product over all rows cuts them; none is empty.
  var slabs: [Range<Int>] {
    var result: [Range<Int>] = []
    var start = 0
    for end in 1...max(places.count, 1) where end <= places.count {
      let isLast = end == places.count
      guard isLast || places[end] / Int32(EK_SLAB) != places[start] / Int32(EK_SLAB) else {
        continue
      }
      result.append(start..<end)
      start = end
    }
    return result
  }
}

extension Tensor {
  /// Gᵀ · X, the derivative of a weight `[N, K]`, for rows `[.., N]` of G and `[.., K]` of X.
  ///
  /// - Parameter subset: Which rows these are, where not all are here.
  package static func weightGradient(
    _ g: Tensor, _ x: Tensor, _ n: Int, _ k: Int, _ subset: RowSubset? = nil
  ) throws -> Tensor {
    let rows = g.shape.dropLast().reduce(1, *)
    let slabs = subset?.slabs ?? [0..<rows]
    guard !slabs.isEmpty else { return try .zeros([n, k]) }
    let result = try Tensor(uninitialized: [n, k])
    for slab in slabs {
      ek_gemm(
        1, 0, n, k, slab.count, g.floats + slab.lowerBound * n, max(n, 1),
        x.floats + slab.lowerBound * k, max(k, 1), slab.lowerBound > 0 ? 1 : 0, nil, result.floats,
        max(k, 1))
    }
    return result
  }
}
