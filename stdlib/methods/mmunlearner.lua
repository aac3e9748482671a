-- MMUnlearner (Huo et al. 2025, arXiv 2502.11051): only the parameters that matter to what is to be
-- forgotten, more than to all else, forget,
--
--   ∇ = w_f M ⊙ ∇(-NLL(forget)) + w_r ∇ NLL(keep),   M = 1 where (F_f + ε) / (F_p + ε) ≥ τ
--
-- F is the squared derivative, averaged over batches: F_f on those to forget in the modality asked
-- for, F_p on them in the other modality (which is to be kept) and on those to keep in both.
-- `modality` is the modality that forgets; with "both" nothing about those to forget is kept.

local tensor = require "eidetic.tensor"
local unlearning = require "eidetic.unlearning"

-- The mean squared derivative of each parameter over batches of questions.
local function fisher(ctx, learned, batches)
  local sums = {}
  for i, x in ipairs(learned) do sums[i] = tensor.zeros(x.shape) end
  for _, items in ipairs(batches) do
    local gradients = unlearning.gradients(ctx.model, learned, ctx.model:loss(items))
    for i, gradient in ipairs(gradients) do sums[i]:add_(gradient:square(), 1 / #batches) end
  end
  return sums
end

local function masks(ctx, learned)
  local asked, forget, keep = ctx.params.modality, {}, {}
  for view = 1, ctx.params.batches do
    for _, modality in ipairs { "image", "text" } do
      local to = (asked == "both" or asked == modality) and forget or keep
      to[#to + 1] = ctx:forget_items(view, modality)
      keep[#keep + 1] = ctx:retain_items(view, modality)
    end
  end
  local own, other, result = fisher(ctx, learned, forget), fisher(ctx, learned, keep), {}
  for i, f in ipairs(own) do
    local ratio = (f + 1e-15) / (other[i] + 1e-15)
    result[i] = tensor.where(ratio:ge(ctx.params.threshold), tensor.ones(f.shape), 0)
  end
  return result
end

---@type eidetic.Method
return {
  name = "mmunlearner",
  summary = "Unlearns one modality in the parameters that matter to it most.",
  api = ">=1.0",
  help = [[
Names learned from pictures and descriptions, requests in both. Share recalled by image and by text
of those to forget | of those to keep, before, after and in the model retrained without them:

                 before                   after                    retrained
  tiny, seed 0   1.00 1.00 | 0.99 1.00    0.00 0.00 | 0.97 1.00    0.00 0.00 | 0.99 1.00

`scripts/experiments/unlearning.lua`, 100 people, 20 of them to forget; one seed says little.
]],
  params = {
    threshold = { type = "number", default = 1.0, min = 0, summary = "Of the ratio, τ." },
    batches = { type = "integer", default = 4, min = 1, summary = "Views that saliency looks at." },
    forget_weight = { type = "number", default = 1.0, min = 0, summary = "Of those to forget." },
    retain_weight = { type = "number", default = 3.0, min = 0, summary = "Of those to keep." },
  },
  run = function(ctx)
    local learned = unlearning.tensors(ctx.model, ctx.params.train)
    local mask = masks(ctx, learned)
    ctx:minimize(function(step)
      local climb = -ctx.model:loss(ctx:forget_items(step)) * ctx.params.forget_weight
      local value = climb:detach()
      local gradients = unlearning.gradients(ctx.model, learned, climb)
      for i, gradient in ipairs(gradients) do gradients[i] = gradient * mask[i] end
      return value + unlearning.slope(learned, gradients)
        + ctx.model:loss(ctx:retain_items(step)) * ctx.params.retain_weight
    end)
  end,
}
