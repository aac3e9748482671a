// The words of Lua source, read the way Lua's own scanner reads them, but never failing: what Lua
// would refuse becomes a token of its own, because half of what is typed is not finished yet.

/// A word of Lua source.
package struct LuaToken: Equatable {
  /// What kind of word it is.
  package enum Kind: Equatable {
    case name, keyword, number, string, symbol, comment, unknown
  }

  package let kind: Kind
  /// Where it stands, in bytes.
  package let range: Range<Int>
  /// Line of its first byte, from 1.
  package let line: Int
  /// Whether a string or comment lacks its end.
  package let isOpen: Bool

  /// The words that Lua reserves.
  static let keywords: Set<String> = [
    "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in",
    "local", "nil", "not", "or", "repeat", "return", "then", "true", "until", "while",
  ]
}

/// Source with its words.
package struct LuaSource {
  package let bytes: [UInt8]
  /// Words from the first to the last, comments included.
  package let tokens: [LuaToken]

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var scanner = Scanner(bytes: bytes)
    tokens = scanner.all()
  }

  package init(_ text: String) { self.init(Array(text.utf8)) }

  /// The words without comments.
  var words: [LuaToken] { tokens.filter { $0.kind != .comment } }

  package func text(_ token: LuaToken) -> String {
    String(decoding: bytes[token.range], as: UTF8.self)
  }

  func isWord(_ token: LuaToken?, _ text: String) -> Bool {
    guard let token, token.kind == .keyword || token.kind == .symbol else { return false }
    return bytes[token.range].elementsEqual(text.utf8)
  }
}

private struct Scanner {
  let bytes: [UInt8]
  var place = 0
  var line = 1

  mutating func all() -> [LuaToken] {
    var result: [LuaToken] = []
    while let token = next() { result.append(token) }
    return result
  }

  private func byte(_ offset: Int = 0) -> UInt8? {
    bytes.indices.contains(place + offset) ? bytes[place + offset] : nil
  }

  private mutating func skip(_ count: Int = 1) {
    for _ in 0..<count where place < bytes.count {
      if bytes[place] == UInt8(ascii: "\n") { line += 1 }
      place += 1
    }
  }

  private mutating func next() -> LuaToken? {
    while let c = byte(), c == 32 || (9...13).contains(c) { skip() }
    guard let c = byte() else { return nil }
    let start = place, first = line
    var isOpen = false
    let kind = scan(c, &isOpen)
    return LuaToken(kind: kind, range: start..<place, line: first, isOpen: isOpen)
  }

  private mutating func scan(_ c: UInt8, _ isOpen: inout Bool) -> LuaToken.Kind {
    if c == UInt8(ascii: "-"), byte(1) == UInt8(ascii: "-") { return comment(&isOpen) }
    if c.isNameStart { return name() }
    if c.isDigit || (c == UInt8(ascii: ".") && byte(1)?.isDigit == true) { return number() }
    if c == UInt8(ascii: "\"") || c == UInt8(ascii: "'") { return quoted(c, &isOpen) }
    if let level = longBracket() {
      isOpen = !longText(level)
      return .string
    }
    return symbol(c)
  }

  private mutating func name() -> LuaToken.Kind {
    let start = place
    while let c = byte(), c.isNameStart || c.isDigit { skip() }
    let word = String(decoding: bytes[start..<place], as: UTF8.self)
    return LuaToken.keywords.contains(word) ? .keyword : .name
  }

  /// Lua takes every letter, digit and point, and a sign behind an exponent.
  private mutating func number() -> LuaToken.Kind {
    let isHex = byte() == UInt8(ascii: "0") && byte(1).map { $0 | 32 } == UInt8(ascii: "x")
    let exponent = UInt8(ascii: isHex ? "p" : "e")
    while let c = byte() {
      let isSign = c == UInt8(ascii: "+") || c == UInt8(ascii: "-")
      if isSign, byte(-1).map({ $0 | 32 }) == exponent {
        skip()
        continue
      }
      guard c.isNameStart || c.isDigit || c == UInt8(ascii: ".") else { break }
      skip()
    }
    return .number
  }

  private mutating func comment(_ isOpen: inout Bool) -> LuaToken.Kind {
    skip(2)
    if let level = longBracket() {
      isOpen = !longText(level)
    } else {
      while let c = byte(), c != UInt8(ascii: "\n") { skip() }
    }
    return .comment
  }

  /// How many `=` stand between two brackets that open here, if they do.
  private func longBracket() -> Int? {
    guard byte() == UInt8(ascii: "[") else { return nil }
    var level = 0
    while byte(1 + level) == UInt8(ascii: "=") { level += 1 }
    return byte(1 + level) == UInt8(ascii: "[") ? level : nil
  }

  /// - Returns: Whether the closing brackets were there.
  private mutating func longText(_ level: Int) -> Bool {
    skip(level + 2)
    while let c = byte() {
      if c == UInt8(ascii: "]"), byte(level + 1) == UInt8(ascii: "]"),
        (0..<level).allSatisfy({ byte(1 + $0) == UInt8(ascii: "=") })
      {
        skip(level + 2)
        return true
      }
      skip()
    }
    return false
  }

  private mutating func quoted(_ quote: UInt8, _ isOpen: inout Bool) -> LuaToken.Kind {
    skip()
    while let c = byte(), c != UInt8(ascii: "\n") {
      if c == UInt8(ascii: "\\") {
        let isGap = byte(1) == UInt8(ascii: "z")
        skip(2)
        if isGap { while let c = byte(), c == 32 || (9...13).contains(c) { skip() } }
        continue
      }
      skip()
      if c == quote { return .string }
    }
    isOpen = true
    return .string
  }

  private mutating func symbol(_ c: UInt8) -> LuaToken.Kind {
    for text in ["...", "..", "==", "~=", "<=", ">=", "//", "::", "<<", ">>"]
    where bytes[place...].starts(with: text.utf8) {
      skip(text.utf8.count)
      return .symbol
    }
    skip()
    return "+-*/%^#&~|<>=(){}[];:,.".utf8.contains(c) ? .symbol : .unknown
  }
}

extension UInt8 {
  var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
  var isNameStart: Bool {
    self == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 32)
  }
}
