-- What `eidetic probe`, `method` and `plugin` do; the program reads the arguments and prints what
-- these functions return.

local api = require "eidetic.api"
local host = require "eidetic.host"
local contract = require "eidetic.contract"
local forgetting = require "eidetic.forgetting"
local plugins = require "eidetic.plugins"
local runs = require "eidetic.runs"
local sources = require "eidetic.sources"
local suite = require "eidetic.suite"
local tables = require "eidetic.tables"

local number, range = tables.number, tables.range

local M = {}

local function first_line(text) return (text:gsub("\n.*", "")) end

--- Every file of some kinds that may hold a plug-in; none is loaded.
---@param kinds string[]? All by default.
---@return table[]
function M.files(kinds)
  local found = {}
  for _, kind in ipairs(kinds or contract.kinds) do
    for _, file in ipairs(plugins.files(kind)) do found[#found + 1] = file end
  end
  return found
end

--- One entry of a listing; loads the file.
---@param file table As `files` gives it.
---@param stopped string? Why it could not be loaded to its end.
---@return table
function M.entry(file, stopped)
  local plugin, violations = nil, { stopped }
  if not stopped then plugin, violations = plugins.inspect(file) end
  return {
    kind = file.kind, name = file.name, path = file.path, origin = file.origin,
    shadowed_by = file.shadowed_by, summary = plugin and first_line(plugin.summary),
    violations = #violations > 0 and violations or nil,
  }
end

--- A listing of entries, broken ones included.
---@param entries table[] As `entry` gives them.
---@return { plugins: table[], api_version: string }
function M.list(entries) return { plugins = entries, api_version = api.version } end

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
---@param entries table[] As `entry` gives them.
---@param wide boolean Whether there are several kinds.
---@return string
function M.list_text(entries, wide)
  local listing = M.list(entries)
  local lines = rows(listing, wide)
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
  for _, line in ipairs(tables.details(record)) do lines[#lines + 1] = line end
  return table.concat(lines, "\n")
end

-- A run folder as experiments leave it.
local function keep(probe, record, result, people)
  local settings = { model = record.model, people = record.people }
  for name, value in pairs(record.params) do settings["param." .. name] = value end
  local run <close> = runs.open {
    name = "probe " .. probe.name, summary = probe.summary, params = settings,
    seeds = { record.seed },
  }
  if run:begin(record.seed) then
    run:data(people.hash)
    suite.keeper(run)(probe, result)
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

--- Whether no plug-in of a user makes what probes are run on.
---@param o { model: string, data: string? }
---@return boolean
function M.are_shipped(o)
  return sources.is_shipped("model", o.model)
    and (not o.data or sources.is_shipped("dataset", o.data))
end

---@return Model model
---@return People people
---@return string label
local function subjects(o)
  local model, known = sources.model(o.model, o.seed)
  return model, whom(o, known)
end

--- Makes what probes are run on. A model in Lua cannot leave its Lua state: it gives nothing, and
--- every probe makes its own.
---@param o { model: string, data: string?, seed: integer }
---@return Model? model
---@return People? people
---@return string? label Who they are.
function M.subjects(o)
  local model, people, label = subjects(o)
  if type(model) == "table" then return nil end
  return model, people, label
end

--- Whether a probe can be run: mistakes show before a model is made.
---@param name string
---@param o { texts: table<string, string>, seed: integer }
function M.check_probe(name, o) plugins.get("probe", name):context(o) end

--- Runs a probe on a model, which it may change.
---@param name string
---@param o table model, texts, seed, control, keep
---@param ... any As `subjects` gives them.
---@return { text: string, record: table }
function M.run_probe(name, o, ...)
  ---@type Model?, People, string
  local model, people, label = ...
  if not model then model, people, label = subjects(o) end
  local probe = plugins.get("probe", name)
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
    n = result.n, per_item = result.per_item, answers = result.answers, parts = result.parts,
    scores = result.scores, control_scores = result.control_scores,
    versions = { eidetic = host.version, api = api.version },
  }
  local text = report(probe, o, record)
  if o.keep then
    record.run = keep(probe, record, result, people)
    text = ("%s\n\n  kept in %s"):format(text, record.run)
  end
  return { text = text, record = record }
end

--- Runs every probe that fits a model, whatever becomes of the others.
---@param _ string `all`.
---@param o table As for `run_probe`; `training` lets probes train that need it.
---@return { text: string, record: table }
function M.run_all(_, o)
  local plan = suite.plan(o)
  local model, known = sources.model(o.model, o.seed)
  local people, label = whom(o, known)
  local run <close> = o.keep and runs.open {
    name = "probe all", summary = "Every probe that fits the model.", seeds = { o.seed },
    params = { model = o.model, people = ("%d (%s)"):format(#people, label) },
  } or nil
  local path = run and run.path
  if run then
    if not run:begin(o.seed) then error(path .. " is complete; choose another --out", 0) end
    run:data(people.hash)
  end
  local record = suite.run(plan, model, people, o, run)
  record.model, record.model_hash, record.seed = o.model, model.hash, o.seed
  record.people, record.people_hash = ("%d (%s)"):format(#people, label), people.hash
  record.versions, record.run = { eidetic = host.version, api = api.version }, path
  if run then
    run:complete()
    run:finish()
  end
  return { text = suite.text(record), record = record }
end

-- What a model knows of those to forget and of those to keep.
local function knowledge(model, forget, retain, strangers)
  return {
    forget = forgetting.both(model, forget, strangers),
    retain = forgetting.both(model, retain, strangers),
  }
end

local function shares(knowledge_of)
  return { image = knowledge_of.image.recall, text = knowledge_of.text.recall }
end

local function forget_line(modality, row)
  local label = ("forget, by %s"):format(modality)
  if row.memorized == 0 then
    return ("  %-22s not memorized: 0 of %d were recalled before"):format(label, row.of)
  end
  local line = ("  %-22s %-10s %-10s %s"):format(
    label, number(1), number(row.residual), row.gold and number(row.gold) or "?")
  return ("%s   n %d of %d"):format(line, row.memorized, row.of)
end

-- The scores as lines; what needs a gold model says so where there is none.
local function forgetting_lines(scores, has_gold)
  local lines = { ("  %-22s %-10s %-10s %s"):format("names recalled", "before", "after", "gold") }
  local function add(text, ...) lines[#lines + 1] = text:format(...) end
  for _, modality in ipairs { "image", "text" } do
    lines[#lines + 1] = forget_line(modality, scores.forget[modality])
  end
  for _, modality in ipairs { "image", "text" } do
    local row = scores.retain[modality]
    add("  %-22s %-10s %-10s %s", "retain, by " .. modality, number(row.before), number(row.after),
        number(row.gold))
  end
  local u = scores.utility
  add("  %-22s %-10s %-10s %s", "utility on retained", number(u.before), number(u.after),
      number(u.gold))
  add("\n  forget rows: of those memorized before, who is still recalled")
  if scores.all_modal.rate then
    add("  forgotten in both: %s of the %d known in both", number(scores.all_modal.rate),
        scores.all_modal.eligible)
  end
  if not has_gold then
    add("  no gold model, as the model does not say how it was made; try --model memorized")
    return lines
  end
  for _, modality in ipairs { "image", "text" } do
    local q = scores.forget[modality].quality
    add("  forget quality, by %-5s KS %s, log10 p %s   n %d", modality, number(q.statistic),
        number(q.log10_p), q.count1)
  end
  return lines
end

--- Makes a model forget some of the people it knows.
---@param name string
---@param o table model, data, texts, seed, forget, out
---@return { text: string, record: table }
function M.run_method(name, o)
  local method = plugins.get("method", name)
  local params = method:context(o).params
  local model, known, retrain = sources.model(o.model, o.seed)
  if type(model) == "table" then
    error(("--model %s: a method trains its model, and one in Lua has no parameters"):format(
      o.model), 0)
  end
  local people, label = whom(o, known)
  local forget, retain = forgetting.split(people, o.forget)
  -- A model is made anew for the people it was made for, and no others.
  if o.data then retrain = nil end
  local strangers = people:next(10).names
  local before = knowledge(model, forget, retain, strangers)
  local history = method:run {
    model = model, forget = forget, retain = retain, texts = o.texts, seed = o.seed,
    retrain = retrain,
  }
  local after = knowledge(model, forget, retain, strangers)
  local gold = retrain and knowledge(retrain(retain), forget, retain, strangers)
  local scores = forgetting.compare(before, after, gold)
  local record = {
    method = method.name, path = method.path, origin = method.origin, model = o.model,
    people = label, forget = #forget, retain = #retain, seed = o.seed, params = params,
    before = { forget = shares(before.forget), retain = shares(before.retain) },
    after = { forget = shares(after.forget), retain = shares(after.retain) },
    scores = scores, losses = history.losses, model_hash = model.hash, out = o.out,
  }
  if o.out then
    model:save(o.out, { method = method.name, params = params, seed = o.seed, dataset = o.data })
  end
  local lines = {
    ("%s: %s"):format(method.name, first_line(method.summary)), "  model    " .. o.model,
    ("  people   %d to forget, %d to keep (%s), seed %d"):format(
      #forget, #retain, label, o.seed),
    "  params   " .. params_text(params), "",
  }
  for _, line in ipairs(forgetting_lines(scores, gold ~= nil)) do lines[#lines + 1] = line end
  if o.out then lines[#lines + 1] = "\n  saved as " .. o.out end
  return { text = table.concat(lines, "\n"), record = record }
end

return M
