import Repro
import Testing

@Suite struct JSONParseTests {
  @Test func `what is written is read back`() throws {
    let value: JSON = [
      "a": [1, -2.5, true, false, .null, "x\"\\\n\u{1}é🙂"], "b": [:], "c": [], "d": 1e300,
      "e": .integer(.min),
    ]
    #expect(try JSON.parse(value.canonical) == value)
    #expect(try JSON.parse(value.pretty) == value)
  }

  @Test func `escapes and numbers follow the standard`() throws {
    #expect(try JSON.parse(#" "\u0041\ud83d\ude42\/\b" "#) == .string("A🙂/\u{8}"))
    #expect(try JSON.parse("[0, -0.5e+2, 12345678901234567890]") == [0, -50.0, 12345678901234567890.0])
  }

  @Test(arguments: [
    "", "{", "[1,]", "{\"a\":1,}", "01", "1.", "-", "+1", ".5", "1e", "1e999", "nul", "\"\\x\"",
    "\"\\ud800\"", "\"\u{1}\"", "[1 2]", "{\"a\" 1}", "{a:1}", "{\"a\":1,\"a\":2}", "1 1", "\"abc",
    "NaN", String(repeating: "[", count: 100_000),
  ])
  func `broken texts are refused with their place`(text: String) {
    #expect(throws: JSONError.self) { try JSON.parse(text) }
  }

  @Test func `bytes that are not UTF-8 are refused`() {
    #expect(throws: JSONError.self) { try JSON.parse([0x22, 0xFF, 0xFE, 0x22]) }
  }

  @Test func `every cut of a text is refused without a trap`() {
    let bytes = Array(#"{"key":[1,2.5e-3,"\u0041",{"x":null}]}"#.utf8)
    for length in 0..<bytes.count {
      #expect(throws: JSONError.self) { try JSON.parse(bytes[..<length]) }
    }
  }
}
