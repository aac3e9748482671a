-- Gradient difference (Liu et al. 2022, arXiv 2203.12817; under this name in Maini et al. 2024,
-- arXiv 2401.06121): the loss of those to keep minus the loss of those to forget.

---@type eidetic.Method
return {
  name = "grad-diff",
  summary = "Raises the loss of those to forget while it lowers the loss of those to keep.",
  api = ">=1.0",
  params = {
    retain_weight = {
      type = "number", default = 1.0, min = 0, summary = "Weight of the loss of those to keep.",
    },
  },
  loss = function(ctx, step)
    local keep = ctx.model:loss(ctx:retain_items(step)) * ctx.params.retain_weight
    return keep - ctx.model:loss(ctx:forget_items(step))
  end,
}
