-- What an experiment's function is given for one seed: the base, trainings that are followed and
-- kept, and the places where outcomes, remarks and charts go.

local base = require "eidetic.base"
local host = require "eidetic.host"
local probes = require "eidetic.probes"
local training = require "eidetic.training"

local M = {}

---@class eidetic.Context
---@field params table<string, any>
---@field seed integer
---@field rng Rng The stream of this seed.
---@field run Run Where outcomes go.
local Context = {}
Context.__index = Context

--- The pretrained base of this seed: made on first use, then cached. Seeds vary the base, because
--- how much transfers depends on it.
---@param preset string?
---@param spec table? Further fields of `eidetic.base`.
---@return eidetic.Base
function Context:base(preset, spec)
  local o = { preset = preset, seed = self.seed }
  for name, value in pairs(spec or {}) do o[name] = value end
  local found = base.get(o)
  self.run:data(found.known.hash)
  return found
end

-- Where a training is kept; rehearsals keep nothing. The place is taken in any case, so that the
-- places of later trainings do not depend on the answer.
local function checkpoint(run, stage, verb, o)
  if o.checkpoint ~= nil and type(o.checkpoint) ~= "boolean" then
    error(("ctx:%s: checkpoint must be true or false, got %s"):format(
      verb, type(o.checkpoint)), 4)
  end
  local place = run.checkpoint and run.checkpoint:stage(stage)
  if o.checkpoint == nil and o.on_step or o.checkpoint == false then return nil end
  return place
end

-- Runs a training with progress, a curve and a place where it is kept.
local function followed(self, o, verb, train)
  local stage = o.stage or verb
  local passed = {}
  for name, value in pairs(o) do
    if name ~= "stage" and name ~= "every" then passed[name] = value end
  end
  local every = o.every or 1
  passed.checkpoint = checkpoint(self.run, stage, verb, o)
  passed.on_step = function(step)
    host.progress(("seed %d: %s"):format(self.seed, stage), step.step, step.steps, step.loss)
    local is_due = step.step % every == 0 or step.step == step.steps
    if o.on_step and is_due then return o.on_step(step) end
  end
  local history = train(passed)
  self.run:curve(stage, history.losses, { seconds = history.seconds })
  if history.stopped then
    self:note(("%s stopped after step %d: %s"):format(stage, history.steps, history.stopped))
  end
  return history
end

--- Trains a model as `training.fit` does, with progress and a loss curve in the report.
---
--- Takes the options of `training.fit` and `stage`, the name of the curve; `rng` has a default.
---
--- A run that was stopped goes on inside of this training, to the same bits. With `on_step` it does
--- the training again from its start, because what the function did for the steps before is gone;
--- `checkpoint = true` says that it only reads the step, sets `lr` or stops. `checkpoint = false`
--- does every training again.
---@param model Model
---@param o table
---@return table history
function Context:fit(model, o)
  return followed(self, o, "fit", function(passed)
    passed.rng = o.rng or self.rng:fork(o.stage or "fit")
    return training.fit(model, passed)
  end)
end

--- Makes a loss of one's own small as `training.minimize` does; otherwise as `ctx:fit`.
---
--- It goes on inside of the training only with `checkpoint = true`, which says that the loss
--- depends on the step and the parameters alone; without that it is done again from its start.
---@param parameters Tensor[] What learns, such as a model's.
---@param o table
---@return table history
function Context:minimize(parameters, o)
  local passed = { checkpoint = o.checkpoint or false }
  for name, value in pairs(o) do passed[name] = value end
  return followed(self, passed, "minimize", function(options)
    return training.minimize(parameters, options)
  end)
end

--- Keeps one outcome per persona.
---
--- Outcomes come from `eidetic.probes`, or are made by hand: `{ metric =, items =, values = }`,
--- with `chance` and `scale` where they are known; fractions are of scale `share`.
---@param keys table<string, string> Conditions such as `{ source = "image", target = "text" }`.
---@param outcomes eidetic.Outcomes
---@param o { group: string? }? `member` (the default), `control`, or any other group.
function Context:record(keys, outcomes, o)
  local group = o and o.group or "member"
  if outcomes.metric == "names" then
    self.run:names(keys, outcomes.items, outcomes.answers, group)
  else
    self.run:numbers(outcomes.metric, keys, outcomes.items, outcomes.values, group,
                     outcomes.chance, outcomes.scale)
  end
end

local function named(model, people, target)
  return probes.recall(model, people:test(target, "name"))
end

---@class eidetic.RecallOptions
---@field group string? As of `ctx:record`.
---@field ask (fun(model: Model, people: People, target: string): eidetic.Outcomes)? Puts the
---  questions, such as `probes.described`; by default those of `people:test(target, "name")`.

--- Asks for people's names by picture and by description, and records the answers. The keys of the
--- outcomes are `target`, how they are asked, and those given.
---@param model Model
---@param people People
---@param keys table<string, string> Conditions such as `{ source = "image" }`.
---@param o eidetic.RecallOptions?
---@return table<string, eidetic.Outcomes> outcomes By target.
function Context:recall(model, people, keys, o)
  local ask, result = o and o.ask or named, {}
  for _, target in ipairs { "image", "text" } do
    local own = { target = target }
    for name, value in pairs(keys) do own[name] = value end
    result[target] = ask(model, people, target)
    self:record(own, result[target], { group = o and o.group })
  end
  return result
end

--- Teaches people's names from one modality, the decoder alone, and records what is recalled of
--- them in both: the step that most questions about crossing over share.
---
--- Takes the options of `ctx:fit`; `stage` has a default. The keys of the outcomes are `source`,
--- `target` and those of `keys`.
---@param model Model A copy of a base; it is changed.
---@param people People
---@param source "image"|"text"
---@param o { keys: table<string, string>?, steps: integer, lr: number, stage: string? }
---@return table history
function Context:teach(model, people, source, o)
  local passed = { data = people:train(source, "name"), train = { "decoder.*" } }
  for name, value in pairs(o) do
    if name ~= "keys" then passed[name] = value end
  end
  local words, keys = { "names from " .. source }, { source = source }
  for name, value in pairs(o.keys or {}) do
    words[#words + 1], keys[name] = name .. " " .. value, value
  end
  table.sort(words)
  passed.stage = o.stage or table.concat(words, ", ")
  local history = self:fit(model, passed)
  self:recall(model, people, keys)
  return history
end

--- Notes which people the result is about, for the data hash and the gallery of the report.
---@param people People
function Context:about(people) self.run:data(people.hash) end

--- A remark for the reader of the result.
---@param text string
function Context:note(text) self.run:note(("seed %d: %s"):format(self.seed, text)) end

--- Keeps a chart, made with `eidetic.plot`, in the run; the report shows it.
---@param chart Chart
---@param o { name: string? }? Tells the run's charts apart; by default the chart's title.
function Context:chart(chart, o) self.run:chart(chart, o) end

--- The context of one seed.
---@param fields { params: table, seed: integer, rng: Rng, run: Run }
---@return eidetic.Context
function M.new(fields) return setmetatable(fields, Context) end

return M
