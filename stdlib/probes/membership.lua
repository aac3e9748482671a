-- Membership inference: does the model betray whom it was trained on, by how easily it says names?

local attacks = require "eidetic.attacks"
local reading = require "eidetic.reading"

---@type eidetic.Probe
return {
  name = "membership",
  summary = "Can members be told from people whom the model never saw?",
  api = ">=1.0",
  help = [[
Measures: for each attack the area under the ROC curve (AUC) of members against as many never-
trained people of the same generator. One outcome per person: the share of those others that score
lower. loss: mean log-probability of the name (Yeom 2018). min-k: its least likely fifth of words
(Shi 2023, 2310.16789). min-k++: the same against the model's own spread (Zhang 2024, 2404.02936).
zlib: over the compressed size (Carlini 2021). gradient norm: minus the length of the gradient of
the loss over `gradients` (Duan 2024, 2402.07841), where the model has one. calibrated: minus the
mean for the same name when others are shown. neighbourhood: minus the mean for names of which one
word is another person's (Mattern 2023, 2305.18462). recall: with a never-trained person's
description and name in front, over without (ReCaLL, Xie 2024, 2406.15968). reference: minus that
of another model, if one is named.
Read it: 0.5 nothing leaks, 1 all. Show people in the modality that was not trained to ask whether
membership crosses over. TPR is the share of members found while so many others are flagged.
Chance: 0.5. Control: never-trained people against other never-trained people.]],
  params = {
    modality = { type = "string", one_of = { "image", "text" }, default = "text",
                 summary = "How people are shown." },
    reference = { type = "string", default = "", summary = "A model, as --model takes it." },
    gradients = { type = "string", default = "decoder.block.*",
                  summary = "Which parameters' gradient is measured." },
    fpr = { type = "number", default = 0.1, min = 0, max = 1, summary = "Of the reported TPR." },
  },
  run = function(ctx)
    local stats, p, reference = require "eidetic.stats", ctx.params, nil
    if p.reference ~= "" then
      reference = require("eidetic.sources").model(p.reference, ctx.seed)
    end
    local others = ctx:others()
    local o = { modality = p.modality, reference = reference, stranger = others:next(1),
                gradients = ctx:allows "gradients" and p.gradients or nil }
    local inside = attacks.scores(ctx.model, ctx.people, o)
    local outside = attacks.scores(ctx.model, others, o)
    local parts, scores = {}, {}
    for _, attack in ipairs(attacks.names) do
      if inside[attack] then
        local members, rest = inside[attack], outside[attack]
        parts[#parts + 1] = { name = attack, per_item = reading.placements(members, rest),
                              chance = 0.5, scale = "share" }
        local found = stats.tpr_at_fpr(members, rest, p.fpr, { force = true })
        scores[#scores + 1] = { name = ("%s: TPR at FPR %g"):format(attack, p.fpr),
                                value = found.value, low = found.low, high = found.high,
                                note = found.note }
      end
    end
    ctx:items(p.modality)
    return { per_item = parts[1].per_item, chance = 0.5, scale = "share", parts = parts,
             scores = scores }
  end,
}
