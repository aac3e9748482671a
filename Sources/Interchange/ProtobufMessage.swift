// Protocol Buffers on the wire, as far as event files need them
// (https://protobuf.dev/programming-guides/encoding).

/// A message, field by field. Unlike proto3's generated code it writes zeros too: readers take them
/// the same way.
struct ProtobufMessage {
  private(set) var bytes: [UInt8] = []

  init(_ fill: (inout ProtobufMessage) -> Void = { _ in }) { fill(&self) }

  private enum WireType: UInt64 {
    case varint = 0
    case eightBytes = 1
    case bytes = 2
    case fourBytes = 5
  }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest > 0x7F {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func tag(_ field: Int, _ type: WireType) {
    varint(UInt64(field) << 3 | type.rawValue)
  }

  private mutating func fixed(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
  }

  mutating func add(_ field: Int, integer value: Int) {
    tag(field, .varint)
    varint(UInt64(bitPattern: Int64(value)))
  }

  mutating func add(_ field: Int, double value: Double) {
    tag(field, .eightBytes)
    fixed(value.bitPattern)
  }

  mutating func add(_ field: Int, float value: Float) {
    tag(field, .fourBytes)
    fixed(value.bitPattern)
  }

  mutating func add(_ field: Int, bytes value: [UInt8]) {
    tag(field, .bytes)
    varint(UInt64(value.count))
    bytes += value
  }

  mutating func add(_ field: Int, text value: String) { add(field, bytes: Array(value.utf8)) }

  mutating func add(_ field: Int, _ fill: (inout ProtobufMessage) -> Void) {
    add(field, bytes: ProtobufMessage(fill).bytes)
  }

  /// Numbers of one field, packed.
  mutating func add(_ field: Int, doubles values: [Double]) {
    tag(field, .bytes)
    varint(UInt64(values.count * 8))
    for value in values { fixed(value.bitPattern) }
  }
}
