-- Whether a person gets the same answer from a picture as from a description, right or wrong.

---@type eidetic.Probe
return {
  name = "consistency",
  summary = "Is the answer to a picture the answer to the description?",
  api = ">=1.0",
  help = [[
Measures: the share of people whose two answers are the same name once normalized, whether right or
not, and Cohen's kappa, the agreement beyond chance: (agreement - chance) / (1 - chance).
Read it: 1 means one memory behind two doors, chance means two memories that know nothing of each
other. Look at `same and right` and `same and wrong` apart: a model that gives everybody one name
agrees with itself always, and its kappa is absent. `bound` is the highest agreement that the two
accuracies allow.
Chance: the agreement of the two lists of answers paired at random. Control: never-trained people.
Source: Cohen 1960; cross-modal consistency as in Zhang et al. 2024, arXiv 2411.09273.]],
  params = { question = { type = "string", default = "name", summary = "What is asked." } },
  run = function(ctx)
    local metrics = require "eidetic.metrics"
    local question = ctx.params.question
    local said = {
      image = ctx.model:generate(ctx:items("image", question)),
      text = ctx.model:generate(ctx:items("text", question)),
    }
    local same, truths, right, wrong = {}, {}, {}, {}
    for i, item in ctx.asked do
      truths[i] = item.answer
      local text = metrics.normalize(said.text[i])
      same[i] = metrics.normalize(said.image[i]) == text
      local is_true = text == metrics.normalize(item.answer)
      right[i], wrong[i] = same[i] and is_true, same[i] and not is_true
    end
    local found = metrics.consistency(said.image, said.text, { truths = truths })
    local scores = {}
    for _, name in ipairs { "kappa", "bound", "first_accuracy", "second_accuracy" } do
      if found[name] then
        local label = name:gsub("first_", "image "):gsub("second_", "text ")
        scores[#scores + 1] = { name = label, value = found[name] }
      end
    end
    return {
      per_item = same, answers = said.text, chance = found.chance, scores = scores,
      parts = {
        { name = "same and right", per_item = right },
        { name = "same and wrong", per_item = wrong },
      },
    }
  end,
}
