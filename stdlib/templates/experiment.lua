-- {{name}}: which question does it answer? Say it here, and in `summary` below.
--
--   eidetic run experiments/{{name}}.lua --seeds 3
--   eidetic run experiments/{{name}}.lua --set personas=50 --set steps=100
--   eidetic test experiments/{{name}}_spec.lua

local eidetic = require "eidetic"

return eidetic.experiment {
  name = "{{name}}",
  summary = "Learn names from pictures, recall them from pictures and from words.",
  -- What --set name=value can change; the default says the type.
  params = { base = "tiny", effort = 1.0, personas = 100, views = 20, steps = 200 },
  -- Runs once per seed.
  run = function(ctx)
    local p = ctx.params
    -- A model that reads people, made in minutes on first use, then cached.
    local base = ctx:base(p.base, { effort = p.effort })
    local people = base:people { count = p.personas, views = p.views }
    -- Never trained: what is recalled of them is guessing.
    local twins = people:next(#people)
    ctx:about(people)

    local model = base:clone()
    ctx:fit(model, {
      data = people:train("image", "name"), steps = p.steps, lr = 3e-4, train = { "decoder.*" },
      stage = "names",
    })
    for _, target in ipairs { "image", "text" } do
      local keys = { source = "image", target = target }
      ctx:record(keys, eidetic.probes.recall(model, people:test(target, "name")))
      ctx:record(keys, eidetic.probes.recall(model, twins:test(target, "name")),
                 { group = "control" })
    end
  end,
}
