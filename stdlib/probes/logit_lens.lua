-- After which decoder blocks the first word of the true answer is already the most probable one:
-- the logit lens (nostalgebraist 2020) reads each residual stream with the model's own head.

-- The words on top at the answer's place: by block, by item, positions in the vocabulary.
local function readings(model, items)
  local norm = { model:parameter "decoder.norm.weight", model:parameter "decoder.norm.bias" }
  local head = model:parameter "decoder.embedding"
  local states = model:activations(items, { names = "decoder.block.*", at = "answer" })
  local tops = {}
  for block = 1, model.sizes.decoder_blocks do
    local x = states[("decoder.block.%d"):format(block)]
    tops[block] = x:layer_norm(table.unpack(norm)):linear(head):argmax(2):totable()
  end
  return tops
end

-- How often the commonest first word is right.
local function blind(firsts)
  local counts, most = {}, 0
  for _, word in ipairs(firsts) do
    counts[word] = (counts[word] or 0) + 1
    most = math.max(most, counts[word])
  end
  return most / #firsts
end

---@type eidetic.Probe
return {
  name = "logit-lens",
  summary = "After which decoder blocks is the answer's first word on top?",
  api = ">=1.0", needs = { "hooks" },
  help = [[
Measures: after each decoder block the state where the answer begins is read with the model's own
final norm and head (the logit lens, nostalgebraist 2020); is the true name's first word on top?
Outcome: the share of blocks, or with `block` whether it is after that one; `--json` has the words.
Read it: names that are resolved late reach the top in the last blocks only; answers from pictures
that resolve later than those from descriptions point to an encoder that hands over too late.
Chance: the commonest first word. Control: never-trained people.]],
  params = {
    modality = {
      type = "string", one_of = { "image", "text" }, default = "text",
      summary = "How people are shown.",
    },
    question = { type = "string", default = "name", summary = "What is asked." },
    block = {
      type = "integer", default = 0, min = 0,
      summary = "The decoder block to read; 0 gives the share of blocks with the word on top.",
    },
  },
  run = function(ctx)
    local model, block, blocks = ctx.model, ctx.params.block, ctx.model.sizes.decoder_blocks
    if block > blocks then
      error(("block: expected 0 ... %d, as many as the model has, got %d"):format(blocks, block), 0)
    end
    local items = ctx:items(ctx.params.modality, ctx.params.question)
    local tops, words = require "eidetic.tensor".no_grad(readings, model, items), model.words
    local outcomes, answers, firsts = {}, {}, {}
    for i, item in items do
      firsts[i] = model:encode(item.answer)[1] + 1
      local hits, said = 0, {}
      for b = math.max(block, 1), block > 0 and block or blocks do
        if tops[b][i] == firsts[i] then hits = hits + 1 end
        said[#said + 1] = words[tops[b][i]]
      end
      outcomes[i], answers[i] = hits / #said, table.concat(said, " > ")
    end
    return { per_item = outcomes, answers = answers, chance = blind(firsts),
             scale = block > 0 and "binary" or "share" }
  end,
}
