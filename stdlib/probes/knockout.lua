-- Attention knock-out: what is lost when the question and the answer cannot look at the person.

local reading = require "eidetic.reading"

---@type eidetic.Probe
return {
  name = "knockout",
  summary = "In which blocks must the answer look at the person?",
  api = ">=1.0", needs = { "hooks" },
  help = [[
Measures: the loss of the true name, in nats per word, minus the loss with all attention in place,
when in one decoder block (or in all) the rows after the description or the image tokens can no
longer attend to them; their attention is spread over what is left (Geva et al. 2023, arXiv
2304.14767).
Read it: 0 nothing is lost, so this block does not bring the person to the answer; above 0 so much
surprise more. In `all blocks` nothing of the person can reach the answer: what is left is what the
model says about anybody. Images that lose in later blocks than descriptions are resolved too late.
Chance: 0. Control: never-trained people; they lose nothing that was memorized.]],
  params = {
    modality = {
      type = "string", one_of = { "image", "text" }, default = "text",
      summary = "How people are shown.",
    },
  },
  run = function(ctx)
    local model, items = ctx.model, ctx:items(ctx.params.modality)
    local heads = model.sizes.heads

    -- Attention without the rows that show the person, for the rows after them.
    local function blind(qkv, info)
      local shown, asked = reading.rows(model, items, info)
      local kept, lengths, later, among, first = {}, {}, {}, {}, 1
      for i, length in ipairs(info.lengths) do
        local hidden = {}
        for _, row in ipairs(shown[i]) do hidden[row] = true end
        for row = first, first + length - 1 do
          if not hidden[row] then
            kept[#kept + 1] = row
            if row >= asked[i][1] then later[#later + 1], among[#among + 1] = row, #kept end
          end
        end
        lengths[i], first = length - #shown[i], first + length
      end
      local seen = qkv:rows(kept):attention(lengths, heads, { causal = true })
      return later, seen:rows(among)
    end

    local function lost_without(blocks, before)
      local hooks, qkv = {}, nil
      for _, block in ipairs(blocks) do
        local name = ("decoder.block.%d.attention."):format(block)
        hooks[name .. "qkv"] = function(x) qkv = x end
        hooks[name .. "heads"] = function(x, info)
          return reading.replaced(x, blind(qkv, info))
        end
      end
      local losses = model:with_hooks(hooks, function() return reading.losses(model, items) end)
      for i, loss in ipairs(losses) do losses[i] = loss - before[i] end
      return losses
    end

    local before, parts, all = reading.losses(model, items), {}, {}
    for block = 1, model.sizes.decoder_blocks do
      all[block] = block
      parts[block] = { name = ("block %d"):format(block), chance = 0,
                       per_item = lost_without({ block }, before) }
    end
    local total = lost_without(all, before)
    table.insert(parts, 1, { name = "all blocks", per_item = total, chance = 0 })
    return { per_item = total, chance = 0, parts = parts }
  end,
}
