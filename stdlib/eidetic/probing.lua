-- Running a probe: it answers for each person, the workbench adds mean, interval, chance level and
-- the same probe on never-trained people.

local plugins = require "eidetic.plugins"
local runs = require "eidetic.runs"

local M = {}

---@class eidetic.ProbeContext: eidetic.PluginContext
---@field model Model
---@field people People Those who are asked about: members, then never-trained twins.
---@field members People Those whom the run is about, in both groups; what a probe trains on.
---@field group string `member` or `control`; for messages, never for scores.
---@field asked Items? What `items` gave last.
---@field private twins People? The members' others, of whom the control group is a part.
local Context = {}
Context.__index = Context

--- One question per person, in a view that training never showed.
---
--- `for i, item in ctx:items("text") do` visits prompt and answer of each; a model takes them all
--- at once: `ctx.model:generate(items)`.
---@param modality string? `image` or `text`; by default the parameter `modality`, else `text`.
---@param question string? By default `name`.
---@param o table? Further options of `people:test`.
---@return Items
function Context:items(modality, question, o)
  modality = modality or self.params.modality or "text"
  self.asked = self.people:test(modality, question or "name", o or {})
  return self.asked
end

--- As many people again whom nobody trained on, other ones than the control group's in it: what
--- members are told apart from.
---@return People
function Context:others()
  if self.group == "member" and self.twins then return self.twins end
  return self.people:next(#self.people)
end

local function allows(model, need)
  return type(model) == "userdata" or (model.abilities or {})[need] == true
end

--- Whether the model allows more than answers.
---@param need string One of `contract.abilities`.
---@return boolean
function Context:allows(need) return allows(self.model, need) end

local outcome_fields = {
  per_item = "table", items = "userdata", answers = "table", truths = "table", chance = "number",
  metric = "string", parts = "table", scores = "table", scale = "string",
}
local part_fields = { name = "string", per_item = "table", chance = "number", scale = "string" }
local score_fields = {
  name = "string", value = "number", low = "number", high = "number", note = "string",
}

local scales = {
  binary = { "0 or 1", function(x) return x == 0 or x == 1 end },
  share = { "0 ... 1", function(x) return x >= 0 and x <= 1 end },
  rank = { "at least 1", function(x) return x >= 1 end },
  real = { "a number", function() return true end },
}

-- One number per outcome; `fail` raises.
local function numbers(list, count, fail, field)
  local per_item, scale = list.per_item, list.scale
  if scale and not scales[scale] then
    fail(("field '%s': expected one of binary, rank, real, share, got '%s'"):format(
      field:gsub("per_item", "scale"), scale))
  end
  if #per_item ~= count then
    fail(("field '%s': expected %d outcomes, one per item, got %d; a probe answers for every "
      .. "item, `false` and 0 included"):format(field, count, #per_item))
  end
  local values = {}
  for i = 1, count do
    local value = per_item[i]
    if type(value) == "boolean" then value = value and 1 or 0 end
    if type(value) ~= "number" or value ~= value or math.abs(value) == math.huge then
      fail(("field '%s': expected true, false or a finite number at position %d, got %s")
        :format(field, i, tostring(per_item[i])))
    end
    if scale and not scales[scale][2](value) then
      fail(("field '%s': expected %s at position %d, because its scale is '%s'; got %s"):format(
        field, scales[scale][1], i, scale, tostring(value)))
    end
    values[i] = value
  end
  return values
end

local function texts(name, list, count, fail)
  if list == nil then return end
  for i = 1, count do
    if type(list[i]) ~= "string" then
      fail(("field '%s': expected %d strings, got %s at position %d"):format(
        name, count, type(list[i]), i))
    end
  end
end

-- The entries of `parts` or `scores`, checked.
local function entries(list, what, fields, fail)
  for i, entry in ipairs(list or {}) do
    local where = ("field '%s[%d]"):format(what, i)
    if type(entry) ~= "table" then fail(where .. "': expected a table, got " .. type(entry)) end
    for name, value in next, entry do
      if fields[name] ~= type(value) then
        fail(("%s.%s': expected %s, got a %s"):format(
          where, tostring(name), fields[name] and "a " .. fields[name] or "no such field",
          type(value)))
      end
    end
    for _, name in ipairs { "name", "per_item", "value" } do
      if fields[name] and entry[name] == nil then
        fail(("%s.%s': expected a %s, got nothing"):format(where, name, fields[name]))
      end
    end
  end
  return list or {}
end

local function parts(list, count, fail)
  local result = {}
  for i, part in ipairs(entries(list, "parts", part_fields, fail)) do
    result[i] = {
      name = part.name, chance = part.chance, scale = part.scale,
      values = numbers(part, count, fail, ("parts[%d].per_item"):format(i)),
    }
  end
  return result
end

-- What `run` returned, checked: metric, items, values and the rest.
local function checked(probe, ctx, outcome)
  local function fail(text) error(("%s: run returned: %s"):format(probe:label(), text), 0) end
  if type(outcome) ~= "table" then
    fail(("expected a table, got %s; end run with `return { per_item = outcomes }`"):format(
      type(outcome)))
  end
  for name, value in next, outcome do
    local wanted = outcome_fields[name]
    if not wanted then
      fail(("field '%s': unknown; expected answers, chance, items, metric, parts, per_item, "
        .. "scale, scores, truths"):format(tostring(name)))
    end
    if type(value) ~= wanted then
      fail(("field '%s': expected a %s, got %s"):format(name, wanted, type(value)))
    end
  end
  if not outcome.per_item then fail "field 'per_item': expected a list, got nothing" end
  local items = outcome.items or ctx.asked
  if not items then fail "no items: ask with `ctx:items(...)`, or return them as `items`" end
  plugins.need(probe:label() .. ": field 'items'", items, "Items")
  if #items == 0 then fail "no items: there is nobody to ask about" end
  texts("answers", outcome.answers, #items, fail)
  texts("truths", outcome.truths, #items, fail)
  return {
    metric = outcome.metric or probe.name:gsub("%-", "_"), items = items,
    values = numbers(outcome, #items, fail, "per_item"), answers = outcome.answers,
    truths = outcome.truths, chance = outcome.chance, scale = outcome.scale,
    parts = parts(outcome.parts, #items, fail),
    scores = entries(outcome.scores, "scores", score_fields, fail),
  }
end

local function ask(probe, o, people, group, twins)
  local ctx = probe:context(o)
  ctx.model, ctx.people, ctx.group, ctx.members, ctx.twins = o.model, people, group, o.people, twins
  ctx.rng = ctx.rng:fork(group)
  setmetatable(ctx, Context)
  return checked(probe, ctx, probe:call("run", ctx)), ctx.params
end

---@class eidetic.ProbeResult
---@field metric string
---@field per_item number[]
---@field mean number
---@field low number? Ends of the 95 % interval over people.
---@field high number?
---@field n integer
---@field chance number?
---@field scale string `binary`, `rank`, `real` or `share`; see `eidetic.ProbeOutcome`.
---@field stated_scale string? The scale, where the probe states it.
---@field control table? mean, low, high, n of never-trained people.
---@field params table
---@field answers string[]?
---@field items Items?
---@field control_items Items?
---@field parts table[] name, and of each what the outcome itself has: mean, low, high, chance, …
---@field scores eidetic.ProbeScore[]
---@field control_scores eidetic.ProbeScore[]?

---@class eidetic.LoadedProbe: eidetic.LoadedPlugin
local Probe = {}

local options = { model = 1, people = 1, params = 1, texts = 1, seed = 1, control = 1 }

--- Whether it can ask a model, and if not what the model lacks.
---@param model Model|eidetic.Oracle One in Lua says what it can do under `abilities`.
---@return boolean
---@return string? lack
function Probe:applies(model)
  for _, need in ipairs(self.needs) do
    if not allows(model, need) then return false, need end
  end
  return true
end

-- Mean, interval, chance level and control of one list of outcomes.
local function summary(metric, seed, members, controls, list, twin, truths)
  local result = runs.summarize(metric, members.items, list.values, {
    seed = seed, truths = truths, chance = list.chance, scale = list.scale,
    control_items = controls and controls.items, control_values = twin and twin.values,
  })
  result.per_item, result.control_per_item = list.values, twin and twin.values
  result.stated_scale = list.scale
  return result
end

local function summaries(seed, members, controls)
  local result = {}
  for i, part in ipairs(members.parts) do
    local own = summary(part.name, seed, members, controls, part,
                        controls and controls.parts[i])
    own.name = part.name
    result[i] = own
  end
  return result
end

local function check(who, o)
  if type(o) ~= "table" then error(who .. ": expected { model =, people = }", 3) end
  for name in pairs(o) do
    if not options[name] then
      error(("%s: unknown option '%s'; it takes control, model, params, people, seed"):format(
        who, tostring(name)), 3)
    end
  end
  plugins.need(who .. ": model", o.model, "Model")
  plugins.need(who .. ": people", o.people, "People")
end

--- Runs the probe.
---
--- Takes model, people, params, seed (0) and control: never-trained people, by default the next of
--- the same generator, or false.
---@param o { model: Model, people: People, params: table?, seed: integer?, control: People|false? }
---@return eidetic.ProbeResult
function Probe:run(o)
  local who, seed = ("probe '%s'"):format(self.name), type(o) == "table" and o.seed or 0
  check(who, o)
  local applies, lack = self:applies(o.model)
  if not applies then
    error(("%s needs a model with %s; %s has none"):format(who, lack, tostring(o.model)), 0)
  end
  local twins = o.control
  if twins == nil then twins = o.people:next(#o.people) end
  local members, used = ask(self, o, o.people, "member", twins or nil)
  local controls = twins and ask(self, o, twins, "control") or nil
  local result = summary(members.metric, seed, members, controls, members, controls,
                         members.truths)
  result.metric, result.answers = members.metric, members.answers
  result.items, result.params = members.items, used
  result.control_items = controls and controls.items
  result.parts, result.scores = summaries(seed, members, controls), members.scores
  result.control_scores = controls and controls.scores
  return result
end

plugins.class("probe", Probe)

return M
