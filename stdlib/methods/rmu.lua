-- Representation misdirection (Li et al. 2024, arXiv 2403.03218): states about those to forget are
-- steered to one random direction, states about those to keep stay where they were,
--
--   w_f mean (h(forget) - c u)² + w_r mean (h(keep) - h₀(keep))²
--
-- h is the residual stream after one block of the decoder, all tokens alike; u is uniform in [0, 1)
-- per number, of length 1, drawn once.

local tensor = require "eidetic.tensor"
local unlearning = require "eidetic.unlearning"

---@type eidetic.Method
return {
  name = "rmu",
  summary = "Steers inner states about those to forget to a random direction.",
  api = ">=1.0",
  help = [[
Names learned from pictures and descriptions, requests in both. Share recalled by image and by text
of those to forget | of those to keep, before, after and in the model retrained without them:

                 before                   after                    retrained
  tiny, seed 0   1.00 1.00 | 0.99 1.00    0.00 0.10 | 0.79 0.72    0.00 0.00 | 0.99 1.00

`scripts/experiments/unlearning.lua`, 100 people, 20 of them to forget; one seed says little.

At this scale it does not part the two: with `retain_weight` 10, 0.40 and 0.70 of the names to
forget are left, and 0.99 and 1.00 of the others.
]],
  params = {
    block = { type = "integer", default = 0, min = 0, summary = "0 is the decoder's middle one." },
    length = { type = "number", default = 5.0, min = 0, summary = "Of the direction, c." },
    forget_weight = { type = "number", default = 1.0, min = 0, summary = "Of the steering." },
    retain_weight = { type = "number", default = 1.0, min = 0, summary = "Of staying." },
  },
  run = function(ctx)
    local p, point = ctx.params, "decoder.block." .. ctx:block(ctx.params.block)
    local direction = tensor.rand(ctx.rng:fork "direction", { ctx.model.sizes.width })
    local target = direction * (p.length / direction:norm():item())
    ctx:minimize(function(step)
      local keep = ctx:retain_items(step)
      local before
      tensor.no_grad(function() before = unlearning.states(ctx.reference, keep, point) end)
      local steered = unlearning.states(ctx.model, ctx:forget_items(step), point)
      local kept = unlearning.states(ctx.model, keep, point)
      return unlearning.losses.distance(steered, target) * p.forget_weight
        + unlearning.losses.distance(kept, before) * p.retain_weight
    end)
  end,
}
