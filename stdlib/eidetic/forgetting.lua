-- How well a model forgot: what is left of the people to forget, gated on what was memorized, and
-- what the others lost, beside a model that never saw those to forget.

local metrics = require "eidetic.metrics"
local options = require "eidetic.options"
local plot = require "eidetic.plot"
local stats = require "eidetic.stats"
local tables = require "eidetic.tables"

local M = {}

local modalities = { "image", "text" }

---@class eidetic.Knowledge
---@field recalled boolean[] Whether each person's full name is said.
---@field recall number Share of them.
---@field probability number Mean over people of the name's probability per word.
---@field rouge number Mean ROUGE-L recall of the name.
---@field truth_ratios number[] Wrong names against the right one, per person; below 1 is knowing.

--- Those to forget, who are the first people, and those to keep.
---@param people People
---@param share number Of those to forget.
---@return People forget
---@return People retain
function M.split(people, share)
  local count = math.floor(#people * share + 0.5)
  if count < 1 or count >= #people then
    error(("forget: a share of %s of %d people leaves nobody to %s; choose another"):format(
      tables.number(share), #people, count < 1 and "forget" or "keep"), 0)
  end
  return people:take(count), people:skip(count)
end

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

-- ── Outcomes person by person, for experiments ──────────────────────────────────────────────────

---@class eidetic.Watch
---@field before Model
---@field forget People
---@field retain People
---@field gates table<string, Items> By modality the questions about those to forget that the model
---  answered right before; may be empty.
---@field keep table<string, Items> By modality the questions about those to keep.
---@field twins table<string, Items>? By modality the questions about never-trained people.
---@field chance number What blind guessing among all names scores.
local Watch = {}
Watch.__index = Watch

local function rights(model, items)
  local values = {}
  if #items == 0 then return values end
  for i, answer in ipairs(model:generate(items)) do
    values[i] = metrics.names(answer, items[i].answer).full and 1 or 0
  end
  return values
end

--- Looks at those to forget before they are forgotten, so that later models are asked only for what
--- was memorized.
---@param spec { before: Model, forget: People, retain: People, twins: People?, asked: table? }
---  asked holds further options of `people:test`, such as another wording
---@return eidetic.Watch
function M.watch(spec)
  local o = options.fill("forgetting.watch", spec, {
    before = options.any, forget = options.any, retain = options.any, twins = options.any,
    asked = options.any,
  })
  for _, name in ipairs { "before", "forget", "retain" } do
    if not o[name] then error(("forgetting.watch: '%s' is missing"):format(name), 2) end
  end
  local watch = {
    before = o.before, forget = o.forget, retain = o.retain, gates = {}, keep = {},
    twins = o.twins and {}, chance = 1 / (#o.forget + #o.retain),
  }
  for _, modality in ipairs(modalities) do
    local function ask(people) return people:test(modality, "name", o.asked or {}) end
    local questions = ask(o.forget)
    local right = rights(o.before, questions)
    watch.gates[modality] = questions:filter(function(_, i) return right[i] == 1 end)
    watch.keep[modality] = ask(o.retain)
    if o.twins then watch.twins[modality] = ask(o.twins) end
  end
  return setmetatable(watch, Watch)
end

---@class eidetic.Point
---@field name string The condition `method`.
---@field keys table<string, string> All conditions.
---@field model Model
---@field residual table<string, eidetic.Outcomes> By modality, where anything was memorized.
---@field retained table<string, eidetic.Outcomes> By modality.

--- Records what a model still knows, by modality asked (`target`): `residual`, whether each of
--- those memorized is still recalled, with never-trained people as control; `retained`, whether
--- each of those to keep is.
---@param ctx eidetic.Context
---@param keys table<string, string> Conditions.
---@param model Model
---@param prefix string? Stands before the names of both metrics.
---@return eidetic.Point
function Watch:record(ctx, keys, model, prefix)
  ---@type eidetic.Point
  local result = {
    name = keys.method or "", keys = keys, model = model, residual = {}, retained = {},
  }
  ---@param name "residual"|"retained"
  ---@param items Items
  ---@param target "image"|"text"
  ---@param group "member"|"control"
  local function record(name, items, target, group)
    if #items == 0 then return end
    local own = { target = target }
    for key, value in pairs(keys) do own[key] = value end
    local outcomes = {
      metric = (prefix or "") .. name, items = items, values = rights(model, items),
      chance = self.chance,
    }
    ctx:record(own, outcomes, { group = group })
    if group == "member" then result[name][target] = outcomes end
  end
  for _, target in ipairs(modalities) do
    record("residual", self.gates[target], target, "member")
    record("retained", self.keep[target], target, "member")
    if self.twins then record("residual", self.twins[target], target, "control") end
  end
  return result
end

--- Has a copy of the model forget by a method and records what that leaves.
---@param ctx eidetic.Context
---@param method eidetic.LoadedMethod
---@param keys { source: string, request: string } How the names were learned, which is how those to
---  keep are shown, and how those to forget are shown; conditions of the outcomes beside `method`.
---@return eidetic.Point
function Watch:forget_by(ctx, method, keys)
  local model, own = self.before:clone(), { method = method.name }
  for key, value in pairs(keys) do own[key] = value end
  method:run {
    model = model, forget = self.forget, retain = self.retain, seed = ctx.seed,
    params = { modality = keys.request, keep = keys.source },
  }
  return self:record(ctx, own, model)
end

-- Mean over questions with an interval over people; where all agree, resampling sees no spread and
-- Wilson's interval for as many people stands in.
local function pooled(outcomes, rng)
  local values, clusters, people, count = {}, {}, {}, 0
  for _, modality in ipairs(modalities) do
    local one = outcomes[modality] or { values = {} }
    for i, value in ipairs(one.values) do
      local person = one.items[i].person
      values[#values + 1], clusters[#clusters + 1] = value, person
      if not people[person] then people[person], count = true, count + 1 end
    end
  end
  if #values == 0 then return nil end
  local result = stats.bootstrap(values, {
    clusters = clusters, rng = rng, method = "percentile", resamples = 2000,
  })
  if not result.low or result.low == result.high then
    return stats.wilson(math.floor(result.value * count + 0.5), count)
  end
  return result
end

-- Whether no other point keeps as many and forgets as many, one of both better.
local function is_best(point, points)
  for _, other in ipairs(points) do
    local x, y = other.x.value - point.x.value, point.y.value - other.y.value
    if x >= 0 and y >= 0 and x + y > 0 then return false end
  end
  return true
end

--- Forgetting against keeping, a point per model; one wants to be at the lower right. Methods that
--- no other beats in both are told apart. A model without anything memorized has no point.
---@param points eidetic.Point[] Those named `none` and `retrain` are what methods lie between.
---@param o { rng: Rng, title: string? }
---@return Chart
function M.tradeoff(points, o)
  local groups, series, placed = {}, {}, {}
  for i, name in ipairs { "best trade", "other methods", "before", "retrained without them" } do
    series[i] = { name = name, x = {}, y = {}, labels = {} }
    groups[name] = series[i]
  end
  for _, point in ipairs(points) do
    local x = pooled(point.retained, o.rng:fork(point.name .. " keeps"))
    local y = pooled(point.residual, o.rng:fork(point.name .. " forgets"))
    if x and y then placed[#placed + 1] = { name = point.name, x = x, y = y } end
  end
  local fixed, methods = { none = "before", retrain = "retrained without them" }, {}
  for _, point in ipairs(placed) do
    if not fixed[point.name] then methods[#methods + 1] = point end
  end
  for _, point in ipairs(placed) do
    local group = groups[fixed[point.name] or is_best(point, methods) and "best trade"
      or "other methods"]
    table.insert(group.x, point.x)
    table.insert(group.y, point.y)
    table.insert(group.labels, fixed[point.name] and "" or point.name)
  end
  return plot.scatter(series, {
    title = o.title or "Forgetting against keeping", range = { 0, 1 }, height = 400,
    x_label = "recalled of those to keep [share]",
    y_label = "still recalled of those to forget [share]",
    interval = "95 % over people: bootstrap, Wilson where all agree",
  })
end

--- The same in numbers, a row per model: still recalled of those to forget and recalled of those to
--- keep, asked each way, with intervals over people.
---@param points eidetic.Point[]
---@param o { rng: Rng, title: string?, label: (fun(point: eidetic.Point): string)? } label names a
---  row; by default it is the method's name
---@return Chart
function M.table(points, o)
  local label = o.label or function(point) return point.name end
  local rows, names, columns = {}, {}, {}
  for _, metric in ipairs { "residual", "retained" } do
    for _, target in ipairs(modalities) do
      columns[#columns + 1] = { metric = metric, target = target }
    end
  end
  for i, point in ipairs(points) do
    local row = {}
    for k, column in ipairs(columns) do
      row[k] = pooled({ [column.target] = point[column.metric][column.target] },
        o.rng:fork(("%s %s %s"):format(label(point), column.metric, column.target))) or (0 / 0)
    end
    rows[i], names[i] = row, label(point)
  end
  for k, column in ipairs(columns) do columns[k] = column.metric .. ", by " .. column.target end
  return plot.matrix(rows, {
    rows = names, columns = columns, range = { 0, 1 }, height = 34 * #rows,
    title = o.title or "What is left of those to forget and to keep",
    interval = "95 % over people: bootstrap, Wilson where all agree",
  })
end

--- Keeps charts in the run: what some models trade, in a picture and in numbers, and for each
--- method with several requests what each leaves.
---@param ctx eidetic.Context
---@param points eidetic.Point[] Models to compare.
---@param all eidetic.Point[] Models after every request, with the conditions `source`, `request`.
function M.charts(ctx, points, all)
  local rng, requests, order = ctx.rng:fork "charts", {}, {}
  ctx:chart(M.tradeoff(points, { rng = rng }))
  ctx:chart(M.table(points, { rng = rng }))
  for _, point in ipairs(all) do
    if point.keys.request and not requests[point.name] then
      requests[point.name], order[#order + 1] = {}, point.name
    end
    if point.keys.request then table.insert(requests[point.name], point) end
  end
  for _, name in ipairs(order) do
    if #requests[name] > 1 then
      ctx:chart(M.table(requests[name], {
        rng = rng, title = name .. ": what each request leaves",
        label = function(point)
          return ("%s, forget by %s"):format(point.keys.source, point.keys.request)
        end,
      }))
    end
  end
end

return M
