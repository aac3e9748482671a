-- Ablation: what is lost when one component of the model adds nothing, or what it adds on average.

local reading = require "eidetic.reading"
local tensor = require "eidetic.tensor"

-- The components by name and, for a head, its share of the width.
local function components(model, modality, what)
  local result, heads = {}, model.sizes.heads
  local sides = modality == "image" and { "vision", "decoder" } or { "decoder" }
  for _, side in ipairs(sides) do
    for block = 1, model.sizes[side == "vision" and "encoder_blocks" or "decoder_blocks"] do
      local name = ("%s.block.%d"):format(side, block)
      if what == "blocks" then
        result[#result + 1] = { point = name .. ".attention.output", name = name .. " attention" }
        result[#result + 1] = { point = name .. ".mlp", name = name .. " mlp" }
      else
        for head = 1, heads do
          result[#result + 1] = { point = name .. ".attention.heads", head = head,
                                  name = ("%s head %d"):format(name, head) }
        end
      end
    end
  end
  return result
end

-- 1 in the columns of a head, 0 elsewhere; 1 everywhere for a whole component.
local function columns(width, heads, head)
  if not head then return tensor.ones { width } end
  local mask, size = tensor.zeros { width }, width // heads
  mask:narrow(1, (head - 1) * size + 1, size):fill_(1)
  return mask
end

---@type eidetic.Probe
return {
  name = "ablation",
  summary = "What is lost without each attention layer, MLP or head?",
  api = ">=1.0", needs = { "hooks" },
  help = [[
Measures: the loss of the true name, in nats per word, minus that of the whole model, when one
component is replaced by zeros or by its mean over all rows of these people (mean ablation keeps
the size of what follows). Pictures also pass the image encoder's components.
Read it: 0 the component does not matter for these names; above 0 it holds or passes on what is
needed; below 0 the name is likelier without it. Components that matter to members and not to
never-trained people are where memory is looked for. The outcome of a person is the largest loss.
Chance: 0 for each component; the largest of many is above 0 by luck too, so read it beside the
control. Control: never-trained people.]],
  params = {
    modality = { type = "string", one_of = { "image", "text" }, default = "text",
                 summary = "How people are shown." },
    what = { type = "string", one_of = { "blocks", "heads" }, default = "blocks",
             summary = "Attention layers and MLPs, or single heads." },
    by = { type = "string", one_of = { "mean", "zero" }, default = "mean",
           summary = "What stands in its place." },
  },
  run = function(ctx)
    local model, p, items = ctx.model, ctx.params, ctx:items(ctx.params.modality)
    local before, most, parts = reading.losses(model, items), {}, {}
    for k, component in ipairs(components(model, p.modality, p.what)) do
      local mask = columns(model.sizes.width, model.sizes.heads, component.head)
      local losses = model:with_hooks({ [component.point] = function(x)
        if p.by == "zero" then return x * (1 - mask) end
        return x * (1 - mask) + x:mean(1, { keep = true }) * mask
      end }, function() return reading.losses(model, items) end)
      for i, loss in ipairs(losses) do
        losses[i] = loss - before[i]
        most[i] = math.max(most[i] or losses[i], losses[i])
      end
      parts[k] = { name = component.name, per_item = losses, chance = 0 }
    end
    return { per_item = most, parts = parts }
  end,
}
