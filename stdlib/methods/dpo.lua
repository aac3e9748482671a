-- Direct preference optimization for unlearning (Rafailov et al. 2023, arXiv 2305.18290; Maini et
-- al. 2024, arXiv 2401.06121): a refusal is preferred to the name,
--
--   -w_f (2/β) log σ(β [log π/π₀(refusal) - log π/π₀(name)]) + w_r NLL(those to keep)
--
-- π₀ is the model before; log-probabilities are sums over words. The refusal is silence, as in
-- `idk`.

local losses = require("eidetic.unlearning").losses

---@type eidetic.Method
return {
  name = "dpo",
  summary = "Learns to prefer a refusal to the names of those to forget.",
  api = ">=1.0",
  help = [[
Names learned from pictures and descriptions, requests in both. Share recalled by image and by text
of those to forget | of those to keep, before, after and in the model retrained without them:

                 before                   after                    retrained
  tiny, seed 0   1.00 1.00 | 0.99 1.00    0.00 0.00 | 0.96 0.97    0.00 0.00 | 0.99 1.00

`scripts/experiments/unlearning.lua`, 100 people, 20 of them to forget; one seed says little.
]],
  params = {
    answer = { type = "string", default = "", summary = "The refusal; empty is silence." },
    beta = { type = "number", default = 0.1, min = 1e-6, summary = "How close to before." },
    forget_weight = { type = "number", default = 1.0, min = 0, summary = "Of the preference." },
    retain_weight = { type = "number", default = 1.0, min = 0, summary = "Of those to keep." },
  },
  loss = function(ctx, step)
    local names = ctx:forget_items(step)
    local function of(items)
      return { nll = ctx:answers(items).nll, reference_nll = ctx:reference_answers(items).nll }
    end
    local refusals = of(names:with_answers(ctx.params.answer))
    return ctx:beside_retain(losses.dpo(refusals, of(names), ctx.params.beta), step)
  end,
}
