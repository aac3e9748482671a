-- Climbs the loss of what is to be forgotten (Jang et al. 2023, arXiv 2210.01504). The loss has no
-- upper end, and each step harms everyone: it ends as soon as no name of those to forget is said.

---@type eidetic.Method
return {
  name = "gradient-ascent",
  summary = "Raises the loss of those to forget; the others are not looked at.",
  api = ">=1.0",
  help = [[
Names learned from pictures and descriptions, requests in both. Share recalled by image and by text
of those to forget | of those to keep, before, after and in the model retrained without them:

                 before                   after                    retrained
  tiny, seed 0   1.00 1.00 | 0.99 1.00    0.00 0.00 | 0.16 0.16    0.00 0.00 | 0.99 1.00

`scripts/experiments/unlearning.lua`, 100 people, 20 of them to forget; one seed says little.

Nobody is kept, and it shows: the names of others go with those to forget.
]],
  params = {
    lr = { type = "number", default = 1e-4, min = 0, summary = "The highest learning rate." },
    stop = { type = "boolean", default = true, summary = "Ends at the first silence." },
  },
  run = function(ctx)
    ctx:minimize(function(step) return -ctx.model:loss(ctx:forget_items(step)) end, nil,
      function() return ctx.params.stop and ctx:is_silent() end)
  end,
}
