-- An alignment loss: how far apart a model holds the same people in both modalities.

local options = require "eidetic.options"

local M = {}

-- What the middle block of the decoder makes of each question, one row per person, of length 1.
local function states(model, people, modality, view)
  local point = ("decoder.block.%d"):format((model.sizes.decoder_blocks + 1) // 2)
  local found
  model:with_hooks({ [point] = function(x, info) found = x:rows(info.answers) end }, function()
    model:loss(people:test(modality, "name", { seen = true, view = view }))
  end)
  return found / found:square():sum(2, { keep = true }):sqrt()
end

--- The mean squared distance between the states of the same people, asked for their names by
--- picture and by description; 0 where both are held alike, 4 where they are opposite.
---
--- States are those of the middle decoder block before the answer's first word, scaled to length
--- 1: the alignment of Wang and Isola 2020, arXiv 2005.10242, between modalities instead of views.
--- Gradients reach all parameters that require them. It draws apart nothing: beside it belongs a
--- loss that keeps people distinct, such as that of their names.
---@param model Model
---@param people People At least one; each costs a picture and a description.
---@param view integer Which view, counted from 1.
---@return Tensor distance A scalar, 0 ... 4.
function M.distance(model, people, view)
  local apart = states(model, people, "image", view) - states(model, people, "text", view)
  return apart:square():sum() / #people
end

--- The loss of examples and, beside it, the distance between the modalities of some other people:
--- for `ctx:minimize` and `training.minimize`, whose step it takes.
---
--- Each step draws the examples, a run of `few` people, and looks at the people's view of the
--- step's own number. It depends on the step and the parameters alone.
---@param model Model What learns.
---@param items Items Drawn from, such as the names to learn.
---@param people People At least `few`, with both modalities.
---@param spec { rng: Rng, weight: number?, batch: integer?, few: integer? } weight of the distance,
---  1 by default; batch is the number of examples, 64; few is 32
---@return fun(step: integer): Tensor
function M.loss(model, items, people, spec)
  local o = options.fill("alignment.loss", spec, {
    rng = options.any, weight = 1.0, batch = 64, few = 32,
  })
  if not o.rng then error("alignment.loss: give rng, a stream of random numbers", 2) end
  if o.few < 1 or o.few > #people then
    error(("alignment.loss: few must be 1 to %d, got %s"):format(#people, tostring(o.few)), 2)
  end
  return function(step)
    local stream = o.rng:fork(step)
    local first = stream:fork("known"):integer(1, #people - o.few + 1)
    return model:loss(items:sample(stream, o.batch))
      + o.weight * M.distance(model, people:part(first, first + o.few - 1), step)
  end
end

return M
