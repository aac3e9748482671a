-- Calls random functions with random values. All choices come from one seeded stream, so a failure
-- can be repeated. Arguments: seed, and the entries to call, each
-- { owner =, name =, sort =, weight =, and parameters and options, each { { name =, kind = }, .. } }.
-- Returns a function that makes one call and says whether it ended in an error, and one that lists
-- what never ended in a result.
local eidetic, fuzz = require "eidetic", require "fuzz"
local tensor, rng = eidetic.tensor, eidetic.rng
local seed, entries = ...
local r = rng.new(seed)

local integers = {
  0, 1, 2, 3, -1, -2, 4, 5, 7, 8, 9, 16, 255, 256, 1 << 15, 1 << 31, (1 << 31) - 1, -(1 << 31),
  1 << 32, 1 << 40, 1 << 62, math.maxinteger, math.mininteger, math.maxinteger - 1,
}
local numbers = {
  0.5, -0.5, 1e-30, 1e30, 1e300, -1e300, 0 / 0, 1 / 0, -1 / 0, 3.0, 2 ^ 53, 2 ^ 63, -0.0,
}
local words = {
  "", "float32", "int32", "uint8", "bool", "mean", "sum", "none", "x", "shape", "\xff\0", "1",
  "image", "text", "name", "caption", "attributes", "hair_color", "hat", "decoder.*", "vision.*",
  "*", "member", "eidetic.base", "m.safetensors", "p.png", "../x", "/x", ("é"):rep(50),
  ("*"):rep(40), "%s%n", "full_name",
}
local names = {
  "dtype", "keep", "correction", "descending", "epsilon", "reduction", "causal", "low", "high",
  "mean", "deviation", "step", "tolerance", "rate", "beta1", "scale", "unknown", "decay", "rng",
}

-- ── What calls meet: live objects by class ──────────────────────────────────────────────────────

local people = eidetic.personas.people { count = 5, rng = rng.new(seed), views = 3 }
local strangers = eidetic.personas.strangers()
local pools = {
  Tensor = {
    tensor.zeros{}, tensor.zeros{ 0 }, tensor.zeros{ 0, 3 }, tensor.ones{ 1 }, tensor.arange(0, 6),
    tensor.arange(0, 6):reshape{ 2, 3 }, tensor.arange(0, 24):reshape{ 2, 3, 4 },
    tensor.from({ 1, 2, 3 }, { dtype = "int32" }),
    tensor.from({ 0, 2 ^ 31 - 1 }, { dtype = "int32" }),
    tensor.from({ { 0, 255 } }, { dtype = "uint8" }), tensor.from{ true, false, true },
    tensor.zeros{ 2, 4, 4, 3 }, tensor.from{ 0 / 0, 1 / 0, -1 },
    tensor.ones{ 6, 6 }:requires_grad(), tensor.ones{ 3 }:requires_grad() * 2,
    tensor.zeros{ 1, 1, 1, 1, 1, 1, 1, 1 }, tensor.arange(0, 12):reshape{ 2, 6 }:requires_grad(),
    tensor.ones{ 3, 3 }, tensor.arange(0, 9):reshape{ 3, 3 }, tensor.ones{ 2, 3 }:requires_grad(),
    tensor.ones{ 3 }, tensor.ones{ 3, 2 }, tensor.scalar(2):requires_grad(), tensor.ones{ 6 },
    tensor.zeros{ 1, 32, 32, 3 },
  },
  Rng = { r:fork "a", r:fork "b" },
  Model = {},
  People = { people, people:next(3) },
  Strangers = { strangers },
  Picture = { people:picture(1, { size = 16 }) },
  Task = { people:train("text", "name"), strangers:train("image", "caption") },
  Items = { people:test("text", "name"), people:test("image", "name") },
  Run = { require("eidetic.runs").open { name = "fuzz", seeds = { 0, 1, 2, 3 } } },
}
for i, register in ipairs { 1, 2 } do
  pools.Model[i] = eidetic.models.vlm {
    preset = "nano", width = 16, heads = 2, encoder_blocks = 1, decoder_blocks = 1,
    rng = r:fork(register),
  }
end
-- The first of each class stay, so that there is always something to call.
local fixed = {}
for class, pool in pairs(pools) do fixed[class] = #pool end
local classes = {}
for class in pairs(pools) do classes[#classes + 1] = class end
table.sort(classes)

local closed = tensor.ones{ 2 }
closed:close()
local cycle = {}
cycle[1] = cycle
local loop = setmetatable({}, { __index = function(t, k) return t[k] end })

local function object(class)
  local pool = pools[class]
  if pool then return pool[r:integer(1, #pool)] end
  return closed
end

local function learn(value)
  local class = fuzz.class(value)
  if not class then return end
  if class == "Tensor" and value.size > 1000 then return end
  if class == "Model" and value.count > 100000 then return end
  if class == "People" and #value > 20 then return end
  if class == "Items" and #value > 50 then return end
  local pool = pools[class] or {}
  pools[class] = pool
  local first = fixed[class] or 0
  if #pool < first + 12 then pool[#pool + 1] = value
  else pool[r:integer(first + 1, #pool)] = value end
end

-- Values that fit a parameter of this name, so that calls get past the first checks.
local w = tensor.ones{ 3 }:requires_grad()
local hints = {
  modality = { "image", "text" }, question = { "name", "caption", "attributes" },
  path = { "m.safetensors", "p.png" }, group = { "member", "control" },
  pattern = { "decoder.*", "*.weight" }, name = {}, attributes = { { "hat", "shirt" } },
  train = { { "decoder.*" } }, answers = { { "a", "b", "c", "d", "e" }, { "a b", "", "c" } },
  values = { { 1, 0, 1, 0, 1 }, { 0.5, 0 / 0, 1 } }, keys = { { source = "text" }, {} },
  candidates = { people.names }, losses = { { 1, 0.5 } }, preset = { "nano" }, width = { 16 },
  heads = { 2 }, encoder_blocks = { 1 }, decoder_blocks = { 1 }, image_size = { 32 },
  loss = { function() return w:square():sum() end }, parameters = { { w } },
  fn = { function(x) return x:square():sum() end }, inputs = { { tensor.ones{ 3 } } },
  data = { pools.Task[1] }, rng = { r:fork "fit" }, steps = { 2 }, batch = { 2 },
  images = { tensor.zeros{ 1, 32, 32, 3 } }, seed = { 0, 1 }, m = { tensor.zeros{ 3 } },
  hooks = {
    { ["decoder.block.1"] = function(x) return x * 2 end },
    { ["*.mlp"] = "zero", projector = "mean" },
    { ["decoder.*"] = function(_, info) return info.answers end },
  },
  names = { "decoder.*", "logits" }, at = { "all", "answer" },
  text = { "hat", "nothing" }, ids = { { 0, 1, 5 }, { 1 << 40, -1 } },
}
for i, parameter in ipairs(pools.Model[1]:parameters()) do hints.name[i] = parameter.name end

-- ── Values ──────────────────────────────────────────────────────────────────────────────────────

local value, arguments_for, perform

local function list(depth)
  local items = {}
  for i = 1, r:integer(0, 4) do items[i] = value(depth + 1) end
  return items
end

local function options()
  local fields = {}
  for _ = 1, r:integer(0, 2) do fields[r:pick(names)] = value(3) end
  return fields
end

local depth_of_calls = 0
local function again()
  if depth_of_calls > 3 then return end
  depth_of_calls = depth_of_calls + 1
  pcall(perform, entries[r:integer(1, #entries)])
  depth_of_calls = depth_of_calls - 1
end

local callbacks = {
  function(...) return ... end, function() error "from a callback" end, coroutine.yield,
  function() error(setmetatable({}, { __tostring = error })) end, again,
  function() return object "Tensor":sum() end, function() return false end,
  function() local t = object "Tensor"; if #pools.Tensor > 25 then t:detach():close() end end,
  function() return coroutine.wrap(function() coroutine.yield(1) end)() end,
  function() collectgarbage() end, error, print, coroutine.wrap(function() end),
  function(step) if type(step) == "table" and step.step == 2 then return false end end,
}

local function strange()
  local kind = r:integer(1, 9)
  if kind == 1 then return closed end
  if kind == 2 then return cycle end
  if kind == 3 then return loop end
  if kind == 4 then return coroutine.create(print) end
  if kind == 5 then return setmetatable({}, { __len = function() return 1 << 60 end }) end
  if kind == 6 then return setmetatable({ 1 }, { __index = error, __pairs = error }) end
  if kind == 7 then return tensor end
  if kind == 8 then return { [1 << 40] = 1, x = 2 } end
  return { [0.5] = 1, [true] = 2 }
end

function value(depth)
  local kind = r:integer(1, depth < 3 and 18 or 8)
  if kind <= 3 then return integers[r:integer(1, r:chance(0.5) and 8 or #integers)] end
  if kind == 4 then return r:pick(numbers) end
  if kind == 5 then return r:pick(words) end
  if kind == 6 then return r:chance(0.5) end
  if kind == 7 then return nil end
  if kind <= 10 then return object "Tensor" end
  if kind <= 12 then return object(r:pick(classes)) end
  if kind <= 14 then return list(depth) end
  if kind == 15 then return options() end
  if kind == 16 then return strange() end
  return r:pick(callbacks)
end

-- A value that the descriptor's kind suggests; most of these calls reach the engine.
local function plausible(kind)
  if kind == "integer" then return r:integer(-2, 4) end
  if kind == "number" then return r:uniform(-2, 2) end
  if kind == "boolean" then return r:chance(0.5) end
  if kind == "string" then return r:pick(words) end
  if kind == "function" then return r:pick(callbacks) end
  if kind == "table" then return r:chance(0.5) and options() or list(1) end
  if type(kind) ~= "table" then return value(0) end
  if kind.object then return object(kind.object) end
  if kind.either then return plausible(r:pick(kind.either)) end
  if kind.words then return r:pick(kind.words) end
  if kind.list then
    local items = {}
    for i = 1, r:integer(0, 4) do
      items[i] = r:chance(0.9) and plausible(kind.list) or value(1)
    end
    return items
  end
  return value(0)
end

local function argument(parameter)
  if r:chance(0.13) then return value(0) end
  if hints[parameter.name] and r:chance(0.6) then return r:pick(hints[parameter.name]) end
  return plausible(parameter.kind)
end

function arguments_for(entry)
  local arguments, n = {}, 0
  for _, parameter in ipairs(entry.parameters) do
    if r:chance(0.95) then n = n + 1; arguments[n] = argument(parameter) end
  end
  if #entry.options > 0 and r:chance(0.7) then
    local fields = {}
    for _, option in ipairs(entry.options) do
      if option.required and r:chance(0.97) or r:chance(0.4) then
        fields[option.name] = argument(option)
      end
    end
    if r:chance(0.05) then fields[r:pick(names)] = value(3) end
    n = n + 1; arguments[n] = fields
  end
  if r:chance(0.03) then n = n + 1; arguments[n] = value(0) end
  return arguments, n
end

-- ── Calls ───────────────────────────────────────────────────────────────────────────────────────

local function shown(v, depth)
  local kind = math.type(v) or type(v)
  if kind == "string" then return ("%q"):format(#v > 24 and v:sub(1, 24) .. "…" or v) end
  if kind == "userdata" then return fuzz.class(v) or "closed" end
  if kind ~= "table" then return kind == "function" and kind or tostring(v) end
  if depth > 1 or getmetatable(v) or v == cycle then return "{…}" end
  local parts = {}
  for key, item in next, v do
    parts[#parts + 1] = (math.type(key) and "" or tostring(key) .. "=") .. shown(item, depth + 1)
    if #parts == 6 then break end
  end
  return "{" .. table.concat(parts, ", ") .. "}"
end

local function note(entry, self, arguments, n)
  local parts = { self ~= nil and shown(self, 0) or nil }
  for i = 1, n do parts[#parts + 1] = shown(arguments[i], 0) end
  fuzz.note(entry.owner .. " " .. entry.name .. "(" .. table.concat(parts, ", ") .. ")")
end

local operators = {
  __add = function(a, b) return a + b end, __sub = function(a, b) return a - b end,
  __mul = function(a, b) return a * b end, __div = function(a, b) return a / b end,
  __pow = function(a, b) return a ^ b end, __unm = function(a) return -a end,
  __mod = function(a, b) return a % b end, __idiv = function(a, b) return a // b end,
  __index = function(a, b) return a[b] end, __newindex = function(a, b, c) a[b] = c end,
  __len = function(a) return #a end, __tostring = function(a) return tostring(a) end,
  __concat = function(a, b) return a .. b end, __call = function(a, ...) return a(...) end,
  __eq = function(a, b) return a == b end, __lt = function(a, b) return a < b end,
  __le = function(a, b) return a <= b end,
  __close = function(a) local x <close> = a end,
}

function perform(entry)
  local arguments, n = arguments_for(entry)
  if entry.sort == "function" then
    note(entry, nil, arguments, n)
    return require(entry.owner)[entry.name](table.unpack(arguments, 1, n))
  end
  local self = object(entry.owner)
  if entry.sort == "method" then
    note(entry, self, arguments, n)
    local method = self[entry.name]
    if r:chance(0.02) then self = value(0) end
    return method(self, table.unpack(arguments, 1, n))
  elseif entry.sort == "property" then
    note(entry, self, arguments, 0)
    if r:chance(0.1) then self[entry.name] = value(0) end
    return self[entry.name]
  end
  local operator = operators[entry.name] or operators.__index
  local operands = { self, argument(entry.parameters[2] or { kind = "any" }), value(0) }
  if entry.name == "__close" and self ~= closed then operands[1] = tensor.ones{ 2 } end
  if r:chance(0.2) then operands[1], operands[2] = operands[2], operands[1] end
  note(entry, nil, operands, 3)
  return operator(table.unpack(operands, 1, 3))
end

-- Heavy calls are rarer, or a million would take hours.
local wheel = {}
for _, entry in ipairs(entries) do
  for _ = 1, entry.weight do wheel[#wheel + 1] = entry end
end

local reached = {}

local function finish(entry, ok, first, ...)
  if not ok then
    -- Every failure has a text, whatever value a callback raised.
    pcall(tostring, first)
    return true
  end
  reached[entry] = true
  if fuzz.class(first) == "Tensor" and r:chance(0.3) then
    -- Go back through it, before it meets the next calls.
    pcall(function() first:sum():backward(true) end)
  end
  if r:chance(0.3) then learn(first) end
  if select("#", ...) > 0 then learn((...)) end
  return false
end

local function step()
  depth_of_calls = 0
  local entry = wheel[r:integer(1, #wheel)]
  if r:chance(0.05) then
    return finish(entry, coroutine.resume(coroutine.create(perform), entry))
  end
  return finish(entry, pcall(perform, entry))
end

local function unreached()
  local list = {}
  for _, entry in ipairs(entries) do
    if not reached[entry] then list[#list + 1] = entry.owner .. "." .. entry.name end
  end
  return list
end

return step, unreached
