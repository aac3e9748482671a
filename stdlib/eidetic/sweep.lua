-- Sweeps: one experiment under many conditions, with several seeds each. A script declares which;
-- `eidetic sweep` plans and runs them. The words are those of W&B sweeps.

local distributions = require "eidetic.distributions"
local experiment = require "eidetic.experiment"
local host = require "eidetic.host"
local rng = require "eidetic.rng"

local M = {}

---@class eidetic.Sweep
---@field name string
---@field summary string
---@field experiment string A script beside this one that returns an experiment.
---@field method "grid"|"random"|"list"|"generator"
---@field parameters table|fun(rng: Rng)
---@field seeds integer|integer[]
---@field count integer? How many conditions `random` draws.
---@field seed integer Of what is drawn.
---@field memory string? What a task needs, such as "2G".
local Sweep = {}
Sweep.__index = Sweep

local fields = {
  name = "string", summary = "string", experiment = "string", method = "string",
  count = "number", seed = "number", memory = "string",
}
local parameter_fields = {
  value = true, values = true, probabilities = true, distribution = true, min = true, max = true,
  mu = true, sigma = true, q = true,
}

--- More tasks than this are taken for a slip, such as a generator that never ends.
local most = 100000

-- Names in order: nothing may depend on that of `pairs`.
local function names_of(t)
  local names = {}
  for name in pairs(t) do names[#names + 1] = name end
  table.sort(names, function(a, b) return tostring(a) < tostring(b) end)
  return names
end

local function whole(value, least)
  local number = math.type(value) and math.tointeger(value)
  return number and number >= least and number or nil
end

-- The seeds 0 … n - 1, or those of a list.
local function seeds_of(value)
  if value == nil then return { 0 } end
  local result, seen = {}, {}
  if type(value) ~= "table" then
    local count = whole(value, 1)
    if not count then return nil end
    for i = 1, math.min(count, most + 1) do result[i] = i - 1 end
    return result
  end
  for i, seed in ipairs(value) do
    result[i] = whole(seed, 0)
    if not result[i] or seen[result[i]] then return nil end
    seen[result[i]] = true
  end
  return #result > 0 and #names_of(value) == #result and result or nil
end

-- A list of tables is a list of conditions, values alone make a grid.
local function method_of(parameters)
  if type(parameters) == "function" then return "generator" end
  if #parameters > 0 then return "list" end
  for _, parameter in pairs(parameters) do
    if type(parameter) == "table" and parameter.value == nil and not parameter.values then
      return "random"
    end
  end
  return "grid"
end

---@return string? mistake
local function check_parameter(name, parameter)
  if type(parameter) ~= "table" then
    return ("write { value = %s } or { values = { … } }"):format(tostring(parameter))
  end
  if #parameter > 0 then return "write { values = { … } }" end
  for _, field in ipairs(names_of(parameter)) do
    if not parameter_fields[field] then
      return ("unknown field '%s'; it takes %s"):format(
        tostring(field), table.concat(names_of(parameter_fields), ", "))
    end
  end
  if parameter.value ~= nil and #names_of(parameter) > 1 then
    return "'value' stands alone"
  end
  if parameter.values ~= nil then
    if type(parameter.values) ~= "table" or #parameter.values == 0 then
      return "'values' must be a list of one value or more"
    end
    if #names_of(parameter) > (parameter.probabilities and 2 or 1) then
      return "'values' goes with 'probabilities' only"
    end
  end
  if type(name) ~= "string" then return "names are texts" end
end

-- What is wrong with the parameters of a method, if anything.
local function mistake_in(spec, method)
  local parameters = spec.parameters
  if method == "generator" then
    return type(parameters) ~= "function" and "a generator is a function that yields tables"
  end
  if type(parameters) ~= "table" then return method .. " needs a table of parameters" end
  if method == "list" then
    for i, condition in ipairs(parameters) do
      if type(condition) ~= "table" then return ("condition %d is no table"):format(i) end
    end
    return (#parameters == 0 or #names_of(parameters) ~= #parameters)
      and "a list is { { name = value, … }, … }"
  end
  for _, name in ipairs(names_of(parameters)) do
    local parameter = parameters[name]
    local mistake = check_parameter(name, parameter)
    if not mistake and parameter.value == nil then
      local draw, problem = distributions.draw(parameter)
      if not draw then mistake = problem end
      if method == "grid" and not parameter.values then
        mistake = "a grid needs 'value' or 'values'; distributions need method = \"random\""
      elseif method == "grid" and parameter.probabilities then
        mistake = "'probabilities' need method = \"random\""
      end
    end
    if mistake then return ("parameter '%s': %s"):format(tostring(name), mistake) end
  end
end

local methods = { grid = true, random = true, list = true, generator = true }

--- Declares a sweep; return it from the script.
---
--- `parameters` says which conditions there are. Names with `{ value = … }` or
--- `{ values = { … } }` make a `grid` of all combinations. With a distribution among them, such as
--- `{ min = 1, max = 9 }` or `{ distribution = "log_uniform_values", min = 1e-4, max = 1e-2 }`, or
--- with `method = "random"`, `count` conditions are drawn. A list of tables is taken as it is. A
--- function gets an `rng` and yields a table per condition: `coroutine.yield { steps = 100 }`.
---@param spec { name: string, summary: string?, experiment: string, method: string?,
---  parameters: table|fun(rng: Rng), seeds: (integer|integer[])?, count: integer?, seed: integer?,
---  memory: string? }
---@return eidetic.Sweep
function M.define(spec)
  local function wrong(text, ...) error(("sweep: " .. text):format(...), 3) end
  if type(spec) ~= "table" then
    wrong "expected a table with name, experiment and parameters"
  end
  for _, name in ipairs(names_of(spec)) do
    local wanted, value = fields[name], spec[name]
    if not wanted and name ~= "parameters" and name ~= "seeds" then
      wrong("unknown field '%s'; it takes count, experiment, memory, method, name, parameters, "
        .. "seed, seeds, summary", tostring(name))
    end
    if wanted and type(value) ~= wanted then
      wrong("field '%s' must be a %s, got %s", name, wanted, type(value))
    end
  end
  for _, name in ipairs { "name", "experiment", "parameters" } do
    if spec[name] == nil then wrong("field '%s' is missing", name) end
  end
  if type(spec.parameters) ~= "table" and type(spec.parameters) ~= "function" then
    wrong("field 'parameters' must be a table or a function, got %s", type(spec.parameters))
  end
  local method = spec.method or method_of(spec.parameters)
  if not methods[method] then
    wrong("there is no method '%s'; there are %s", method, table.concat(names_of(methods), ", "))
  end
  local mistake = mistake_in(spec, method)
  if mistake then wrong("%s", mistake) end
  if not seeds_of(spec.seeds) then
    wrong "'seeds' must be how many, or a list of distinct integers such as { 3, 7 }"
  end
  if method == "random" and not whole(spec.count, 1) then
    wrong "random needs 'count', how many conditions to draw"
  end
  if method ~= "random" and spec.count then wrong("'count' is for random, not for %s", method) end
  if spec.seed and not whole(spec.seed, 0) then wrong "'seed' must be an integer, 0 or more" end
  return setmetatable({
    name = spec.name, summary = spec.summary or "", experiment = spec.experiment, method = method,
    parameters = spec.parameters, seeds = spec.seeds, count = spec.count, seed = spec.seed or 0,
    memory = spec.memory,
  }, Sweep)
end

--- Whether a script returned a sweep.
---@param value any
---@return boolean
function M.is(value) return getmetatable(value) == Sweep end

-- Every combination; of two names the later one changes faster.
local function grid(parameters)
  local conditions = { {} }
  for _, name in ipairs(names_of(parameters)) do
    local parameter, longer = parameters[name], {}
    local values = parameter.values or { parameter.value }
    if #conditions * #values > most then return nil end
    for _, condition in ipairs(conditions) do
      for _, value in ipairs(values) do
        local further = { [name] = value }
        for known, own in pairs(condition) do further[known] = own end
        longer[#longer + 1] = further
      end
    end
    conditions = longer
  end
  return conditions
end

-- Each parameter has a stream of its own, so that a longer count or a further parameter changes
-- nothing of what was drawn before.
local function drawn(sweep, stream)
  local conditions, draws = {}, {}
  local names = names_of(sweep.parameters)
  for _, name in ipairs(names) do
    local parameter = sweep.parameters[name]
    local draw = parameter.value == nil and distributions.draw(parameter)
    draws[name] = { draw = draw or function() return parameter.value end, rng = stream:fork(name) }
  end
  for i = 1, math.min(sweep.count, most + 1) do
    conditions[i] = {}
    for _, name in ipairs(names) do conditions[i][name] = draws[name].draw(draws[name].rng) end
  end
  return conditions
end

local function generated(sweep, stream)
  local conditions, thread = {}, coroutine.create(sweep.parameters)
  while #conditions <= most do
    local is_well, condition = coroutine.resume(thread, stream)
    if not is_well then error(("%s: %s"):format(sweep.name, tostring(condition)), 0) end
    if coroutine.status(thread) == "dead" then return conditions end
    if type(condition) ~= "table" then
      error(("%s: the generator yielded %s instead of a table of parameters"):format(
        sweep.name, type(condition)), 0)
    end
    local own = {}
    for name, value in pairs(condition) do own[name] = value end
    conditions[#conditions + 1] = own
  end
  return conditions
end

local function conditions_of(sweep)
  local stream = rng.new(sweep.seed):fork "sweep"
  if sweep.method == "grid" then return grid(sweep.parameters) end
  if sweep.method == "random" then return drawn(sweep, stream) end
  if sweep.method == "list" then return sweep.parameters end
  return generated(sweep, stream)
end

-- The shortest text that reads back as the same number.
local function number_text(value)
  if math.type(value) == "integer" then return ("%d"):format(value) end
  for digits = 15, 17 do
    local text = ("%%.%dg"):format(digits):format(value)
    if tonumber(text) == value then return text:find "[%.en]" and text or text .. ".0" end
  end
end

-- A value of the sweep as the experiment's parameter takes it, and as the text of `--set`.
local function fitted(who, name, value, default)
  local kind = math.type(default) or type(default)
  local number = math.type(value) and value
  if kind == "integer" then number = number and math.tointeger(number) end
  if kind == "float" then number = number and number + 0.0 end
  if math.type(default) then
    if not number or number ~= number or math.abs(number) == math.huge then
      error(("%s: parameter '%s' takes %s, got %s"):format(who, name,
        kind == "integer" and "an integer" or "a finite number", tostring(value)), 0)
    end
    return number, number_text(number)
  end
  if kind ~= "string" and kind ~= "boolean" then
    error(("%s: parameter '%s' is a %s, which cannot be set"):format(who, name, kind), 0)
  end
  if type(value) ~= kind then
    error(("%s: parameter '%s' takes a %s, got %s"):format(who, name, kind, type(value)), 0)
  end
  return value, tostring(value)
end

local function resolved(who, found, condition, quick)
  local params, settings = {}, {}
  for name, value in pairs(found.params) do params[name] = value end
  for name, value in pairs(quick and found.quick or {}) do params[name] = value end
  for _, name in ipairs(names_of(condition)) do
    local default = found.params[name]
    if default == nil then
      error(("%s: %s has no parameter '%s'; it has %s"):format(
        who, found.name, tostring(name), table.concat(names_of(found.params), ", ")), 0)
    end
    params[name], settings[name] = fitted(who, name, condition[name], default)
  end
  return { params = params, settings = settings }
end

--- All conditions, resolved against the parameters of the experiment.
---@param o { seeds: integer[]?, quick: boolean? }? What a command line asks for instead.
---@return { name: string, summary: string, method: string, memory: string?, experiment: string,
---  script: string, seeds: integer[], conditions: { params: table, settings: table }[] }
function Sweep:expand(o)
  o = o or {}
  local beside = host.script:match "^(.*/)" or ""
  local script = self.experiment:sub(1, 1) == "/" and self.experiment or beside .. self.experiment
  local found = experiment.load(script, "sweep")
  local conditions, seeds = conditions_of(self), o.seeds or seeds_of(self.seeds)
  if not conditions or #conditions * #seeds > most then
    error(("%s: more than %d tasks"):format(self.name, most), 0)
  end
  if #conditions == 0 then error(self.name .. ": there are no conditions", 0) end
  local result = {}
  for i, condition in ipairs(conditions) do
    result[i] = resolved(self.name, found, condition, o.quick)
  end
  return {
    name = self.name, summary = self.summary, method = self.method, memory = self.memory,
    experiment = found.name, script = script, seeds = seeds, conditions = result,
  }
end

--- Runs a script and expands the sweep that it returns; called by `eidetic sweep`.
---@param chunk function The script.
---@param o { seeds: integer[]?, quick: boolean? }
---@return table
function M.main(chunk, o)
  local value = chunk()
  if M.is(value) then return value:expand(o) end
  error(host.script .. " returns no sweep; it should end in return eidetic.sweep { … }", 0)
end

return M
