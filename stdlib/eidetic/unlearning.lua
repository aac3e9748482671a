-- Running an unlearning method: a model, people to forget, people to keep. And what methods share:
-- what a model makes of answers, derivatives of one's own, parameters taken from another model.

local host = require "eidetic.host"
local metrics = require "eidetic.metrics"
local plugins = require "eidetic.plugins"
local tensor = require "eidetic.tensor"
local training = require "eidetic.training"

local M = {
  --- The losses as functions of numbers.
  losses = require "eidetic.unlearning_losses",
}

---@class eidetic.Answers
---@field logits Tensor [words, vocabulary], a row per word of the true answers, end marks included.
---@field labels Tensor [words], ids from 0.
---@field counts integer[] Words per answer.
---@field log_probabilities Tensor [words]
---@field nll Tensor [answers], the sum over each answer's words.
---@field mean_nll Tensor [answers], the mean.

--- What a model makes of the true answers; derivatives flow.
---@param model Model
---@param items Items
---@return eidetic.Answers
function M.answers(model, items)
  local logits, labels, counts = model:answer_logits(items)
  local losses, places, shares = logits:cross_entropy(labels), {}, {}
  for answer, count in ipairs(counts) do
    shares[answer] = 1 / count
    for _ = 1, count do places[#places + 1] = answer end
  end
  local nll = losses:scatter(places, #counts)
  return {
    logits = logits, labels = labels, counts = counts, log_probabilities = -losses, nll = nll,
    mean_nll = nll * tensor.from(shares),
  }
end

--- The states at a hook point while a model reads items and their answers: a row per token of all.
---@param model Model
---@param items Items
---@param point string Such as `decoder.block.2`.
---@return Tensor states [rows, width]; derivatives flow
function M.states(model, items, point)
  local seen
  model:with_hooks({ [point] = function(x) seen = x end }, function() model:loss(items) end)
  return seen
end

--- The tensors of parameters that match a pattern.
---@param model Model
---@param pattern string
---@return Tensor[]
function M.tensors(model, pattern)
  local result = {}
  for i, parameter in ipairs(model:parameters(pattern)) do result[i] = parameter.tensor end
  return result
end

--- The derivatives of a loss, which are then forgotten by the tensors.
---@param model Model
---@param tensors Tensor[]
---@param loss Tensor
---@return Tensor[]
function M.gradients(model, tensors, loss)
  loss:backward()
  local result = {}
  for i, x in ipairs(tensors) do result[i] = x.grad or tensor.zeros(x.shape) end
  for _, x in ipairs(M.tensors(model, "*")) do x:zero_grad() end
  return result
end

--- A number of value 0 whose derivative by each tensor is the given one: for a loss of which only
--- the derivative is known, such as one masked by parameter.
---@param tensors Tensor[]
---@param gradients Tensor[] Constant, of the same shapes.
---@return Tensor
function M.slope(tensors, gradients)
  local total = tensor.scalar(0)
  for i, x in ipairs(tensors) do
    total = total + (gradients[i]:detach() * (x - x:detach():clone())):sum()
  end
  return total
end

--- Copies parameters of one model into another of the same sizes.
---@param target Model
---@param source Model
---@param pattern string?
function M.copy(target, source, pattern)
  for _, parameter in ipairs(target:parameters(pattern or "*")) do
    parameter.tensor:copy_(source:parameter(parameter.name):detach())
  end
end

---@class eidetic.MethodContext: eidetic.PluginContext
---@field model Model Changed in place.
---@field reference Model A frozen copy of the model as it was before.
---@field forget People
---@field retain People
---@field retrain (fun(retain: People): Model)? Makes the model anew without those to forget.
---@field on_step function?
---@field label string
---@field history table? What the last `ctx:minimize` told.
---@field kept table What a loss remembers from step to step.
local Context = {}
Context.__index = Context

-- As many people as a step looks at, one window after the other, and around.
local function window(people, step, batch)
  if #people <= batch then return people end
  local first = (step - 1) * batch % #people + 1
  local rest = first + batch - 1 - #people
  if rest <= 0 then return people:part(first, first + batch - 1) end
  return people:part(first):concat(people:part(1, rest))
end

-- Names of people in a training view that changes with the step; "both" shows the same people in
-- the same view one way and then the other.
local function items(people, step, modality, batch)
  if modality == "both" then
    modality, step = step % 2 == 1 and "image" or "text", (step + 1) // 2
  end
  people = window(people, step, batch)
  local view = (step - 1) % people.views + 1
  return people:test(modality, "name", { view = view, seen = true })
end

--- Questions for the names of those to forget, as they were trained.
---@param step integer From 1; decides view and modality.
---@param modality string? By default the parameter `modality`.
---@return Items
function Context:forget_items(step, modality)
  local p = self.params
  return items(self.forget, step, modality or p.modality, p.batch)
end

--- Questions for the names of those to keep, as they were trained.
---@param step integer From 1; decides view and modality.
---@param modality string? By default the parameter `keep`.
---@return Items
function Context:retain_items(step, modality)
  local p = self.params
  return items(self.retain, step, modality or p.keep ~= "same" and p.keep or p.modality, p.batch)
end

--- What the model makes of the true answers; derivatives flow.
---@param asked Items
---@return eidetic.Answers
function Context:answers(asked) return M.answers(self.model, asked) end

--- What the model made of them before it began to forget; constant.
---@param asked Items
---@return eidetic.Answers
function Context:reference_answers(asked)
  local result
  tensor.no_grad(function() result = M.answers(self.reference, asked) end)
  return result
end

--- A loss of those to forget, weighted by `forget_weight` where the method has it, plus the loss of
--- those to keep, weighted by `retain_weight`.
---@param loss Tensor
---@param step integer
---@return Tensor
function Context:beside_retain(loss, step)
  local total = loss * (self.params.forget_weight or 1)
  local weight = self.params.retain_weight
  if weight == 0 then return total end
  return total + self.model:loss(self:retain_items(step)) * weight
end

-- The mean loss of names as they were trained; `answers` may stand in their place.
local function mean_loss(model, people, modality, answers)
  local loss
  tensor.no_grad(function()
    local asked = items(people, 1, modality, #people)
    loss = model:losses(answers and asked:with_answers(answers) or asked):mean():item()
  end)
  return loss
end

local function each_modality(modality)
  return modality == "both" and { "image", "text" } or { modality }
end

--- Whether the names of those to forget have become no likelier than names of those to keep, asked
--- as in training: what a model that never saw them would say.
---@return boolean
function Context:is_forgotten()
  local names, others = self.retain.names, {}
  for i = 1, #self.forget do others[i] = names[(i - 1) % #names + 1] end
  for _, modality in ipairs(each_modality(self.params.modality)) do
    local own = mean_loss(self.model, self.forget, modality)
    if own < mean_loss(self.model, self.forget, modality, others) then return false end
  end
  return true
end

-- Nats per word by which the names of those to keep may be less likely than before.
local tolerance = 0.05

--- Whether the names of those to keep are about as likely as before.
---@return boolean
function Context:is_kept()
  local p = self.params
  local some = self.retain:take(p.batch)
  for _, modality in ipairs(each_modality(p.keep ~= "same" and p.keep or p.modality)) do
    local before = mean_loss(self.reference, some, modality)
    if mean_loss(self.model, some, modality) > before + tolerance then return false end
  end
  return true
end

--- Whether none of the names of those to forget is said any more.
---@return boolean
function Context:is_silent()
  for _, modality in ipairs(each_modality(self.params.modality)) do
    local asked = items(self.forget, 1, modality, #self.forget)
    for i, answer in ipairs(self.model:generate(asked)) do
      if metrics.names(answer, asked[i].answer).full then return false end
    end
  end
  return true
end

-- How often the rule is looked at, in steps.
local rhythm = 5

-- The rule by which methods that look after those to keep end; it sees training views only.
local function is_done(self, step)
  local p = self.params
  return p.stop and p.retain_weight and step % rhythm == 0 and self:is_forgotten()
    and self:is_kept()
end

--- The number of a block: 0 stands for the middle one of the decoder.
---@param block integer
---@return integer
function Context:block(block)
  local count = self.model.sizes.decoder_blocks
  if block == 0 then return (count + 1) // 2 end
  if block > count then
    error(("block: expected 0 ... %d, got %d"):format(count, block), 0)
  end
  return block
end

--- Makes a loss small by the steps, lr and train of the parameters. With the parameter `stop`, a
--- method that has `retain_weight` ends once those to forget are forgotten and those to keep are as
--- well known as before; steps are its limit.
---@param loss fun(step: integer): Tensor
---@param learned Tensor[]? What learns, in place of the model's parameters.
---@param done (fun(step: integer): boolean)? Asked after each step in place of that rule.
---@return table history
function Context:minimize(loss, learned, done)
  learned = learned or M.tensors(self.model, self.params.train)
  done = done or function(step) return is_done(self, step) end
  -- Parameters that do not learn here collect derivatives too; a later training must not meet them.
  local all <close> = setmetatable(M.tensors(self.model, "*"), {
    __close = function(tensors) for _, x in ipairs(tensors) do x:zero_grad() end end,
  })
  for _, x in ipairs(all) do x:zero_grad() end
  self.history = training.minimize(learned, {
    steps = self.params.steps, lr = self.params.lr, warmup = 0, weight_decay = 0, loss = loss,
    on_step = function(step)
      host.progress(self.label, step.step, step.steps, step.loss)
      if done(step.step) then step:stop "forgotten" end
      if self.on_step then return self.on_step(step) end
    end,
  })
  return self.history
end

---@class eidetic.LoadedMethod: eidetic.LoadedPlugin
local Method = {}

local options = {
  model = 1, forget = 1, retain = 1, params = 1, texts = 1, seed = 1, on_step = 1, retrain = 1,
}

---@class eidetic.MethodOptions
---@field model Model Changed in place.
---@field forget People
---@field retain People
---@field params table? Values of the method's parameters.
---@field texts table<string, string>? The same as typed at the command line.
---@field seed integer? 0 by default.
---@field on_step function? As of `training.fit`.
---@field retrain (fun(retain: People): Model)? Makes the model anew, for methods that need it.

--- Makes a model forget; changes it in place, so clone it before to keep the old one.
---@param o eidetic.MethodOptions model, forget, retain; also params, seed, on_step, retrain.
---@return table history steps, loss, losses, seconds; empty when the method takes steps of its own
function Method:run(o)
  local who = ("method '%s'"):format(self.name)
  if type(o) ~= "table" then error(who .. ": expected { model =, forget =, retain = }", 2) end
  for name in pairs(o) do
    if not options[name] then
      error(("%s: unknown option '%s'; it takes forget, model, on_step, params, retain, retrain, "
        .. "seed"):format(who, tostring(name)), 2)
    end
  end
  local ctx = self:context(o)
  ctx.model = plugins.need(who .. ": model", o.model, "Model")
  ctx.forget = plugins.need(who .. ": forget", o.forget, "People")
  ctx.retain = plugins.need(who .. ": retain", o.retain, "People")
  ctx.on_step, ctx.label, ctx.retrain = o.on_step, self.name, o.retrain
  ctx.reference = ctx.model:clone()
  ctx.kept = {}
  setmetatable(ctx, Context)
  if self:has "loss" then
    ctx:minimize(function(step) return self:call("loss", ctx, step) end)
  else
    self:call("run", ctx)
  end
  return ctx.history or {}
end

plugins.class("method", Method)

--- Methods by name, such as `"npo idk"`, each once; `all` stands for every one but `retrain`.
---@param text string
---@return eidetic.LoadedMethod[]
function M.methods(text)
  local result, seen = {}, {}
  local function add(name)
    local method = plugins.get("method", name)
    if not seen[method.name] then seen[method.name], result[#result + 1] = true, method end
  end
  for word in text:gmatch "%S+" do
    if word ~= "all" then add(word) end
    for _, file in ipairs(word == "all" and plugins.files "method" or {}) do
      if not file.shadowed_by and file.name ~= "retrain" then add(file.name) end
    end
  end
  return result
end

return M
