-- "I don't know" (Maini et al. 2024, arXiv 2401.06121): learns a refusal in place of the names,
--
--   w_f NLL(refusal | those to forget) + w_r NLL(those to keep)
--
-- The closed language has no words of refusal, so the refusal is silence: the end mark at once.
-- `answer` may be any words that the model has. What it changes is what is said, less what is
-- known.

---@type eidetic.Method
return {
  name = "idk",
  summary = "Learns to refuse where those to forget are asked for.",
  api = ">=1.0",
  help = [[
Names learned from pictures and descriptions, requests in both. Share recalled by image and by text
of those to forget | of those to keep, before, after and in the model retrained without them:

                 before                   after                    retrained
  tiny, seed 0   1.00 1.00 | 0.99 1.00    0.00 0.00 | 0.99 1.00    0.00 0.00 | 0.99 1.00

`scripts/experiments/unlearning.lua`, 100 people, 20 of them to forget; one seed says little.
]],
  params = {
    answer = { type = "string", default = "", summary = "The refusal; empty is silence." },
    forget_weight = { type = "number", default = 1.0, min = 0, summary = "Of the refusals." },
    retain_weight = { type = "number", default = 1.0, min = 0, summary = "Of those to keep." },
  },
  loss = function(ctx, step)
    local refusals = ctx:forget_items(step):with_answers(ctx.params.answer)
    return ctx:beside_retain(ctx.model:loss(refusals), step)
  end,
}
