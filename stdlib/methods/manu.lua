-- MANU (Liu et al. 2025, arXiv 2502.15910): the neurons of the last MLPs that those to forget drive
-- more than those to keep are cut, without any training,
--
--   score = Σ_k w_k (I_k(forget) / (I_k(keep) + ε) - 1)
--
-- over the mean of |a|, the share of a > 0.1, the variance and the root mean square, with weights
-- 2, 0, 2, 2 as in the published code; the best of each MLP are cut. A neuron is an output of the
-- MLP, as there, or one of its hidden units. `steps` is the number of views that are looked at.

-- Adds activations [rows, neurons] to running sums per neuron.
local function add(sums, x)
  local large = x:gt(0.1):to "float32"
  local parts = { x:sum(1), x:square():sum(1), x:abs():sum(1), large:sum(1) }
  if not sums.parts then sums.parts, sums.rows = parts, x.shape[1] return end
  for i, part in ipairs(parts) do sums.parts[i] = sums.parts[i] + part end
  sums.rows = sums.rows + x.shape[1]
end

-- The four kinds of importance, each [neurons].
local function importance(sums)
  local mean, square, abs, share = table.unpack(sums.parts)
  mean, square = mean / sums.rows, square / sums.rows
  return {
    abs / sums.rows, share / sums.rows, (square - mean:square()):maximum(0), square:sqrt(),
  }
end

local weights = { 2, 0, 2, 2 }

local function score(forget, keep)
  local own, other, total = importance(forget), importance(keep), nil
  for k, weight in ipairs(weights) do
    local term = (own[k] / (other[k] + 1e-6) - 1) * weight
    total = total and total + term or term
  end
  return total
end

-- The MLPs of the last blocks of a part of the model, where it has any activations.
local function names(ctx, part, count)
  local result = {}
  for i = math.max(1, count - ctx.params.blocks + 1), count do
    result[#result + 1] = ("%s.block.%d.mlp"):format(part, i)
  end
  return result
end

local function measure(ctx, points, ask)
  local sums = {}
  for _, point in ipairs(points) do sums[point] = {} end
  for step = 1, ctx.params.steps do
    for point, x in pairs(ctx.model:activations(ask(step), { names = points })) do
      add(sums[point], x)
    end
  end
  return sums
end

-- Cuts a neuron's way out: its row of the last matrix, or its column of it.
local function cut(ctx, mlp, positions)
  local weight = ctx.model:parameter(mlp .. ".down.weight"):detach()
  local bias = ctx.model:parameter(mlp .. ".down.bias"):detach()
  if ctx.params.neurons == "output" then
    for _, position in ipairs(positions) do
      weight:narrow(1, position, 1):fill_(0)
      bias:narrow(1, position, 1):fill_(0)
    end
    return
  end
  local changed = weight:t():clone()
  for _, position in ipairs(positions) do changed:narrow(1, position, 1):fill_(0) end
  weight:copy_(changed:t())
end

---@type eidetic.Method
return {
  name = "manu",
  summary = "Cuts the neurons that answer most to those to forget.",
  api = ">=1.0",
  help = [[
Names learned from pictures and descriptions, requests in both. Share recalled by image and by text
of those to forget | of those to keep, before, after and in the model retrained without them:

                 before                   after                    retrained
  tiny, seed 0   1.00 1.00 | 0.99 1.00    1.00 1.00 | 0.97 1.00    0.00 0.00 | 0.99 1.00

`scripts/experiments/unlearning.lua`, 100 people, 20 of them to forget; one seed says little.

At this scale it forgets nobody: no name is held by a tenth of the outputs. With `neurons =
hidden` on nano, a fifth of the hidden units had to go before half of the names went, and the
utility on the others fell to 0.82.
]],
  params = {
    share = { type = "number", default = 0.1, min = 0, max = 1, summary = "Of neurons to cut." },
    blocks = { type = "integer", default = 3, min = 1, summary = "Last blocks of each part." },
    neurons = {
      type = "string", one_of = { "output", "hidden" }, default = "output",
      summary = "Which numbers of an MLP are neurons.",
    },
    steps = { type = "integer", default = 8, min = 1, summary = "Views that are looked at." },
  },
  run = function(ctx)
    local sizes, parts = ctx.model.sizes, { "decoder" }
    if ctx.params.modality ~= "text" then parts[2] = "vision" end
    for _, part in ipairs(parts) do
      local mlps, points = names(ctx, part, sizes[part == "vision" and "encoder_blocks"
        or "decoder_blocks"]), {}
      for i, mlp in ipairs(mlps) do
        points[i] = ctx.params.neurons == "hidden" and mlp .. ".hidden" or mlp
      end
      local modality = part == "vision" and "image" or nil
      local forget = measure(ctx, points, function(i) return ctx:forget_items(i, modality) end)
      local keep = measure(ctx, points, function(i) return ctx:retain_items(i, modality) end)
      for i, mlp in ipairs(mlps) do
        local scores = score(forget[points[i]], keep[points[i]])
        local count = math.floor(ctx.params.share * scores.size + 0.5)
        if count > 0 then
          local _, positions = scores:topk(count)
          cut(ctx, mlp, positions:totable())
        end
      end
    end
  end,
}
