-- What probes are made of: a model and questions in, one outcome per question out. Probes by name,
-- which also ask never-trained people, are files in `probes/`; see `eidetic.probe`.

---@class eidetic.Outcomes
---@field metric string `names`, or the name of the number.
---@field items Items
---@field answers string[]? What the model said.
---@field values number[]? One number per item.
---@field chance number? What blind guessing would score.
---@field scale ("binary"|"share"|"rank"|"real")? What values are; fractions are shares.

---@class eidetic.ScoredOutcomes: eidetic.Outcomes
---@field values number[]

local metrics = require "eidetic.metrics"

local M = {}

--- Runs a probe by name, built in or plugged in; the same as `eidetic.probe(name):run(o)`.
---@param name eidetic.ProbeName
---@param o { model: Model, people: People, params: table?, seed: integer?, control: People|false? }
---@return eidetic.ProbeResult
function M.run(name, o) return require("eidetic.plugins").get("probe", name):run(o) end

--- Asks for the answer and keeps what the model said; full, first and last name are scored apart.
---@param model Model
---@param items Items
---@return eidetic.Outcomes
function M.recall(model, items)
  return { metric = "names", items = items, answers = model:generate(items) }
end

--- Asks in two steps: the model says what it sees, and is then asked for the name by what it said.
---@param model Model
---@param people People
---@param modality "image"|"text" What it sees.
---@return eidetic.Outcomes
function M.described(model, people, modality)
  local said = model:generate(people:test(modality, "caption"), { max_words = 24 })
  return M.recall(model, people:test("text", "name", { shown = said }))
end

--- The rank of the true answer among candidates by log-probability; ties count against it.
---@param model Model
---@param items Items
---@param candidates string[] Must contain every true answer.
---@return eidetic.ScoredOutcomes
function M.rank(model, items, candidates)
  return {
    metric = "rank", items = items, values = model:rank(items, candidates),
    chance = (#candidates + 1) / 2,
  }
end

--- Whether the whole answer is right, word for word.
---@param model Model
---@param items Items
---@return eidetic.ScoredOutcomes
function M.exact(model, items)
  local answers, values = model:generate(items, { max_words = 16 }), {}
  for i, answer in ipairs(answers) do values[i] = answer == items[i].answer and 1 or 0 end
  return { metric = "exact", items = items, answers = answers, values = values }
end

--- The mean of an outcome's numbers; of names the share that is right in full.
---@param outcomes eidetic.Outcomes
---@return number
function M.mean(outcomes)
  local values, sum = outcomes.values, 0
  if not values then
    values = {}
    for i, answer in ipairs(outcomes.answers) do
      values[i] = metrics.names(answer, outcomes.items[i].answer).full and 1 or 0
    end
  end
  for _, value in ipairs(values) do sum = sum + value end
  return sum / #values
end

return M
