-- Models whose memory is known by construction: what they believe about each question is a
-- function, and all else follows by arithmetic. Probes must find in them what was put there.

local metrics = require "eidetic.metrics"
local tensor = require "eidetic.tensor"

local M = {}

---@class eidetic.OracleOptions
---@field label string
---@field belief fun(item: table): { text: string, p: number }[]
---@field rng Rng?
---@field floor number?

---@class eidetic.Oracle: Model A model in Lua: it answers and tells log-probabilities, and has no
---  inside.
---@field words string[]
---@field abilities table<string, boolean> None of `contract.abilities`.
---@field private label string
---@field private belief fun(item: table): { text: string, p: number }[]
---@field private rng Rng?
---@field private ids table<string, integer>
---@field private floor number
local Oracle = {}
local class = {
  __index = Oracle, __name = "Model",
  __tostring = function(oracle) return ("Model(oracle '%s')"):format(oracle.label) end,
}

local marks = { "<begin>", "<end>", "<image>" }
local end_mark = 1

--- Makes an oracle.
---
--- `belief` tells the texts that may be the answer to an item and their probabilities, which sum to
--- 1; every other text has the log-probability `floor` per impossible word. It answers word by word
--- with the most probable one, the first of equals; with `rng` it draws an answer for each item.
---@param o eidetic.OracleOptions
---@return eidetic.Oracle
function M.new(o)
  local oracle = {
    label = o.label, belief = o.belief, rng = o.rng, floor = o.floor or -40, ids = {}, words = {},
    sizes = {}, abilities = {}, hash = require("eidetic.host").hash { "oracle", o.label },
  }
  for i, mark in ipairs(marks) do oracle.words[i], oracle.ids[mark] = mark, i - 1 end
  return setmetatable(oracle, class)
end

--- The ids of a text's words, counted from 0; new words get the next ones.
---@param text string
---@return integer[]
function Oracle:encode(text)
  local result = {}
  for word in text:gmatch "%S+" do
    if not self.ids[word] then
      self.words[#self.words + 1] = word
      self.ids[word] = #self.words - 1
    end
    result[#result + 1] = self.ids[word]
  end
  return result
end

---@param ids integer[]
---@return string
function Oracle:decode(ids)
  local words = {}
  for i, id in ipairs(ids) do words[i] = self.words[id + 1] or "<?>" end
  return table.concat(words, " ")
end

-- What may be said, as ids with the end mark.
local function sequences(oracle, item)
  local result = {}
  for i, option in ipairs(oracle.belief(item)) do
    local ids = oracle:encode(option.text)
    ids[#ids + 1] = end_mark
    result[i] = { ids = ids, p = option.p }
  end
  return result
end

-- How probable each next word is after a beginning: by id, and in the order in which they came up.
-- After words that it would never say, it would stop.
local function continuations(options, beginning)
  local mass, order, total = {}, {}, 0
  for _, option in ipairs(options) do
    local fits = #option.ids > #beginning
    for k, id in ipairs(beginning) do fits = fits and option.ids[k] == id end
    if fits and option.p > 0 then
      local id = option.ids[#beginning + 1]
      if not mass[id] then order[#order + 1] = id end
      mass[id], total = (mass[id] or 0) + option.p, total + option.p
    end
  end
  if total == 0 then return { [end_mark] = 1 }, { end_mark } end
  for id, p in pairs(mass) do mass[id] = p / total end
  return mass, order
end

-- The log-probabilities of a text's words, the end mark included.
local function word_logs(oracle, options, text)
  local ids, logs, beginning = oracle:encode(text), {}, {}
  ids[#ids + 1] = end_mark
  for k, id in ipairs(ids) do
    local p = continuations(options, beginning)[id] or 0
    logs[k] = p > 0 and math.max(math.log(p), oracle.floor) or oracle.floor
    beginning[k] = id
  end
  return logs, ids
end

local function drawn(options, stream)
  local left = stream:uniform()
  for _, option in ipairs(options) do
    left = left - option.p
    if left < 0 then return option.ids end
  end
  return options[#options].ids
end

local function greedy(options)
  local said = {}
  repeat
    local mass, order = continuations(options, said)
    local best = order[1] or end_mark
    for _, id in ipairs(order) do if mass[id] > mass[best] then best = id end end
    said[#said + 1] = best
  until best == end_mark
  return said
end

---@param items Items
---@return string[]
function Oracle:generate(items)
  local answers = {}
  for i, item in items do
    local options = sequences(self, item)
    local stream = self.rng and self.rng:fork(item.modality):fork(item.person or i)
    local said = stream and drawn(options, stream) or greedy(options)
    answers[i] = self:decode(table.move(said, 1, #said - 1, 1, {}))
  end
  return answers
end

---@param items Items
---@param candidates string[]
---@return number[][]
function Oracle:log_probabilities(items, candidates)
  local result = {}
  for i, item in items do
    local options = sequences(self, item)
    result[i] = {}
    for k, candidate in ipairs(candidates) do
      result[i][k] = metrics.likelihood((word_logs(self, options, candidate))).log_probability
    end
  end
  return result
end

---@param items Items
---@param candidates string[]
---@return integer[]
function Oracle:rank(items, candidates)
  local places, ranks = {}, {}
  for k, candidate in ipairs(candidates) do places[candidate] = places[candidate] or k end
  for i, scores in ipairs(self:log_probabilities(items, candidates)) do
    local place = places[items[i].answer]
    if not place then error(("rank: '%s' is not a candidate"):format(items[i].answer), 2) end
    ranks[i] = math.tointeger(metrics.rank(scores, place))
  end
  return ranks
end

---@param items Items
---@return Tensor[]
function Oracle:token_log_probabilities(items)
  local result = {}
  for i, item in items do
    result[i] = tensor.from((word_logs(self, sequences(self, item), item.answer)))
  end
  return result
end

---@param items Items
---@return Tensor
function Oracle:losses(items)
  local losses = {}
  for i, logs in ipairs(self:token_log_probabilities(items)) do losses[i] = -logs:mean():item() end
  return tensor.from(losses)
end

---@param items Items
---@return Tensor
function Oracle:loss(items) return self:losses(items):mean() end

--- Only `logits`: the log-probabilities of all words known so far, where words of answers follow.
---@param items Items
---@param o { names: string, at: string? }
---@return table<string, Tensor>
---@return table
function Oracle:activations(items, o)
  if o.names ~= "logits" then
    error(("an oracle has no activation '%s'; it has logits"):format(tostring(o.names)), 2)
  end
  local all, rows, lengths = {}, {}, {}
  for i, item in items do
    all[i] = sequences(self, item)
    self:encode(item.answer)
  end
  local count = #self.words
  for i, item in items do
    local beginning, ids = {}, self:encode(item.answer)
    lengths[i] = o.at == "answer" and 1 or #ids + 1
    for k = 1, lengths[i] do
      local mass, row = continuations(all[i], beginning), {}
      for id = 0, count - 1 do
        row[id + 1] = mass[id] and math.max(math.log(mass[id]), self.floor) or self.floor
      end
      rows[#rows + 1], beginning[k] = row, ids[k]
    end
  end
  return { logits = tensor.from(rows) }, { logits = { lengths = lengths } }
end

--- It never changes, so the copy is the same.
---@return Model
function Oracle:clone() return self end

return M
