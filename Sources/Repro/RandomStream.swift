// Counter-based random numbers: a stream is a key, a number is a function of (key, position).
// Streams are forked by name, so adding a consumer never shifts the numbers of another.

/// A reproducible stream of random numbers that can be forked by name or index.
///
/// Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3") turns a 64-bit
/// key and a 128-bit counter into 128 random bits. The same key gives the same numbers on every
/// machine, in every process and at any thread count. Uniform draws use only integer arithmetic
/// and one exact multiplication, so they carry no rounding of a platform's math library.
///
/// ```swift
/// let root = RandomStream(seed: 7)
/// var faces = root.fork("faces")     // independent of root.fork("names")
/// let x = faces.uniform()            // in [0, 1)
/// ```
public struct RandomStream: Sendable, Equatable, RandomNumberGenerator {
  /// What identifies the stream; forks of different names have different keys.
  public let key: UInt64
  private var block: UInt64 = 0
  private var buffered: UInt64 = 0
  private var hasBuffered = false

  /// Creates the root stream of a seed.
  public init(seed: UInt64) {
    self.init(key: SHA256.digestPrefix("eidetic.seed:\(seed)"))
  }

  /// Creates the stream with exactly this key, as saved in a checkpoint.
  public init(key: UInt64) {
    self.key = key
  }

  /// Returns an independent stream that depends on this stream's key and `name`, not on its position.
  public func fork(_ name: String) -> RandomStream {
    RandomStream(key: SHA256.digestPrefix("\(key)/\(name)"))
  }

  /// Returns the `index`-th independent child stream; cheaper than forking by name.
  public func fork(_ index: Int) -> RandomStream {
    // The counter's upper half is 1 here and 0 for draws, so children and draws never meet.
    let bits = Philox.block(key: key, low: UInt64(bitPattern: Int64(index)), high: 1)
    return RandomStream(key: bits.0)
  }

  /// Returns the next 64 random bits.
  public mutating func next() -> UInt64 {
    if hasBuffered {
      hasBuffered = false
      return buffered
    }
    let bits = Philox.block(key: key, low: block, high: 0)
    block &+= 1
    buffered = bits.1
    hasBuffered = true
    return bits.0
  }

  /// Returns a number in [0, 1) with 53 random bits.
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// Returns a number in [`low`, `high`).
  public mutating func uniform(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * uniform()
  }

  /// Returns an integer in 0 ..< `bound`; `bound` must be positive.
  public mutating func int(below bound: Int) -> Int {
    // Lemire 2019, "Fast random integer generation in an interval": unbiased by rejection.
    let range = UInt64(bound)
    var product = next().multipliedFullWidth(by: range)
    if product.low < range {
      let threshold = (0 &- range) % range
      while product.low < threshold { product = next().multipliedFullWidth(by: range) }
    }
    return Int(product.high)
  }

  /// Returns `true` with the given probability.
  public mutating func chance(_ probability: Double) -> Bool {
    uniform() < probability
  }

  /// Returns one element; `items` must not be empty.
  public mutating func pick<T>(_ items: [T]) -> T {
    items[int(below: items.count)]
  }

  /// Returns the items in random order (Fisher–Yates).
  public mutating func shuffled<T>(_ items: [T]) -> [T] {
    var result = items
    var last = result.count - 1
    while last > 0 {
      result.swapAt(last, int(below: last + 1))
      last -= 1
    }
    return result
  }

  /// Returns `count` distinct integers of 0 ..< `bound` in random order; `count` ≤ `bound`.
  public mutating func sample(_ count: Int, below bound: Int) -> [Int] {
    // A sparse Fisher–Yates: memory grows with `count`, not with `bound`.
    var moved: [Int: Int] = [:]
    return (0..<count).map { position in
      let chosen = position + int(below: bound - position)
      let value = moved[chosen] ?? chosen
      moved[chosen] = moved[position] ?? position
      return value
    }
  }
}

/// The Philox4x32-10 block function.
package enum Philox {
  /// Returns 128 random bits for a 64-bit key and a 128-bit counter.
  @inline(__always)
  package static func block(key: UInt64, low: UInt64, high: UInt64) -> (UInt64, UInt64) {
    var c0 = UInt32(truncatingIfNeeded: low)
    var c1 = UInt32(truncatingIfNeeded: low >> 32)
    var c2 = UInt32(truncatingIfNeeded: high)
    var c3 = UInt32(truncatingIfNeeded: high >> 32)
    var k0 = UInt32(truncatingIfNeeded: key)
    var k1 = UInt32(truncatingIfNeeded: key >> 32)
    for _ in 0..<10 {
      let p0 = UInt64(0xD251_1F53) &* UInt64(c0)
      let p1 = UInt64(0xCD9E_8D57) &* UInt64(c2)
      let high0 = UInt32(truncatingIfNeeded: p0 >> 32)
      let high1 = UInt32(truncatingIfNeeded: p1 >> 32)
      (c0, c2) = (high1 ^ c1 ^ k0, high0 ^ c3 ^ k1)
      (c1, c3) = (UInt32(truncatingIfNeeded: p1), UInt32(truncatingIfNeeded: p0))
      k0 = k0 &+ 0x9E37_79B9
      k1 = k1 &+ 0xBB67_AE85
    }
    return (UInt64(c0) | UInt64(c1) << 32, UInt64(c2) | UInt64(c3) << 32)
  }
}
