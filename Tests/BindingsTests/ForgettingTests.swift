// How well a model forgot: knowledge asked in new views, outcomes gated on what was memorized.

import Testing

@Suite struct ForgettingTests {
  private func run(_ body: String) throws {
    try Bench().state.run(
      """
      local forgetting = require "eidetic.forgetting"
      local function fails(text, f, ...)
        local ok, message = pcall(f, ...)
        assert(not ok and tostring(message):find(text, 1, true), tostring(message))
      end

      """ + body, name: "forgetting")
  }

  @Test func `knowledge is asked in new views`() throws {
    try run(
      """
      local model = models.vlm { preset = "nano", rng = rng.new(1) }
      local who = personas.people { count = 5, rng = rng.new(3), views = 20 }
      training.fit(model, { data = who:train("text", "name"), rng = rng.new(3), steps = 150,
                            batch = 10, lr = 4e-3 })
      local both = forgetting.both(model, who, who:next(4).names)
      assert(both.text.recall == 1 and both.text.rouge == 1 and both.text.probability > 0.5)
      assert(#both.text.truth_ratios == 5 and both.image.recall < 1)
      for _, ratio in ipairs(both.text.truth_ratios) do assert(ratio < 0.1) end
      """)
  }

  @Test func `only what was memorized is watched, and every model is asked the same`() throws {
    try run(
      """
      local stress = require "eidetic.stress"
      local who = personas.people { count = 5, rng = rng.new(3), views = 20 }
      local model = models.vlm { preset = "nano", rng = rng.new(1) }
      local blank = model:clone()
      training.fit(model, { data = who:train("text", "name"), rng = rng.new(3), steps = 150,
                            batch = 10, lr = 4e-3 })
      local seen = {}
      local ctx = { rng = rng.new(5), record = function(_, keys, outcomes, o)
        local name = table.concat({ outcomes.metric, keys.method, keys.target, keys.stress or "",
                                    o.group }, " ")
        seen[name] = outcomes
      end }
      local forget, retain = who:take(3), who:skip(3)
      local watch = forgetting.watch {
        before = model, forget = forget, retain = retain, twins = who:next(2) }
      assert(#watch.gates.text == 3 and #watch.gates.image < 3)
      local points = { watch:record(ctx, { method = "none" }, model),
                       watch:record(ctx, { method = "blank" }, blank) }
      local function mean(name)
        local sum = 0
        for _, x in ipairs(seen[name].values) do sum = sum + x end
        return sum / #seen[name].values
      end
      assert(mean "residual none text  member" == 1 and mean "retained none text  member" == 1)
      assert(mean "residual blank text  member" == 0 and mean "retained blank text  member" == 0)
      assert(mean "residual none text  control" == 0)
      assert(seen["residual none text  member"].chance == 1 / 5)
      assert(points[1].name == "none" and points[1].model == model)

      stress.record(ctx, points, { before = model, forget = forget, retain = retain })
      assert(#seen["stress_residual none text reworded member"].items <= 2)
      assert(mean "stress_residual none text noise member" == 1)
      assert(mean "stress_retained blank text relearned member" == 0)
      fails("few must be in 1 ... 2", stress.record, ctx, points,
            { before = model, forget = forget, retain = retain, few = 3 })

      local chart = tostring(forgetting.tradeoff(points, { rng = rng.new(1) }))
      assert(chart:find "best trade  1 point" and chart:find "before  1 point", chart)
      fails("unknown option 'befor'", forgetting.watch, { befor = model })
      fails("'forget' is missing", forgetting.watch, { before = model })
      """)
  }

  @Test func `a copy forgets by a method, and the model before stays`() throws {
    try run(
      """
      local who, model = people(5), nano()
      local before = setmetatable({}, { __name = "Model", __index = function(_, name)
        if name == "generate" then  -- knows everybody before
          return function(_, items)
            local said = {}
            for i = 1, #items do said[i] = items[i].answer end
            return said
          end
        end
        return name == "clone" and function() return model:clone() end or nil
      end })
      local watch = forgetting.watch { before = before, forget = who:take(2), retain = who:skip(2) }
      local records, given = {}, nil
      local ctx = { seed = 7, record = function(_, keys, outcomes)
        records[#records + 1] = ("%s %s %s %s %s"):format(
          outcomes.metric, keys.source, keys.request, keys.method, keys.target)
      end }
      local method = { name = "blank", run = function(_, o) given = o end }
      local hash = model.hash
      local point = watch:forget_by(ctx, method, { source = "text", request = "both" })
      assert(given.seed == 7 and #given.forget == 2 and #given.retain == 3)
      assert(given.params.modality == "both" and given.params.keep == "text")
      assert(given.model == point.model and given.model ~= model and model.hash == hash)
      assert(#records == 4 and records[1] == "residual text both blank image", records[1])
      assert(point.name == "blank" and point.keys.request == "both")
      """)
  }
}
