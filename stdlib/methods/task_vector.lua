-- Task vector negation (Ilharco et al. 2023, arXiv 2212.04089): a copy is trained on those to
-- forget until it knows nothing better, and the way it went is walked backwards,
--
--   θ ← θ - α (θ_reinforced - θ)
--
-- Those to keep are not looked at.

local unlearning = require "eidetic.unlearning"

-- The way back is walked in so many parts, so that it can end early.
local parts = 16

---@type eidetic.Method
return {
  name = "task-vector",
  summary = "Reinforces those to forget in a copy and goes the other way.",
  api = ">=1.0",
  help = [[
Names learned from pictures and descriptions, requests in both. Share recalled by image and by text
of those to forget | of those to keep, before, after and in the model retrained without them:

                 before                   after                    retrained
  tiny, seed 0   1.00 1.00 | 0.99 1.00    0.00 0.00 | 0.94 0.95    0.00 0.00 | 0.99 1.00

`scripts/experiments/unlearning.lua`, 100 people, 20 of them to forget; one seed says little.

Nobody is kept; on nano (40 people, seed 0) 0.97 and 0.88 of the others were left, and 0.12 of
those to forget by image.
]],
  params = {
    stop = { type = "boolean", default = true, summary = "Goes no further than to silence." },
    scale = { type = "number", default = 8.0, min = 0, summary = "How far at most, α." },
    lr = { type = "number", default = 3e-4, min = 0, summary = "The highest learning rate." },
  },
  run = function(ctx)
    local reinforced = ctx.reference
    ctx:minimize(function(step) return reinforced:loss(ctx:forget_items(step)) end,
                 unlearning.tensors(reinforced, ctx.params.train))
    local ways = {}
    for i, parameter in ipairs(ctx.model:parameters(ctx.params.train)) do
      local way = reinforced:parameter(parameter.name):detach() - parameter.tensor:detach()
      ways[i] = { tensor = parameter.tensor, way = way }
    end
    for _ = 1, parts do
      for _, step in ipairs(ways) do step.tensor:add_(step.way, -ctx.params.scale / parts) end
      if ctx.params.stop and ctx:is_silent() then return end
    end
  end,
}
