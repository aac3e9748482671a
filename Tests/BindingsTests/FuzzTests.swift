// Random calls of every function with random values: nothing traps, and every failure is a Lua
// error. The calls are drawn in Lua from a seeded stream, so a failure can be repeated.

import Bindings
import LuaHost
import TensorCore
import Testing

private let fuzzer = """
  local tensor, rng = require "eidetic.tensor", require "eidetic.rng"
  local seed, count, methods, functions, draws = ...
  local r = rng.new(seed)
  local integers = {
    0, 1, 2, 3, -1, -2, 4, 5, 7, 8, 9, 16, 255, 256, 1 << 15, 1 << 31, (1 << 31) - 1, -(1 << 31),
    1 << 32, 1 << 40, 1 << 62, math.maxinteger, math.mininteger, math.maxinteger - 1,
  }
  local numbers = {
    0.5, -0.5, 1e-30, 1e30, 1e300, -1e300, 0 / 0, 1 / 0, -1 / 0, 3.0, 2 ^ 53, 2 ^ 63, -0.0,
  }
  local words = {
    "", "float32", "int32", "uint8", "bool", "mean", "sum", "none", "x", "shape", "\\xff\\0", "1",
  }
  local names = {
    "dtype", "keep", "correction", "descending", "epsilon", "reduction", "causal", "low", "high",
    "mean", "deviation", "step", "tolerance", "rate", "beta1", "scale", "unknown", "decay",
  }
  local pool = {
    tensor.zeros{}, tensor.zeros{ 0 }, tensor.zeros{ 0, 3 }, tensor.ones{ 1 }, tensor.arange(0, 6),
    tensor.arange(0, 6):reshape{ 2, 3 }, tensor.arange(0, 24):reshape{ 2, 3, 4 },
    tensor.from({ 1, 2, 3 }, { dtype = "int32" }), tensor.from({ 0, 2 ^ 31 - 1 }, { dtype = "int32" }),
    tensor.from({ { 0, 255 } }, { dtype = "uint8" }), tensor.from{ true, false, true },
    tensor.zeros{ 2, 4, 4, 3 }, tensor.from{ 0 / 0, 1 / 0, -1 }, tensor.ones{ 6, 6 }:requires_grad(),
    tensor.ones{ 3 }:requires_grad() * 2, tensor.zeros{ 1, 1, 1, 1, 1, 1, 1, 1 },
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

  local failures, last = 0, ""
  for _ = 1, count do
    local arguments, n = {}, r:integer(0, 4)
    for i = 1, n do arguments[i] = value(0) end
    local name, call
    local which = r:integer(1, 10)
    if which <= 6 then
      name = methods[r:integer(1, #methods)]
      local object = pool[r:integer(1, #pool)]
      call = function() return object[name](object, table.unpack(arguments, 1, n)) end
    elseif which <= 8 then
      name = functions[r:integer(1, #functions)]
      if name == "rand" or name == "randn" or name == "permutation" then
        table.insert(arguments, 1, r:fork "draw"); n = n + 1
      end
      call = function() return tensor[name](table.unpack(arguments, 1, n)) end
    elseif which == 9 then
      name = draws[r:integer(1, #draws)]
      local stream = r:fork(name)
      call = function() return stream[name](stream, table.unpack(arguments, 1, n)) end
    else
      name = "operator"
      local a, b, op = pool[r:integer(1, #pool)], arguments[1], r:integer(1, 9)
      call = function()
        if op == 1 then return a + b elseif op == 2 then return b - a
        elseif op == 3 then return a * b elseif op == 4 then return b / a
        elseif op == 5 then return a ^ b elseif op == 6 then return -a
        elseif op == 7 then return a[b] elseif op == 8 then return #a, tostring(a)
        else a[b] = b end
      end
    end
    local ok, result = pcall(call)
    if not ok then
      failures = failures + 1
      if type(result) ~= "string" and type(tostring(result)) ~= "string" then error("no message") end
      last = tostring(result)
    elseif type(result) == "userdata" and result.needs_grad and result.size == 1 and r:chance(0.5) then
      pcall(result.backward, result)
    end
  end
  return failures, last
  """

@Suite struct FuzzTests {
  /// Functions that change the whole process, or run long by design.
  private let excluded: Set = ["memory_limit", "threads", "close"]

  @Test(arguments: 1...8) func `random calls end in a result or an error`(seed: Int) throws {
    let state = try makeState()
    let module = try #require(state.modules.first { $0.name == "eidetic.tensor" })
    func names(_ functions: [NativeFunction]) -> LuaValue {
      .list(functions.map(\.name).filter { !excluded.contains($0) }.map { .string($0) })
    }
    let result = try state.run(
      fuzzer, name: "fuzzer",
      arguments: [
        .integer(seed), .integer(5000), names(LuaTensor.luaClass.methods),
        names(module.functions), names(LuaRng.luaClass.methods),
      ])
    let failures = result[0].asInteger ?? 0
    print("fuzz seed \(seed): \(failures) of 5000 calls were errors")
    #expect(failures > 500 && failures < 4900)
  }
}
