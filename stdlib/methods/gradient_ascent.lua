-- Climbs the loss of what is to be forgotten (Jang et al. 2023, arXiv 2210.01504). The loss has no
-- upper end: many steps break the model for everyone, which the retain set will show.

---@type eidetic.Method
return {
  name = "gradient-ascent",
  summary = "Raises the loss of those to forget; the others are not looked at.",
  api = ">=1.0",
  loss = function(ctx, step) return -ctx.model:loss(ctx:forget_items(step)) end,
}
