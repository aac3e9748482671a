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
  local results, done = {}, 0
  for _, wait in ipairs { false, true } do
    for i = 1, count do
      if results[i] == nil then
        local is_here, data = host.remembered(("%s/%d"):format(name, i),
                                              function() return piece(i) end, { wait = wait })
        if is_here then
          results[i], done = data, done + 1
          host.progress(label, done, count)
        end
      end
    end
  end
  return results
end

return M
