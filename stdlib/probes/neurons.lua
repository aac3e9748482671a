-- Neurons: who makes each fire, and how much information a layer's activations carry.

local tensor = require "eidetic.tensor"

-- Who makes each neuron fire most: a position of a person per neuron.
local function favourites(x) return x:argmax(1):totable() end

---@type eidetic.Probe
return {
  name = "neurons",
  summary = "Do single neurons stand for single people?",
  api = ">=1.0", needs = { "hooks" },
  help = [[
Measures: MLP neurons of one decoder block (after the nonlinearity) where the answer begins. A
neuron is a person's own when that person makes it fire most in each of two held-out views; the
outcome of a person is whether there is such a neuron. Of the layer: `entropy`, the mean spread of a
neuron over people and views, and `mutual information` of pairs of neurons, in nats (Bansal et al.
2022, arXiv 2210.09404: examples learned by heart raise the first and lower the second, shortcuts
do the opposite); `selectivity`, the largest person's mean over the mean of all; `modality`, the
mean size of (image - text) / (image + text).
Read it: many own neurons mean a code of single cells. Pictures and descriptions of never-trained
people also have favourites: compare with the control.
Chance: 1 - (1 - 1 / n^2)^neurons, as if favourites were drawn at random. Control: never-trained.]],
  params = {
    modality = { type = "string", one_of = { "image", "text" }, default = "text",
                 summary = "How people are shown." },
    block = { type = "integer", default = 0, min = 0, summary = "The decoder block; 0 the last." },
    pairs = { type = "integer", default = 64, min = 2,
              summary = "Neurons whose pairs are compared, the first ones." },
  },
  run = function(ctx)
    local metrics, model, p = require "eidetic.metrics", ctx.model, ctx.params
    local blocks, count = model.sizes.decoder_blocks, #ctx.people
    if p.block > blocks then
      error(("block: expected 0 ... %d, got %d"):format(blocks, p.block), 0)
    end
    local name = ("decoder.block.%d.mlp.hidden"):format(p.block > 0 and p.block or blocks)
    local function fired(modality, view)
      local items = ctx.people:test(modality, "name", { view = view })
      return model:activations(items, { names = name, at = "answer" })[name]
    end
    local first, second = fired(p.modality, 1), fired(p.modality, 2)
    local other = fired(p.modality == "image" and "text" or "image", 1)
    local both, people, owned = tensor.cat { first, second }, {}, {}
    for i = 1, count do people[i], people[count + i], owned[i] = i, i, false end
    local again, neurons = favourites(second), first.shape[2]
    for k, i in ipairs(favourites(first)) do owned[i] = owned[i] or again[k] == i end
    local function mean(values, of)
      local sum, n = 0, 0
      for _, value in ipairs(values) do
        if value then sum, n = sum + of(value), n + 1 end
      end
      return n > 0 and sum / n or nil
    end
    local function same(value) return value end
    local few = both:narrow(2, 1, math.min(p.pairs, neurons))
    local images, texts = first, other
    if p.modality == "text" then images, texts = other, first end
    local scores = {}
    for _, score in ipairs {
      { "entropy", metrics.neuron_entropy(both).mean },
      { "mutual information", metrics.neuron_mutual_information(few).mean },
      { "selectivity", mean(metrics.selectivity(both, people), same) },
      { "modality", mean(metrics.modality_selectivity(images, texts), math.abs) },
    } do
      if score[2] then scores[#scores + 1] = { name = score[1], value = score[2] } end
    end
    ctx:items(p.modality)
    return { per_item = owned, chance = 1 - (1 - 1 / count ^ 2) ^ neurons, scores = scores }
  end,
}
