// The words of Lua, whole and broken inputs, locals of a session.

import LuaHost
import Prompt
import Testing

@Suite struct TokenTests {
  private func words(_ text: String) -> [String] {
    let source = LuaSource(text)
    return source.tokens.map(source.text)
  }

  @Test func `source falls into words`() {
    #expect(
      words("local x<const> = 0x1p-4 ..'a\\'b'--[==[ c ]] ]==]\nreturn[[\n]]~=1e+5")
        == [
          "local", "x", "<", "const", ">", "=", "0x1p-4", "..", "'a\\'b'", "--[==[ c ]] ]==]",
          "return",
          "[[\n]]", "~=", "1e+5",
        ])
    #expect(
      words("a.b:c(...)// ::l::") == [
        "a", ".", "b", ":", "c", "(", "...", ")", "//", "::", "l", "::",
      ])
    #expect(words("'a\\z \n b' \"\\\"\"") == ["'a\\z \n b'", "\"\\\"\""])
  }

  @Test(arguments: [
    ("'abc", true), ("[[abc\n", true), ("--[[", true), ("-- abc", false), ("x", false),
  ])
  func `what lacks its end is open`(text: String, isOpen: Bool) {
    #expect(LuaSource(text).tokens.last?.isOpen == isOpen)
  }

  @Test func `any bytes are read to the end`() {
    var source = SystemRandomNumberGenerator()
    for length in 0..<400 {
      let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &source) }
      let tokens = LuaSource(bytes).tokens
      #expect(tokens.allSatisfy { !$0.range.isEmpty && $0.range.upperBound <= length })
      #expect(
        zip(tokens, tokens.dropFirst()).allSatisfy { $0.range.upperBound <= $1.range.lowerBound })
    }
  }
}

@Suite struct InputKindTests {
  private func input(_ text: String) throws -> Input {
    let state = try LuaState()
    return try Input(Array(text.utf8)) { source in
      do {
        _ = try state.load(String(decoding: source, as: UTF8.self), name: "x")
        return nil
      } catch let error as LuaError { return error.message }
    }
  }

  @Test(arguments: [
    "for i = 1, 2 do", "x = ", "f(", "return {1,", "--[[ a", "s = [[", "if x then\nelse", "1 +",
    "function f(a,", "'abc\\", "t = {", "not", "x = function()",
  ])
  func `a beginning asks for more`(text: String) throws { #expect(try input(text) == .incomplete) }

  @Test(arguments: ["", "  \t", "-- only a comment", "\n\n"])
  func `nothing is nothing`(text: String) throws { #expect(try input(text) == .empty) }

  @Test(arguments: [
    ("1 + 1", true), ("f(x)", true), ("f(x);", false), ("x = 1", false),
    ("=x", true), ("local a", false), ("return 1, 2", false), ("'a' -- b", true),
  ])
  func `an expression has a value`(text: String, isExpression: Bool) throws {
    guard case .chunk(_, let found) = try input(text) else {
      Issue.record("\(text) is no chunk")
      return
    }
    #expect(found == isExpression)
  }

  @Test(arguments: [
    ("1 + * 2", "*", 4), ("x = = 3", "=", 4), ("a b", "b", 2), ("'abc", "'abc", 0),
    ("f(1)) + g(2))", ")", 4), ("x = 1 end", "end", 6), ("if x != 2 then", "!", 5),
    ("for for do", "for", 4),
  ])
  func `a mistake is found where it is`(text: String, word: String, place: Int) throws {
    guard case .broken(let error) = try input(text) else {
      Issue.record("\(text) is not broken")
      return
    }
    #expect(error.range == place..<place + word.utf8.count, "\(error.message)")
  }
}

@Suite struct SessionLocalsTests {
  @Test(arguments: [
    ("local x = 1", "      x = 1", ["x"]),
    ("local a, b", "      a, b = nil", ["a", "b"]),
    ("local a <const>, b = 1, 2", "      a        , b = 1, 2", ["a", "b"]),
    (
      "local function f() local y = 1 return y end", "      function f() local y = 1 return y end",
      ["f"]
    ),
    ("do local x = 1 end", "do local x = 1 end", []),
    (
      "if a then local b = 1 elseif c then local d end local e",
      "if a then local b = 1 elseif c then local d end       e = nil", ["e"]
    ),
    ("for i = 1, 2 do local x end local y = 2", "for i = 1, 2 do local x end       y = 2", ["y"]),
    ("repeat local x = f() until x local z = 1", "repeat local x = f() until x       z = 1", ["z"]),
    ("local f <close> = g()", "local f <close> = g()", []),
    ("local _ENV = {}", "local _ENV = {}", []),
    ("s = 'local x' -- local y", "s = 'local x' -- local y", []),
    ("local a\nlocal b = 1", "      a = nil\n      b = 1", ["a", "b"]),
    (
      "t = { f = function() local x end }; local q = 1",
      "t = { f = function() local x end };       q = 1", ["q"]
    ),
  ])
  func `locals at the top level are shared`(text: String, source: String, names: [String]) {
    let shared = SessionLocals(sharing: Array(text.utf8))
    #expect(String(decoding: shared.source, as: UTF8.self) == source)
    #expect(shared.names == names)
  }
}
