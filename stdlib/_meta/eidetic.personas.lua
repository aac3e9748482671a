---@meta eidetic.personas

--- Synthetic people whose truth is known exactly.
---@class eidetic.personas
local eidetic_personas = {}

---@class eidetic.personas.people.Options
---@field count integer How many.
---@field rng Rng Decides every record.
---@field views? integer How many views of each are for training. Default 20.
---@field reserve? integer Names kept for these and all following people. Default 4000.
---@field look_alikes? boolean Whether two people may look the same. Default false.
---@field attributes? string[] Which attributes vary; by default hair_color, hair_style, skin, glasses, shirt, hat, background.
---@field register? "terse"|"phrases"|"mixed" How descriptions are worded. Default "mixed".
---@field mention? number The share of the attributes that a description mentions. Default 1.

--- Makes people from a random stream.
---
--- ```lua
--- local people = personas.people { count = 100, rng = rng.new(7) }
--- ```
---@param options eidetic.personas.people.Options
---@return People
function eidetic_personas.people(options) end

---@class eidetic.personas.strangers.Options
---@field attributes? string[] Which attributes vary; by default hair_color, hair_style, skin, glasses, shirt, hat, background.
---@field register? "terse"|"phrases"|"mixed" How descriptions are worded. Default "mixed".
---@field mention? number The share of the attributes that a description mentions. Default 1.

--- Looks without names, for captions and questions about what can be seen.
---
--- ```lua
--- local strangers = personas.strangers { attributes = { "hair_color", "hat" } }
--- ```
---@param options? eidetic.personas.strangers.Options
---@return Strangers
function eidetic_personas.strangers(options) end

return eidetic_personas
