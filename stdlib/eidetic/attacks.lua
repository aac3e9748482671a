-- Membership scores that need no retraining: how easily a model says each person's name, measured
-- in nine ways. A higher score means member.

local metrics = require "eidetic.metrics"
local reading = require "eidetic.reading"

local M = {}

--- The attacks by name.
M.names = { "loss", "min-k", "min-k++", "zlib", "gradient norm", "calibrated", "neighbourhood",
            "recall", "reference" }

-- How many other people lend their names to neighbours.
local lenders = 5
-- ReCaLL's ratio has no upper end where the model is certain of the name.
local certain = 1e12

local function own_logs(words)
  local logs, own = words.logs:totable(), {}
  for k, token in ipairs(words.tokens) do own[k] = logs[k][token + 1] end
  return own
end

-- Names that nobody has: one word is the person's, the other that of one of the next people.
local function neighbours(names, i)
  local taken, result = {}, {}
  for _, name in ipairs(names) do taken[name] = true end
  local first, last = names[i]:match "^(%S+)%s+(.+)$"
  for step = 1, math.min(lenders, #names - 1) do
    local other_first, other_last = names[(i + step - 1) % #names + 1]:match "^(%S+)%s+(.+)$"
    if first and other_first then
      for _, name in ipairs { first .. " " .. other_last, other_first .. " " .. last } do
        if not taken[name] then result[#result + 1] = name end
      end
    end
  end
  return result
end

-- The name against its neighbours, all by log-probability; 0 where there are none.
local function against(own, others)
  return #others > 0 and metrics.neighbourhood_score(own, others) or 0
end

-- The length of the whole gradient is that of the list of its tensors' lengths.
local function flatness(gradients)
  local lengths = {}
  for k, gradient in ipairs(gradients) do lengths[k] = gradient:norm():item() end
  return metrics.gradient_norm_score { lengths }
end

-- The questions after a never-trained person's description and name.
local function after_stranger(items, stranger)
  local shown = stranger:test("text", "name")[1]
  local prefix = shown.shown .. " " .. shown.answer
  return items:map(function(item) return { question = prefix .. " " .. item.asked } end)
end

--- Each person's score under each attack; without `reference` or `gradients` those are left out.
---@param model Model
---@param people People
---@param o { modality: string, stranger: People, reference: Model?, gradients: string? } One person
---  whom nobody trained on; a model to compare with; a pattern of parameters.
---@return table<string, number[]>
function M.scores(model, people, o)
  local items, result = people:test(o.modality, "name"), {}
  for _, name in ipairs(M.names) do result[name] = {} end
  local table_of_names = model:log_probabilities(items, people.names)
  local prefixed = reading.words(model, after_stranger(items, o.stranger))
  local outside = o.reference and reading.words(o.reference, items)
  for i, words in ipairs(reading.words(model, items)) do
    local logs, shown_others = own_logs(words), {}
    for k = 1, #items do
      if k ~= i then shown_others[#shown_others + 1] = table_of_names[k][i] end
    end
    local near = neighbours(people.names, i)
    local near_logs = {}
    if #near > 0 then near_logs = model:log_probabilities(items:skip(i - 1):take(1), near)[1] end
    result.loss[i] = metrics.loss_score(logs)
    result["min-k"][i] = metrics.min_k_score(logs)
    result["min-k++"][i] = metrics.min_k_plus_plus_score(words.logs, words.tokens)
    result.zlib[i] = metrics.zlib_score(logs, items[i].answer).value
    result.calibrated[i] = against(table_of_names[i][i], shown_others)
    result.neighbourhood[i] = against(table_of_names[i][i], near_logs)
    result.recall[i] = metrics.prefix_recall_score(logs, own_logs(prefixed[i])) or certain
    if outside then result.reference[i] = metrics.reference_score(logs, own_logs(outside[i])) end
  end
  if o.gradients then
    result["gradient norm"] = reading.gradients(model, items, o.gradients, flatness)
  else
    result["gradient norm"] = nil
  end
  if not outside then result.reference = nil end
  return result
end

return M
