-- Experiments: a table with parameters and a function that runs once per seed. The workbench keeps
-- one outcome per persona and adds intervals, chance level, controls and tests.

local context = require "eidetic.context"
local host = require "eidetic.host"
local rng = require "eidetic.rng"
local runs = require "eidetic.runs"

local M = {}

---@class eidetic.Experiment
---@field name string
---@field summary string
---@field params table<string, any> Names and default values; `--set name=value` replaces them.
---@field quick table<string, any> Parameters for a quick look, taken by `--quick`.
---@field claims (eidetic.Claim[]|fun(params: table): eidetic.Claim[])? What it is to show.
---@field run fun(ctx: eidetic.Context)
local Experiment = {}
Experiment.__index = Experiment

--- A statement that is true when the weighted sum of the terms, minus `above`, lies above 0.
---@class eidetic.Claim
---@field claim string The statement, in one sentence.
---@field metric string? `full_name` by default.
---@field higher table<string, string>? Conditions whose mean should be higher ...
---@field lower table<string, string>? ... than the mean here; short for two terms.
---@field terms { [1]: number, [2]: table<string, string> }[]? Weights and conditions.
---@field above number? A level that the sum should exceed, such as chance.

local fields = {
  name = "string", summary = "string", params = "table", quick = "table", run = "function",
}
local claim_fields = {
  claim = "string", metric = "string", higher = "table", lower = "table", terms = "table",
  above = "number",
}

---@class eidetic.ExperimentSpec
---@field name string
---@field summary string? One sentence.
---@field params table? What `--set` changes, with the values they have by default.
---@field quick table? Values of params for a small trial, `--quick`.
---@field run fun(ctx: eidetic.Context) One seed: trains and records.
---@field claims (eidetic.Claim[]|fun(params: table): eidetic.Claim[])? What it is to show.

--- Declares an experiment; return it from the script.
---@param spec eidetic.ExperimentSpec name, run; also summary, params, quick, claims.
---@return eidetic.Experiment
function M.define(spec)
  if type(spec) ~= "table" then error("experiment: expected a table with name and run", 2) end
  for name, value in pairs(spec) do
    local wanted = name == "claims" and (type(value) == "function" and "function" or "table")
      or fields[name]
    if not wanted then
      error(("experiment: unknown field '%s'; it takes claims, name, params, quick, run, "
        .. "summary")
        :format(name), 2)
    end
    if type(value) ~= wanted then
      error(("experiment: field '%s' must be a %s, got %s"):format(name, wanted, type(value)), 2)
    end
  end
  if not spec.name then error("experiment: field 'name' is missing", 2) end
  if not spec.run then error("experiment: field 'run' is missing", 2) end
  return setmetatable({
    name = spec.name, summary = spec.summary or "", params = spec.params or {}, run = spec.run,
    quick = spec.quick or {}, claims = spec.claims or {},
  }, Experiment)
end

-- A parameter given as text takes the type of its default.
local function parsed(name, text, default)
  if type(default) == "string" then return text end
  if type(default) == "boolean" then
    if text == "true" then return true end
    if text == "false" then return false end
    error(("--set %s: expected true or false, got '%s'"):format(name, text), 0)
  end
  if math.type(default) then
    local number = tonumber(text)
    if math.type(default) == "integer" then number = math.tointeger(number) end
    if number then return number end
    local kind = math.type(default) == "integer" and "an integer" or "a number"
    error(("--set %s: expected %s, got '%s'"):format(name, kind, text), 0)
  end
  error(("--set %s: a parameter of type %s cannot be set"):format(name, type(default)), 0)
end

local function parameters(experiment, settings, quick)
  local result, names = {}, {}
  for name, value in pairs(experiment.params) do
    result[name], names[#names + 1] = value, name
  end
  for name, value in pairs(quick and experiment.quick or {}) do result[name] = value end
  table.sort(names)
  for name, text in pairs(settings) do
    local default = experiment.params[name]
    if default == nil then
      error(("--set %s: %s has no such parameter; it has %s"):format(
        name, experiment.name, #names > 0 and table.concat(names, ", ") or "none"), 0)
    end
    result[name] = parsed(name, text, default)
  end
  return result
end

-- Claims with their terms written out, for `runs.open`.
local function claims(experiment, params)
  local stated = experiment.claims
  if type(stated) == "function" then stated = stated(params) end
  local result = {}
  for i, claim in ipairs(stated) do
    local place = ("%s: claim %d"):format(experiment.name, i)
    for name, value in pairs(claim) do
      if type(value) ~= claim_fields[name] then
        error(("%s: field '%s' must be %s"):format(
          place, name, claim_fields[name] and "a " .. claim_fields[name] or "one of above, claim, "
            .. "higher, lower, metric, terms"), 0)
      end
    end
    local terms = table.move(claim.terms or {}, 1, #(claim.terms or {}), 1, {})
    if claim.higher then terms[#terms + 1] = { 1, claim.higher } end
    if claim.lower then terms[#terms + 1] = { -1, claim.lower } end
    if not claim.claim or #terms == 0 then
      error(place .. ": needs claim, and higher, lower or terms", 0)
    end
    result[i] = {
      claim = claim.claim, metric = claim.metric or "full_name", terms = terms, above = claim.above,
    }
  end
  return result
end

-- Takes the place of a run and keeps nothing on disk.
local Rehearsal = {}
Rehearsal.__index = Rehearsal
local function ignored() end
Rehearsal.data, Rehearsal.note, Rehearsal.curve = ignored, ignored, ignored
Rehearsal.chart = ignored

function Rehearsal:names(keys, items, answers, group)
  self.records[#self.records + 1] = {
    keys = keys, group = group, outcomes = { metric = "names", items = items, answers = answers },
  }
end

function Rehearsal:numbers(metric, keys, items, values, group, chance, scale)
  self.records[#self.records + 1] = {
    keys = keys, group = group,
    outcomes = {
      metric = metric, items = items, values = values, chance = chance, scale = scale,
    },
  }
end

--- Runs one seed and leaves no run folder: for specs, at a tiny size.
---@param o { params: table?, seed: integer? }?
---@return { keys: table<string, string>, group: string, outcomes: eidetic.Outcomes }[] records
function Experiment:rehearse(o)
  o = o or {}
  local params, seed = {}, o.seed or 0
  for name, value in pairs(self.params) do params[name] = value end
  for name, value in pairs(o.params or {}) do
    if self.params[name] == nil then
      error(("rehearse: %s has no parameter '%s'"):format(self.name, tostring(name)), 2)
    end
    params[name] = value
  end
  local rehearsal = setmetatable({ records = {} }, Rehearsal)
  self.run(context.new {
    params = params, seed = seed, rng = rng.new(seed):fork(self.name), run = rehearsal,
  })
  return rehearsal.records
end

---@class eidetic.RunOptions
---@field seeds integer[]
---@field settings table<string, string> Values of parameters, as typed.
---@field quick boolean?
---@field folder string? Where the run lies; by default where the workbench says.
---@field script string? The experiment's file; by default the script that runs.

---@param experiment eidetic.Experiment
---@param o eidetic.RunOptions
---@return string summary
local function execute(experiment, o)
  local params = parameters(experiment, o.settings, o.quick)
  local run <close> = runs.open {
    name = experiment.name, summary = experiment.summary, params = params, seeds = o.seeds,
    claims = claims(experiment, params), folder = o.folder, script = o.script,
  }
  for _, seed in ipairs(o.seeds) do
    if run:begin(seed) then
      local own = {}
      for name, value in pairs(params) do own[name] = value end
      experiment.run(context.new {
        params = own, seed = seed, rng = rng.new(seed):fork(experiment.name), run = run,
      })
      run:complete()
    end
  end
  return run:finish()
end

---@class eidetic.Study
---@field name string
---@field summary string
---@field experiments string[] Scripts beside this one, each of which returns an experiment.
---@field limits string[] What the numbers do not say, for the reader of the report.
local Study = {}
Study.__index = Study

local study_fields = {
  name = "string", summary = "string", experiments = "table", limits = "table",
}

--- Declares a study: experiments that run one after the other and whose claims are judged as one
--- family. Return it from the script.
---
--- Each experiment has a folder of its own in `--out` or, without it, in `runs/NAME`; what is
--- complete there is not run again.
---@param spec { name: string, summary: string?, experiments: string[], limits: string[]? }
---@return eidetic.Study
function M.study(spec)
  if type(spec) ~= "table" then error("study: expected a table with name and experiments", 2) end
  for name, value in pairs(spec) do
    if type(value) ~= study_fields[name] then
      error(("study: field '%s' must be %s"):format(tostring(name), study_fields[name]
        and "a " .. study_fields[name] or "one of experiments, limits, name, summary"), 2)
    end
  end
  if not spec.name or #(spec.experiments or {}) == 0 then
    error("study: needs name and experiments", 2)
  end
  return setmetatable({
    name = spec.name, summary = spec.summary or "", experiments = spec.experiments,
    limits = spec.limits or {},
  }, Study)
end

--- The experiment that a script returns.
---@param path string
---@param who string Who asks, for messages.
---@return eidetic.Experiment
function M.load(path, who)
  local chunk, problem = loadfile(path, "t")
  if not chunk then error(("%s: %s"):format(who, problem), 0) end
  local found = chunk()
  if getmetatable(found) ~= Experiment then
    error(("%s: %s does not return an experiment"):format(who, path), 0)
  end
  return found
end

-- Settings reach the experiments that know them; one that none knows is a mistake.
local function settings_of(experiment, settings, used)
  local own = {}
  for name, text in pairs(settings) do
    if experiment.params[name] ~= nil then own[name], used[name] = text, true end
  end
  return own
end

local function conduct(study, o)
  local root = host.out_folder ~= "" and host.out_folder or "runs/" .. study.name
  local beside = host.script:match "^(.*/)" or ""
  local loaded, used, parts = {}, {}, {}
  for i, name in ipairs(study.experiments) do
    local path = beside .. name
    loaded[i] = { experiment = M.load(path, "study"), path = path }
    loaded[i].settings = settings_of(loaded[i].experiment, o.settings, used)
    parts[i] = loaded[i].experiment.name
  end
  for name in pairs(o.settings) do
    if not used[name] then
      error(("--set %s: no experiment of %s has such a parameter"):format(name, study.name), 0)
    end
  end
  for i, part in ipairs(loaded) do
    host.message(("%s: %d of %d, %s"):format(study.name, i, #loaded, parts[i]))
    execute(part.experiment, {
      seeds = o.seeds, settings = part.settings, quick = o.quick, folder = root .. "/" .. parts[i],
      script = part.path,
    })
    print(runs.study {
      name = study.name, summary = study.summary, folder = root, limits = study.limits,
      parts = table.move(parts, 1, i, 1, {}), planned = #loaded,
    })
  end
end

--- Runs a script, and the experiment or study that it may return; called by `eidetic run`.
---@param chunk function The script.
---@param arguments string[]
---@param o eidetic.RunOptions
---@return boolean is_experiment
function M.main(chunk, arguments, o)
  local value = chunk(table.unpack(arguments))
  if getmetatable(value) == Study then
    conduct(value, o)
    return true
  end
  if require("eidetic.sweep").is(value) then
    error(("%s returns a sweep; run it with eidetic sweep run"):format(host.script), 0)
  end
  if getmetatable(value) ~= Experiment then return false end
  print(execute(value, o))
  return true
end

return M
