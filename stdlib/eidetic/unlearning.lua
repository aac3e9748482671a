-- Running an unlearning method: a model, people to forget, people to keep.

local host = require "eidetic.host"
local plugins = require "eidetic.plugins"
local training = require "eidetic.training"

local M = {}

---@class eidetic.MethodContext: eidetic.PluginContext
---@field model Model Changed in place.
---@field forget People
---@field retain People
---@field on_step function?
---@field label string
---@field history table? What the last `ctx:minimize` told.
local Context = {}
Context.__index = Context

-- Names of people in a training view that changes with the step; "both" takes turns.
local function items(self, people, step)
  local modality = self.params.modality
  if modality == "both" then modality = step % 2 == 1 and "image" or "text" end
  local view = (step - 1) % people.views + 1
  return people:test(modality, "name", { view = view, seen = true })
end

--- Questions for the names of those to forget, as they were trained.
---@param step integer From 1; decides view and modality.
---@return Items
function Context:forget_items(step) return items(self, self.forget, step) end

--- Questions for the names of those to keep, as they were trained.
---@param step integer From 1; decides view and modality.
---@return Items
function Context:retain_items(step) return items(self, self.retain, step) end

--- Makes a loss small by the steps, lr and train of the parameters.
---@param loss fun(step: integer): Tensor
---@return table history
function Context:minimize(loss)
  local learned = {}
  for i, parameter in ipairs(self.model:parameters(self.params.train)) do
    learned[i] = parameter.tensor
  end
  self.history = training.minimize(learned, {
    steps = self.params.steps, lr = self.params.lr, warmup = 0, weight_decay = 0, loss = loss,
    on_step = function(step)
      host.progress(self.label, step.step, step.steps, step.loss)
      if self.on_step then return self.on_step(step) end
    end,
  })
  return self.history
end

---@class eidetic.LoadedMethod: eidetic.LoadedPlugin
local Method = {}

local options = { model = 1, forget = 1, retain = 1, params = 1, texts = 1, seed = 1, on_step = 1 }

--- Makes a model forget; changes it in place, so clone it before to keep the old one.
---@param o { model: Model, forget: People, retain: People, params: table?, seed: integer?,
---  on_step: function? }
---@return table history steps, loss, losses, seconds; empty when the method takes steps of its own
function Method:run(o)
  local who = ("method '%s'"):format(self.name)
  if type(o) ~= "table" then error(who .. ": expected { model =, forget =, retain = }", 2) end
  for name in pairs(o) do
    if not options[name] then
      error(("%s: unknown option '%s'; it takes forget, model, on_step, params, retain, seed")
        :format(who, tostring(name)), 2)
    end
  end
  local ctx = self:context(o)
  ctx.model = plugins.need(who .. ": model", o.model, "Model")
  ctx.forget = plugins.need(who .. ": forget", o.forget, "People")
  ctx.retain = plugins.need(who .. ": retain", o.retain, "People")
  ctx.on_step, ctx.label = o.on_step, self.name
  setmetatable(ctx, Context)
  if self:has "loss" then
    ctx:minimize(function(step) return self:call("loss", ctx, step) end)
  else
    self:call("run", ctx)
  end
  return ctx.history or {}
end

plugins.class("method", Method)

return M
