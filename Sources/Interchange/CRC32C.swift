// The checksum of TensorFlow's record files.

/// CRC-32C (Castagnoli), reflected polynomial 0x82F63B78; RFC 3720 appendix B.4 has test vectors.
enum CRC32C {
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in
      value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1
    }
  }

  static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { $0 >> 8 ^ table[Int(($0 ^ UInt32($1)) & 0xFF)] }
  }

  /// As record files store it: a checksum over data that holds checksums is weak, so it is turned
  /// and shifted (tensorflow/core/lib/hash/crc32c.h).
  static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let value = checksum(bytes)
    return (value >> 15 | value << 17) &+ 0xA282_EAD8
  }
}
