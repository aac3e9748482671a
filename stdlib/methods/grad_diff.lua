-- Gradient difference (Liu et al. 2022, arXiv 2203.12817; under this name in Maini et al. 2024,
-- arXiv 2401.06121): the loss of those to keep minus the loss of those to forget.
--
-- There both count the same; here those to keep count five times. The loss to forget has no upper
-- end, and at equal weights its slope wins. Chosen on three nano models that had learned 30 people
-- from pictures and descriptions, 3 of them to forget, seeds 1 to 3, 40 steps at 3e-4, mean recall
-- of both modalities; before: 0.61 of those to forget, 0.74 of those to keep.
--
--   weight      1     2     3     5     10
--   to forget   0.00  0.00  0.00  0.00  0.06
--   to keep     0.54  0.67  0.72  0.79  0.83

---@type eidetic.Method
return {
  name = "grad-diff",
  summary = "Raises the loss of those to forget while it lowers the loss of those to keep.",
  api = ">=1.0",
  help = [[
Names learned from pictures and descriptions, requests in both. Share recalled by image and by text
of those to forget | of those to keep, before, after and in the model retrained without them:

                 before                   after                    retrained
  tiny, seed 0   1.00 1.00 | 0.99 1.00    0.00 0.00 | 0.95 0.96    0.00 0.00 | 0.99 1.00

`scripts/experiments/unlearning.lua`, 100 people, 20 of them to forget; one seed says little.
]],
  params = {
    retain_weight = {
      type = "number", default = 5.0, min = 0, summary = "Weight of the loss of those to keep.",
    },
  },
  loss = function(ctx, step)
    local keep = ctx.model:loss(ctx:retain_items(step)) * ctx.params.retain_weight
    return keep - ctx.model:loss(ctx:forget_items(step))
  end,
}
