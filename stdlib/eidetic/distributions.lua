-- Where a random sweep draws a parameter from: the distributions of W&B sweeps, under their names.

local M = {}

---@class eidetic.SweepParameter
---@field value any? The same everywhere.
---@field values any[]? One of these.
---@field probabilities number[]? Of each of the values; all alike by default.
---@field distribution string? By default `int_uniform` between integers, else `uniform`.
---@field min number?
---@field max number?
---@field mu number? Mean of `normal`; of the logarithm, of `log_normal`. 0 by default.
---@field sigma number? Standard deviation, likewise. 1 by default.
---@field q number? The step of distributions whose names begin with `q_`. 1 by default.

local function rounded(value, q) return math.floor(value / q + 0.5) * q end

local function between(rng, p) return rng:uniform(p.min, p.max) end
-- exp(log(x)) may miss x by a bit.
local function log_between(rng, p)
  local value = math.exp(rng:uniform(math.log(p.min), math.log(p.max)))
  return math.max(p.min, math.min(p.max, value))
end
local function bell(rng, p) return rng:normal(p.mu, p.sigma) end

---@type table<string, { takes: string[], draw: fun(rng: Rng, p: table): number }>
local draws = {
  uniform = { takes = { "min", "max" }, draw = between },
  int_uniform = {
    takes = { "min", "max" }, draw = function(rng, p) return rng:integer(p.min, p.max) end,
  },
  q_uniform = {
    takes = { "min", "max", "q" }, draw = function(rng, p) return rounded(between(rng, p), p.q) end,
  },
  log_uniform_values = { takes = { "min", "max" }, draw = log_between },
  q_log_uniform_values = {
    takes = { "min", "max", "q" },
    draw = function(rng, p) return rounded(log_between(rng, p), p.q) end,
  },
  normal = { takes = { "mu", "sigma" }, draw = bell },
  q_normal = {
    takes = { "mu", "sigma", "q" }, draw = function(rng, p) return rounded(bell(rng, p), p.q) end,
  },
  log_normal = {
    takes = { "mu", "sigma" }, draw = function(rng, p) return math.exp(bell(rng, p)) end,
  },
}

M.names = {}
for name in pairs(draws) do M.names[#M.names + 1] = name end
table.sort(M.names)

local defaults = { mu = 0, sigma = 1, q = 1 }

local function finite(value)
  return math.type(value) ~= nil and value == value and math.abs(value) < math.huge
end

-- The numbers of a distribution, each there and in range, or what is wrong with them.
local function settings(name, takes, given)
  local p = {}
  for _, field in ipairs(takes) do
    p[field] = given[field] == nil and defaults[field] or given[field]
    if p[field] == nil then return nil, ("%s needs '%s'"):format(name, field) end
    if not finite(p[field]) then return nil, ("'%s' must be a finite number"):format(field) end
  end
  if p.min and p.min >= p.max then return nil, "'min' must be below 'max'" end
  if p.min and name:find "log_" and p.min <= 0 then return nil, "'min' must be above 0" end
  for _, field in ipairs { "sigma", "q" } do
    if p[field] and p[field] <= 0 then return nil, ("'%s' must be above 0"):format(field) end
  end
  if name == "int_uniform" then
    p.min, p.max = math.tointeger(p.min), math.tointeger(p.max)
    if not (p.min and p.max) then return nil, "int_uniform needs integers" end
  end
  return p
end

-- One of the values, with probabilities.
local function weighted(given)
  local weights, sum = given.probabilities, 0
  if type(weights) ~= "table" or #weights ~= #given.values then
    return nil, ("'probabilities' must be %d numbers, one per value"):format(#given.values)
  end
  for _, weight in ipairs(weights) do
    if not finite(weight) or weight < 0 then return nil, "'probabilities' must be 0 or more" end
    sum = sum + weight
  end
  if math.abs(sum - 1) > 1e-9 then
    return nil, ("'probabilities' must sum to 1, not %g"):format(sum)
  end
  return function(rng)
    local place = rng:uniform(0, 1)
    for i, weight in ipairs(weights) do
      place = place - weight
      if place < 0 then return given.values[i] end
    end
    return given.values[#given.values]
  end
end

--- What draws a parameter, or what is wrong with its declaration.
---@param given eidetic.SweepParameter With values, or a distribution's numbers.
---@return (fun(rng: Rng): any)? draw
---@return string? mistake
function M.draw(given)
  if given.values then
    if given.probabilities then return weighted(given) end
    return function(rng) return given.values[rng:integer(1, #given.values)] end
  end
  local are_integers = math.type(given.min) == "integer" and math.type(given.max) == "integer"
  local name = given.distribution or (are_integers and "int_uniform" or "uniform")
  local found = draws[name]
  if not found then
    return nil, ("there is no distribution '%s'; there are %s"):format(
      tostring(name), table.concat(M.names, ", "))
  end
  for field in pairs(given) do
    local is_taken = field == "distribution"
    for _, taken in ipairs(found.takes) do is_taken = is_taken or field == taken end
    if not is_taken then
      return nil, ("%s takes %s, not '%s'"):format(
        name, table.concat(found.takes, ", "), tostring(field))
    end
  end
  local p, mistake = settings(name, found.takes, given)
  if not p then return nil, mistake end
  return function(rng) return found.draw(rng, p) end
end

return M
