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

return eidetic_runs
