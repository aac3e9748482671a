// Random streams through Lua are the streams of Repro.

import Bindings
import LuaHost
import Repro
import Testing

/// Names of the drawing methods as scripts call them; the snippet test looks for them here.
let rngSnippets = [
  "r:fork", "r:uniform", "r:normal", "r:integer", "r:chance", "r:pick", "r:shuffle", "r:sample",
]

@Suite struct RngTests {
  private func run(_ source: String) throws -> [LuaValue] {
    try makeState().run("local r = require(\"eidetic.rng\").new(7); " + source, name: "snippet")
  }

  @Test func `a seed gives the numbers of the Swift stream`() throws {
    var stream = RandomStream(seed: 7)
    let drawn = try run("return r:uniform(), r:uniform(2, 4), r:integer(1, 6), r:chance(0.5)")
    #expect(drawn[0].asNumber == stream.uniform())
    #expect(drawn[1].asNumber == stream.uniform(2, 4))
    #expect(drawn[2].asInteger == 1 + stream.int(below: 6))
    #expect(drawn[3].asBoolean == stream.chance(0.5))
  }

  @Test func `forks depend on the name alone and leave the parent where it is`() throws {
    let drawn = try run(
      """
      local before = r:fork "init":uniform(); r:uniform(); r:fork "other":uniform()
      local again = r:fork "init":uniform()
      return before == again, r:fork(1).key == r:fork(2).key, r:fork "1".key == r:fork(1).key
      """)
    #expect(drawn.compactMap(\.asBoolean) == [true, false, false])
    let name = RandomStream(seed: 7).fork("init")
    #expect(
      try run("return r:fork \"init\".key")[0].asString?.hasSuffix(String(name.key, radix: 16))
        == true)
  }

  @Test func `shuffles and samples hold every item once`() throws {
    let drawn = try run(
      """
      local list = r:shuffle{ 10, 20, 30, 40 }; table.sort(list)
      local places = r:sample(5, 5); table.sort(places)
      return list, places, r:sample(1000, 3), r:pick{ 4 }
      """)
    #expect(drawn[0].asTable?.integers == [10, 20, 30, 40])
    #expect(drawn[1].asTable?.integers == [1, 2, 3, 4, 5])
    #expect(drawn[2].asTable?.integers?.allSatisfy { (1...1000).contains($0) } == true)
    #expect(drawn[3].asInteger == 4)
  }

  @Test func `integers reach both ends of the widest range`() throws {
    let drawn = try run(
      """
      local low, high = false, false
      for _ = 1, 200 do
        local x = r:integer(math.mininteger, math.maxinteger)
        low, high = low or x < 0, high or x >= 0
      end
      local top = math.maxinteger
      return low and high, r:integer(top, top), r:integer(-1, top - 1) >= -1
      """)
    #expect(drawn[0].asBoolean == true)
    #expect(drawn[1].asInteger == .max)
    #expect(drawn[2].asBoolean == true)
  }

  @Test func `normal numbers have mean 0 and deviation 1`() throws {
    let drawn = try run(
      """
      local sum, squares = 0, 0
      for _ = 1, 20000 do local x = r:normal(); sum, squares = sum + x, squares + x * x end
      return sum / 20000, squares / 20000
      """)
    #expect(abs(drawn[0].asNumber ?? 1) < 0.05)
    #expect(abs((drawn[1].asNumber ?? 0) - 1) < 0.05)
  }

  @Test(arguments: [
    ("r:integer(2, 1)", "integer: expected low <= high, got 2 and 1"),
    ("r:pick{}", "pick: expected a list of one item or more, got an empty one"),
    ("r:sample(3, 4)", "sample: count 4 is out of range 0 ... 3"),
    ("r:sample(-1, 0)", "sample: n must be 0 or more, got -1"),
    ("r:chance(2)", "chance: probability 2 is out of range 0 ... 1"),
    ("r:uniform(1, 0)", "uniform: expected finite low <= high, got 1 and 0"),
    ("rng.new(-1)", "rng.new: expected a seed of 0 or more, got -1"),
  ]) func `says what is wrong`(lua: String, message: String) throws {
    #expect(try failure("local r = rng.new(7) return \(lua)") == message)
  }
}
