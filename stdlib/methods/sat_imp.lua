-- SatImp (Yang et al. 2025, arXiv 2505.11953): gradient ascent weighted by saturation and
-- importance,
--
--   w_f E[p^β₁ (1 - p)^β₂ log p] over the answer words of those to forget + w_r NLL(those to keep)
--
-- with the weights held constant. A word that the model is certain of has no weight at all: the
-- better something is known, the later it begins to go. With the published weight, 0.1, most was
-- still recalled after the same steps.

local losses = require("eidetic.unlearning").losses

---@type eidetic.Method
return {
  name = "sat-imp",
  summary = "Raises the loss of words that are likely but not certain.",
  api = ">=1.0",
  help = [[
Names learned from pictures and descriptions, requests in both. Share recalled by image and by text
of those to forget | of those to keep, before, after and in the model retrained without them:

                 before                   after                    retrained
  tiny, seed 0   1.00 1.00 | 0.99 1.00    0.00 0.05 | 0.97 1.00    0.00 0.00 | 0.99 1.00

`scripts/experiments/unlearning.lua`, 100 people, 20 of them to forget; one seed says little.
]],
  params = {
    beta1 = { type = "number", default = 5.0, min = 0, summary = "Of what is known." },
    beta2 = { type = "number", default = 1.0, min = 0, summary = "Of what is not certain." },
    forget_weight = { type = "number", default = 1.0, min = 0, summary = "Of those to forget." },
    retain_weight = { type = "number", default = 1.0, min = 0, summary = "Of those to keep." },
  },
  loss = function(ctx, step)
    local own = ctx:answers(ctx:forget_items(step))
    return ctx:beside_retain(
      losses.sat_imp(own.log_probabilities, ctx.params.beta1, ctx.params.beta2), step)
  end,
}
