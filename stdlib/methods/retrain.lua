-- Retraining without those to forget: the gold model, which every other method is compared with.
-- The model is made anew from the same seed by the same recipe, from those to keep alone.

local unlearning = require "eidetic.unlearning"

---@type eidetic.Method
return {
  name = "retrain",
  summary = "Makes the model anew without those to forget: the gold standard.",
  api = ">=1.0",
  run = function(ctx)
    if not ctx.retrain then
      error("this model does not say how it was made; take one that does, such as --model "
        .. "memorized:preset=nano, or give `retrain = function(people) return model end`", 0)
    end
    unlearning.copy(ctx.model, ctx.retrain(ctx.retain))
  end,
}
