---@meta eidetic.runs

--- What an experiment records and leaves behind.
---@class eidetic.runs
local eidetic_runs = {}

---@class eidetic.runs.open.Options
---@field name string The experiment.
---@field summary? string What it asks, in a sentence. Default "".
---@field params? table Plain parameters. Default {}.
---@field seeds integer[] The seeds that are planned.

--- Starts a run in a folder of its own.
---@param options eidetic.runs.open.Options
---@return Run
function eidetic_runs.open(options) end

---@class eidetic.runs.summarize.Options
---@field seed? integer The seed of the model. Default 0.
---@field truths? string[] What would have been right; the chance level follows.
---@field chance? number What blind guessing scores.
---@field control_items? Items The same asked about never-trained people.
---@field control_values? number[] One per control item.

--- Mean, interval, chance level and control of one outcome per person.
---
--- ```lua
--- runs.summarize("exact", items, { 1, 0, 1 }).mean
--- ```
---@param metric string `rank` and names that end in `_rank` are ranks.
---@param items Items What was asked.
---@param values number[] One per item; shares come from 0 and 1.
---@param options? eidetic.runs.summarize.Options
---@return table # mean, low, high, interval_kind, n, chance, control (mean, low, high, n), scale
function eidetic_runs.summarize(metric, items, values, options) end

return eidetic_runs
