-- All probes on one model: which fit, in which ways of showing people; each runs whatever becomes
-- of the others, and all outcomes go into one run folder.

local host = require "eidetic.host"
local params = require "eidetic.params"
local plugins = require "eidetic.plugins"
local tables = require "eidetic.tables"

local M = {}

-- The ways in which a probe can show people, as texts of its parameters.
local function ways(probe, texts)
  local modality, own = probe.params.modality, {}
  for name, text in pairs(texts) do
    if probe.params[name] then own[name] = text end
  end
  if not modality or own.modality or not modality.one_of then return { own } end
  local result = {}
  for i, choice in ipairs(modality.one_of) do
    result[i] = { modality = choice }
    for name, text in pairs(own) do result[i][name] = text end
  end
  return result
end

local function needs_training(probe)
  for _, need in ipairs(probe.needs) do if need == "training" then return true end end
  return false
end

--- What there is to run. A parameter goes to the probes that have it.
---@param o { texts: table<string, string>, training: boolean?, seed: integer }
---@return { probe: eidetic.LoadedProbe, texts: table, way: string }[] plan
function M.plan(o)
  local plan, used, skipped, broken = {}, {}, {}, {}
  for _, file in ipairs(plugins.files "probe") do
    if not file.shadowed_by then
      local probe, violations = plugins.inspect(file)
      if not probe then
        broken[#broken + 1] = { probe = file.name, error = table.concat(violations, "\n") }
      elseif needs_training(probe) and not o.training then
        skipped[#skipped + 1] = { probe = probe.name, reason = "it trains; add --training" }
      else
        for _, texts in ipairs(ways(probe, o.texts)) do
          for name in pairs(texts) do used[name] = true end
          probe:context { texts = texts, seed = o.seed }
          plan[#plan + 1] = { probe = probe, texts = texts, way = texts.modality or "" }
        end
      end
    end
  end
  for _, name in ipairs(params.names(o.texts)) do
    if not used[name] then error(("no probe has a parameter '%s'"):format(name), 0) end
  end
  plan.skipped, plan.broken = skipped, broken
  return plan
end

--- Something that records outcomes in a run: the probe's own, each part as a metric of its own, the
--- scores of the group as remarks.
---@param run Run
---@return fun(probe: eidetic.LoadedProbe, result: eidetic.ProbeResult)
function M.keeper(run)
  local levels = {}
  return function(probe, result)
    local keys, way = {}, result.params.modality
    if type(way) == "string" then keys.target = way end
    local function record(metric, part)
      -- A metric has one chance level; where that depends on the way, so does the metric.
      local level = part.chance or false
      if levels[metric] ~= nil and levels[metric] ~= level and way then
        metric = ("%s_by_%s"):format(metric, way)
      end
      levels[metric] = level
      run:numbers(metric, keys, result.items, part.per_item, "member", part.chance,
                  part.stated_scale)
      if result.control_items and part.control_per_item then
        run:numbers(metric, keys, result.control_items, part.control_per_item, "control",
                    part.chance, part.stated_scale)
      end
    end
    record(result.metric, result)
    for _, part in ipairs(result.parts) do
      record(("%s_%s"):format(probe.name, part.name):gsub("[%s-]+", "_"), part)
    end
    local controls = {}
    for _, score in ipairs(result.control_scores or {}) do controls[score.name] = score end
    for _, score in ipairs(result.scores) do
      run:note(("%s%s, %s"):format(probe.name, way and " by " .. way or "",
                                   tables.score(score, controls[score.name])))
    end
  end
end

local function entry(step, result)
  return {
    probe = step.probe.name, way = step.way, metric = result.metric, params = result.params,
    mean = result.mean, low = result.low, high = result.high, scale = result.scale,
    interval_kind = result.interval_kind,
    chance = result.chance, control = result.control, n = result.n, per_item = result.per_item,
    parts = result.parts, scores = result.scores, control_scores = result.control_scores,
  }
end

--- Runs a plan. An error of one probe is told and leaves the others running.
---@param plan table As `plan` gives it.
---@param model Model
---@param people People
---@param o { seed: integer, control: boolean }
---@param run Run? Where outcomes are kept.
---@return table record results, failed and skipped
function M.run(plan, model, people, o, run)
  local record = { results = {}, failed = plan.broken, skipped = plan.skipped }
  local keep, control = run and M.keeper(run), nil
  if not o.control then control = false end
  for i, step in ipairs(plan) do
    local fits, lack = step.probe:applies(model)
    if not fits then
      record.skipped[#record.skipped + 1] =
        { probe = step.probe.name, way = step.way, reason = "it needs " .. lack }
    else
      local is_done, result = pcall(step.probe.run, step.probe, {
        model = model, people = people, texts = step.texts, seed = o.seed, control = control,
      })
      if is_done and keep then is_done, result = pcall(function()
        keep(step.probe, result)
        return result
      end) end
      if is_done then
        record.results[#record.results + 1] = entry(step, result)
      else
        record.failed[#record.failed + 1] =
          { probe = step.probe.name, way = step.way, error = tostring(result) }
        host.message(tostring(result))
      end
    end
    host.progress("probes", i, #plan)
  end
  for _, failure in ipairs(record.failed) do
    if run then run:note(("%s failed: %s"):format(failure.probe, failure.error)) end
  end
  return record
end

--- What `probe run all` prints: a line per probe and way; parts stand in the report.
---@param record table
---@return string
function M.text(record)
  local rows = { { "probe", "shown by", table.unpack(tables.head) } }
  for _, result in ipairs(record.results) do
    rows[#rows + 1] = { result.probe, result.way, table.unpack(tables.cells(result)) }
  end
  local lines = {
    ("all probes on %s"):format(record.model),
    ("  people   %s, seed %d"):format(record.people, record.seed), "",
  }
  for _, line in ipairs(tables.aligned(rows)) do lines[#lines + 1] = line end
  for _, skipped in ipairs(record.skipped) do
    lines[#lines + 1] = ("  left out: %s, %s"):format(skipped.probe, skipped.reason)
  end
  for _, failure in ipairs(record.failed) do
    lines[#lines + 1] = ("  FAILED: %s: %s"):format(failure.probe, failure.error)
  end
  if record.run then lines[#lines + 1] = "\n  kept in " .. record.run end
  return table.concat(lines, "\n")
end

return M
