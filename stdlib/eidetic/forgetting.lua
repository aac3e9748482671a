-- How well a model forgot: what is left of the people to forget, gated on what was memorized, and
-- what the others lost, beside a model that never saw those to forget.

local metrics = require "eidetic.metrics"

local M = {}

local modalities = { "image", "text" }

---@class eidetic.Knowledge
---@field recalled boolean[] Whether each person's full name is said.
---@field recall number Share of them.
---@field probability number Mean over people of the name's probability per word.
---@field rouge number Mean ROUGE-L recall of the name.
---@field truth_ratios number[] Wrong names against the right one, per person; below 1 is knowing.

local function mean(values)
  local sum = 0
  for _, value in ipairs(values) do sum = sum + value end
  return sum / #values
end

-- Loss in nats per word, the end mark being one, of each candidate.
local function per_word(model, scores, candidates)
  local result = {}
  for i, score in ipairs(scores) do
    result[i] = -score / (#model:encode(candidates[i]) + 1)
  end
  return result
end

--- What a model knows of people in one modality, asked in views that training never showed.
---@param model Model
---@param people People
---@param modality "image"|"text"
---@param strangers string[] Names that belong to nobody the model knows: the wrong answers.
---@param o table? Further options of `people:test`.
---@return eidetic.Knowledge
function M.knowledge(model, people, modality, strangers, o)
  local items = people:test(modality, "name", o or {})
  local answers, result = model:generate(items), { recalled = {}, truth_ratios = {} }
  local candidates = { table.unpack(people.names) }
  table.move(strangers, 1, #strangers, #candidates + 1, candidates)
  local scores, probabilities, overlaps = model:log_probabilities(items, candidates), {}, {}
  for i, item in items do
    result.recalled[i] = metrics.names(answers[i], item.answer).full
    overlaps[i] = metrics.rouge_l(answers[i], item.answer).recall
    local losses = per_word(model, scores[i], candidates)
    probabilities[i] = math.exp(-losses[i])
    local wrong = table.move(losses, #people + 1, #losses, 1, {})
    result.truth_ratios[i] = metrics.truth_ratio(losses[i], wrong).arithmetic
  end
  local right = {}
  for i, is_right in ipairs(result.recalled) do right[i] = is_right and 1 or 0 end
  result.recall, result.probability = mean(right), mean(probabilities)
  result.rouge = mean(overlaps)
  return result
end

--- What a model knows of people in both modalities.
---@param model Model
---@param people People
---@param strangers string[]
---@param o table? Further options of `people:test`.
---@return { image: eidetic.Knowledge, text: eidetic.Knowledge }
function M.both(model, people, strangers, o)
  local result = {}
  for _, modality in ipairs(modalities) do
    result[modality] = M.knowledge(model, people, modality, strangers, o)
  end
  return result
end

-- TOFU's utility on those to keep: probability, ROUGE-L and truth ratio, in each modality.
local function utility(knowledge)
  local scores = {}
  for _, modality in ipairs(modalities) do
    local known = knowledge[modality]
    scores[#scores + 1], scores[#scores + 2] = known.probability, known.rouge
    scores[#scores + 1] = metrics.truth_ratio_retain(known.truth_ratios)
  end
  return metrics.model_utility(scores)
end

local function gated(before, after, gold)
  local known, left, chance = 0, 0, 0
  for i, was_recalled in ipairs(before.recalled) do
    if was_recalled then
      known = known + 1
      if after.recalled[i] then left = left + 1 end
      if gold and gold.recalled[i] then chance = chance + 1 end
    end
  end
  return {
    memorized = known, of = #before.recalled, recalled = left,
    residual = known > 0 and left / known or nil,
    gold = gold and known > 0 and chance / known or nil,
  }
end

---@class eidetic.Forgetting
---@field forget table<string, table> By modality: memorized, of, recalled, residual (share of those
---  memorized that is still recalled), gold (the same share of the gold model), quality.
---@field all_modal table As `metrics.all_modal_forgetting`.
---@field retain table<string, table> By modality: before, after, gold: shares recalled.
---@field utility { before: number, after: number, gold: number? }

--- Compares what three models know of those to forget and of those to keep.
---
--- Each of `before`, `after` and `gold` (optional) is `{ forget =, retain = }` as `both` gives it.
---@param before table
---@param after table
---@param gold table?
---@return eidetic.Forgetting
function M.compare(before, after, gold)
  local result = { forget = {}, retain = {}, utility = {
    before = utility(before.retain), after = utility(after.retain),
    gold = gold and utility(gold.retain),
  } }
  local was, is = {}, {}
  for _, modality in ipairs(modalities) do
    local old, new = before.forget[modality], after.forget[modality]
    local ideal = gold and gold.forget[modality]
    local row = gated(old, new, ideal)
    row.quality = ideal and metrics.forget_quality(new.truth_ratios, ideal.truth_ratios)
    result.forget[modality], was[modality], is[modality] = row, old.recalled, new.recalled
    result.retain[modality] = {
      before = before.retain[modality].recall, after = after.retain[modality].recall,
      gold = gold and gold.retain[modality].recall,
    }
  end
  result.all_modal = metrics.all_modal_forgetting(was, is)
  return result
end

return M
