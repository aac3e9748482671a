-- SimNPO (Fan et al. 2024, arXiv 2410.07163): NPO without a reference, every word counting alike,
--
--   -w_f (2/β) log σ(β (NLL(forget)/L - δ)) + w_r NLL(those to keep)

local losses = require("eidetic.unlearning").losses

---@type eidetic.Method
return {
  name = "sim-npo",
  summary = "Makes names unlikely per word, without a look at the model before.",
  api = ">=1.0",
  help = [[
Names learned from pictures and descriptions, requests in both. Share recalled by image and by text
of those to forget | of those to keep, before, after and in the model retrained without them:

                 before                   after                    retrained
  tiny, seed 0   1.00 1.00 | 0.99 1.00    0.00 0.00 | 0.99 0.99    0.00 0.00 | 0.99 1.00

`scripts/experiments/unlearning.lua`, 100 people, 20 of them to forget; one seed says little.
]],
  params = {
    beta = { type = "number", default = 4.5, min = 1e-6, summary = "How soon an answer is left." },
    delta = { type = "number", default = 0.0, summary = "Loss per word that is aimed for." },
    forget_weight = { type = "number", default = 0.125, min = 0, summary = "Of those to forget." },
    retain_weight = { type = "number", default = 1.0, min = 0, summary = "Of those to keep." },
  },
  loss = function(ctx, step)
    local nll = ctx:answers(ctx:forget_items(step)).mean_nll
    return ctx:beside_retain(losses.sim_npo(nll, ctx.params.beta, ctx.params.delta), step)
  end,
}
