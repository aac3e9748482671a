-- Activation patching between modalities: does the state of one run, put into a run of the other
-- modality about somebody else, carry the first run's answer over?

local reading = require "eidetic.reading"

---@type eidetic.Probe
return {
  name = "patching",
  summary = "Does a state from the other modality carry its answer over?",
  api = ">=1.0", needs = { "hooks" },
  help = [[
Measures: person i is shown in `modality`, person i + 1 in the other modality. After one decoder
block the state where the answer begins is taken from the second run and put into the first. The
outcome is whether the first word on top becomes the second run's: interchange intervention
accuracy (Geiger et al. 2021, arXiv 2106.02997; patching as in Vig et al. 2020, 2004.12265).
`recovery` is the same in log-probability: (patched - before) / (source - before) of the source's
word, means over people; absent where source and target hardly differ.
Read it: the first block from which it is near 1 is where the answer has been read from the person.
After the last block it is 1 by construction: nothing but the head follows.
Chance: how often the unpatched run says that word anyway. Control: never-trained people, whose
answers are guesses but are carried over as well.]],
  params = {
    modality = {
      type = "string", one_of = { "image", "text" }, default = "text",
      summary = "The run that is changed; the state comes from the other modality.",
    },
  },
  run = function(ctx)
    local tensor, model = require "eidetic.tensor", ctx.model
    local source = ctx.people:test(ctx.params.modality == "image" and "text" or "image", "name")
    local target, turn = ctx:items(ctx.params.modality), {}
    for i = 1, #target do turn[i] = i % #target + 1 end
    local function logs(items)
      local x = model:activations(items, { names = "logits", at = "answer" })
      return x.logits:log_softmax(2)
    end
    local clean, before = logs(source):rows(turn), logs(target)
    local wanted = clean:argmax(2)
    local words = wanted:totable()
    local function of(x) return x:gather(wanted:unsqueeze(2), 2):mean():item() end
    local function hits(x)
      local said, result = x:argmax(2):totable(), {}
      for i, word in ipairs(said) do result[i] = word == words[i] end
      return result
    end
    local same = 0
    for _, hit in ipairs(hits(before)) do same = same + (hit and 1 / #target or 0) end
    local states, parts, scores = reading.states(model, source), {}, {}
    for block, state in ipairs(states) do
      local name = ("decoder.block.%d"):format(block)
      local patched = tensor.no_grad(function()
        return model:with_hooks({ [name] = function(x, info)
          return reading.replaced(x, info.answers, state:rows(turn))
        end }, function() return logs(target) end)
      end)
      parts[block] = { name = ("block %d"):format(block), per_item = hits(patched), chance = same }
      local room = of(clean) - of(before)
      if math.abs(room) > 0.01 then
        scores[#scores + 1] = { name = ("block %d, recovery"):format(block),
                                value = (of(patched) - of(before)) / room }
      end
    end
    -- The middle of the decoder: early enough to be read from, late enough to hold something.
    local middle = parts[(#parts + 1) // 2]
    return { per_item = middle.per_item, chance = same, parts = parts, scores = scores }
  end,
}
