-- Whether the model says at least the first name of each person.

---@type eidetic.Probe
return {
  name = "first-name",
  summary = "Is at least the first name recalled?",
  api = ">=1.0",
  help = [[
Measures: whether the first word of the model's answer is the first name, compared as `recall` does.
Read it: first names recur among people, so this is the easier half of a name; where it is far above
the full name, people are recognized but their names are incomplete.
Chance: the share of the commonest first name. Control: never-trained people.]],
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
