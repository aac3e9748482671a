// The plug-ins that ship: probes, methods, datasets and models, each as users call it.

import Bindings
import LuaHost
import Testing

@Suite struct ShippedPluginTests {
  @Test func `each shipped plug-in keeps its contract`() throws {
    try PluginProject().run(
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
    try PluginProject().run(
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
    try PluginProject().run(
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
    try PluginProject().run(
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
    let project = try PluginProject([
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
    let project = try PluginProject([
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
    try PluginProject().run(
      """
      local items, seen = people(3):test("text", "name"), {}
      for i, item in items do seen[i] = item.answer end
      assert(#seen == 3 and seen[2] == items[2].answer)
      """)
    for (call, text) in [
      ("people(3):part(0)", "positions count from 1"), ("people(3):part(3, 2)", "lies after"),
      ("people(3):part(1, 4)", "out of range 1 ... 3"),
    ] { #expect(try PluginProject().message(call).contains(text)) }
  }
}
