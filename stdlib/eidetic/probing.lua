-- Running a probe: it answers for each person, the workbench adds mean, interval, chance level and
-- the same probe on never-trained people.

local plugins = require "eidetic.plugins"
local runs = require "eidetic.runs"

local M = {}

---@class eidetic.ProbeContext: eidetic.PluginContext
---@field model Model
---@field people People Those who are asked about: members, then never-trained twins.
---@field group string `member` or `control`; for messages, never for scores.
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

local outcome_fields = {
  per_item = "table", items = "userdata", answers = "table", truths = "table", chance = "number",
  metric = "string",
}

-- One number per outcome; `fail` raises.
local function numbers(per_item, count, fail)
  if #per_item ~= count then
    fail(("field 'per_item': expected %d outcomes, one per item, got %d; a probe answers for every "
      .. "item, `false` and 0 included"):format(count, #per_item))
  end
  local values = {}
  for i = 1, count do
    local value = per_item[i]
    if type(value) == "boolean" then value = value and 1 or 0 end
    if type(value) ~= "number" or value ~= value or math.abs(value) == math.huge then
      fail(("field 'per_item': expected true, false or a finite number at position %d, got %s")
        :format(i, tostring(per_item[i])))
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
      fail(("field '%s': unknown; expected answers, chance, items, metric, per_item, truths")
        :format(tostring(name)))
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
    values = numbers(outcome.per_item, #items, fail), answers = outcome.answers,
    truths = outcome.truths, chance = outcome.chance,
  }
end

local function ask(probe, o, people, group)
  local ctx = probe:context(o)
  ctx.model, ctx.people, ctx.group = o.model, people, group
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
---@field control table? mean, low, high, n of never-trained people.
---@field params table
---@field answers string[]?

---@class eidetic.LoadedProbe: eidetic.LoadedPlugin
local Probe = {}

local options = { model = 1, people = 1, params = 1, texts = 1, seed = 1, control = 1 }

--- Runs the probe.
---
--- Takes model, people, params, seed (0) and control: never-trained people, by default the next of
--- the same generator, or false.
---@param o { model: Model, people: People, params: table?, seed: integer?, control: People|false? }
---@return eidetic.ProbeResult
function Probe:run(o)
  local who = ("probe '%s'"):format(self.name)
  for name in pairs(type(o) == "table" and o or {}) do
    if not options[name] then
      error(("%s: unknown option '%s'; it takes control, model, params, people, seed"):format(
        who, tostring(name)), 2)
    end
  end
  if type(o) ~= "table" then error(who .. ": expected { model =, people = }", 2) end
  plugins.need(who .. ": model", o.model, "Model")
  plugins.need(who .. ": people", o.people, "People")
  local members, used = ask(self, o, o.people, "member")
  local twins = o.control
  if twins == nil then twins = o.people:next(#o.people) end
  local controls
  if twins then controls = ask(self, o, twins, "control") end
  local result = runs.summarize(members.metric, members.items, members.values, {
    seed = o.seed or 0, truths = members.truths, chance = members.chance,
    control_items = controls and controls.items, control_values = controls and controls.values,
  })
  result.metric, result.per_item, result.answers = members.metric, members.values, members.answers
  result.items, result.params = members.items, used
  result.control_per_item = controls and controls.values
  result.control_items = controls and controls.items
  return result
end

plugins.class("probe", Probe)

return M
