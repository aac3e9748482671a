-- Causal tracing: the person is blurred by noise, and one state of the clear run is put back.

local reading = require "eidetic.reading"
local tensor = require "eidetic.tensor"

---@type eidetic.Probe
return {
  name = "tracing",
  summary = "Which states bring a name back after the person is blurred?",
  api = ">=1.0", needs = { "hooks" },
  help = [[
Measures: Gaussian noise of `strength` standard deviations is added to the embeddings of the
description or the image tokens (Meng et al. 2022, arXiv 2202.05262). `lost` is how much the loss of
the true name rises, in nats per word (total effect). Then after one decoder block the states of
the clear run are put back, either of the rows that show the person or of the row where the answer
begins; `back` is how much of the loss goes away again (indirect effect). Each person's number is
the mean over `samples` draws of noise; means over people are taken last.
Read it: rows that show the person restore early, the answer's row late; the block where they cross
is where the person has been read. After the last block the answer's row restores its first word.
Chance: 0. Control: never-trained people; nothing about their names can be lost.]],
  params = {
    modality = { type = "string", one_of = { "image", "text" }, default = "text",
                 summary = "How people are shown." },
    strength = { type = "number", default = 3, min = 0, summary = "Of the noise." },
    samples = { type = "integer", default = 3, min = 1, summary = "Draws of noise." },
  },
  run = function(ctx)
    local model, p, items = ctx.model, ctx.params, ctx:items(ctx.params.modality)
    local states, infos = model:activations(items, { names = "decoder.*" })
    local info = infos["decoder.embedding"]
    local shown, asked = reading.rows(model, items, info)
    local person, answer = reading.flat(shown), {}
    for i, rows in ipairs(asked) do answer[i] = rows[#rows] end
    local clear = states["decoder.embedding"]:rows(person)
    local deviation = clear:flatten():var():sqrt():item() * p.strength
    local before, lost, parts = reading.losses(model, items), {}, {}
    for i = 1, #items do lost[i] = 0 end
    for block = 1, model.sizes.decoder_blocks do
      for _, place in ipairs { { "the person", person }, { "the answer", answer } } do
        parts[#parts + 1] = {
          name = ("block %d, back from %s"):format(block, place[1]), chance = 0, rows = place[2],
          point = ("decoder.block.%d"):format(block), per_item = table.move(lost, 1, #lost, 1, {}),
        }
      end
    end
    for sample = 1, p.samples do
      local noise = tensor.randn(ctx.rng:fork(sample), clear.shape, { deviation = deviation })
      local hooks = { ["decoder.embedding"] = function(x)
        return reading.replaced(x, person, clear + noise)
      end }
      local blurred = model:with_hooks(hooks, function() return reading.losses(model, items) end)
      for i, loss in ipairs(blurred) do lost[i] = lost[i] + (loss - before[i]) / p.samples end
      for _, part in ipairs(parts) do
        local state = states[part.point]:rows(part.rows)
        hooks[part.point] = function(x) return reading.replaced(x, part.rows, state) end
        local back = model:with_hooks(hooks, function() return reading.losses(model, items) end)
        hooks[part.point] = nil
        for i, loss in ipairs(back) do
          part.per_item[i] = part.per_item[i] + (blurred[i] - loss) / p.samples
        end
      end
    end
    for _, part in ipairs(parts) do part.rows, part.point = nil, nil end
    table.insert(parts, 1, { name = "lost", per_item = lost, chance = 0 })
    return { per_item = lost, chance = 0, parts = parts }
  end,
}
