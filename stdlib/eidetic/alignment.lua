-- An alignment loss: how far apart a model holds the same people in both modalities.

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

return M
