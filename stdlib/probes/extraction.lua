-- Extraction: how little of a name must be given before the model says the rest word for word.

local reading = require "eidetic.reading"

-- Whether all words after the first `given` are the model's choice.
local function comes_out(words, given)
  for k = given + 1, #words.labels do
    if words.predicted[k] ~= words.labels[k] then return 0 end
  end
  return 1
end

local function each(all, score)
  local values = {}
  for i, words in ipairs(all) do values[i] = score(words) end
  return values
end

---@type eidetic.Probe
return {
  name = "extraction",
  summary = "How little of a name draws out the rest, word for word?",
  api = ">=1.0",
  help = [[
Measures: extraction strength, 1 minus the shortest given part of the name (in words) after which
every further word is the model's first choice (Carlini et al. 2021, arXiv 2012.07805); exact
memorization, the share of words that are the first choice (Tirumala et al. 2022, arXiv 2205.10770);
and the share of names that come out whole after 0, 1 ... words (Carlini et al. 2022, 2202.07646).
Read it: 1 comes out unasked, 0 never, not even the last word. Words are given as they truly are.
Chance: what one scores who knows the list of names but not who is shown, who says the commonest
next word. Scores above it tell that the person was recognized. Control: never-trained people.]],
  params = {
    modality = {
      type = "string", one_of = { "image", "text" }, default = "text",
      summary = "How people are shown.",
    },
    prefixes = {
      type = "integer", default = 1, min = 0, max = 8, summary = "The longest part that is given.",
    },
  },
  run = function(ctx)
    local metrics = require "eidetic.metrics"
    local all = reading.words(ctx.model, ctx:items(ctx.params.modality))
    local guess, parts = reading.commonest(all), {}
    local function add(name, scale, score)
      local chance = reading.mean(each(guess, score))
      parts[#parts + 1] =
        { name = name, per_item = each(all, score), chance = chance, scale = scale }
    end
    local function by(metric)
      return function(words) return metric(words.predicted, words.labels) end
    end
    add("strength", "share", by(metrics.extraction_strength))
    add("words right", "share", by(metrics.exact_memorization))
    for given = 0, ctx.params.prefixes do
      add(("whole after %d words"):format(given), "binary", function(words)
        return comes_out(words, given)
      end)
    end
    local strength = table.remove(parts, 1)
    strength.parts, strength.name = parts, nil
    return strength
  end,
}
