-- Declared parameters of plug-ins: a type, a range or a choice, a default, a sentence.
--
--   params = {
--     modality = { type = "string", one_of = { "image", "text" }, default = "text",
--                  summary = "How people are shown." },
--     views = { type = "integer", min = 1, default = 20 },
--     steps = 300,          -- short for { type = "integer", default = 300 }
--   }

local M = {}

---@class eidetic.Param
---@field type "string"|"integer"|"number"|"boolean"
---@field default any? Without one the parameter must be given.
---@field one_of any[]? The values it may have.
---@field min number?
---@field max number?
---@field summary string?

local types = { string = true, integer = true, number = true, boolean = true }
local fields = { "default", "max", "min", "one_of", "summary", "type" }

--- `'text'` with quotes, anything else as it prints.
function M.shown(value)
  if type(value) == "string" then return ("'%s'"):format(value) end
  return tostring(value)
end

local function kind(value) return math.type(value) or type(value) end

local function is_a(value, wanted)
  if wanted == "integer" then return math.tointeger(value) ~= nil and type(value) == "number" end
  if wanted == "number" then return type(value) == "number" and value == value end
  return type(value) == wanted
end

-- What is wrong with a value, as `expected` and `got`; nothing when all is well.
local function mismatch(param, value)
  if not is_a(value, param.type) then
    return "a value of type " .. param.type, ("%s (%s)"):format(M.shown(value), kind(value))
  end
  if param.one_of then
    local names = {}
    for i, choice in ipairs(param.one_of) do
      if choice == value then return nil end
      names[i] = M.shown(choice)
    end
    return "one of " .. table.concat(names, ", "), M.shown(value)
  end
  if param.min and value < param.min then return param.min .. " or more", M.shown(value) end
  if param.max and value > param.max then return param.max .. " or less", M.shown(value) end
end

--- Names in order.
---@param params table<string, any>
---@return string[]
function M.names(params)
  local names = {}
  for name in pairs(params) do names[#names + 1] = name end
  table.sort(names)
  return names
end

local function contains(list, value)
  for _, item in ipairs(list) do
    if item == value then return true end
  end
  return false
end

-- A declaration in full, or nil; `report(part, expected, got, next_step)` hears what is wrong.
local function declared(name, given, report)
  local field = ("params.%s"):format(name)
  if types[kind(given)] or math.type(given) == "float" then
    local short = math.type(given) == "float" and "number" or kind(given)
    return { type = short, default = given }
  end
  if type(given) ~= "table" then
    return report(field, "a table such as { type = \"integer\", default = 1 }, or a default value",
                  kind(given))
  end
  local param, is_right = {}, true
  for key, value in next, given do
    if not contains(fields, key) then
      report(("%s.%s"):format(field, tostring(key)), "one of " .. table.concat(fields, ", "),
             "an unknown field")
      is_right = false
    else
      param[key] = value
    end
  end
  if not types[param.type] then
    report(field .. ".type", "'string', 'integer', 'number' or 'boolean'", M.shown(param.type))
    return nil
  end
  local function part(key, wanted, test)
    if param[key] ~= nil and not test(param[key]) then
      report(("%s.%s"):format(field, key), wanted, M.shown(param[key]))
      param[key], is_right = nil, false
    end
  end
  local function numeric(value)
    return (param.type == "integer" or param.type == "number") and type(value) == "number"
  end
  part("summary", "a string", function(value) return type(value) == "string" end)
  part("min", "a number, for a parameter of type integer or number", numeric)
  part("max", "a number, for a parameter of type integer or number", numeric)
  part("one_of", "a list of values of type " .. param.type, function(value)
    if type(value) ~= "table" or #value == 0 then return false end
    for _, choice in ipairs(value) do
      if not is_a(choice, param.type) then return false end
    end
    return true
  end)
  if param.default ~= nil then
    local expected, got = mismatch(param, param.default)
    if expected then
      report(field .. ".default", expected, got)
      is_right = false
    end
  end
  return is_right and param or nil
end

--- Reads declarations.
---@param given table
---@param report fun(field: string, expected: string, got: string, next_step: string?)
---@return table<string, eidetic.Param>
function M.declare(given, report)
  local result, names = {}, {}
  for name in next, given do
    if type(name) == "string" and name:match "^[%a_][%w_]*$" then
      names[#names + 1] = name
    else
      report("params", "names made of letters, digits and _", M.shown(name))
    end
  end
  table.sort(names)
  for _, name in ipairs(names) do result[name] = declared(name, given[name], report) end
  return result
end

-- A value from the command line.
local function converted(param, text)
  if param.type == "string" then return text end
  if param.type == "boolean" then
    if text == "true" then return true end
    if text == "false" then return false end
    return text
  end
  local number = tonumber(text)
  if number and param.type == "integer" then number = math.tointeger(number) or number end
  if number == nil then return text end
  return number
end

--- Values over the defaults, checked.
---@param who string For messages.
---@param params table<string, eidetic.Param>
---@param given table? Values, or texts from the command line.
---@param is_text boolean? Whether they are texts that take the declared type.
---@return table<string, any>
function M.fill(who, params, given, is_text)
  local result, names = {}, M.names(params)
  given = given or {}
  for _, name in ipairs(M.names(given)) do
    local param, value = params[name], given[name]
    if not param then
      local known = #names > 0 and table.concat(names, ", ") or "none"
      error(("%s: there is no parameter '%s'; it has %s"):format(who, tostring(name), known), 0)
    end
    if is_text then value = converted(param, value) end
    local expected, got = mismatch(param, value)
    if expected then
      error(("%s: parameter '%s' must be %s, got %s"):format(who, name, expected, got), 0)
    end
    if param.type == "integer" then value = math.tointeger(value) end
    result[name] = value
  end
  for _, name in ipairs(names) do
    if result[name] == nil then
      result[name] = params[name].default
      if result[name] == nil then
        error(("%s: parameter '%s' is missing; give it a value of type %s"):format(
          who, name, params[name].type), 0)
      end
    end
  end
  return result
end

--- The parameters as lines of help, `indent` in front of each.
---@param params table<string, eidetic.Param>
---@param indent string
---@return string[]
function M.help(params, indent)
  local lines, width = {}, 0
  for name in pairs(params) do width = math.max(width, #name) end
  for _, name in ipairs(M.names(params)) do
    local param, notes = params[name], {}
    if param.one_of then
      local choices = {}
      for i, choice in ipairs(param.one_of) do choices[i] = tostring(choice) end
      notes[1] = table.concat(choices, " | ")
    else
      notes[1] = param.type
    end
    if param.min or param.max then
      notes[#notes + 1] = ("%s ... %s"):format(param.min or "", param.max or "")
    end
    notes[#notes + 1] = param.default ~= nil and "default " .. tostring(param.default) or "required"
    local summary = param.summary and "  " .. param.summary or ""
    lines[#lines + 1] = ("%s%-" .. width .. "s  (%s)%s"):format(
      indent, name, table.concat(notes, ", "), summary)
  end
  return lines
end

return M
