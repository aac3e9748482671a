---@meta

--- A place where a training keeps how far it has come, to go on after its process has ended.
---@class Checkpoint
local Checkpoint = {}

--- The place of the next training below this one; the order of the calls tells them apart.
---
--- ```lua
--- run.checkpoint:stage "names"
--- ```
---@param name string What is trained; for people who look at the folder.
---@return Checkpoint
function Checkpoint:stage(name) end

--- Lets go of the object now.
function Checkpoint:close() end
