-- The version of what plug-ins may use, and whether it is one that they can work with.

local host = require "eidetic.host"

local M = { version = host.api_version }

local function parse(text)
  if not text:match "^%d[%d.]*$" or text:match "%.%." or text:match "%.$" then return nil end
  local parts = {}
  for part in text:gmatch "%d+" do parts[#parts + 1] = tonumber(part) end
  if #parts > 3 then return nil end
  return { parts[1], parts[2] or 0, parts[3] or 0 }
end

local function compare(a, b)
  for i = 1, 3 do
    if a[i] ~= b[i] then return a[i] < b[i] and -1 or 1 end
  end
  return 0
end

local holds = {
  [">="] = function(order) return order >= 0 end,
  ["<="] = function(order) return order <= 0 end,
  [">"] = function(order) return order > 0 end,
  ["<"] = function(order) return order < 0 end,
  ["="] = function(order) return order == 0 end,
}

--- Whether a version fits a demand such as `1.2` (1.2 or later, below 2), `>=1.0`, or `>=1.0 <1.4`.
---@param demand string
---@param version string?
---@return boolean? fits nil when the demand cannot be read
function M.fits(demand, version)
  local have, all, read = parse(version or M.version), true, 0
  if not have then return nil end
  for operator, text in demand:gmatch "([<>=]*)%s*([^%s<>=]+)" do
    local wanted = parse(text)
    if not wanted or (operator ~= "" and not holds[operator]) then return nil end
    local order = compare(have, wanted)
    local fits
    if operator == "" then fits = order >= 0 and have[1] == wanted[1]
    else fits = holds[operator](order) end
    all, read = all and fits, read + 1
  end
  if read == 0 then return nil end
  return all
end

return M
