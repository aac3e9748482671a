// Bytes as libedit's wide characters and back, without loss: a byte that is no UTF-8 becomes a low
// surrogate (as in Python's surrogateescape), which no valid text contains.

package enum WideText {
  package static func wide(_ bytes: [UInt8]) -> [Int32] {
    var result: [Int32] = []
    var rest = bytes[...]
    while let first = rest.first {
      let length = self.length(first)
      if let text = String(validating: rest.prefix(length), as: UTF8.self),
        let scalar = text.unicodeScalars.first, text.unicodeScalars.count == 1
      {
        result.append(Int32(scalar.value))
        rest = rest.dropFirst(length)
      } else {
        result.append(Int32(0xDC00) + Int32(first))
        rest = rest.dropFirst()
      }
    }
    return result
  }

  package static func bytes(_ wide: some Sequence<Int32>) -> [UInt8] {
    var result: [UInt8] = []
    for character in wide {
      if (0xDC80...0xDCFF).contains(character) {
        result.append(UInt8(character - 0xDC00))
      } else if let scalar = Unicode.Scalar(UInt32(bitPattern: character)) {
        result += Array(String(Character(scalar)).utf8)
      }
    }
    return result
  }

  /// Bytes of the sequence that a first byte begins.
  static func length(_ first: UInt8) -> Int {
    switch first {
    case 0xC2...0xDF: 2
    case 0xE0...0xEF: 3
    case 0xF0...0xF4: 4
    default: 1
    }
  }
}
