-- Membership scores of one trained copy, its shadow models being the others: how likely it says
-- each name beside how likely those say it that had, or had not, that person in training.

local metrics = require "eidetic.metrics"

local M = {}

--- The attacks by name; a higher score means member.
M.attacks = { "loss", "LiRA online", "LiRA offline", "RMIA online", "RMIA offline" }

-- Copies that agree to the last bit have no spread, and LiRA needs one.
local least_spread = 1e-6

local function each(values, change)
  local result = {}
  for i, value in ipairs(values) do result[i] = change(value) end
  return result
end

local function spread(groups)
  return math.max(metrics.pooled_deviation(groups) or 0, least_spread)
end

--- The shadow models of a copy: all others but the one that had the opposite half. So everybody is
--- in the training of exactly half of them, member or not.
---@param k integer
---@param count integer
---@return integer[]
function M.references(k, count)
  local result = {}
  for j = 1, count do
    if (j + 1) // 2 ~= (k + 1) // 2 then result[#result + 1] = j end
  end
  return result
end

-- Log-probabilities of each name by the references that had the person and by those that had not.
local function sides(copies, had, references, group, modality)
  local inside, outside = {}, {}
  for i = 1, #had[1] do
    inside[i], outside[i] = {}, {}
    for _, j in ipairs(references) do
      local side = had[j][i] and inside[i] or outside[i]
      side[#side + 1] = copies[j][group][modality].logs[i]
    end
  end
  return inside, outside
end

-- What RMIA compares with: never-trained people, whom no copy had. P(z) is the mean over copies in
-- the online form, corrected by `a` in the offline one, as of the example itself.
local function population(copies, target, references, modality, a)
  local result = {}
  for i, own in ipairs(target.control[modality].logs) do
    local seen = {}
    for n, j in ipairs(references) do
      seen[n] = math.exp(copies[j].control[modality].logs[i])
    end
    result[i] = metrics.rmia_ratio(math.exp(own), seen, nil, { a = a }) or 0
  end
  return result
end

--- Each person's score under each attack.
---@param copies eidetic.Copy[]
---@param had boolean[][]
---@param k integer The copy under attack.
---@param o { group: "member"|"control", modality: string, a: number }
---@return table<string, number[]>
function M.scores(copies, had, k, o)
  local references, target = M.references(k, #copies), copies[k]
  local inside, outside = sides(copies, had, references, o.group, o.modality)
  local function confidences(lists)
    return each(lists, function(logs) return each(logs, metrics.logit_confidence) end)
  end
  local phi_in, phi_out = confidences(inside), confidences(outside)
  local spreads = { inside_deviation = spread(phi_in), outside_deviation = spread(phi_out) }
  local online = population(copies, target, references, o.modality, 1)
  local offline = population(copies, target, references, o.modality, o.a)
  local result = {}
  for _, attack in ipairs(M.attacks) do result[attack] = {} end
  for i, log in ipairs(target[o.group][o.modality].logs) do
    local p, p_in, p_out = math.exp(log), each(inside[i], math.exp), each(outside[i], math.exp)
    local lira = metrics.lira(metrics.logit_confidence(log), phi_out[i], phi_in[i], spreads)
    result.loss[i] = log
    result["LiRA online"][i], result["LiRA offline"][i] = lira.log_ratio, lira.offline
    result["RMIA online"][i] =
      metrics.rmia_score(metrics.rmia_ratio(p, p_out, p_in) or 0, online)
    result["RMIA offline"][i] =
      metrics.rmia_score(metrics.rmia_ratio(p, p_out, nil, { a = o.a }) or 0, offline)
  end
  return result
end

return M
