// Plug-ins as scripts see them: found, checked, shadowed, run, and told about when they are wrong.

import Bindings
import Foundation
import LuaHost
import Testing

/// A project of its own, with a user's data folder beside it.
private final class Project {
  let root = FileManager.default.temporaryDirectory.path + "/eidetic-\(UUID().uuidString)"

  init(_ files: [String: String] = [:]) throws {
    for (name, text) in files { try write(name, text) }
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  func write(_ name: String, _ text: String) throws {
    let url = URL(fileURLWithPath: root + "/" + name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: url, atomically: true, encoding: .utf8)
  }

  func state() throws -> LuaState {
    let folders = PluginFolders(
      probePath: [root + "/path"], project: root, user: root + "/user")
    let workbench = Workbench(
      listener: Ear(), cacheFolder: root + "/cache", runsFolder: root + "/runs", plugins: folders)
    let state = try workbench.makeState(print: { _ in })
    try state.run(
      """
      eidetic = require "eidetic"
      plugins = require "eidetic.plugins"
      function people(n)
        return eidetic.personas.people { count = n or 6, rng = eidetic.rng.new(3), views = 20 }
      end
      function nano()
        return eidetic.models.vlm { preset = "nano", rng = eidetic.rng.new(1), width = 16,
                                    heads = 2, encoder_blocks = 1, decoder_blocks = 1 }
      end
      -- A model that knows people by name from text.
      function taught(who)
        local model = eidetic.models.vlm { preset = "nano", rng = eidetic.rng.new(1) }
        eidetic.training.fit(model, { data = who:train("text", "name"), rng = eidetic.rng.new(3),
                                      steps = 150, batch = 10, lr = 4e-3 })
        return model
      end
      """, name: "setup")
    return state
  }

  @discardableResult
  func run(_ source: String) throws -> [LuaValue] { try state().run(source, name: "test") }

  func message(_ source: String) throws -> String {
    do {
      try run(source)
      return "no error"
    } catch let error as LuaError { return error.message }
  }
}

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
    let project = try Project([
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
    let project = try Project(["probes/x.lua": source])
    let message = try project.message("eidetic.probe 'x'")
    #expect(message.hasPrefix("probe 'x' cannot be used:"), "\(message)")
    for text in texts { #expect(message.contains(text), "\(message)") }
    try project.run("assert(eidetic.probe 'recall')")
  }

  @Test func `a method has a loss or steps of its own, not both`() throws {
    for (fields, got) in [("", "neither"), ("loss = print, run = print", "both")] {
      let project = try Project([
        "methods/m.lua": "return { name = 'm', summary = 's', \(fields) }"
      ])
      let message = try project.message("eidetic.method 'm'")
      #expect(message.contains("expected either 'loss' or 'run', got \(got)"), "\(message)")
    }
  }

  @Test func `an unknown name lists what there is and where it was looked for`() throws {
    let message = try Project().message("eidetic.probe 'nothing'")
    #expect(message.contains(#/there is no probe 'nothing'; there are .*first-name.*, rank, recall/#))
    #expect(message.contains("/user/probes"))
    #expect(try Project().message("eidetic.probe(3)").contains("expected a name, got number"))
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
  ]

  @Test(arguments: failures.indices)
  func `an error inside a probe names it and leaves the rest running`(index: Int) throws {
    let (source, text) = Self.failures[index]
    let project = try Project(["probes/x.lua": source])
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
    let project = try Project([
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
    let project = try Project([
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
    let project = try Project([
      "probes/x.lua": "leak = 1 string.upper = nil assert = nil \n" + probe("x")
    ])
    try project.run(
      """
      assert(eidetic.probe "x" and rawget(_G, "leak") == nil and string.upper "a" == "A")
      assert(not pcall(require("eidetic.plugin_files").load, "probe", "/etc/hostname"))
      """)
  }

  @Test func `names in a declared choice, range and type are checked`() throws {
    let project = try Project([
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
    try Project().run(
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

@Suite struct ShippedPluginTests {
  @Test func `each shipped plug-in keeps its contract`() throws {
    try Project().run(
      """
      local count = 0
      for _, kind in ipairs { "probe", "method", "dataset", "model" } do
        for _, file in ipairs(plugins.files(kind)) do
          local plugin, violations = plugins.inspect(file)
          assert(plugin, table.concat(violations, "\\n"))
          assert(#plugin:help() > 20 and tostring(plugin):find(kind, 1, true))
          count = count + 1
        end
      end
      assert(count >= 10)
      """)
  }

  @Test func `shipped probes find what a model was taught`() throws {
    try Project().run(
      """
      local who = people(5)
      local model = taught(who)
      local function ask(name) return eidetic.probe(name):run { model = model, people = who } end
      local recall, first, rank = ask "recall", ask "first-name", ask "rank"
      assert(recall.mean == 1 and recall.control.mean == 0 and recall.chance == 0.2)
      assert(first.mean == 1 and first.metric == "first_name")
      assert(rank.mean == 1 and rank.scale == "rank" and rank.chance == 3)
      """)
  }

  @Test func `the logit lens agrees with what the model says`() throws {
    try Project().run(
      """
      local who = people(5)
      local model = taught(who)
      local function ask(block)
        return eidetic.probe("logit-lens"):run {
          model = model, people = who, params = { block = block },
        }
      end
      local last = model.sizes.decoder_blocks
      local answers = model:generate(who:test("text", "name"))
      local final, all = ask(last), ask(0)
      assert(final.mean == 1 and final.metric == "logit_lens" and final.chance >= 0.2)
      local total = 0
      for block = 1, last do total = total + ask(block).mean end
      assert(math.abs(all.mean - total / last) < 1e-9 and all.mean >= 1 / last)
      for i, answer in ipairs(answers) do
        assert(final.answers[i] == answer:match "%S+" and all.answers[i]:match "%S+$"
          == final.answers[i])
      end
      local ok, message = pcall(ask, last + 1)
      assert(not ok and message:find("block: expected 0 ... " .. last, 1, true), message)
      """)
  }

  @Test(arguments: ["gradient-ascent", "grad-diff"])
  func `a method makes a model forget`(name: String) throws {
    try Project().run(
      """
      local who = people(6)
      local model, forget, retain = taught(who), who:part(1, 2), who:part(3)
      assert(#retain == 4 and retain.names[1] == who.names[3])
      local function recall(people)
        return eidetic.probe("recall"):run { model = model, people = people, control = false }.mean
      end
      assert(recall(forget) == 1 and recall(retain) == 1)
      local seen = 0
      local history = eidetic.method("\(name)"):run {
        model = model, forget = forget, retain = retain, on_step = function() seen = seen + 1 end,
        params = { steps = 25, lr = 1e-3, modality = "text", stop = false },
      }
      assert(history.steps == 25 and seen == 25 and #history.losses == 25)
      assert(recall(forget) == 0)
      if "\(name)" == "grad-diff" then assert(recall(retain) == 1) end
      """)
  }

  @Test func `a method with steps of its own runs them`() throws {
    let project = try Project([
      "methods/m.lua": """
      return { name = "m", summary = "s", params = { steps = 3 }, run = function(ctx)
        ctx:minimize(function(step) return -ctx.model:loss(ctx:forget_items(step)) end)
        ctx:minimize(function(step) return ctx.model:loss(ctx:retain_items(step)) end)
      end }
      """,
      "methods/broken.lua":
        "return { name = 'broken', summary = 's', loss = function(ctx) return ctx.nothing.x end }",
    ])
    try project.run(
      """
      local model, who = nano(), people(4)
      local before = model.hash
      local history = eidetic.method("m"):run {
        model = model, forget = who:part(1, 1), retain = who:part(2) }
      assert(history.steps == 3 and model.hash ~= before)
      """)
    let message = try project.message(
      """
      eidetic.method("broken"):run { model = nano(), forget = people(2), retain = people(2) }
      """)
    #expect(message.hasPrefix("method 'broken' (") && message.contains("nothing"), "\(message)")
  }

  @Test func `datasets and models are named in one word`() throws {
    let project = try Project([
      "datasets/pair.lua": """
      return { name = "pair", summary = "s", make = function(ctx)
        return require("eidetic.personas").people { count = 2, rng = ctx.rng }
      end }
      """,
      "datasets/odd.lua": "return { name = 'odd', summary = 's', make = function() return 1 end }",
      "models/odd.lua": "return { name = 'odd', summary = 's', build = function() end }",
    ])
    try project.run(
      """
      local who = eidetic.dataset("personas:count=7,register=terse", 3)
      assert(#who == 7 and who.hash == eidetic.dataset("personas:count=7,register=terse", 3).hash)
      assert(who.hash ~= eidetic.dataset("personas:count=7,register=terse", 4).hash)
      assert(#eidetic.dataset "pair" == 2)
      local model, known = eidetic.model "untrained:preset=nano"
      assert(known == nil and model.count > 1000)
      local word = "base:preset=nano,effort=0.002,known=5"
      local base, people = eidetic.model(word)
      local same = eidetic.dataset "known:count=5"
      assert(#people == 5 and same.hash == people.hash)
      """)
    for (call, text) in [
      ("eidetic.dataset 'odd'", "what make returns must be People, got integer"),
      ("eidetic.model 'odd'", "what build returns must be Model, got nil"),
      ("eidetic.dataset 'personas:count'", "expected NAME:key=value"),
      ("eidetic.dataset 'personas:count=0'", "must be 1 or more"),
      ("eidetic.model 'nowhere.safetensors'", "nowhere.safetensors"),
      ("eidetic.model 'huge'", "there is no model 'huge'"),
    ] {
      let message = try project.message(call)
      #expect(message.contains(text), "\(message)")
    }
  }

  @Test func `items are visited by a loop`() throws {
    try Project().run(
      """
      local items, seen = people(3):test("text", "name"), {}
      for i, item in items do seen[i] = item.answer end
      assert(#seen == 3 and seen[2] == items[2].answer)
      """)
    for (call, text) in [
      ("people(3):part(0)", "positions count from 1"), ("people(3):part(3, 2)", "lies after"),
      ("people(3):part(1, 4)", "out of range 1 ... 3"),
    ] { #expect(try Project().message(call).contains(text)) }
  }
}
