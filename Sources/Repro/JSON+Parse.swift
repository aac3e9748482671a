// Reading JSON (RFC 8259), strictly: what is broken or hostile ends in an error with its place.

/// A text that is not JSON, with the byte where it stops being so.
public struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What should have stood there.
  public let expected: String
  /// Position in bytes, counted from 0.
  public let offset: Int

  /// One line: place and expectation.
  public var description: String { "json: expected \(expected) at byte \(offset)" }
}

extension JSON {
  /// Reads one JSON value.
  ///
  /// Numbers without fraction and exponent that fit 64 bits become integers. Of a repeated key an
  /// error is made, for no reader agrees on its meaning. Values may nest 200 deep.
  ///
  /// - Throws: ``JSONError``.
  public static func parse(_ bytes: some Sequence<UInt8>) throws -> JSON {
    var parser = JSONParser(bytes: Array(bytes))
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.isAtEnd else { throw parser.error("the end of the text") }
    return value
  }

  /// Reads one JSON value from a text.
  public static func parse(_ text: String) throws -> JSON { try parse(text.utf8) }
}

private struct JSONParser {
  let bytes: [UInt8]
  var position = 0

  var isAtEnd: Bool { position == bytes.count }
  private var current: UInt8? { isAtEnd ? nil : bytes[position] }

  func error(_ expected: String) -> JSONError { JSONError(expected: expected, offset: position) }

  mutating func skipSpace() {
    while let byte = current, [0x20, 0x0A, 0x0D, 0x09].contains(byte) { position += 1 }
  }

  private mutating func take(_ byte: Character) -> Bool {
    guard current == byte.asciiValue else { return false }
    position += 1
    return true
  }

  mutating func value(depth: Int) throws -> JSON {
    guard depth < 200 else { throw error("at most 200 levels") }
    skipSpace()
    switch current {
    case UInt8(ascii: "{"): return try object(depth)
    case UInt8(ascii: "["): return try array(depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func word(_ text: String, _ value: JSON) throws -> JSON {
    guard bytes[position...].starts(with: text.utf8) else { throw error("a value") }
    position += text.utf8.count
    return value
  }

  private mutating func object(_ depth: Int) throws -> JSON {
    var members: [String: JSON] = [:]
    position += 1
    skipSpace()
    if take("}") { return .object(members) }
    repeat {
      skipSpace()
      guard current == UInt8(ascii: "\"") else { throw error("a key in quotes") }
      let key = try string()
      guard members[key] == nil else { throw error("each key once, not '\(key)' again") }
      skipSpace()
      guard take(":") else { throw error("':'") }
      members[key] = try value(depth: depth + 1)
      skipSpace()
    } while take(",")
    guard take("}") else { throw error("',' or '}'") }
    return .object(members)
  }

  private mutating func array(_ depth: Int) throws -> JSON {
    var items: [JSON] = []
    position += 1
    skipSpace()
    if take("]") { return .array(items) }
    repeat {
      items.append(try value(depth: depth + 1))
      skipSpace()
    } while take(",")
    guard take("]") else { throw error("',' or ']'") }
    return .array(items)
  }

  private mutating func string() throws -> String {
    position += 1
    var text: [UInt8] = []
    while let byte = current {
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let result = String(validating: text, as: UTF8.self) else { throw error("UTF-8") }
        return result
      case UInt8(ascii: "\\"): try escape(into: &text)
      case 0..<0x20: throw error("no control character in a string")
      default: text.append(byte)
      }
    }
    throw error("'\"'")
  }

  private mutating func escape(into text: inout [UInt8]) throws {
    guard let byte = current else { throw error("an escape") }
    position += 1
    let plain: [UInt8: UInt8] = [
      0x22: 0x22, 0x5C: 0x5C, 0x2F: 0x2F, 0x62: 0x08, 0x66: 0x0C, 0x6E: 0x0A, 0x72: 0x0D, 0x74: 0x09,
    ]
    if let replacement = plain[byte] {
      text.append(replacement)
      return
    }
    guard byte == UInt8(ascii: "u") else { throw error("an escape") }
    var code = try hexUnit()
    if (0xD800..<0xDC00).contains(code) {
      guard take("\\"), take("u") else { throw error("the second half of a surrogate pair") }
      let low = try hexUnit()
      guard (0xDC00..<0xE000).contains(low) else { throw error("a low surrogate") }
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(code) else { throw error("a Unicode scalar") }
    text.append(contentsOf: String(Character(scalar)).utf8)
  }

  private mutating func hexUnit() throws -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 128
      else { throw error("four hexadecimal digits") }
      code = code << 4 | UInt32(digit)
      position += 1
    }
    return code
  }

  private mutating func number() throws -> JSON {
    let start = position
    _ = take("-")
    let whole = try digits()
    guard whole == 1 || bytes[position - whole] != UInt8(ascii: "0") else {
      throw error("no leading zero")
    }
    var isInteger = true
    if take(".") {
      isInteger = false
      _ = try digits()
    }
    if take("e") || take("E") {
      isInteger = false
      if !take("+") { _ = take("-") }
      _ = try digits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isInteger, let value = Int(text) { return .integer(value) }
    guard let value = Double(text), value.isFinite else { throw error("a finite number") }
    return .number(value)
  }

  private mutating func digits() throws -> Int {
    let start = position
    while let byte = current, (0x30...0x39).contains(byte) { position += 1 }
    guard position > start else { throw error("a value") }
    return position - start
  }
}
