-- What probes read from a model beyond its answers: the words it would have said, the rows of its
-- activations that show a person, its states at the answer's place, what a classifier reads off
-- them; and one score per person that averages to the area under an ROC curve.

local tensor = require "eidetic.tensor"
local training = require "eidetic.training"

local M = {}

--- One item's answer, as a model sees it while it is told the truth.
---@class eidetic.AnswerWords
---@field labels integer[] The ids of its words, without the end mark.
---@field predicted integer[] The model's first choice for each.
---@field logs Tensor Log-probabilities of the vocabulary, [words + 1, vocabulary].
---@field tokens integer[] The ids that stand there, the end mark included.

-- The id of the end mark: the answer's last label.
local end_mark = 1

--- The model's choices along each true answer (teacher forcing).
---@param model Model
---@param items Items
---@return eidetic.AnswerWords[]
function M.words(model, items)
  return tensor.no_grad(function()
    local x, rows = model:activations(items, { names = "logits" })
    local logs, lengths, row, result = x.logits:log_softmax(2), rows.logits.lengths, 1, {}
    local tops = logs:argmax(2):totable()
    for i, item in items do
      local labels, predicted = model:encode(item.answer), {}
      for k = 1, #labels do predicted[k] = tops[row + k - 1] - 1 end
      local tokens = { table.unpack(labels) }
      tokens[#tokens + 1] = end_mark
      result[i] = {
        labels = labels, predicted = predicted, tokens = tokens,
        logs = logs:narrow(1, row, lengths[i]),
      }
      row = row + lengths[i]
    end
    return result
  end)
end

--- What one would say who knows the list of answers but not which is asked for: after the words
--- given, the commonest next one; of equals the first in the vocabulary.
---@param all eidetic.AnswerWords[]
---@return { labels: integer[], predicted: integer[] }[]
function M.commonest(all)
  local counts, best, result = {}, {}, {}
  for _, words in ipairs(all) do
    local key = ""
    for _, word in ipairs(words.labels) do
      counts[key] = counts[key] or {}
      local count = (counts[key][word] or 0) + 1
      counts[key][word] = count
      local top = best[key] and counts[key][best[key]] or 0
      if count > top or count == top and word < best[key] then best[key] = word end
      key = key .. " " .. word
    end
  end
  for i, words in ipairs(all) do
    local key, said = "", {}
    for k, word in ipairs(words.labels) do said[k], key = best[key], key .. " " .. word end
    result[i] = { labels = words.labels, predicted = said }
  end
  return result
end

--- The words on top where the answer begins, as positions in the vocabulary.
---@param model Model
---@param items Items
---@return integer[]
function M.first_words(model, items)
  local x = model:activations(items, { names = "logits", at = "answer" })
  return x.logits:argmax(2):totable()
end

--- The loss of each true answer in nats per word, as plain numbers.
---@param model Model
---@param items Items
---@return number[]
function M.losses(model, items)
  return tensor.no_grad(function() return model:losses(items):totable() end)
end

--- The gradient of each item's loss, one item at a time.
---@generic T
---@param model Model Its own gradients are cleared.
---@param items Items
---@param pattern string Which parameters.
---@param use fun(gradients: Tensor[]): T What to keep of an item's gradient, one flat tensor per
---  parameter.
---@return T[] By item.
function M.gradients(model, items, pattern, use)
  local result, chosen, every = {}, model:parameters(pattern), model:parameters()
  for _, parameter in ipairs(every) do parameter.tensor:zero_grad() end
  for i = 1, #items do
    model:loss(items:skip(i - 1):take(1)):backward()
    local flat = {}
    for k, parameter in ipairs(chosen) do
      local gradient = parameter.tensor.grad
      flat[k] = gradient and gradient:flatten() or tensor.zeros { parameter.tensor.size }
    end
    result[i] = use(flat)
    for _, parameter in ipairs(every) do parameter.tensor:zero_grad() end
  end
  return result
end

--- Which rows of a decoder activation show the person and which ask: positions by item.
---@param model Model
---@param items Items
---@param info table What a hook or `activations` gets: lengths, items, answers.
---@return integer[][] shown After the begin mark, before the question.
---@return integer[][] asked The question, its last word being where the answer begins.
function M.rows(model, items, info)
  local shown, asked, first = {}, {}, 1
  for i, length in ipairs(info.lengths) do
    local last = info.answers[i]
    local words = #model:encode(items[info.items[i]].asked)
    shown[i], asked[i] = {}, {}
    for row = first + 1, last - words do shown[i][#shown[i] + 1] = row end
    for row = last - words + 1, last do asked[i][#asked[i] + 1] = row end
    first = first + length
  end
  return shown, asked
end

--- All positions of such lists, one after the other.
---@param lists integer[][]
---@return integer[]
function M.flat(lists)
  local result = {}
  for _, list in ipairs(lists) do table.move(list, 1, #list, #result + 1, result) end
  return result
end

--- An activation in which some rows are replaced by others.
---@param x Tensor [rows, width]
---@param positions integer[] Which rows.
---@param by Tensor [#positions, width]
---@return Tensor
function M.replaced(x, positions, by)
  local order, count = {}, x.shape[1]
  for row = 1, count do order[row] = row end
  for k, row in ipairs(positions) do order[row] = count + k end
  return tensor.cat({ x, by }):rows(order)
end

--- The decoder's residual stream after each block, at the place where the answer begins.
---@param model Model
---@param items Items
---@return Tensor[] states By block, [items, width].
function M.states(model, items)
  local x = model:activations(items, { names = "decoder.block.*", at = "answer" })
  local states = {}
  for block = 1, model.sizes.decoder_blocks do
    states[block] = x[("decoder.block.%d"):format(block)]
  end
  return states
end

--- The class of each person by a label.
---@param people People
---@param label string `person`, each being a class, or an attribute.
---@return integer[] classes From 1.
---@return integer count How many classes there are.
---@return number commonest The share of people in the commonest.
function M.classes(people, label)
  local classes, places, tally, most = {}, {}, {}, 0
  for _, attribute in ipairs(people.attributes) do
    if attribute.name == label then
      for k, value in ipairs(attribute.values) do places[value] = k end
    end
  end
  if label ~= "person" and not next(places) then
    error(("label: expected 'person' or an attribute of these people, got '%s'"):format(label), 0)
  end
  for i = 1, #people do
    local class = label == "person" and i or places[people:record(i).attributes[label]]
    classes[i], tally[class] = class, (tally[class] or 0) + 1
    most = math.max(most, tally[class])
  end
  local count = #people
  if label ~= "person" then
    count = 0
    for _ in pairs(places) do count = count + 1 end
  end
  return classes, count, most / #people
end

--- Learns a multinomial logistic classifier with weight decay.
---@param x Tensor [examples, width]
---@param labels integer[] The class of each, from 1.
---@param classes integer How many.
---@param steps integer Of training.
---@return fun(y: Tensor): integer[] classify The class of each row.
function M.classifier(x, labels, classes, steps)
  local w = tensor.zeros({ classes, x.shape[2] }):requires_grad()
  local b, ids = tensor.zeros({ classes }):requires_grad(), {}
  for i, label in ipairs(labels) do ids[i] = label - 1 end
  training.minimize({ w, b }, {
    steps = steps, lr = 0.02, warmup = 0, weight_decay = 0.1,
    loss = function() return x:linear(w, b):cross_entropy(ids):mean() end,
  })
  return function(y)
    local best = y:linear(w, b):argmax(2)
    ---@cast best Tensor
    return best:totable()
  end
end

--- The share of others' scores that lie below each score, ties counted half. The mean is the area
--- under the ROC curve (Mann and Whitney); chance is 0.5. Scores that differ by rounding alone, by
--- 1e-9 or less, are ties.
---@param scores number[]
---@param others number[]
---@return number[]
function M.placements(scores, others)
  local result = {}
  for i, score in ipairs(scores) do
    local below = 0
    for _, other in ipairs(others) do
      local lead = score - other
      below = below + (lead > 1e-9 and 1 or lead >= -1e-9 and 0.5 or 0)
    end
    result[i] = below / #others
  end
  return result
end

--- The mean of numbers.
---@param values number[]
---@return number
function M.mean(values)
  local sum = 0
  for _, value in ipairs(values) do sum = sum + value end
  return sum / #values
end

return M
