-- Synthetic people, none of whom a pretrained base knows.

---@type eidetic.Dataset
return {
  name = "personas",
  summary = "New synthetic people.",
  api = ">=1.0",
  params = {
    count = { type = "integer", default = 100, min = 1, summary = "How many." },
    views = { type = "integer", default = 20, min = 1, summary = "Views of each for training." },
    register = {
      type = "string", one_of = { "mixed", "terse", "phrases" }, default = "mixed",
      summary = "How descriptions are worded.",
    },
    look_alikes = {
      type = "boolean", default = false, summary = "Whether two people may look the same.",
    },
  },
  make = function(ctx)
    local p = ctx.params
    return require("eidetic.personas").people {
      count = p.count, views = p.views, register = p.register, look_alikes = p.look_alikes,
      rng = ctx.rng,
    }
  end,
}
