-- Specs: small checks of one's own probes, methods and experiments, run by `eidetic test`.
--
--   describe("first-name", function()
--     it("answers for every person", function() expect(#result.per_item):equals(5) end)
--   end)
--
-- `describe`, `it` and `expect` are globals of a spec, `eidetic` is the library.

local M = {}

-- ── Expectations ────────────────────────────────────────────────────────────────────────────────

---@class eidetic.Expectation
---@field value any
local Expectation = {}
Expectation.__index = Expectation

local function shown(value, depth)
  if type(value) == "string" then return ("%q"):format(value):gsub("\\\n", "\\n") end
  if type(value) ~= "table" then return tostring(value) end
  if depth == 0 then return "{...}" end
  local parts = {}
  for i, item in ipairs(value) do parts[i] = shown(item, depth - 1) end
  local names = {}
  for name in next, value do
    if not (math.type(name) == "integer" and name >= 1 and name <= #value) then
      names[#names + 1] = name
    end
  end
  table.sort(names, function(a, b) return tostring(a) < tostring(b) end)
  for _, name in ipairs(names) do
    parts[#parts + 1] = ("%s = %s"):format(tostring(name), shown(rawget(value, name), depth - 1))
  end
  return #parts == 0 and "{}" or "{ " .. table.concat(parts, ", ") .. " }"
end

local function text(value) return (shown(value, 3)) end

local function fail(expected, got)
  error(("expected %s, got %s"):format(expected, got), 3)
end

-- Tables by what is in them; a table within itself equals only itself.
local function same(a, b, depth)
  if rawequal(a, b) or a == b then return true end
  if type(a) ~= "table" or type(b) ~= "table" or depth == 0 then return false end
  for name, value in next, a do
    if not same(value, rawget(b, name), depth - 1) then return false end
  end
  for name in next, b do
    if rawget(a, name) == nil then return false end
  end
  return true
end

--- Equal, tables by what is in them.
---@param wanted any
function Expectation:equals(wanted)
  if not same(self.value, wanted, 32) then fail(text(wanted), text(self.value)) end
end

--- A number no further than `tolerance` (1e-6) from another.
---@param wanted number
---@param tolerance number?
function Expectation:near(wanted, tolerance)
  tolerance = tolerance or 1e-6
  local distance = type(self.value) == "number" and math.abs(self.value - wanted) or math.huge
  if distance ~= distance or distance > tolerance then
    fail(("%s within %s"):format(wanted, tolerance), text(self.value))
  end
end

--- A number from `low` to `high`.
---@param low number
---@param high number
function Expectation:between(low, high)
  if type(self.value) ~= "number" or not (self.value >= low and self.value <= high) then
    fail(("a number from %s to %s"):format(low, high), text(self.value))
  end
end

--- A text that contains this text, or a list that contains this value.
---@param part any
function Expectation:contains(part)
  if type(self.value) == "string" then
    if self.value:find(part, 1, true) then return end
    fail("a text with " .. text(part), text(self.value))
  end
  if type(self.value) == "table" then
    for _, item in ipairs(self.value) do
      if same(item, part, 32) then return end
    end
  end
  fail("a list with " .. text(part), text(self.value))
end

--- A function that fails with a message that contains this text.
---@param message string?
function Expectation:fails(message)
  if type(self.value) ~= "function" then fail("a function to call", text(self.value)) end
  local ok, problem = pcall(self.value)
  if ok then fail("an error", "none") end
  if message and not tostring(problem):find(message, 1, true) then
    fail("an error with " .. text(message), text(tostring(problem)))
  end
end

--- Begins an expectation: `expect(1 + 1):equals(2)`.
---@param value any
---@return eidetic.Expectation
function M.expect(value) return setmetatable({ value = value }, Expectation) end

-- ── Running ─────────────────────────────────────────────────────────────────────────────────────

---@class eidetic.SpecResult
---@field passed integer
---@field failed integer
---@field skipped integer By the filter.

-- Collects the tests of a spec in the order in which they stand.
local function collect(chunk, path)
  local tests, names = {}, {}
  local function need(who, name, body)
    if type(name) ~= "string" or type(body) ~= "function" then
      error(("%s: expected a name and a function, got %s and %s"):format(
        who, type(name), type(body)), 3)
    end
  end
  local function describe(name, body)
    need("describe", name, body)
    names[#names + 1] = name
    body()
    names[#names] = nil
  end
  local function it(name, body)
    need("it", name, body)
    local groups = table.concat(names, " ")
    tests[#tests + 1] = { group = groups, name = name, body = body }
  end
  _G.describe, _G.it, _G.expect, _G.eidetic = describe, it, M.expect, require "eidetic"
  chunk(path)
  return tests
end

local function matches(test, filter)
  return not filter or (test.group .. " " .. test.name):find(filter, 1, true) ~= nil
end

--- Runs a spec and prints what passes and fails; called by `eidetic test`.
---@param chunk function The spec.
---@param path string
---@param o { filter: string? }
---@return eidetic.SpecResult
function M.main(chunk, path, o)
  local result = { passed = 0, failed = 0, skipped = 0 }
  print(path)
  local is_read, tests = pcall(collect, chunk, path)
  if not is_read then
    print(("  FAIL  the file cannot be run\n        %s"):format(tostring(tests)))
    result.failed = 1
    return result
  end
  if #tests == 0 then
    print "  FAIL  there is no test in it; write it(\"does something\", function() ... end)"
    result.failed = 1
    return result
  end
  local group = ""
  for _, test in ipairs(tests) do
    if not matches(test, o.filter) then
      result.skipped = result.skipped + 1
    else
      if test.group ~= group then print("  " .. test.group) end
      group = test.group
      local ok, problem = pcall(test.body)
      if ok then
        result.passed = result.passed + 1
        print("    ok    " .. test.name)
      else
        result.failed = result.failed + 1
        print(("    FAIL  %s\n          %s"):format(
          test.name, tostring(problem):gsub("\n", "\n          ")))
      end
    end
  end
  return result
end

return M
