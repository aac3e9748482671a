---@meta

--- Questions with their true answers, one after the other.
---@class Items
---@operator len: integer
---@operator call: integer
local Items = {}

--- Lets go of the object now.
function Items:close() end
