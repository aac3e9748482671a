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

return M
