-- Whether the model says the whole name of each person.

---@type eidetic.Probe
return {
  name = "recall",
  summary = "Is the full name recalled, word for word?",
  api = ">=1.0",
  help = [[
Measures: the model's most probable answer, word by word, against the full name. Both are compared
whole, after Unicode NFC, case folding, trimming, single spaces and no final mark; no substrings.
Read it: the share of people whose name comes out. Asked in the modality that was trained it tells
what was memorized, in the other one what has crossed over; their difference is the transfer gap.
Chance: the share of the commonest name. Control: never-trained people, whose names are guesses.
Source: the accuracy of Wen et al. 2025, arXiv 2506.05198.]],
  params = {
    modality = {
      type = "string", one_of = { "image", "text" }, default = "text",
      summary = "How people are shown.",
    },
  },
  run = function(ctx)
    local metrics = require "eidetic.metrics"
    local items = ctx:items(ctx.params.modality)
    local answers, outcomes, truths = ctx.model:generate(items), {}, {}
    for i, item in items do
      outcomes[i] = metrics.names(answers[i], item.answer).full
      truths[i] = item.answer
    end
    return { per_item = outcomes, answers = answers, truths = truths, metric = "full_name" }
  end,
}
