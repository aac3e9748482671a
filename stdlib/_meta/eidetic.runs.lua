---@meta eidetic.runs

--- What an experiment records and leaves behind.
---@class eidetic.runs
local eidetic_runs = {}

---@class eidetic.runs.open.Options
---@field name string The experiment.
---@field summary? string What it asks, in a sentence. Default "".
---@field params? table Plain parameters. Default {}.
---@field seeds integer[] The seeds that are planned.
---@field claims? table[] What the run sets out to show: claim, metric, terms { weight, conditions }, above. Default {}.
---@field folder? string Where the run goes; by default as the command line says.
---@field script? string The script that the run keeps; by default the one that runs.

--- Starts a run in a folder of its own.
---
--- ```lua
--- local run <close> = runs.open { name = "mine", seeds = { 0 }, folder = "out" }
--- ```
---@param options eidetic.runs.open.Options
---@return Run
function eidetic_runs.open(options) end

---@class eidetic.runs.study.Options
---@field name string The study.
---@field summary? string What it asks, in a sentence. Default "".
---@field folder? string Its folder; by default as the command line says. Default "".
---@field parts string[] The runs' folders below it, in order.
---@field planned? integer How many there will be; by default no more.
---@field limits? string[] What its numbers do not say. Default {}.

--- Gathers finished runs below a folder: result.json, report.html and claims.md there.
---
--- ```lua
--- runs.study { name = "all", folder = "study", parts = { "out" } }
--- ```
---@param options eidetic.runs.study.Options
---@return string # The verdicts and where the files are.
function eidetic_runs.study(options) end

---@class eidetic.runs.summarize.Options
---@field seed? integer The seed of the model. Default 0.
---@field truths? string[] What would have been right; the chance level follows.
---@field chance? number What blind guessing scores.
---@field scale? "binary"|"share"|"rank"|"real" What values are: 0 or 1, shares from 0 to 1, ranks from 1 (lower is better), any number. Told from name (`…_rank`) and values when not given; `share` is never guessed.
---@field control_items? Items The same asked about never-trained people.
---@field control_values? number[] One per control item.

--- Mean, interval, chance level and control of one outcome per person.
---
--- ```lua
--- runs.summarize("rank", items, model:rank(items, people.names)).mean
--- ```
---@param metric string Its name.
---@param items Items What was asked.
---@param values number[] One per item.
---@param options? eidetic.runs.summarize.Options
---@return table # mean, low, high, interval_kind, n, chance, control (mean, low, high, n), scale
function eidetic_runs.summarize(metric, items, values, options) end

return eidetic_runs
