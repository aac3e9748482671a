-- Learning order and forgetting events: when a copy of the model learns each name, and how often it
-- loses it again.

---@type eidetic.Probe
return {
  name = "learning-order",
  summary = "When is each name learned, and how often is it forgotten again?",
  api = ">=1.0", needs = { "training" },
  help = [[
Measures: a copy of the model is trained on the names of these people, shown in `source`, and asked
about held-out views at every check, in both modalities. Outcome: the share of checks at which the
name was right, asked as it is trained. `other modality` is the same asked the other way;
`forgetting events` counts a right answer that turns wrong at the next check (Toneva et al. 2019,
arXiv 1812.05159); `first learned` is the first right check, one more than all checks for never.
Read it: high is early and lasting. `order, Spearman` tells whether names that are learned early in
one modality are also early in the other; many forgetting events mark names that compete.
Start from a model that does not know the people yet: --data personas:count=50.
Chance: that of one blind guess at each check. Control: people on whom the copy is not trained.]],
  params = {
    source = { type = "string", one_of = { "image", "text" }, default = "image",
               summary = "How people are shown in training." },
    steps = { type = "integer", default = 200, min = 1, summary = "Steps of training." },
    checks = { type = "integer", default = 10, min = 1, summary = "How often it is asked." },
    lr = { type = "number", default = 3e-4, min = 1e-12, summary = "The highest learning rate." },
    train = { type = "string", default = "decoder.*", summary = "Which parameters learn." },
  },
  run = function(ctx)
    local metrics, stats = require "eidetic.metrics", require "eidetic.stats"
    local host, p, model = require "eidetic.host", ctx.params, ctx.model:clone()
    local other, every = p.source == "image" and "text" or "image", math.max(1, p.steps // p.checks)
    local items = { [other] = ctx:items(other), [p.source] = ctx:items(p.source) }
    local right = { image = {}, text = {} }
    for i = 1, #ctx.people do right.image[i], right.text[i] = {}, {} end
    local function ask()
      for modality, questions in pairs(items) do
        local answers = model:generate(questions)
        for i, item in questions do
          local history = right[modality][i]
          history[#history + 1] = metrics.names(answers[i], item.answer).full
        end
      end
    end
    require("eidetic.training").fit(model, {
      data = ctx.members:train(p.source, "name"), steps = p.steps, lr = p.lr, train = { p.train },
      rng = require("eidetic.rng").new(ctx.seed):fork "learning-order",
      on_step = function(step)
        host.progress("learning order, " .. ctx.group, step.step, step.steps, step.loss)
        if step.step % every == 0 then ask() end
      end,
    })
    local area, across, events, first = {}, {}, {}, {}
    for i, history in ipairs(right[p.source]) do
      local found, sums = metrics.learning_history(history), { 0, 0 }
      for k, was_right in ipairs(history) do
        sums[1] = sums[1] + (was_right and 1 or 0)
        sums[2] = sums[2] + (right[other][i][k] and 1 or 0)
      end
      area[i], across[i] = sums[1] / #history, sums[2] / #history
      events[i], first[i] = found.forgetting_events, found.first_learned or #history + 1
    end
    local order = #area > 3 and stats.spearman(area, across)
    return {
      items = items[p.source], per_item = area, chance = 1 / #ctx.people, scale = "share",
      parts = {
        { name = "other modality", per_item = across, chance = 1 / #ctx.people, scale = "share" },
        { name = "forgetting events", per_item = events },
        { name = "first learned", per_item = first },
      },
      scores = order and { { name = "order, Spearman", value = order.value, low = order.low,
                             high = order.high } } or nil,
    }
  end,
}
