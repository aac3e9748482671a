---@meta

--- A kind of example to learn from.
---@class Task
local Task = {}

--- Lets go of the object now.
function Task:close() end
