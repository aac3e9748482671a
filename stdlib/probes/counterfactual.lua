-- Counterfactual memorization by retraining: what recall owes to the person being in the data.

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
  params = {
    models = { type = "integer", default = 8, min = 2, summary = "How many; an even number." },
    source = { type = "string", one_of = { "image", "text" }, default = "image",
               summary = "How people are shown in training." },
    steps = { type = "integer", default = 150, min = 1, summary = "Steps of each training." },
    lr = { type = "number", default = 3e-4, min = 1e-12, summary = "The highest learning rate." },
    train = { type = "string", default = "decoder.*", summary = "Which parameters learn." },
  },
  run = function(ctx)
    local metrics, host, p = require "eidetic.metrics", require "eidetic.host", ctx.params
    local members, root = ctx.members, require("eidetic.rng").new(ctx.seed):fork "counterfactual"
    local twins = ctx.group == "member" and ctx:others() or ctx.people
    if p.models % 2 == 1 then error("models: expected an even number, got " .. p.models, 0) end
    local function half(k)
      local order, had = root:fork((k + 1) // 2):sample(#members, #members), {}
      for place, i in ipairs(order) do had[i] = (place * 2 <= #members) == (k % 2 == 1) end
      return had
    end
    local function trained(k)
      local model, data = ctx.model:clone(), {}
      for i, is_in in ipairs(half(k)) do
        if is_in then data[#data + 1] = members:part(i, i):train(p.source, "name") end
      end
      require("eidetic.training").fit(model, { data = data, rng = root:fork("fit"):fork(k),
                                               steps = p.steps, lr = p.lr, train = { p.train } })
      local result = {}
      for group, people in pairs { member = members, control = twins } do
        for _, modality in ipairs { "image", "text" } do
          local items, right, logs = people:test(modality, "name"), {}, {}
          local said, scores = model:generate(items), model:log_probabilities(items, people.names)
          for i, item in items do
            right[i] = metrics.names(said[i], item.answer).full and 1 or 0
            logs[i] = scores[i][i]
          end
          result[group .. " " .. modality] = { right = right, logs = logs }
        end
      end
      return result
    end
    local key = host.hash { ctx.model.hash, members.hash, twins.hash, p, ctx.seed, host.version }
    local results = require("eidetic.together").map("counterfactual/" .. key, p.models, trained,
                                                    "models trained")
    local other, had = p.source == "image" and "text" or "image", {}
    for k = 1, p.models do had[k] = half(k) end
    local function effect(modality, what)
      local scores, values = {}, {}
      for k, result in ipairs(results) do scores[k] = result[ctx.group .. " " .. modality][what] end
      for i, found in ipairs(metrics.counterfactual_memorization(scores, had)) do
        values[i] = found.value
      end
      return values
    end
    return {
      items = ctx:items(p.source), per_item = effect(p.source, "right"), chance = 0,
      parts = {
        { name = "other modality", per_item = effect(other, "right"), chance = 0 },
        { name = "log-probability", per_item = effect(p.source, "logs"), chance = 0 },
        { name = "log-probability, other modality", per_item = effect(other, "logs"), chance = 0 },
      },
    }
  end,
}
