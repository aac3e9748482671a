-- Where the true name stands among all names by log-probability.

---@type eidetic.Probe
return {
  name = "rank",
  summary = "The rank of the true name among the names of these people; 1 is best.",
  api = ">=1.0",
  help = [[
Measures: the rank of the true name among the names of these people by log-probability of the whole
answer. Ties count against the model, so that one which gives all names the same is last, not first.
Read it: 1 is best. Names that are not said may still stand high: memory that recall does not see.
The report adds the median rank, the mean reciprocal rank and hits at 1, 5 and 10.
Chance: (n + 1) / 2. Control: never-trained people among their own names.]],
  params = {
    modality = {
      type = "string", one_of = { "image", "text" }, default = "text",
      summary = "How people are shown.",
    },
  },
  run = function(ctx)
    local items = ctx:items(ctx.params.modality)
    return {
      per_item = ctx.model:rank(items, ctx.people.names),
      chance = (#ctx.people + 1) / 2,
    }
  end,
}
