-- Plug-ins by name: found in folders, loaded in an environment of their own, checked, called so
-- that an error names them. The first file of a name shadows the others.

local contract = require "eidetic.contract"
local files = require "eidetic.plugin_files"
local params = require "eidetic.params"
local rng = require "eidetic.rng"

local M = {}

---@class eidetic.LoadedPlugin
---@field kind string
---@field name string
---@field summary string
---@field api string?
---@field params table<string, eidetic.Param>
---@field path string
---@field origin string `path`, `project`, `user` or `shipped`.
---@field page string? What the file says under `help`.
---@field needs string[] What a model must allow; see `contract.abilities`.
---@field package entry table<string, function> What the workbench calls.
local Plugin = {}
Plugin.__index = Plugin

-- What plug-ins of a kind can do, beyond what all can; filled by the modules of the kinds.
local classes = {}
local modules = {
  probe = "eidetic.probing", method = "eidetic.unlearning", dataset = "eidetic.sources",
  model = "eidetic.sources",
}

--- Gives plug-ins of a kind their methods.
---@param kind string
---@param methods table
function M.class(kind, methods)
  classes[kind] = {
    __index = setmetatable(methods, Plugin), __name = kind,
    __tostring = function(plugin) return plugin:label() end,
  }
end

--- `probe 'exact' (probes/exact.lua)`.
---@return string
function Plugin:label() return ("%s '%s' (%s)"):format(self.kind, self.name, self.path) end

--- What it does and takes, as lines.
---@return string
function Plugin:help()
  local lines = {
    ("%s: %s"):format(self.name, self.summary), "",
    ("  %s from %s (%s)"):format(self.kind, self.path, self.origin),
  }
  if self.api then lines[#lines + 1] = "  needs API " .. self.api end
  local help = params.help(self.params, "    ")
  lines[#lines + 1] = #help > 0 and "  parameters" or "  no parameters"
  for _, line in ipairs(help) do lines[#lines + 1] = line end
  if #self.needs > 0 then
    lines[#lines + 1] = "  needs a model with " .. table.concat(self.needs, ", ")
  end
  if self.page then lines[#lines + 1] = "\n" .. self.page:gsub("%s+$", "") end
  return table.concat(lines, "\n")
end

--- Whether it has an entry point.
---@param entry string
---@return boolean
function Plugin:has(entry) return self.entry[entry] ~= nil end

--- Calls an entry point; an error in it names the plug-in.
---@param entry string
---@param ... any
---@return any ...
function Plugin:call(entry, ...)
  files.running(self:label())
  local results = table.pack(pcall(self.entry[entry], ...))
  files.running()
  if results[1] then return table.unpack(results, 2, results.n) end
  error(("%s failed: %s"):format(self:label(), tostring(results[2])), 0)
end

--- The context that every entry point gets: params, seed, rng.
---@param o table params or texts (from the command line), seed
---@return any context `eidetic.PluginContext`, to which each kind adds its own
function Plugin:context(o)
  local who = ("%s '%s'"):format(self.kind, self.name)
  local seed = math.tointeger(o.seed or 0)
  if not seed or seed < 0 then
    error(("%s: seed must be an integer from 0, got %s"):format(who, tostring(o.seed)), 0)
  end
  local values = o.texts and params.fill(who, self.params, o.texts, true)
    or params.fill(who, self.params, o.params)
  return { params = values, seed = seed, rng = rng.new(seed):fork(self.name) }
end

local function canonical(name) return (name:gsub("_", "-")) end

--- Every file of a kind that may hold a plug-in, by name and then by precedence.
---@param kind string
---@return { kind: string, name: string, path: string, origin: string, shadowed_by: string? }[]
function M.files(kind)
  local found, first = {}, {}
  for i, file in ipairs(files.list(kind)) do
    file.kind, file.order = kind, i
    if first[file.name] then file.shadowed_by = first[file.name]
    else first[file.name] = file.path end
    found[i] = file
  end
  table.sort(found, function(a, b)
    if a.name ~= b.name then return a.name < b.name end
    return a.order < b.order
  end)
  return found
end

--- Loads and checks one file.
---@param file table As `files` gives it.
---@return eidetic.LoadedPlugin? plugin
---@return string[] violations
function M.inspect(file)
  local is_loaded, chunk = pcall(files.load, file.kind, file.path)
  if not is_loaded then return nil, { ("%s: %s"):format(file.path, tostring(chunk)) } end
  files.running(("%s '%s' (%s)"):format(file.kind, file.name, file.path))
  local has_run, value = pcall(chunk)
  files.running()
  if not has_run then
    return nil, { ("%s: an error while it was loaded: %s"):format(file.path, tostring(value)) }
  end
  -- A metatable may raise while its table is read.
  local is_read, plugin, violations = pcall(contract.check, file.kind, value, file)
  if not is_read then
    return nil, { ("%s: an error while it was checked: %s"):format(file.path, tostring(plugin)) }
  end
  if not plugin then return nil, violations end
  plugin.kind, plugin.path, plugin.origin = file.kind, file.path, file.origin
  require(modules[file.kind])
  return setmetatable(plugin, classes[file.kind]), {}
end

local function missing(kind, name)
  local names, seen = {}, {}
  for _, file in ipairs(M.files(kind)) do
    if not seen[file.name] then names[#names + 1] = file.name end
    seen[file.name] = true
  end
  error(("there is no %s '%s'; there are %s. Looked in %s"):format(
    kind, name, table.concat(names, ", "), table.concat(files.folders(kind), ", ")), 0)
end

--- Whether a file of this name exists.
---@param kind string
---@param name string
---@return boolean
function M.exists(kind, name)
  for _, file in ipairs(M.files(kind)) do
    if file.name == canonical(name) then return true end
  end
  return false
end

--- A plug-in by name; other files are not touched.
---@param kind string
---@param name string
---@return any plugin `eidetic.LoadedProbe` and so on
function M.get(kind, name)
  if type(name) ~= "string" then
    error(("%s: expected a name, got %s"):format(kind, type(name)), 3)
  end
  for _, file in ipairs(M.files(kind)) do
    if file.name == canonical(name) then
      local plugin, violations = M.inspect(file)
      if plugin then return plugin end
      error(("%s '%s' cannot be used:\n  %s"):format(
        kind, file.name, table.concat(violations, "\n  ")), 0)
    end
  end
  return missing(kind, name)
end

--- What a value is to a user: `People`, `Model`, `Items`, or its Lua type. A table is a `Model`
--- when its metatable says so under `__name`, as those of `eidetic.oracle` do.
---@param value any
---@return string
function M.class_of(value)
  if type(value) == "table" then
    local meta = getmetatable(value)
    return type(meta) == "table" and rawget(meta, "__name") == "Model" and "Model" or "table"
  end
  if type(value) ~= "userdata" then return math.type(value) or type(value) end
  return tostring(value):match "^%a+" or "userdata"
end

--- Demands an object of a class.
---@param who string
---@param value any
---@param class string
---@return any value
function M.need(who, value, class)
  if M.class_of(value) == class then return value end
  error(("%s must be %s, got %s"):format(who, class, M.class_of(value)), 0)
end

return M
