---@meta

--- What a step of a training did; gone when `on_step` returns.
---@class Step
---@field step integer The step, counted from 1.
---@field steps integer How many there are.
---@field loss number Mean loss of the batch.
---@field gradient_norm number The gradient's global norm before clipping.
---@field seconds number Seconds since the training began.
---@field lr number The learning rate of this step. What is assigned holds from the next step on, in place of the schedule.
local Step = {}

--- Ends the training after this step; the model keeps what it has learned.
---
--- ```lua
--- on_step = function(step) if step.loss < 0.1 then step:stop "good enough" end end
--- ```
---@param reason? string Stands in the result as `stopped`.
function Step:stop(reason) end

--- Lets go of the object now.
function Step:close() end
