-- SCRUB (Kurmanji et al. 2023, arXiv 2302.09880): the model disobeys the model before about those
-- to forget and obeys it about those to keep, in turns,
--
--   odd steps     -KL(before || now) on those to forget, as long as `max_steps` last
--   even steps    w_r NLL(keep) + w_k KL(before || now) on those to keep
--
-- and at the end only the latter. KL is softened by a temperature T and multiplied by T².

local losses = require("eidetic.unlearning").losses

---@type eidetic.Method
return {
  name = "scrub",
  summary = "Departs from the model before about some and returns to it about others, in turns.",
  api = ">=1.0",
  help = [[
Names learned from pictures and descriptions, requests in both. Share recalled by image and by text
of those to forget | of those to keep, before, after and in the model retrained without them:

                 before                   after                    retrained
  tiny, seed 0   1.00 1.00 | 0.99 1.00    0.00 0.00 | 0.99 0.99    0.00 0.00 | 0.99 1.00

`scripts/experiments/unlearning.lua`, 100 people, 20 of them to forget; one seed says little.

Measured apart from the experiment's run, on the same model.
]],
  params = {
    max_steps = { type = "integer", default = 20, min = 0, summary = "Steps of departing." },
    temperature = { type = "number", default = 2.0, min = 0.01, summary = "Of the divergence, T." },
    retain_weight = { type = "number", default = 1.0, min = 0, summary = "Of the keeping." },
    kl_weight = { type = "number", default = 1.0, min = 0, summary = "Of returning." },
  },
  loss = function(ctx, step)
    local p = ctx.params
    -- Like all methods: departing goes no further than to forgetting.
    local kept = ctx.kept
    kept.is_away = kept.is_away or p.stop and step % 10 == 9 and ctx:is_forgotten()
    local departs = step % 2 == 1 and step < 2 * p.max_steps and not kept.is_away
    -- Both kinds of step count their own views and modalities.
    local turn = (step + 1) // 2
    local items = departs and ctx:forget_items(turn) or ctx:retain_items(turn)
    local own = ctx:answers(items)
    local away = losses.kl(ctx:reference_answers(items).logits, own.logits, p.temperature)
    if departs then return -away end
    return away * p.kl_weight - own.log_probabilities:mean() * p.retain_weight
  end,
}
