-- Small tensor operations from Lua; operations.py does the same from Python. Each function does
-- about `count` operations and returns a number and how many operations it did.

local tensor = require "eidetic.tensor"

local M = {}

local function operands()
  return tensor.full({ 8, 8 }, 0.5), tensor.full({ 8, 8 }, 0.999), tensor.full({ 8, 8 }, 0.001)
end

--- Products and sums that no derivative is asked of.
function M.plain(count)
  local x, a, b = operands()
  for _ = 1, count // 2 do x = x * a + b end
  return x:mean():item(), count // 2 * 2
end

--- Chains of ten products and ten sums, each chain with its derivatives: what is counted are the
--- operations written in the script, sum and backward included.
function M.gradients(count)
  local x, a, b = operands()
  local w = a:clone():requires_grad()
  local total, chains = 0, count // 22
  for _ = 1, chains do
    local y = x
    for _ = 1, 10 do y = y * w + b end
    y:sum():backward()
    total = total + 1
    if total == chains then return w.grad:mean():item(), chains * 22 end
    w:zero_grad()
  end
end

-- Made once: only the conversion is measured.
local list, made = {}, nil
for i = 1, 10000 do list[i] = i / 7 end

--- A list of numbers as a tensor; what is counted are the numbers.
function M.from_table(count)
  local rounds = count // #list
  for _ = 1, rounds do made = tensor.from(list) end
  return made:mean():item(), rounds * #list
end

--- A tensor as a list of numbers.
function M.to_table(count)
  local x, numbers = tensor.from(list), nil
  local rounds = count // #list
  for _ = 1, rounds do numbers = x:tolist() end
  return numbers[#numbers], rounds * #list
end

return M
