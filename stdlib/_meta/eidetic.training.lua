---@meta eidetic.training

--- Learning from examples or from a loss of one's own.
---@class eidetic.training
local eidetic_training = {}

---@class eidetic.training.fit.Options
---@field data Task|Items|(Task|Items)[] A task, or several that are mixed by their weights; items count as a task of weight 1.
---@field rng Rng Decides the examples.
---@field batch? integer Examples per step. Default 64.
---@field train? string[] Patterns of the parameters to train; the others are frozen. Default { "*" }.
---@field steps integer How many steps. In steps.
---@field lr? number The highest learning rate. Default 0.001.
---@field warmup? integer Steps of linear warm-up. In steps. Default 50.
---@field weight_decay? number Decoupled weight decay. Default 0.01.
---@field clip? number The largest global gradient norm. Default 1.
---@field on_step? function Called after a step with its `Step`: step, steps, loss, lr (may be assigned), gradient_norm, seconds, stop(reason). Returning false stops, too.
---@field every? integer Calls `on_step` after every so many steps only. Default 1.
---@field target? number Stops when the loss, averaged over the last 10 steps, is this low. In nats.
---@field patience? integer Stops when the loss, averaged over the last 10 steps, has not become lower for so many steps. In steps.
---@field checkpoint? string|Checkpoint A file of this training alone. What was done is kept there as it goes; the same training, called again, goes on from there to the same bits. The loss and `data` must then depend on step and parameters only; `on_step` is not called again for done steps, but what it set is remembered.

--- Trains a model on examples with AdamW: warm-up, then half a cosine down to a tenth.
---
--- ```lua
--- training.fit(model, { data = people:train("text", "name"), rng = rng.new(1), steps = 200,
---   every = 20,
---   on_step = function(step)
---     if step.loss > 5 then step:stop "it does not learn" end
---     if step.step == 100 then step.lr = step.lr / 10 end
---   end })
--- ```
---@param model Model Changed in place.
---@param options eidetic.training.fit.Options
---@return table # steps, loss (of the last step), seconds, losses (per step); stopped, why it ended early
function eidetic_training.fit(model, options) end

---@class eidetic.training.minimize.Options
---@field loss function Gets the step, from 1; returns one differentiable number.
---@field steps integer How many steps. In steps.
---@field lr? number The highest learning rate. Default 0.001.
---@field warmup? integer Steps of linear warm-up. In steps. Default 50.
---@field weight_decay? number Decoupled weight decay. Default 0.01.
---@field clip? number The largest global gradient norm. Default 1.
---@field on_step? function Called after a step with its `Step`: step, steps, loss, lr (may be assigned), gradient_norm, seconds, stop(reason). Returning false stops, too.
---@field every? integer Calls `on_step` after every so many steps only. Default 1.
---@field target? number Stops when the loss, averaged over the last 10 steps, is this low. In nats.
---@field patience? integer Stops when the loss, averaged over the last 10 steps, has not become lower for so many steps. In steps.
---@field checkpoint? string|Checkpoint A file of this training alone. What was done is kept there as it goes; the same training, called again, goes on from there to the same bits. The loss and `data` must then depend on step and parameters only; `on_step` is not called again for done steps, but what it set is remembered.

--- Moves tensors down the slope of a loss, with the same optimizer and schedule.
---
--- ```lua
--- local w = tensor.zeros { 3 }:requires_grad()
--- training.minimize({ w }, { steps = 100, loss = function() return (w - 1):square():sum() end })
--- ```
---@param parameters Tensor[] Tensors that learn: made with `requires_grad`, or a model's.
---@param options eidetic.training.minimize.Options
---@return table # steps, loss (of the last step), seconds, losses (per step); stopped, why it ended early
function eidetic_training.minimize(parameters, options) end

---@class eidetic.training.mix.Options
---@field weights? number[] One for each, in place of their own.
---@field weight? number Share of a mixture, relative to the others. Default 1.

--- One stream of several, so that it can be filtered, changed and mixed again.
---
--- ```lua
--- local names, replay = people:train("image", "name"), base.known:train("text", "name")
--- local data = training.mix({ names, replay }, { weights = { 3, 1 } })
--- ```
---@param tasks (Task|Items)[] Mixed by their weights; items count as weight 1.
---@param options? eidetic.training.mix.Options
---@return Task
function eidetic_training.mix(tasks, options) end

return eidetic_training
