---@meta

--- A run under way: what it records is written after every seed.
---@class Run
---@field path string The run's folder.
---@field checkpoint Checkpoint Where the trainings of the seed under way are kept until it is complete.
local Run = {}

--- Starts a seed.
---
--- ```lua
--- if run:begin(0) then run:complete() end
--- ```
---@param seed integer
---@return boolean # Whether it is still to be done.
function Run:begin(seed) end

---@class Run.chart.Options
---@field name? string Tells the run's charts apart: lower-case letters, digits, hyphens; by default its title.

--- Keeps a chart of the seed under way; the report shows it.
---
--- ```lua
--- run:chart(plot.bars({ 0.9, 0.2 }, { labels = { "image", "text" } }))
--- ```
---@param chart Chart Made with `plot`.
---@param options? Run.chart.Options
function Run:chart(chart, options) end

--- Ends a seed; its outcomes are written.
---
--- ```lua
--- run:complete()
--- ```
function Run:complete() end

---@class Run.curve.Options
---@field seconds? number How long it took; the report shows it beside the steps.

--- Adds the losses of a stage.
---
--- ```lua
--- run:curve("names", history.losses, { seconds = history.seconds })
--- ```
---@param stage string
---@param losses number[] One per step.
---@param options? Run.curve.Options
function Run:curve(stage, losses, options) end

--- Adds to what the result's data hash covers.
---
--- ```lua
--- run:data(people.hash)
--- ```
---@param hash string
function Run:data(hash) end

--- Writes result and report.
---
--- ```lua
--- local path = run:finish()
--- ```
---@return string # The table and where the files are.
function Run:finish() end

--- Scores answers that are names.
---
--- ```lua
--- run:names({ target = "text" }, items, model:generate(items))
--- ```
---@param keys table Conditions, such as source and target.
---@param items Items What was asked.
---@param answers string[] One per item.
---@param group? string `member`, `control`, or another group.
function Run:names(keys, items, answers, group) end

--- Adds a remark for the reader.
---
--- ```lua
--- run:note("stopped early")
--- ```
---@param text string
function Run:note(text) end

--- Adds one number per item.
---
--- ```lua
--- run:numbers("rank", { target = "text" }, items, model:rank(items, people.names))
--- ```
---@param metric string
---@param keys table Conditions, such as source and target.
---@param items Items What was asked.
---@param values number[] One per item.
---@param group? string `member`, `control`, or another group.
---@param chance? number What blind guessing would score.
---@param scale? "binary"|"share"|"rank"|"real" What values are: 0 or 1, shares from 0 to 1, ranks from 1 (lower is better), any number. Told from name (`…_rank`) and values when not given; `share` is never guessed.
function Run:numbers(metric, keys, items, values, group, chance, scale) end

--- Lets go of the object now.
function Run:close() end
