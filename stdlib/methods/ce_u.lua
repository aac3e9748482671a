-- CE-U (Yang 2025, arXiv 2503.01224): learns from its own distribution with each true word taken
-- out,
--
--   w_f CE(softmax(z with z_name = -inf), softmax(z)) + w_r NLL(those to keep)
--
-- The paper leaves out the first word of an answer, which here is the first name: `skip`.

local losses = require("eidetic.unlearning").losses

-- The rows of all answer words but the first of each answer.
local function rows(counts, skip)
  local result, row = {}, 0
  for _, count in ipairs(counts) do
    for place = 1, count do
      row = row + 1
      if place > skip then result[#result + 1] = row end
    end
  end
  return result
end

---@type eidetic.Method
return {
  name = "ce-u",
  summary = "Learns from its own next words with the true one taken out.",
  api = ">=1.0",
  help = [[
Names learned from pictures and descriptions, requests in both. Share recalled by image and by text
of those to forget | of those to keep, before, after and in the model retrained without them:

                 before                   after                    retrained
  tiny, seed 0   1.00 1.00 | 0.99 1.00    0.00 0.00 | 0.96 0.99    0.00 0.00 | 0.99 1.00

`scripts/experiments/unlearning.lua`, 100 people, 20 of them to forget; one seed says little.
]],
  params = {
    skip = {
      type = "integer", default = 0, min = 0, summary = "Words of each answer that are left out.",
    },
    forget_weight = { type = "number", default = 1.0, min = 0, summary = "Of those to forget." },
    retain_weight = { type = "number", default = 1.0, min = 0, summary = "Of those to keep." },
  },
  loss = function(ctx, step)
    local own = ctx:answers(ctx:forget_items(step))
    local kept = rows(own.counts, ctx.params.skip)
    if #kept == 0 then
      error(("skip: %d words leave nothing to forget"):format(ctx.params.skip), 0)
    end
    return ctx:beside_retain(losses.ce_u(own.logits:rows(kept), own.labels:rows(kept)), step)
  end,
}
