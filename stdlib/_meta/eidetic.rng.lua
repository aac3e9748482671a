---@meta eidetic.rng

--- Reproducible random streams.
---@class eidetic.rng
local eidetic_rng = {}

--- The root stream of a seed.
---
--- ```lua
--- local rng = require("eidetic.rng").new(7)
--- ```
---@param seed integer 0 or more.
---@return Rng # The stream.
function eidetic_rng.new(seed) end

return eidetic_rng
