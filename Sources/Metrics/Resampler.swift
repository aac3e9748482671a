// The inner loop of the bootstrap: draws seeds and personas, adds up values. Tables drawn together
// have one shape and one pattern of gaps.

import Repro

/// Draws resamples of tables that share their seeds, personas and gaps.
package struct Resampler {
  private let seedCount: Int
  private let personaCount: Int
  private let tableCount: Int
  private let design: PersonaDesign
  /// Values as `[seed, persona, table]`, 0 in gaps, so that one draw reads one place.
  private let values: [Double]
  /// 1 where a value is present, `[seed, persona]`.
  private let presence: [Double]
  /// The columns present in each seed.
  private let present: [[Int]]

  package init(_ tables: [PersonaTable], _ design: PersonaDesign) {
    let shape = tables[0]
    seedCount = shape.seeds.count
    personaCount = shape.personas.count
    tableCount = tables.count
    self.design = design
    values = shape.values.indices.flatMap { index in
      tables.map { $0.values[index].isNaN ? 0 : $0.values[index] }
    }
    presence = shape.values.map { $0.isNaN ? 0 : 1 }
    present = shape.seeds.indices.map { row in
      shape.row(row).enumerated().compactMap { $0.element.isNaN ? nil : $0.offset }
    }
  }

  /// The statistic of the cell means in each resample; NaN where a draw met only gaps.
  package func replicates(
    _ count: Int, _ stream: RandomStream, _ statistic: ([Double]) -> Double
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: tableCount)
    var people = [Int](repeating: 0, count: personaCount)
    // Unchecked access: without it, checks take half of the time of sixty million draws.
    return values.withUnsafeBufferPointer { values in
      presence.withUnsafeBufferPointer { presence in
        (0..<count).map { index in
          for table in 0..<tableCount { sums[table] = 0 }
          var draws = Draws(stream.fork(index))
          let n =
            design == .shared && seedCount > 1
            ? addShared(&draws, &people, values, presence, into: &sums)
            : addPerSeed(&draws, values, into: &sums)
          for table in 0..<tableCount { sums[table] /= n }
          return statistic(sums)
        }
      }
    }
  }

  private func addShared(
    _ draws: inout Draws, _ people: inout [Int], _ values: UnsafeBufferPointer<Double>,
    _ presence: UnsafeBufferPointer<Double>, into sums: inout [Double]
  ) -> Double {
    for index in people.indices { people[index] = draws.index(below: personaCount) }
    var n = 0.0
    for _ in 0..<seedCount {
      let row = draws.index(below: seedCount) * personaCount
      for person in people { n += presence[row + person] }
      for table in 0..<tableCount {
        var sum = 0.0
        for person in people { sum += values[(row + person) * tableCount + table] }
        sums[table] += sum
      }
    }
    return n
  }

  private func addPerSeed(
    _ draws: inout Draws, _ values: UnsafeBufferPointer<Double>, into sums: inout [Double]
  ) -> Double {
    var n = 0
    for _ in 0..<seedCount {
      let seed = seedCount == 1 ? 0 : draws.index(below: seedCount)
      n += present[seed].count
      present[seed].withUnsafeBufferPointer { columns in
        for _ in 0..<columns.count {
          let place =
            (seed * personaCount + columns[draws.index(below: columns.count)]) * tableCount
          for table in 0..<tableCount { sums[table] += values[place + table] }
        }
      }
    }
    return Double(n)
  }
}

/// Small random indices, two per random word: below 2¹⁶ choices the bias of the plain
/// multiplication is under 2⁻¹⁶ of a choice's probability, far below the resampling noise.
struct Draws {
  private var stream: RandomStream
  private var word: UInt64 = 0
  private var hasHalf = false

  init(_ stream: RandomStream) { self.stream = stream }

  @inline(__always)
  mutating func index(below bound: Int) -> Int {
    if hasHalf {
      hasHalf = false
    } else {
      word = stream.next()
      hasHalf = true
    }
    let half = word & 0xFFFF_FFFF
    word >>= 32
    return Int((half &* UInt64(bound)) >> 32)
  }
}
