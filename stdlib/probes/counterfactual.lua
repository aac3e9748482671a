-- Counterfactual memorization by retraining: what recall owes to the person being in the data.

local retraining = require "eidetic.retraining"

---@type eidetic.Probe
return {
  name = "counterfactual",
  summary = "Is a name recalled because this very person was trained on?",
  api = ">=1.0", needs = { "training" },
  help = [[
Measures: `models` copies of the model are trained, each on a random half of these people shown in
`source`, every second one on the other half. A person's outcome is the recall of the models that
had the person minus that of those that had not: counterfactual memorization (Zhang et al. 2023,
arXiv 2112.12938). `other modality` asks the other way: the influence of a picture on the answer
to a description. `log-probability` is the same in nats per name.
Read it: 1 the name is known only through this person's examples, 0 as well without them. One
person's outcome moves in steps of 2 / models: trust the mean, or raise `models`.
Start from a model that does not know the people: --data personas:count=20. Trained copies are
remembered in the cache: a stopped run goes on, and --processes N shares the work.
Chance: 0. Control: people in no training, with the members' halves assigned to them.]],
  params = retraining.params,
  run = function(ctx)
    local metrics, source = require "eidetic.metrics", ctx.params.source
    local copies, had = retraining.copies(ctx)
    local other = source == "image" and "text" or "image"
    local function effect(modality, what)
      local scores, values = {}, {}
      for k, copy in ipairs(copies) do scores[k] = copy[ctx.group][modality][what] end
      for i, found in ipairs(metrics.counterfactual_memorization(scores, had)) do
        values[i] = found.value
      end
      return values
    end
    return {
      items = ctx:items(source), per_item = effect(source, "right"), chance = 0,
      parts = {
        { name = "other modality", per_item = effect(other, "right"), chance = 0 },
        { name = "log-probability", per_item = effect(source, "logs"), chance = 0 },
        { name = "log-probability, other modality", per_item = effect(other, "logs"), chance = 0 },
      },
    }
  end,
}
