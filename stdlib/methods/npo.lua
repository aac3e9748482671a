-- Negative preference optimization (Zhang et al. 2024, arXiv 2404.05868): gradient ascent that
-- stops by itself, answer by answer, once an answer is far less likely than before,
--
--   -w_f (2/β) log σ(β (NLL(forget) - NLL₀(forget))) + w_r NLL(those to keep)
--
-- NLL sums over the words of an answer: with a mean, as some peers have it, β means something else.

local losses = require("eidetic.unlearning").losses

---@type eidetic.Method
return {
  name = "npo",
  summary = "Makes names less likely than before, with less force the further it got.",
  api = ">=1.0",
  help = [[
Names learned from pictures and descriptions, requests in both. Share recalled by image and by text
of those to forget | of those to keep, before, after and in the model retrained without them:

                 before                   after                    retrained
  tiny, seed 0   1.00 1.00 | 0.99 1.00    0.00 0.00 | 0.95 1.00    0.00 0.00 | 0.99 1.00

`scripts/experiments/unlearning.lua`, 100 people, 20 of them to forget; one seed says little.
]],
  params = {
    beta = { type = "number", default = 0.1, min = 1e-6, summary = "How soon an answer is left." },
    forget_weight = { type = "number", default = 1.0, min = 0, summary = "Of those to forget." },
    retain_weight = { type = "number", default = 1.0, min = 0, summary = "Of those to keep." },
  },
  loss = function(ctx, step)
    local items = ctx:forget_items(step)
    local nll, before = ctx:answers(items).nll, ctx:reference_answers(items).nll
    return ctx:beside_retain(losses.npo(nll, before, ctx.params.beta), step)
  end,
}
