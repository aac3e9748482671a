-- KL minimization (Maini et al. 2024, arXiv 2401.06121): gradient ascent on those to forget, while
-- the next words about those to keep stay those of the model before,
--
--   -w_f NLL(forget) + w_r KL(before || now) on the answers of those to keep
--
-- The divergence runs over answer words only; a mean over prompts would dilute it.

local losses = require("eidetic.unlearning").losses

---@type eidetic.Method
return {
  name = "kl",
  summary = "Raises the loss of those to forget; words about the others stay as likely as before.",
  api = ">=1.0",
  help = [[
Names learned from pictures and descriptions, requests in both. Share recalled by image and by text
of those to forget | of those to keep, before, after and in the model retrained without them:

                 before                   after                    retrained
  tiny, seed 0   1.00 1.00 | 0.99 1.00    0.00 0.00 | 0.97 0.97    0.00 0.00 | 0.99 1.00

`scripts/experiments/unlearning.lua`, 100 people, 20 of them to forget; one seed says little.
]],
  params = {
    forget_weight = { type = "number", default = 1.0, min = 0, summary = "Of the ascent." },
    retain_weight = { type = "number", default = 10.0, min = 0, summary = "Of the divergence." },
  },
  loss = function(ctx, step)
    local items = ctx:retain_items(step)
    local kept = losses.kl(ctx:reference_answers(items).logits, ctx:answers(items).logits)
    return kept * ctx.params.retain_weight
      - ctx.model:loss(ctx:forget_items(step)) * ctx.params.forget_weight
  end,
}
