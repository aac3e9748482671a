// How values look at the prompt.

import Prompt
import Testing

@Suite struct PrettyTests {
  @Test(arguments: [
    ("{}", "{}"), ("{ 1, 2.0, 'a' }", "{ 1, 2.0, \"a\" }"),
    (
      "{ b = 1, a = 2, [10] = 3, ['x y'] = 4, ['end'] = 5 }",
      "{ [10] = 3, a = 2, b = 1, [\"end\"] = 5, [\"x y\"] = 4 }"
    ),
    ("{ { { { { 1 } } } } }", "{ { { { { … } } } } }"),
    ("'\\0\\1\\200'", "\"\\000\\001\\200\""), ("'ü€'", "\"ü€\""),
    ("{ [true] = 1, [1.5] = 2 }", "{ [1.5] = 2, [true] = 1 }"), ("{ nil, 2 }", "{ [2] = 2 }"),
    ("setmetatable({}, { __tostring = function() return 'mine' end })", "mine"),
    ("{ tensor.zeros{ 3, 4 } }", "{ Tensor<float32>[3, 4] }"), ("math.huge", "inf"),
  ])
  func `values read like Lua`(source: String, text: String) throws {
    #expect(try Desk().type(source) == text)
  }

  @Test func `tables are cut to a screen`() throws {
    let desk = try Desk()
    #expect(desk.type("local t = {}; t.self = t; t.other = { t }") == "")
    #expect(desk.type("t") == "{ other = { { cycle } }, self = { cycle } }")
    #expect(desk.type("local l = {}; for i = 1, 1000 do l[i] = i end") == "")
    let list = desk.type("l")
    #expect(
      list.contains("… 900 more") && list.split(separator: "\n").allSatisfy { $0.count <= 80 })
    #expect(desk.type("('x'):rep(10000)").hasSuffix("(10000 bytes)"))
    #expect(
      desk.type("local w = {}; for i = 1, 60 do w['k' .. i] = {} w['k' .. i].a = ('y'):rep(60) end")
        == "")
    #expect(desk.type("w").contains("… 20 more"))
    #expect(desk.type("local d = {}; for i = 1, 12 do d = { d, d, d, d } end") == "")
    #expect(desk.type("d").count < 100_000)
  }
}
