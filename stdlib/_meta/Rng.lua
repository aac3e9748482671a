---@meta

--- A stream of random numbers; the same seed gives the same numbers everywhere.
---@class Rng
---@field key string 16 hexadecimal digits that identify the stream; forks have other keys.
local Rng = {}

--- True with a probability.
---
--- ```lua
--- rng.new(1):chance(0.5)
--- ```
---@param probability number 0 ... 1.
---@return boolean
function Rng:chance(probability) end

--- An independent stream that depends on this one's key and a name, not on its draws.
---
--- ```lua
--- local init = rng.new(7):fork "init"
--- ```
---@param name string|integer A text, or an integer.
---@return Rng
function Rng:fork(name) end

--- An integer, both ends included.
---
--- ```lua
--- rng.new(7):integer(1, 6)
--- ```
---@param low integer Smallest.
---@param high integer Largest.
---@return integer
function Rng:integer(low, high) end

--- A normal number.
---
--- ```lua
--- rng.new(1):normal(0, 0.02)
--- ```
---@param mean? number Mean.
---@param deviation? number Standard deviation.
---@return number
function Rng:normal(mean, deviation) end

--- One item of a list; a table among the items comes as a copy.
---
--- ```lua
--- rng.new(1):pick { "image", "text" }
--- ```
---@param list any[] One item or more.
---@return any
function Rng:pick(list) end

--- Distinct positions of 1 … n in random order.
---
--- ```lua
--- rng.new(7):sample(#people, 10)
--- ```
---@param n integer Largest position.
---@param count integer How many of them.
---@return integer[]
function Rng:sample(n, count) end

--- A new list in random order; tables among the items come as copies.
---
--- ```lua
--- rng.new(1):shuffle { 1, 2, 3 }
--- ```
---@param list any[] The items.
---@return any[]
function Rng:shuffle(list) end

--- A number in [low, high).
---
--- ```lua
--- rng.new(1):uniform(-1, 1)
--- ```
---@param low? number Smallest.
---@param high? number Never reached.
---@return number
function Rng:uniform(low, high) end

--- Lets go of the object now.
function Rng:close() end
