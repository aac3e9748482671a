---@meta eidetic.training

--- Learning from examples or from a loss of one's own.
---@class eidetic.training
local eidetic_training = {}

---@class eidetic.training.fit.Options
---@field data Task|Task[] A task, or several that are mixed by their weights.
---@field rng Rng Decides the examples.
---@field batch? integer Examples per step. Default 64.
---@field train? string[] Patterns of the parameters to train; the others are frozen. Default { "*" }.
---@field steps integer How many steps. In steps.
---@field lr? number The highest learning rate. Default 0.001.
---@field warmup? integer Steps of linear warm-up. In steps. Default 50.
---@field weight_decay? number Decoupled weight decay. Default 0.01.
---@field clip? number The largest global gradient norm. Default 1.
---@field on_step? function Called after every step with step, steps, loss, lr, gradient_norm, seconds; returning false stops.

--- Trains a model on examples with AdamW: warm-up, then half a cosine down to a tenth.
---
--- ```lua
--- training.fit(model, { data = people:train("text", "name"), rng = r, steps = 200 })
--- ```
---@param model Model Changed in place.
---@param options eidetic.training.fit.Options
---@return table # steps, loss (of the last step), seconds, losses (per step)
function eidetic_training.fit(model, options) end

---@class eidetic.training.minimize.Options
---@field loss function Gets the step, from 1; returns one differentiable number.
---@field steps integer How many steps. In steps.
---@field lr? number The highest learning rate. Default 0.001.
---@field warmup? integer Steps of linear warm-up. In steps. Default 50.
---@field weight_decay? number Decoupled weight decay. Default 0.01.
---@field clip? number The largest global gradient norm. Default 1.
---@field on_step? function Called after every step with step, steps, loss, lr, gradient_norm, seconds; returning false stops.

--- Moves tensors down the slope of a loss, with the same optimizer and schedule.
---
--- ```lua
--- local w = tensor.zeros { 3 }:requires_grad()
--- training.minimize({ w }, { steps = 100, loss = function() return (w - 1):square():sum() end })
--- ```
---@param parameters Tensor[] Tensors that learn: made with `requires_grad`, or a model's.
---@param options eidetic.training.minimize.Options
---@return table # steps, loss (of the last step), seconds, losses (per step)
function eidetic_training.minimize(parameters, options) end

return eidetic_training
