-- The modality gap and the alignment of pictures and descriptions of the same people, per block.

local reading = require "eidetic.reading"

---@type eidetic.Probe
return {
  name = "gap",
  summary = "How far apart does the model hold a person's picture and description?",
  api = ">=1.0", needs = { "hooks" },
  help = [[
Measures: states where the answer begins, of the same people in both modalities, after each decoder
block. Outcome: whether a picture's nearest description by cosine is that of the same person
(retrieval at 1; also the other way). Of the whole group: `gap`, the distance of the two centers on
the unit sphere (Liang et al. 2022, arXiv 2203.02053); `alignment`, the mean squared distance of
pairs (Wang and Isola 2020, 2005.10242); `CKA`, unbiased (Kornblith et al. 2019, 1905.00414);
`neighbours`, the mutual k nearest (Huh et al. 2024, 2405.07987), whose chance is k / (n - 1).
`p` comes from shuffled pairs or halves.
Read it: retrieval near 1 with a large gap means parallel, not shared, codes. Looks alone align
never-trained people as well: memory is what members have beyond them.
Chance: 1 / n. Control: never-trained people.]],
  params = {
    block = { type = "integer", default = 0, min = 0, summary = "The block to score; 0 the last." },
    permutations = { type = "integer", default = 200, min = 1, summary = "Of each null." },
  },
  run = function(ctx)
    local metrics, model, p = require "eidetic.metrics", ctx.model, ctx.params
    local image = reading.states(model, ctx:items "image")
    local text = reading.states(model, ctx:items "text")
    local parts, scores, chosen = {}, {}, p.block > 0 and p.block or #image
    if chosen > #image then
      error(("block: expected 0 ... %d, got %d"):format(#image, chosen), 0)
    end
    local function found(ranks)
      local hits = {}
      for i, rank in ipairs(ranks) do hits[i] = rank == 1 end
      return hits
    end
    local function add(name, result)
      if not result.value then return end
      local note = result.null and ("p %.3g"):format(result.null.p) or nil
      scores[#scores + 1] = { name = name, value = result.value, note = note }
    end
    for block = 1, #image do
      local x, y, label = image[block], text[block], ("block %d"):format(block)
      local retrieval = metrics.retrieval(x, y)
      for _, way in ipairs {
        { "image to text", retrieval.forward }, { "text to image", retrieval.backward },
      } do
        parts[#parts + 1] = { name = ("%s, %s"):format(label, way[1]), chance = 1 / #ctx.people,
                              per_item = found(way[2].ranks) }
      end
      local null = { rng = ctx.rng:fork(label), permutations = p.permutations }
      add(label .. ", gap", metrics.modality_gap(x, y, null))
      add(label .. ", alignment", metrics.alignment(x, y, null))
      add(label .. ", CKA", #ctx.people > 3 and metrics.cka(x, y, null) or {})
      local k = math.min(10, #ctx.people - 1)
      add(("%s, neighbours of %d"):format(label, k),
          k > 0 and metrics.mutual_knn(x, y, { k = k, rng = null.rng,
                                               permutations = p.permutations }) or {})
    end
    return { per_item = parts[2 * chosen - 1].per_item, chance = 1 / #ctx.people, parts = parts,
             scores = scores }
  end,
}
