-- L1-LoRA (after Dontsov et al. 2024, arXiv 2410.18057): unlearns with low-rank changes of the
-- weight matrices, whose size is penalized so that few numbers change,
--
--   L(W + BA) + λ Σ |BA|,   B [out, r] = 0 and A [r, in] random at the start
--
-- L is gradient difference or NPO. The model's own derivatives by W are handed on to A and B.

local tensor = require "eidetic.tensor"
local unlearning = require "eidetic.unlearning"

local objectives = {
  ["grad-diff"] = function(ctx, step)
    return ctx:beside_retain(-ctx.model:loss(ctx:forget_items(step)), step)
  end,
  npo = function(ctx, step)
    local items = ctx:forget_items(step)
    local nll, before = ctx:answers(items).nll, ctx:reference_answers(items).nll
    return ctx:beside_retain(unlearning.losses.npo(nll, before, 0.1), step)
  end,
}

-- A pair of factors for each weight matrix.
local function adapters(ctx)
  local result, learned = {}, {}
  for _, parameter in ipairs(ctx.model:parameters(ctx.params.train)) do
    if #parameter.shape == 2 and parameter.name:match "%.weight$" then
      local rank, out, width = ctx.params.rank, parameter.shape[1], parameter.shape[2]
      local adapter = {
        weight = parameter.tensor, start = parameter.tensor:detach():clone(),
        up = tensor.zeros({ out, rank }):requires_grad(),
        down = tensor.randn(ctx.rng:fork(parameter.name), { rank, width },
                            { deviation = rank ^ -0.5 }):requires_grad(),
      }
      result[#result + 1] = adapter
      learned[#learned + 1], learned[#learned + 2] = adapter.up, adapter.down
    end
  end
  if #result == 0 then
    error(("train: '%s' matches no weight matrix"):format(ctx.params.train), 0)
  end
  return result, learned
end

---@type eidetic.Method
return {
  name = "l1-lora",
  summary = "Unlearns with low-rank changes that are kept few.",
  api = ">=1.0",
  help = [[
Names learned from pictures and descriptions, requests in both. Share recalled by image and by text
of those to forget | of those to keep, before, after and in the model retrained without them:

                 before                   after                    retrained
  tiny, seed 0   1.00 1.00 | 0.99 1.00    0.00 0.00 | 0.96 1.00    0.00 0.00 | 0.99 1.00

`scripts/experiments/unlearning.lua`, 100 people, 20 of them to forget; one seed says little.
]],
  params = {
    objective = {
      type = "string", one_of = { "grad-diff", "npo" }, default = "npo",
      summary = "What to unlearn by.",
    },
    rank = { type = "integer", default = 8, min = 1, summary = "Of each change, r." },
    penalty = { type = "number", default = 1e-4, min = 0, summary = "Of the changes, λ." },
    retain_weight = { type = "number", default = 1.0, min = 0, summary = "Of those to keep." },
    train = { type = "string", default = "decoder.block.*", summary = "Which matrices change." },
    lr = { type = "number", default = 3e-3, min = 0, summary = "The highest learning rate." },
    steps = { type = "integer", default = 120, min = 1, summary = "Steps of training." },
  },
  run = function(ctx)
    local pairs_of_factors, learned = adapters(ctx)
    local function apply()
      for _, a in ipairs(pairs_of_factors) do
        a.weight:copy_(a.start + a.up:detach():matmul(a.down:detach()))
      end
    end
    ctx:minimize(function(step)
      apply()
      local weights, changes = {}, {}
      for i, a in ipairs(pairs_of_factors) do
        weights[i], changes[i] = a.weight, a.up:matmul(a.down)
      end
      local loss = objectives[ctx.params.objective](ctx, step)
      local total = loss:detach()
        + unlearning.slope(changes, unlearning.gradients(ctx.model, weights, loss))
      for _, change in ipairs(changes) do
        total = total + change:abs():sum() * ctx.params.penalty
      end
      return total
    end, learned)
    apply()
  end,
}
