-- Long work in numbered pieces, shared by all processes that do the same and remembered in the
-- cache: a process that is stopped loses the piece under way and nothing else.

local host = require "eidetic.host"

local M = {}

--- Does every piece that no other process has done or is doing, then waits for the rest.
---@param name string Place in the cache; it names all that decides the results.
---@param count integer How many pieces.
---@param piece fun(i: integer): any Returns plain data and depends on nothing but `i` and `name`.
---@param label string What a piece is, for the progress.
---@return any[] results In order.
function M.map(name, count, piece, label)
  local results, done, waiting = {}, 0, {}
  local function take(i, wait)
    local is_here, data = host.remembered(("%s/%d"):format(name, i), function() return piece(i) end,
                                          { wait = wait })
    if not is_here then return false end
    results[i], done = data, done + 1
    host.progress(label, done, count)
    return true
  end
  for i = 1, count do
    if not take(i, false) then waiting[#waiting + 1] = i end
    -- What others had under way may be done: it counts for the progress, and the time that is left.
    for at = #waiting, 1, -1 do
      if waiting[at] ~= i and take(waiting[at], false) then table.remove(waiting, at) end
    end
  end
  for _, i in ipairs(waiting) do take(i, true) end
  return results
end

return M
