---@meta

--- A stream of examples to learn from: what is drawn depends on rng, step and place only.
---@class Task
---@field weight number Share of a mixture, relative to the others.
local Task = {}

--- The stream without the examples that a function refuses; others are drawn for them.
---
--- ```lua
--- local task = people:train("text", "name")
---   :filter(function(item) return not item.prompt:find "hat" end)
--- ```
---@param keep function Gets the item; `nil` and `false` refuse it. The same item must always give the same.
---@return Task
function Task:filter(keep) end

--- The stream with what a function changes about each example.
---
--- ```lua
--- local wrong = people:train("image", "name")
---   :map(function(item) return { answer = people.names[1] } end)
--- ```
---@param change function Gets the item; gives a table with new words for answer, question or description (of items in text), or nil. The same item must always give the same.
---@return Task
function Task:map(change) end

--- Examples drawn from the stream, to look at or as a fixed set to learn from.
---
--- ```lua
--- for _, item in task:sample(rng.new(1), 3) do print(item.prompt, item.answer) end
--- ```
---@param rng Rng The stream to draw from.
---@param count integer How many, 1 ... 100000.
---@return Items
function Task:sample(rng, count) end

--- The same stream with another share of a mixture.
---
--- ```lua
--- local data = { people:train("image", "name"):weighted(3), replay }
--- ```
---@param weight number Relative to the others, 0 or more.
---@return Task
function Task:weighted(weight) end

--- Lets go of the object now.
function Task:close() end
