// Values as bytes, for files that only this program reads and that can be made again: read in
// microseconds, and damaged bytes are an error, never a trap.

import Foundation

/// Puts values one after the other.
struct Packer {
  private(set) var bytes: [UInt8] = []

  /// Zigzag and seven bits per byte: small numbers are short.
  mutating func add(_ value: Int) {
    var rest = UInt(bitPattern: value << 1 ^ value >> (Int.bitWidth - 1))
    while rest > 0x7F {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  mutating func add(_ value: Double) {
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 }
  }

  mutating func add(_ text: String) { add(bytes: Array(text.utf8)) }

  mutating func add(bytes more: [UInt8]) {
    add(more.count)
    bytes += more
  }

  mutating func add<T>(_ value: T?, _ one: (inout Packer, T) -> Void) {
    add(value == nil ? 0 : 1)
    if let value { one(&self, value) }
  }

  mutating func add<T>(_ values: [T], _ one: (inout Packer, T) -> Void) {
    add(values.count)
    for value in values { one(&self, value) }
  }

  mutating func add(_ texts: [String: String]) {
    add(texts.sorted { $0.key < $1.key }) {
      $0.add($1.key)
      $0.add($1.value)
    }
  }
}

/// Takes values out again, in the order in which they were put in.
struct Unpacker {
  /// Bytes that no ``Packer`` wrote.
  struct Damage: Error {}

  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  mutating func integer() throws -> Int {
    var (value, shift) = (UInt(0), 0)
    while position < bytes.count, shift < UInt.bitWidth {
      let byte = bytes[position]
      position += 1
      value |= UInt(byte & 0x7F) << UInt(shift)
      if byte < 0x80 { return Int(bitPattern: value >> 1 ^ (~(value & 1) &+ 1)) }
      shift += 7
    }
    throw Damage()
  }

  /// A length can be no more than what is left.
  private mutating func length() throws -> Int {
    let count = try integer()
    guard count >= 0, count <= bytes.count - position else { throw Damage() }
    return count
  }

  mutating func double() throws -> Double {
    guard bytes.count - position >= 8 else { throw Damage() }
    defer { position += 8 }
    let bits = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
    return Double(bitPattern: UInt64(littleEndian: bits))
  }

  mutating func text() throws -> String { String(decoding: try slice(), as: UTF8.self) }

  mutating func slice() throws -> UnsafeRawBufferPointer {
    let count = try length()
    defer { position += count }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
  }

  mutating func optional<T>(_ one: (inout Unpacker) throws -> T) throws -> T? {
    try integer() == 0 ? nil : try one(&self)
  }

  mutating func list<T>(_ one: (inout Unpacker) throws -> T) throws -> [T] {
    let count = try length()
    var result: [T] = []
    result.reserveCapacity(count)
    for _ in 0..<count { result.append(try one(&self)) }
    return result
  }

  mutating func texts() throws -> [String: String] {
    let count = try length()
    var result = [String: String](minimumCapacity: count)
    for _ in 0..<count {
      let name = try text()
      result[name] = try text()
    }
    return result
  }
}
