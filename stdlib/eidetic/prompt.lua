-- The Lua side of `eidetic repl`: the variables of a session, running what was typed, looking at
-- values for completion without running any of their code. Only the prompt requires it.

local pretty = require "eidetic.pretty"
local terminal = require "eidetic.terminal"

local M = {}

-- Scripts at the prompt may replace any global; nothing here may notice.
local globals, load, next, pairs, ipairs, pcall, type = _G, load, next, pairs, ipairs, pcall, type
local tostring = tostring
local getmetatable, setmetatable, rawget, rawset = getmetatable, setmetatable, rawget, rawset
local pack, concat, sort, print = table.pack, table.concat, table.sort, print
local getinfo, require = debug.getinfo, require

-- ── Variables of the session ────────────────────────────────────────────────────────────────────

-- What is typed sees `session`, which holds its locals, and behind it the globals. Both links are
-- tables as long as nothing was declared: that costs nothing. A declared variable may be nil, which
-- only functions can tell from a variable that never was.
local session, declared = {}, {}
local meta = { __index = globals, __newindex = globals, __metatable = "locked" }
setmetatable(session, meta)

function meta.read(_, name)
  if declared[name] then return nil end
  return globals[name]
end

function meta.write(_, name, value)
  if declared[name] then rawset(session, name, value) else globals[name] = value end
end

--- Makes a variable of the session, which hides a global of its name.
function M.declare(name)
  declared[name] = true
  meta.__index, meta.__newindex = meta.read, meta.write
end

--- Sets a variable of the session.
function M.set(name, value) rawset(session, name, value) end

--- The names of all variables that can be seen, declared ones and globals.
function M.names()
  local found, names = {}, {}
  for _, scope in ipairs { session, declared, globals } do
    for name in next, scope do
      if type(name) == "string" and not found[name] then
        found[name], names[#names + 1] = true, name
      end
    end
  end
  sort(names)
  return names
end

-- ── Running ─────────────────────────────────────────────────────────────────────────────────────

--- Compiles what was typed.
---@return function? chunk
---@return string? message
function M.compile(source, name) return load(source, name, "t", session) end

-- What one of Lua's own functions is called.
local function standard(fn)
  if getinfo(fn, "S").what ~= "C" then return nil end
  for _, library in ipairs { "_G", "string", "table", "math", "io", "os", "coroutine", "utf8" } do
    for name, field in next, rawget(globals, library) or {} do
      if field == fn and type(name) == "string" then
        return library == "_G" and name or library .. "." .. name
      end
    end
  end
end

-- What a function or native module is called, or where it stands.
local function label(any)
  local known = terminal.label(any)
  if known or type(any) ~= "function" then return known end
  local name, info = standard(any), getinfo(any, "S")
  if name then return "function " .. name end
  if info.what == "C" then return "function" end
  return ("function at %s:%d"):format(info.short_src:match "[^/]*$", info.linedefined)
end

--- The text in which the prompt shows a value.
function M.text(value)
  return type(value) == "userdata" and terminal.picture(value)
    or pretty.format(value, { width = terminal.columns(), label = label })
end

local function show(results)
  if results[1] ~= nil then rawset(session, "_", results[1]) end
  for i = 1, results.n do print(M.text(results[i])) end
end

--- Runs a chunk; `is_shown` prints what it returns and keeps the first value as `_`.
function M.run(chunk, is_shown)
  local results = pack(chunk())
  if is_shown and results.n > 0 then show(results) end
end

-- ── Looking ─────────────────────────────────────────────────────────────────────────────────────

-- The value that completion and help look at, one step after the other; `found` tells nil apart.
local found = false
---@type any
local value = nil

--- Looks at a variable.
function M.start(name)
  value, found = rawget(session, name), rawget(session, name) ~= nil or declared[name]
  if not found then value, found = rawget(globals, name), rawget(globals, name) ~= nil end
  return found
end

-- Through tables of `__index`, never through functions; a locked metatable ends the way.
local function each_table(t, visit)
  for _ = 1, 20 do
    if type(t) == "string" then t = globals.string end
    if type(t) ~= "table" then return nil end
    local result = visit(t)
    if result ~= nil then return result end
    local behind = getmetatable(t)
    t = type(behind) == "table" and rawget(behind, "__index") or nil
  end
end

--- Goes on to a field of the value; native modules and properties of objects are safe to read.
function M.field(name)
  local result = nil
  if type(value) == "userdata" or terminal.label(value) then
    local fine, read = pcall(function() return value[name] end)
    if fine then result = read end
  else
    result = each_table(value, function(t) return rawget(t, name) end)
  end
  value, found = result, result ~= nil
  return found
end

--- Looks at a string.
function M.string() value, found = "", true end

--- The names of the value's fields and whether each is a function, `name` or `name(`, sorted.
function M.fields()
  local seen, names = {}, {}
  local function add(name, field)
    if type(name) == "string" and not seen[name] then
      seen[name], names[#names + 1] = true, type(field) == "function" and name .. "(" or name
    end
  end
  if type(value) == "table" and terminal.label(value) then
    for name, field in pairs(value) do add(name, field) end
  else
    each_table(value, function(t) for name, field in next, t do add(name, field) end end)
  end
  sort(names)
  return names
end

--- The value itself when it is a function or an object.
function M.value()
  if type(value) == "function" or type(value) == "userdata" then return value end
end

--- The names of all plug-ins of a kind, and of presets where they stand for models; no file is run.
function M.plugins(kind)
  local eidetic, names = require "eidetic", {}
  for i, name in ipairs(eidetic.plugins(kind)) do names[i] = name end
  if kind == "model" then
    for _, preset in ipairs(eidetic.models.presets) do names[#names + 1] = preset end
  end
  return names
end

-- ── Help ────────────────────────────────────────────────────────────────────────────────────────

--- Where a function written in Lua stands: source, first line, names of its parameters.
function M.place(fn)
  local info = getinfo(fn, "Su")
  if info.what == "C" then return nil end
  return info.source, info.linedefined
end

--- The members of a table by name, with the place of functions written in Lua and a text of others.
function M.members(t)
  local result, seen = {}, {}
  each_table(t, function(level)
    for name, field in next, level do
      if type(name) == "string" and not seen[name] then
        local source, line
        if type(field) == "function" then source, line = M.place(field) end
        local _, text = M.describe(field)
        seen[name] = true
        result[#result + 1] = { name = name, source = source, line = line, text = text }
      end
    end
  end)
  sort(result, function(a, b) return a.name < b.name end)
  return result
end

M.standard = standard

--- The help of what is being looked at.
function M.help_here() return terminal.help(value) end

-- Scripts keep the plain `help`; this one knows functions written in Lua, and the prompt.
session.help = function(...)
  local what = ...
  if what == session.help then what = nil end
  if what == nil then print(terminal.help()) else print(terminal.help(what)) end
end

--- The kind of a value, and its text on one line.
function M.describe(any)
  local text = pretty.format(any, { width = 60, depth = 1, items = 8, label = label })
  return type(any), text
end

-- A plug-in that was loaded has a help of its own.
local function is_plugin(t)
  local class = getmetatable(t)
  local kind = type(class) == "table" and rawget(class, "__name")
  for _, known in ipairs(require("eidetic.contract").kinds) do
    if kind == known and rawget(t, "entry") then return true end
  end
  return false
end

--- The help of a plug-in by its name, of the first kind that has one; nil when none has.
function M.plugin(name)
  local plugins = require "eidetic.plugins"
  for _, kind in ipairs(require("eidetic.contract").kinds) do
    if plugins.exists(kind, name) then
      local is_whole, plugin = pcall(plugins.get, kind, name)
      return is_whole and plugin:help() or tostring(plugin)
    end
  end
  return nil
end

--- Plain fields of a table that describes itself, such as an experiment: name, summary, params.
function M.card(t)
  if is_plugin(t) then return t:help() end
  local name, summary = rawget(t, "name"), rawget(t, "summary")
  if type(summary) ~= "string" then return nil end
  local params = rawget(t, "params")
  local lines = { (type(name) == "string" and name or "?"), "  " .. summary }
  if type(params) == "table" and next(params) ~= nil then
    lines[#lines + 1] = "params"
    local names = {}
    for param in next, params do names[#names + 1] = tostring(param) end
    sort(names)
    for _, param in ipairs(names) do
      lines[#lines + 1] = ("  %s = %s"):format(param, pretty.format(params[param], { depth = 2 }))
    end
  end
  return concat(lines, "\n")
end

return M
