-- Where the true name stands among all names by log-probability.

---@type eidetic.Probe
return {
  name = "rank",
  summary = "The rank of the true name among the names of these people; 1 is best.",
  api = ">=1.0",
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
