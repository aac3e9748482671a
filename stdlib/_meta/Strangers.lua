---@meta

--- Looks without names, drawn afresh for every example.
---@class Strangers
---@field attributes table[] What can be seen: name and values of each.
local Strangers = {}

---@class Strangers.sample.Options
---@field size? integer Side in pixels. Default 32.

--- Pictures of strangers with the index of each attribute's value, from 0.
---
--- ```lua
--- local images, words = personas.strangers():sample(rng.new(1), 8)
--- ```
---@param rng Rng Decides the strangers.
---@param count integer How many.
---@param options? Strangers.sample.Options
---@return Tensor # Pictures [count, size, size, 3] in -1 ... 1.
---@return table # One int32 tensor [count] for each attribute, by its name.
function Strangers:sample(rng, count, options) end

---@class Strangers.test.Options
---@field count? integer How many strangers. Default 100.
---@field rng Rng Decides the strangers.

--- Questions about the looks of strangers.
---
--- ```lua
--- personas.strangers():test("text", "hat", { count = 8, rng = rng.new(1) })
--- ```
---@param modality "image"|"text"|"both"|"name" How they are shown.
---@param question string `caption`, `attributes`, or one attribute.
---@param options Strangers.test.Options
---@return Items
function Strangers:test(modality, question, options) end

---@class Strangers.train.Options
---@field weight? number Share of a mixture, relative to the others. Default 1.

--- Examples of these subjects to learn from.
---
--- ```lua
--- people:train("image", "name")
--- ```
---@param modality string|string[] `image`, `text`, `both` shown together, `name` alone, or a list to draw from.
---@param question string|string[] `name`, `caption`, `attributes` (one of them), an attribute or a fact.
---@param options? Strangers.train.Options
---@return Task
function Strangers:train(modality, question, options) end

--- Lets go of the object now.
function Strangers:close() end
