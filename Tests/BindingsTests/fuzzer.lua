-- Calls random functions with random values. Everything comes from one seeded stream, so a failure
-- can be repeated. Arguments: seed, number of calls, and the functions of tensors, of the module and
-- of streams, each { name =, parameters = { kind, .. }, options = { { name =, kind = }, .. } }.
local tensor, rng = require "eidetic.tensor", require "eidetic.rng"
local seed, count, methods, functions, draws = ...
tensor.memory_limit(64 << 20)
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
}
local names = {
  "dtype", "keep", "correction", "descending", "epsilon", "reduction", "causal", "low", "high",
  "mean", "deviation", "step", "tolerance", "rate", "beta1", "scale", "unknown", "decay",
}
local pool = {
  tensor.zeros{}, tensor.zeros{ 0 }, tensor.zeros{ 0, 3 }, tensor.ones{ 1 }, tensor.arange(0, 6),
  tensor.arange(0, 6):reshape{ 2, 3 }, tensor.arange(0, 24):reshape{ 2, 3, 4 },
  tensor.from({ 1, 2, 3 }, { dtype = "int32" }),
  tensor.from({ 0, 2 ^ 31 - 1 }, { dtype = "int32" }),
  tensor.from({ { 0, 255 } }, { dtype = "uint8" }), tensor.from{ true, false, true },
  tensor.zeros{ 2, 4, 4, 3 }, tensor.from{ 0 / 0, 1 / 0, -1 }, tensor.ones{ 6, 6 }:requires_grad(),
  tensor.ones{ 3 }:requires_grad() * 2, tensor.zeros{ 1, 1, 1, 1, 1, 1, 1, 1 },
  tensor.arange(0, 12):reshape{ 2, 6 }:requires_grad(), tensor.ones{ 3, 3 },
  tensor.arange(0, 9):reshape{ 3, 3 }, tensor.ones{ 2, 3 }:requires_grad(), tensor.ones{ 3 },
  tensor.ones{ 3, 2 }, tensor.scalar(2):requires_grad(), tensor.ones{ 6 },
}
local closed = tensor.ones{ 2 }
closed:close()
local value

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

function value(depth)
  local kind = r:integer(1, depth < 3 and 16 or 8)
  if kind <= 3 then return integers[r:integer(1, r:chance(0.5) and 8 or #integers)] end
  if kind == 4 then return numbers[r:integer(1, #numbers)] end
  if kind == 5 then return words[r:integer(1, #words)] end
  if kind == 6 then return r:chance(0.5) end
  if kind == 7 then return nil end
  if kind <= 11 then return pool[r:integer(1, #pool)] end
  if kind <= 13 then return list(depth) end
  if kind == 14 then return options() end
  if kind == 15 then return r:chance(0.5) and r or closed end
  return function(...) return ... end
end

-- A value that the descriptor's kind suggests; most of these calls reach the engine.
local function plausible(kind)
  if kind == "any" then return value(0) end
  if kind == "integer" then return r:integer(-2, 4) end
  if kind == "number" then return r:uniform(-2, 2) end
  if kind == "boolean" then return r:chance(0.5) end
  if kind == "tensor" then return pool[r:integer(1, #pool)] end
  if kind == "rng" then return r:fork "draw" end
  if kind == "function" then return function(x) return x end end
  if kind == "tensors" then
    local x = pool[r:integer(1, #pool)]
    return r:chance(0.7) and { x, x } or { x, pool[r:integer(1, #pool)] }
  end
  if kind == "list" then
    local items = {}
    for i = 1, r:integer(0, 4) do
      items[i] = r:chance(0.8) and r:integer(-1, 4) or list(1)
    end
    return items
  end
  if kind.either then return plausible(r:pick(kind.either)) end
  if kind.words then return r:pick(kind.words) end
end

local function argument(kind)
  if r:chance(0.85) then return plausible(kind) end
  return value(0)
end

local function arguments_for(entry)
  local arguments, n = {}, 0
  for _, kind in ipairs(entry.parameters) do
    if r:chance(0.9) then n = n + 1; arguments[n] = argument(kind) end
  end
  if #entry.options > 0 and r:chance(0.6) then
    local fields = {}
    for _, option in ipairs(entry.options) do
      if r:chance(0.5) then fields[option.name] = argument(option.kind) end
    end
    if r:chance(0.05) then fields[r:pick(names)] = value(3) end
    n = n + 1; arguments[n] = fields
  end
  if r:chance(0.03) then n = n + 1; arguments[n] = value(0) end
  return arguments, n
end

local function operate(op, a, b)
  if op == 1 then return a + b elseif op == 2 then return b - a
  elseif op == 3 then return a * b elseif op == 4 then return b / a
  elseif op == 5 then return a ^ b elseif op == 6 then return -a
  elseif op == 7 then return a[b] elseif op == 8 then return #a, tostring(a)
  else a[b] = b end
end

local failures = 0
for _ = 1, count do
  local call
  local which = r:integer(1, 10)
  if which <= 9 then
    local group = which <= 6 and methods or which <= 8 and functions or draws
    local entry = group[r:integer(1, #group)]
    local arguments, n = arguments_for(entry)
    if group == functions then
      call = function() return tensor[entry.name](table.unpack(arguments, 1, n)) end
    else
      local object = group == draws and r:fork(entry.name) or pool[r:integer(1, #pool)]
      call = function() return object[entry.name](object, table.unpack(arguments, 1, n)) end
    end
  else
    local a, op = pool[r:integer(1, #pool)], r:integer(1, 9)
    local b = argument(r:pick{ "tensor", "number" })
    call = function() return operate(op, a, b) end
  end
  local ok, result = pcall(call)
  if not ok then
    failures = failures + 1
    assert(type(tostring(result)) == "string")
  elseif tostring(result):find "^Tensor" then
    -- Go back through it, and let it meet the next calls.
    pcall(function() result:sum():backward(true) end)
    if r:chance(0.3) and result.size < 1000 then pool[r:integer(15, #pool)] = result end
  end
end
return failures
