-- Membership inference with shadow models: is a name likelier than models say that had, or had not,
-- this very person?

local reading = require "eidetic.reading"
local retraining = require "eidetic.retraining"
local shadows = require "eidetic.shadows"

local params = {
  a = { type = "number", default = 0.3, min = 0, max = 1, summary = "Of RMIA's offline form." },
  fpr = { type = "number", default = 0.1, min = 0, max = 1, summary = "Of the reported TPR." },
}
for name, param in pairs(retraining.params) do params[name] = param end
params.models = { type = "integer", default = 8, min = 6, summary = "How many; an even number." }

---@type eidetic.Probe
return {
  name = "shadow-models",
  summary = "Can members be told by models that were trained with and without them?",
  api = ">=1.0", needs = { "training" },
  help = [[
Measures: `models` copies of the model are trained, each on a random half of these people shown in
`source`, every second one on the other half; they are those of `counterfactual`. Each is attacked
in turn, and the others, but the one with the opposite half, are its shadow models. A person's
outcome is the share of people not in training who score lower, averaged over the copies that had
the person; its mean is the area under the ROC curve. LiRA: the log-odds of the name against normal
distributions of the shadows with and without the person, or without alone (offline); deviations
pooled over people (Carlini et al. 2022, arXiv 2112.03570). RMIA: the share of never-trained people
whose gain over the shadows is smaller (Zarifzadeh et al. 2024, 2312.03262). loss: the
log-probability alone (Yeom 2018), to see what shadows add. `other modality` asks the other way.
Read it: 0.5 nothing leaks, 1 all. TPR is the share of members found while so many others are
flagged. Start from a model that does not know the people: --data personas:count=20.
Chance: 0.5. Control: people in no training, with the members' halves assigned to them.]],
  params = params,
  run = function(ctx)
    local stats, p = require "eidetic.stats", ctx.params
    local copies, had = retraining.copies(ctx)
    local parts, scores = {}, {}
    local function attack(modality, suffix)
      local sums, members, others = {}, {}, {}
      for _, name in ipairs(shadows.attacks) do
        sums[name], members[name], others[name] = {}, {}, {}
        for i = 1, #ctx.people do sums[name][i] = 0 end
      end
      for k = 1, #copies do
        local found = shadows.scores(copies, had, k,
                                     { group = ctx.group, modality = modality, a = p.a })
        for _, name in ipairs(shadows.attacks) do
          local inside, outside, who = {}, {}, {}
          for i, score in ipairs(found[name]) do
            local side = had[k][i] and inside or outside
            side[#side + 1] = score
            if had[k][i] then who[#who + 1] = i end
          end
          for n, share in ipairs(reading.placements(inside, outside)) do
            sums[name][who[n]] = sums[name][who[n]] + share
          end
          table.move(inside, 1, #inside, #members[name] + 1, members[name])
          table.move(outside, 1, #outside, #others[name] + 1, others[name])
        end
      end
      for _, name in ipairs(shadows.attacks) do
        for i, sum in ipairs(sums[name]) do sums[name][i] = sum / (#copies / 2) end
        parts[#parts + 1] =
          { name = name .. suffix, per_item = sums[name], chance = 0.5, scale = "share" }
        local tpr = stats.tpr_at_fpr(members[name], others[name], p.fpr, { force = true })
        scores[#scores + 1] = { name = ("%s%s: TPR at FPR %g"):format(name, suffix, p.fpr),
                                value = tpr.value, low = tpr.low, high = tpr.high, note = tpr.note }
      end
    end
    attack(p.source, "")
    attack(p.source == "image" and "text" or "image", ", other modality")
    return { items = ctx:items(p.source), per_item = parts[2].per_item, chance = 0.5,
             scale = "share", parts = parts, scores = scores }
  end,
}
