-- Whether the model says at least the first name of each person.

---@type eidetic.Probe
return {
  name = "first-name",
  summary = "Is at least the first name recalled?",
  api = ">=1.0",
  params = {
    modality = {
      type = "string", one_of = { "image", "text" }, default = "text",
      summary = "How people are shown.",
    },
  },
  run = function(ctx)
    local metrics = require "eidetic.metrics"
    local items = ctx:items(ctx.params.modality)
    local answers, outcomes, truths = ctx.model:generate(items), {}, {}
    for i, item in items do
      outcomes[i] = metrics.names(answers[i], item.answer).first
      truths[i] = item.answer
    end
    return { per_item = outcomes, answers = answers, truths = truths, metric = "first_name" }
  end,
}
