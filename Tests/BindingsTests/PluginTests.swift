// Plug-ins as scripts see them: found, checked, shadowed, run, and told about when they are wrong.

import Bindings
import LuaHost
import Testing

/// A probe that answers true for the first person.
private func probe(_ name: String, _ rest: String = "", body: String = "o[i] = i == 1") -> String {
  """
  return { name = "\(name)", summary = "A probe.", \(rest) run = function(ctx)
    local o = {}
    for i, item in ctx:items() do \(body) end
    return { per_item = o }
  end }
  """
}

@Suite struct PluginTests {
  @Test func `the first of a name shadows the others, and only it is loaded`() throws {
    let project = try PluginProject([
      "path/a.lua": probe("a"), "probes/a.lua": "error('not loaded')",
      "user/probes/a.lua": probe("a"), "user/probes/b_c.lua": probe("b-c"),
      "probes/recall.lua": probe("recall"), "probes/x_spec.lua": "error('a spec')",
      "probes/notes.txt": "no plug-in",
    ])
    try project.run(
      """
      local seen = {}
      for _, file in ipairs(plugins.files "probe") do
        if file.origin ~= "shipped" or file.shadowed_by then
          seen[#seen + 1] = file.name .. " " .. file.origin
            .. (file.shadowed_by and " shadowed" or "")
        end
      end
      local text = table.concat(seen, "\\n")
      assert(text == [[
      a path
      a project shadowed
      a user shadowed
      b-c user
      recall project
      recall shipped shadowed]], text)
      assert(eidetic.probe("a").origin == "path" and eidetic.probe("b_c").name == "b-c")
      assert(eidetic.probe("recall").summary == "A probe.")
      local names = " " .. table.concat(eidetic.plugins "probe", " ") .. " "
      assert(names:find(" a .*b%-c .*first%-name .*rank recall "), names)
      """)
  }

  /// The file, and what each of its violations says.
  static let violations: [(String, [String])] = [
    ("return 7", ["expected the file to return a table, got number"]),
    ("", ["expected the file to return a table, got nil"]),
    ("return {", ["probes/x.lua:1: unexpected symbol"]),
    ("error 'boom'", ["an error while it was loaded", "probes/x.lua:1: boom"]),
    ("local f = io.open('x')", ["undefined variable 'io'"]),
    (
      "return {}",
      [
        "field 'name': expected a string, got nothing; add name =",
        "field 'summary': expected a string, got nothing", "field 'run': expected a function",
      ]
    ),
    (probe("y"), ["field 'name': expected 'x', as the file is called, got 'y'"]),
    (probe("x", "sumary = 'a',"), ["field 'sumary'", "an unknown field"]),
    (probe("x", "api = '>=2.0',"), ["field 'api'", "whose API is \(eideticAPIVersion)"]),
    (probe("x", "needs = { 'hook' },"), ["field 'needs[1]': expected one of hooks"]),
    (probe("x", "needs = { 's g', 'hooks' },"), ["field 'needs[1]'", "got 's g'"]),
    (probe("x", "api = 'new',"), ["field 'api': expected a demand such as", "'new'"]),
    (probe("x", "params = 3,"), ["field 'params': expected a table, got number"]),
    (probe("x", "params = { a = print },"), ["field 'params.a'", "got function"]),
    (probe("x", "params = { a = { type = 'int' } },"), ["field 'params.a.type'", "'int'"]),
    (probe("x", "params = { a = { type = 'integer', mn = 1 } },"), ["field 'params.a.mn'"]),
    (
      probe("x", "params = { a = { type = 'integer', min = 'b' } },"),
      ["field 'params.a.min': expected a number"]
    ),
    (
      probe("x", "params = { a = { type = 'string', one_of = { 'u' }, default = 'v' } },"),
      ["field 'params.a.default': expected one of 'u', got 'v'"]
    ),
    (
      probe("x", "params = { a = { type = 'integer', one_of = { 'u' } } },"),
      ["field 'params.a.one_of': expected a list of values of type integer"]
    ),
    ("return setmetatable({}, { __index = error, __pairs = error })", ["field 'name'"]),
    (
      probe(
        "x",
        "params = { a = { type = 'integer', one_of = setmetatable({}, { __len = error }) } },"),
      ["an error while it was checked"]
    ),
  ]

  @Test(arguments: violations.indices)
  func `a violation of the contract is a message`(index: Int) throws {
    let (source, texts) = Self.violations[index]
    let project = try PluginProject(["probes/x.lua": source])
    let message = try project.message("eidetic.probe 'x'")
    #expect(message.hasPrefix("probe 'x' cannot be used:"), "\(message)")
    for text in texts { #expect(message.contains(text), "\(message)") }
    try project.run("assert(eidetic.probe 'recall')")
  }

  @Test func `a method has a loss or steps of its own, not both`() throws {
    for (fields, got) in [("", "neither"), ("loss = print, run = print", "both")] {
      let project = try PluginProject([
        "methods/m.lua": "return { name = 'm', summary = 's', \(fields) }"
      ])
      let message = try project.message("eidetic.method 'm'")
      #expect(message.contains("expected either 'loss' or 'run', got \(got)"), "\(message)")
    }
  }

  @Test func `an unknown name lists what there is and where it was looked for`() throws {
    let message = try PluginProject().message("eidetic.probe 'nothing'")
    #expect(
      message.contains(#/there is no probe 'nothing'; there are .*first-name.*, rank, recall/#))
    #expect(message.contains("/user/probes"))
    #expect(try PluginProject().message("eidetic.probe(3)").contains("expected a name, got number"))
  }

  /// The body of the loop or of `run`, and what the message says.
  static let failures: [(String, String)] = [
    (
      "return { name = 'x', summary = 's', run = function() local t; return t.y end }",
      "failed: "
    ),
    ("return { name = 'x', summary = 's', run = function() end }", "expected a table, got nil"),
    ("return { name = 'x', summary = 's', run = function() return {} end }", "'per_item'"),
    (
      "return { name = 'x', summary = 's', run = function() return { per_item = {} } end }",
      "ctx:items"
    ),
    (
      "return { name = 'x', summary = 's', run = function(c) c:items() return { per_item = { 1 } } end }",
      "expected 6 outcomes, one per item, got 1"
    ),
    (probe("x", body: "o[i] = 0/0"), "a finite number at position 1"),
    (probe("x", body: "o[i] = 'yes'"), "at position 1, got yes"),
    (
      "return { name = 'x', summary = 's', run = function() return { per_itm = {} } end }",
      "'per_itm': unknown"
    ),
    (
      "return { name = 'x', summary = 's', run = function(c) return { per_item = {}, items = c.model } end }",
      "must be Items, got Model"
    ),
    (scaled("'share'", "1.5"), "expected 0 ... 1 at position 1, because its scale is 'share'; got 1.5"),
    (scaled("'rank'", "0"), "expected at least 1 at position 1"),
    (scaled("'binary'", "0.5"), "expected 0 or 1 at position 1"),
    (scaled("'odds'", "0.5"), "'scale': expected one of binary, rank, real, share, got 'odds'"),
    (scaled("1", "0.5"), "'scale': expected a string, got number"),
    (
      "return { name = 'x', summary = 's', run = function(c) local o = {} for i in c:items() do "
        + "o[i] = 2 end return { per_item = o, parts = { { name = 'p', per_item = o, "
        + "scale = 'share' } } } end }",
      "'parts[1].per_item': expected 0 ... 1 at position 1"
    ),
  ]

  /// A probe that states a scale.
  static func scaled(_ scale: String, _ value: String) -> String {
    "return { name = 'x', summary = 's', run = function(c) local o = {} for i in c:items() do "
      + "o[i] = \(value) end return { per_item = o, scale = \(scale) } end }"
  }

  @Test(arguments: failures.indices)
  func `an error inside a probe names it and leaves the rest running`(index: Int) throws {
    let (source, text) = Self.failures[index]
    let project = try PluginProject(["probes/x.lua": source])
    let message = try project.message(
      "eidetic.probe('x'):run { model = nano(), people = people() }")
    #expect(message.hasPrefix("probe 'x' (") && message.contains("probes/x.lua"), "\(message)")
    #expect(message.contains(text), "\(message)")
    try project.run(
      """
      pcall(function() eidetic.probe('x'):run { model = nano(), people = people() } end)
      assert(eidetic.probe('recall'):run { model = nano(), people = people() }.n == 6)
      """)
  }

  @Test func `a probe gets mean, interval, chance and controls`() throws {
    let project = try PluginProject([
      "probes/x.lua": """
      return { name = "x", summary = "s", params = { share = 0.5 }, run = function(ctx)
        local outcomes, truths = {}, {}
        for i, item in ctx:items("text") do
          outcomes[i] = ctx.group == "member" and i <= #ctx.people * ctx.params.share
          truths[i] = "same"
        end
        return { per_item = outcomes, truths = truths }
      end }
      """
    ])
    try project.run(
      """
      local r = eidetic.probe("x"):run { model = nano(), people = people(8) }
      assert(r.mean == 0.5 and r.n == 8 and #r.per_item == 8 and r.metric == "x")
      assert(r.low > 0 and r.low < 0.5 and r.high > 0.5 and r.high < 1)
      assert(r.chance == 1 and r.control.mean == 0 and r.control.n == 8)
      local all = eidetic.probe("x"):run {
        model = nano(), people = people(8), params = { share = 1 }, control = false }
      assert(all.mean == 1 and all.control == nil)
      """)
  }

  @Test func `the same seed gives the same numbers`() throws {
    let project = try PluginProject([
      "probes/x.lua": probe("x", body: "o[i] = ctx.rng:fork(i):uniform() < 0.5")
    ])
    try project.run(
      """
      local function ask(seed)
        local o = { model = nano(), people = people(40), seed = seed }
        return table.concat(eidetic.probe("x"):run(o).per_item, " ")
      end
      assert(ask(1) == ask(1) and ask(1) ~= ask(2))
      """)
  }

  @Test func `a plug-in changes no globals but its own`() throws {
    let project = try PluginProject([
      "probes/x.lua": "leak = 1 string.upper = nil assert = nil \n" + probe("x")
    ])
    try project.run(
      """
      assert(eidetic.probe "x" and rawget(_G, "leak") == nil and string.upper "a" == "A")
      assert(not pcall(require("eidetic.plugin_files").load, "probe", "/etc/hostname"))
      """)
  }

  @Test func `names in a declared choice, range and type are checked`() throws {
    let project = try PluginProject([
      "probes/x.lua": probe(
        "x",
        """
        params = { n = { type = "integer", min = 1, max = 9 }, f = 0.5, b = false,
                   m = { type = "string", one_of = { "u", "v" }, default = "u" } },
        """)
    ])
    let state = try project.state()
    try state.run(
      """
      x = eidetic.probe "x"
      local p = x:context({ texts = { n = "3", f = "2", b = "true", m = "v" } }).params
      assert(p.n == 3 and math.type(p.n) == "integer" and p.f == 2 and p.b == true and p.m == "v")
      assert(x:context({ params = { n = 3.0 } }).params.n == 3)
      assert(x:help():find("n  (integer, 1 ... 9, required)", 1, true), x:help())
      assert(x:help():find("m  (u | v, default u)", 1, true))
      """, name: "setup")
    for (given, text) in [
      ("{}", "parameter 'n' is missing"), ("{ n = '0' }", "must be 1 or more, got 0"),
      ("{ n = '10' }", "must be 9 or less"), ("{ n = '1.5' }", "a value of type integer"),
      ("{ n = 'many' }", "got 'many'"), ("{ n = '1', b = 'yes' }", "type boolean, got 'yes'"),
      ("{ n = '1', m = 'w' }", "one of 'u', 'v', got 'w'"),
      ("{ n = '1', k = '2' }", "no parameter 'k'; it has b, f, m, n"),
    ] {
      do {
        try state.run("x:context { texts = \(given) }", name: "test")
        Issue.record("no error: \(given)")
      } catch let error as LuaError {
        #expect(error.message.hasPrefix("probe 'x': ") && error.message.contains(text))
      }
    }
  }

  @Test func `a demand for an API is read as versions are`() throws {
    try PluginProject().run(
      """
      local fits = require("eidetic.api").fits
      assert(fits("1.0", "1.4.2") and fits("1.4.2", "1.4.2") and not fits("1.5", "1.4.2"))
      assert(not fits("1.0", "2.0.0") and fits(">=1.0", "2.0.0") and not fits(">=1.0 <2", "2.0.0"))
      assert(fits(">1.4.1", "1.4.2") and fits("<=1.4.2", "1.4.2") and fits("=1.4.2", "1.4.2"))
      for _, bad in ipairs { "", "new", ">=", "1.x", "1..2", "1.", "1.2.3.4", "=>1" } do
        assert(fits(bad, "1.0.0") == nil, bad)
      end
      """)
  }
}
