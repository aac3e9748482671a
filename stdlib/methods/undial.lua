-- UNDIAL (Dong et al. 2024, arXiv 2402.10052): learns from the model before with the logit of each
-- true word lowered by β,
--
--   w_f CE(softmax(z₀ - β onehot(name)), softmax(z)) on the answers of those to forget
--     + w_r NLL(those to keep)
--
-- The paper keeps nobody (w_r = 0); here β and w_r are as the other methods have them.

local losses = require("eidetic.unlearning").losses

---@type eidetic.Method
return {
  name = "undial",
  summary = "Learns from itself with the names of those to forget made less likely.",
  api = ">=1.0",
  help = [[
Names learned from pictures and descriptions, requests in both. Share recalled by image and by text
of those to forget | of those to keep, before, after and in the model retrained without them:

                 before                   after                    retrained
  tiny, seed 0   1.00 1.00 | 0.99 1.00    0.00 0.00 | 0.99 1.00    0.00 0.00 | 0.99 1.00

`scripts/experiments/unlearning.lua`, 100 people, 20 of them to forget; one seed says little.
]],
  params = {
    strength = { type = "number", default = 10.0, min = 0, summary = "By how much, β." },
    forget_weight = { type = "number", default = 1.0, min = 0, summary = "Of those to forget." },
    retain_weight = { type = "number", default = 1.0, min = 0, summary = "Of those to keep." },
  },
  loss = function(ctx, step)
    local items = ctx:forget_items(step)
    local own, before = ctx:answers(items), ctx:reference_answers(items)
    return ctx:beside_retain(
      losses.undial(own.logits, before.logits, own.labels, ctx.params.strength), step)
  end,
}
