-- Weighted gradient ascent (Wang et al. 2025, arXiv 2502.19301): words that are already unlikely
-- pull less,
--
--   w_f E[p^β log p] over the answer words of those to forget + w_r NLL(those to keep)
--
-- with the weight p^β held constant.

local losses = require("eidetic.unlearning").losses

---@type eidetic.Method
return {
  name = "wga",
  summary = "Raises the loss of those to forget, word by word, as long as the word is likely.",
  api = ">=1.0",
  help = [[
Names learned from pictures and descriptions, requests in both. Share recalled by image and by text
of those to forget | of those to keep, before, after and in the model retrained without them:

                 before                   after                    retrained
  tiny, seed 0   1.00 1.00 | 0.99 1.00    0.00 0.00 | 0.99 1.00    0.00 0.00 | 0.99 1.00

`scripts/experiments/unlearning.lua`, 100 people, 20 of them to forget; one seed says little.
]],
  params = {
    beta = { type = "number", default = 1.0, min = 0, summary = "0 is gradient ascent." },
    forget_weight = { type = "number", default = 1.0, min = 0, summary = "Of those to forget." },
    retain_weight = { type = "number", default = 1.0, min = 0, summary = "Of those to keep." },
  },
  loss = function(ctx, step)
    local own = ctx:answers(ctx:forget_items(step))
    return ctx:beside_retain(losses.wga(own.log_probabilities, ctx.params.beta), step)
  end,
}
