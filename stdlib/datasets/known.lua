-- The people whose names a pretrained base of the same seed learned from text.

---@type eidetic.Dataset
return {
  name = "known",
  summary = "The people whose names the base of this seed learned from text.",
  api = ">=1.0",
  params = {
    count = { type = "integer", default = 300, min = 1, summary = "As many as the base has." },
    register = {
      type = "string", one_of = { "mixed", "terse", "phrases" }, default = "mixed",
      summary = "How descriptions are worded.",
    },
  },
  make = function(ctx)
    return require("eidetic.sources").known {
      seed = ctx.seed, known = ctx.params.count, register = ctx.params.register,
    }
  end,
}
