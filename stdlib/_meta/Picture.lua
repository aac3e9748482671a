---@meta

--- A square picture.
---@class Picture
---@field size integer Side in pixels.
---@field hash string SHA-256 of the pixels.
local Picture = {}

--- How much of each pixel shows the background, exactly, in 0 ... 1.
---
--- ```lua
--- local person = 1 - people:picture(1, { size = 32 }):background()
--- ```
---@return Tensor # [size, size]
function Picture:background() end

--- Writes the picture as a PNG file, whole or not at all.
---
--- ```lua
--- people:picture(1):save("first.png")
--- ```
---@param path string The file.
function Picture:save(path) end

--- The pixels in -1 ... 1.
---
--- ```lua
--- people:picture(1):tensor().shape   -- { 1, 128, 128, 3 }
--- ```
---@return Tensor # [1, size, size, 3]
function Picture:tensor() end

--- Lets go of the object now.
function Picture:close() end
