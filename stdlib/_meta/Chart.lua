---@meta

--- A chart made with `plot`; the prompt shows it as a few lines of text.
---@class Chart
---@field title string Its title.
local Chart = {}

---@class Chart.save.Options
---@field scale? number Pixels of a PNG per pixel of the drawing, 0.1 ... 10. Default 2.

--- Writes the chart as .svg, or as .png or .pdf where librsvg's rsvg-convert is installed; whole or not at all.
---
--- ```lua
--- chart:save("loss.svg")
--- ```
---@param path string The file; its ending decides the format.
---@param options? Chart.save.Options
function Chart:save(path, options) end

--- The chart as an SVG document that needs nothing else; light and dark.
---
--- ```lua
--- print(chart:svg():sub(1, 60))
--- ```
---@return string
function Chart:svg() end

--- Lets go of the object now.
function Chart:close() end
