// A random-looking order of 0 ..< n that needs no table: how a million unique names or looks are
// dealt out in constant memory, any of them at once.

/// A keyed bijection of 0 ..< `count`: a six-round balanced Feistel network on the next power of
/// four, restricted by walking its cycles (Black and Rogaway 2002, "Ciphers with arbitrary finite
/// domains").
struct KeyedPermutation: Sendable {
  let count: Int
  private let key: UInt64
  private let halfBits: UInt64

  init(count: Int, key: UInt64) {
    self.count = max(count, 1)
    self.key = key
    let bits = UInt64(64 - (self.count - 1).leadingZeroBitCount)
    halfBits = max((bits + 1) / 2, 1)
  }

  /// The image of an index; indices outside 0 ..< `count` wrap around.
  func callAsFunction(_ index: Int) -> Int {
    var value = UInt64(index.magnitude % UInt(count))
    repeat { value = encrypt(value) } while value >= UInt64(count)
    return Int(value)
  }

  private func encrypt(_ value: UInt64) -> UInt64 {
    let mask = (UInt64(1) << halfBits) - 1
    var left = value >> halfBits
    var right = value & mask
    for round in 0..<6 as Range<UInt64> {
      let next = left ^ (Self.mix(right &+ key &+ round &* 0x9E37_79B9_7F4A_7C15) & mask)
      (left, right) = (right, next)
    }
    return left << halfBits | right
  }

  /// The finalizer of SplitMix64 (Steele, Lea and Flood 2014).
  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
