-- The pretrained base of a seed: made in minutes on first use, then read from the cache.

---@type eidetic.Model
return {
  name = "base",
  summary = "A pretrained base, which reads people and knows some by name from text.",
  api = ">=1.0",
  params = {
    preset = { type = "string", default = "tiny", summary = "nano, tiny, mini, small or base." },
    effort = {
      type = "number", default = 1.0, min = 0, summary = "Multiplies the steps of all stages.",
    },
    known = { type = "integer", default = 300, min = 1, summary = "People known by name." },
  },
  build = function(ctx)
    local base = require("eidetic.base").get {
      preset = ctx.params.preset, effort = ctx.params.effort, known = ctx.params.known,
      seed = ctx.seed,
    }
    return base:clone(), base.known
  end,
}
