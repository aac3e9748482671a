-- Random parameters: what a probe scores here is chance.

---@type eidetic.Model
return {
  name = "untrained",
  summary = "A model with random parameters, to see what chance scores.",
  api = ">=1.0",
  params = {
    preset = { type = "string", default = "tiny", summary = "nano, tiny, mini, small or base." },
  },
  build = function(ctx)
    return require("eidetic.models").vlm { preset = ctx.params.preset, rng = ctx.rng }
  end,
}
