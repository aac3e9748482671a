-- What `eidetic probe`, `method` and `plugin` do; the program reads the arguments and prints what
-- these functions return.

local api = require "eidetic.api"
local host = require "eidetic.host"
local contract = require "eidetic.contract"
local plugins = require "eidetic.plugins"
local runs = require "eidetic.runs"
local sources = require "eidetic.sources"

local M = {}

local function first_line(text) return (text:gsub("\n.*", "")) end

-- One entry of a listing; loads the file.
local function entry(file)
  local plugin, violations = plugins.inspect(file)
  return {
    kind = file.kind, name = file.name, path = file.path, origin = file.origin,
    shadowed_by = file.shadowed_by, summary = plugin and first_line(plugin.summary),
    violations = #violations > 0 and violations or nil,
  }
end

--- Every plug-in of some kinds, broken ones included.
---@param kinds string[]? All by default.
---@return { plugins: table[], api_version: string }
function M.list(kinds)
  local found = {}
  for _, kind in ipairs(kinds or contract.kinds) do
    for _, file in ipairs(plugins.files(kind)) do found[#found + 1] = entry(file) end
  end
  return { plugins = found, api_version = api.version }
end

local function rows(listing, wide)
  local lines, width = {}, 0
  for _, row in ipairs(listing.plugins) do width = math.max(width, #row.name) end
  for _, row in ipairs(listing.plugins) do
    local what = row.summary
    if row.violations then
      what = ("BROKEN (%d %s, see below)"):format(
        #row.violations, #row.violations == 1 and "mistake" or "mistakes")
    end
    if row.shadowed_by then what = "shadowed by " .. row.shadowed_by end
    lines[#lines + 1] = ("%s%-" .. width .. "s  %-7s  %s"):format(
      wide and ("%-7s  "):format(row.kind) or "", row.name, row.origin, what)
  end
  return lines
end

--- The listing for people.
---@param kinds string[]?
---@return string
function M.list_text(kinds)
  local listing = M.list(kinds)
  local lines = rows(listing, not kinds or #kinds > 1)
  if #lines == 0 then lines[1] = "there are none" end
  for _, row in ipairs(listing.plugins) do
    if row.violations then
      lines[#lines + 1] = ("\n%s '%s' cannot be used:\n  %s"):format(
        row.kind, row.name, table.concat(row.violations, "\n  "))
    end
  end
  return table.concat(lines, "\n")
end

--- What a plug-in does and takes.
---@param kind string
---@param name string
---@return string
function M.show(kind, name) return plugins.get(kind, name):help() end

-- ── Running ─────────────────────────────────────────────────────────────────────────────────────

local function number(value)
  return value and (("%.3f"):format(value):gsub("(%.%d-)0+$", "%1"):gsub("%.$", "")) or "?"
end

local function range(part)
  if not part.low then return "" end
  return (" [%s, %s]"):format(number(part.low), number(part.high))
end

local function params_text(params)
  local names, parts = {}, {}
  for name in pairs(params) do names[#names + 1] = name end
  table.sort(names)
  for i, name in ipairs(names) do parts[i] = ("%s = %s"):format(name, tostring(params[name])) end
  return #parts > 0 and table.concat(parts, ", ") or "none"
end

local function report(probe, o, record)
  local lines = {
    ("%s: %s"):format(probe.name, first_line(probe.summary)),
    "  model    " .. o.model,
    ("  people   %s, seed %d"):format(record.people, record.seed),
    "  params   " .. params_text(record.params), "",
    ("  %-22s %s%s   n %d"):format(
      "mean [95 % interval]", number(record.mean), range(record), record.n),
  }
  local function add(label, text) lines[#lines + 1] = ("  %-22s %s"):format(label, text) end
  add("chance", record.chance and number(record.chance)
    or "unknown; a probe may return `chance` or `truths`")
  if record.control then
    add("never-trained people", ("%s%s   n %d"):format(
      number(record.control.mean), range(record.control), record.control.n))
  end
  if record.scale == "rank" then lines[#lines + 1] = "  ranks: 1 is best" end
  return table.concat(lines, "\n")
end

-- A run folder as experiments leave it.
local function keep(probe, record, result, people)
  local keys = {}
  if type(record.params.modality) == "string" then keys.target = record.params.modality end
  local settings = { model = record.model, people = record.people }
  for name, value in pairs(record.params) do settings["param." .. name] = value end
  local run <close> = runs.open {
    name = "probe " .. probe.name, summary = probe.summary, params = settings,
    seeds = { record.seed },
  }
  if run:begin(record.seed) then
    run:data(people.hash)
    run:numbers(result.metric, keys, result.items, result.per_item, "member", result.chance)
    if result.control_items then
      run:numbers(result.metric, keys, result.control_items, result.control_per_item, "control",
                  result.chance)
    end
    run:complete()
    run:finish()
  end
  return run.path
end

local function whom(o, known)
  if o.data then return sources.people(o.data, o.seed), o.data end
  if known then return known, "those whom the model knows" end
  error(("which people does %s know? Name a dataset, such as --data personas:count=100")
    :format(o.model), 0)
end

--- Runs a probe on a model.
---@param name string
---@param o { model: string, data: string?, texts: table<string, string>, seed: integer,
---  control: boolean, keep: boolean }
---@return { text: string, record: table }
function M.run_probe(name, o)
  local probe = plugins.get("probe", name)
  probe:context(o) -- mistakes in parameters show before the model is made
  local model, known = sources.model(o.model, o.seed)
  local people, label = whom(o, known)
  local control = nil
  if not o.control then control = false end
  local result = probe:run {
    model = model, people = people, texts = o.texts, seed = o.seed, control = control,
  }
  local record = {
    probe = probe.name, path = probe.path, origin = probe.origin, model = o.model,
    model_hash = model.hash, people = ("%d (%s)"):format(#people, label),
    people_hash = people.hash, seed = o.seed, params = result.params, metric = result.metric,
    mean = result.mean, low = result.low, high = result.high, scale = result.scale,
    interval_kind = result.interval_kind, chance = result.chance, control = result.control,
    n = result.n, per_item = result.per_item, answers = result.answers,
    versions = { eidetic = host.version, api = api.version },
  }
  local text = report(probe, o, record)
  if o.keep then
    record.run = keep(probe, record, result, people)
    text = ("%s\n\n  kept in %s"):format(text, record.run)
  end
  return { text = text, record = record }
end

local function recall(model, people, modality)
  local result = plugins.get("probe", "recall"):run {
    model = model, people = people, params = { modality = modality }, control = false,
  }
  return result.mean
end

local function scores(model, forget, retain)
  local function both(people)
    return { image = recall(model, people, "image"), text = recall(model, people, "text") }
  end
  return { forget = both(forget), retain = both(retain) }
end

--- Makes a model forget some of the people it knows.
---@param name string
---@param o { model: string, data: string?, texts: table<string, string>, seed: integer,
---  forget: number, out: string? }
---@return { text: string, record: table }
function M.run_method(name, o)
  local method = plugins.get("method", name)
  local params = method:context(o).params
  local model, known = sources.model(o.model, o.seed)
  local people, label = whom(o, known)
  local count = math.floor(#people * o.forget + 0.5)
  if count < 1 or count >= #people then
    error(("--forget %s of %d people leaves nobody to %s; choose another share"):format(
      number(o.forget), #people, count < 1 and "forget" or "keep"), 0)
  end
  local forget, retain = people:part(1, count), people:part(count + 1)
  local before = scores(model, forget, retain)
  local history = method:run {
    model = model, forget = forget, retain = retain, texts = o.texts, seed = o.seed,
  }
  local record = {
    method = method.name, path = method.path, origin = method.origin, model = o.model,
    people = label, forget = count, retain = #people - count, seed = o.seed, params = params,
    before = before, after = scores(model, forget, retain), losses = history.losses,
    model_hash = model.hash, out = o.out,
  }
  if o.out then
    model:save(o.out, { method = method.name, params = params, seed = o.seed, dataset = o.data })
  end
  local lines = {
    ("%s: %s"):format(method.name, first_line(method.summary)), "  model    " .. o.model,
    ("  people   %d to forget, %d to keep (%s), seed %d"):format(
      count, #people - count, label, o.seed),
    "  params   " .. params_text(params), "",
    ("  %-22s %-16s %s"):format("full name recalled", "before", "after"),
  }
  for _, group in ipairs { "forget", "retain" } do
    for _, modality in ipairs { "image", "text" } do
      lines[#lines + 1] = ("  %-22s %-16s %s"):format(
        ("%s, by %s"):format(group, modality), number(record.before[group][modality]),
        number(record.after[group][modality]))
    end
  end
  if o.out then lines[#lines + 1] = "\n  saved as " .. o.out end
  return { text = table.concat(lines, "\n"), record = record }
end

return M
