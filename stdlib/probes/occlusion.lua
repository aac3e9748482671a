-- Occlusion: which patches of a picture a name hangs on, against the exact mask of the person.

local reading = require "eidetic.reading"

---@type eidetic.Probe
return {
  name = "occlusion",
  summary = "Does a name hang on the person in the picture, or on the background?",
  api = ">=1.0", needs = { "hooks" },
  help = [[
Measures: each patch of the picture in turn is painted mid-gray (Zeiler and Fergus 2014, arXiv
1311.2901) and the rise of the true name's loss is taken, in nats per word. Outcome: whether the
patch that matters most shows the person over at least half of its area (the pointing game, Zhang
et al. 2018, 1608.00507), by the generator's exact mask. `person` and `background` are the mean rise
per patch of each kind; `patch r, c` is the map, row by row from the top left.
Read it: near 1 the name is read off the person; at chance or below it hangs on the background, a
shortcut. Its color may be part of who somebody is: the attribute `background` is one of the looks.
Chance: the share of patches that show the person. Control: never-trained people.]],
  run = function(ctx)
    local model, people, items = ctx.model, ctx.people, ctx:items "image"
    local size, side = model.sizes.patch_size, model.sizes.image_size
    local across = side // size
    -- A patch of zeros, mid-gray, is embedded as the bias alone; its place stays.
    local gray = model:parameter("vision.patch.bias") + model:parameter "vision.position"
    local before, rises = reading.losses(model, items), {}
    for patch = 1, across * across do
      rises[patch] = model:with_hooks({ ["vision.embedding"] = function(x, info)
        local rows, first = {}, 1
        for i, length in ipairs(info.lengths) do
          rows[i], first = first + patch - 1, first + length
        end
        return reading.replaced(x, rows, gray:narrow(1, patch, 1):broadcast_to {
          #rows, x.shape[2],
        })
      end }, function() return reading.losses(model, items) end)
    end
    local hits, person, background, map, share = {}, {}, {}, {}, 0
    for i = 1, #items do
      local mask = people:picture(i, { view = people.views + 1, size = side }):background()
      local sums, counts, best, top = { 0, 0 }, { 0, 0 }, -math.huge, { 0, 0 }
      for patch = 1, across * across do
        local row, column = (patch - 1) // across * size, (patch - 1) % across * size
        local covered = mask:narrow(1, row + 1, size):narrow(2, column + 1, size):mean():item()
        local kind, rise = covered <= 0.5 and 1 or 2, rises[patch][i] - before[i]
        sums[kind], counts[kind] = sums[kind] + rise, counts[kind] + 1
        map[patch] = (map[patch] or 0) + rise / #items
        if rise > best then best, top = rise, { 0, 0 } end
        if rise == best then top[kind] = top[kind] + 1 end
      end
      hits[i] = top[1] / (top[1] + top[2]) -- of equals each counts its share
      share = share + counts[1] / (across * across) / #items
      person[i], background[i] = sums[1] / math.max(counts[1], 1), sums[2] / math.max(counts[2], 1)
    end
    local scores = {}
    for patch, rise in ipairs(map) do
      scores[patch] = { name = ("patch %d, %d"):format(
        (patch - 1) // across + 1, (patch - 1) % across + 1), value = rise }
    end
    return {
      per_item = hits, chance = share, scale = "share", scores = scores,
      parts = {
        { name = "person", per_item = person, chance = 0 },
        { name = "background", per_item = background, chance = 0 },
      },
    }
  end,
}
