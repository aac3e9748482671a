-- Options tables: defaults filled in, unknown names and wrong types refused.

local M = {}

local function known(defaults)
  local names = {}
  for name in pairs(defaults) do names[#names + 1] = name end
  table.sort(names)
  return table.concat(names, ", ")
end

--- Returns the given options over the defaults; both stay as they are.
---
--- A default of `options.any` accepts every type; other defaults fix the type.
---@param who string Function name for messages.
---@param given table?
---@param defaults table
---@return table
function M.fill(who, given, defaults)
  local result = {}
  for name, value in pairs(defaults) do
    if value ~= M.any then result[name] = value end
  end
  if given ~= nil and type(given) ~= "table" then
    local text = "%s: options must be a table such as { %s = ... }, got %s"
    error(text:format(who, next(defaults) and known(defaults):match "^[^,]+" or "name",
                      type(given)), 3)
  end
  for name, value in pairs(given or {}) do
    local default = defaults[name]
    if default == nil then
      local text = "%s: unknown option '%s'; it takes %s"
      error(text:format(who, tostring(name), known(defaults)), 3)
    end
    if default ~= M.any and type(value) ~= type(default) then
      local text = "%s: option '%s' must be a %s, got %s"
      error(text:format(who, name, type(default), type(value)), 3)
    end
    result[name] = value
  end
  return result
end

--- Marks an option that has no default and any type.
M.any = setmetatable({}, { __name = "any" })

return M
