-- Exposure: how far up the true name stands among candidate names, in bits (Carlini et al. 2019).

---@type eidetic.Probe
return {
  name = "exposure",
  summary = "How many bits of guessing the model saves on each name.",
  api = ">=1.0",
  help = [[
Measures: every candidate name is scored as the whole answer by its log-probability; exposure is
log2 of the number of candidates minus log2 of the true name's rank (Carlini et al. 2019, The
Secret Sharer, arXiv 1802.08232). Ties count against the model.
Read it: from 0 (last) to log2 of the candidates (first); one bit more halves the guesses needed.
`names` ranks against the other people of the study: who is it? `strangers` ranks against names
that nobody trained on: is the name known at all? Another "exposure", the sum of log-probabilities
(ReMem), is the score `mean log-probability` here.
Chance: the mean exposure of a uniformly random rank. Control: never-trained people.]],
  params = {
    modality = {
      type = "string", one_of = { "image", "text" }, default = "text",
      summary = "How people are shown.",
    },
    candidates = {
      type = "string", one_of = { "names", "strangers" }, default = "names",
      summary = "Names of these people, or the true one among never-trained people's.",
    },
  },
  run = function(ctx)
    local metrics = require "eidetic.metrics"
    local items, names = ctx:items(ctx.params.modality), ctx.people.names
    local others = ctx.params.candidates == "strangers" and ctx:others().names or nil
    local ranks, bits, sum = {}, {}, 0
    local pool = names
    if others then
      pool = table.move(names, 1, #names, 1, {})
      table.move(others, 1, #others, #pool + 1, pool)
    end
    local count = others and #others + 1 or #names
    for i, scores in ipairs(ctx.model:log_probabilities(items, pool)) do
      local own = scores
      if others then own = table.move(scores, #names + 1, #pool, 2, { scores[i] }) end
      ranks[i] = metrics.rank(own, others and 1 or i)
      bits[i], sum = metrics.exposure(assert(math.tointeger(ranks[i])), count), sum + scores[i]
    end
    local chance = 0
    for rank = 1, count do chance = chance + metrics.exposure(rank, count) / count end
    return {
      per_item = bits, chance = chance,
      parts = { { name = "rank", per_item = ranks, chance = (count + 1) / 2, scale = "rank" } },
      scores = { { name = "mean log-probability", value = sum / #bits, note = "nats per name" } },
    }
  end,
}
