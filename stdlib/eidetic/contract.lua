-- The contracts of plug-ins, all in one place: a plug-in is a Lua file that returns a table with
-- these fields. Loading it checks them; each violation is one message.
--
-- A plug-in declares no limits of time and memory and needs nothing for them: whoever runs it sets
-- them (`--time-limit`, `--memory-limit` of `eidetic probe run` and `eidetic method run`; those of
-- `eidetic run` hold for a script and all that it calls), for probes, methods, datasets and models
-- that are plugged in alike. `list` and `show` load a file within 5 seconds and 1 GiB.
--
-- At the end of its time a plug-in is stopped wherever it stands, in `pcall`, a coroutine or a step
-- of training; nothing of it can catch that, and what it was to return is lost. Memory that runs
-- short is an error that it may catch. Let long work go in steps: a single call that never looks
-- up, such as a pattern that backtracks for minutes, ends the whole process three seconds later.

local api = require "eidetic.api"
local params = require "eidetic.params"

local M = {}

---@class eidetic.Probe: eidetic.Plugin
---@field run fun(ctx: eidetic.ProbeContext): eidetic.ProbeOutcome
---@field needs string[]? What a model must allow beyond answers: see `contract.abilities`.

---@class eidetic.Method: eidetic.Plugin
---@field loss (fun(ctx: eidetic.MethodContext, step: integer): Tensor)? What to make small.
---@field run fun(ctx: eidetic.MethodContext)? Or whole steps of one's own.

---@class eidetic.Dataset: eidetic.Plugin
---@field make fun(ctx: eidetic.PluginContext): People

---@class eidetic.Model: eidetic.Plugin
---@field build fun(ctx: eidetic.PluginContext): Model, People?, (fun(people: People): Model)? The
---  model; the people it knows; the same recipe for other people, for a gold model of unlearning.

---@class eidetic.Plugin
---@field name string As the file is called, without `.lua`; `_` and `-` are the same.
---@field summary string One sentence.
---@field api string? The API that it needs, such as ">=1.0"; see `eidetic.api_version`.
---@field params table<string, eidetic.Param>? See `eidetic.params`.
---@field help string? Its page: what it measures, how to read it, source, chance level, control.

---@class eidetic.PluginContext
---@field params table<string, any> Checked values.
---@field seed integer
---@field rng Rng A stream of the plug-in's own.

---@class eidetic.ProbeOutcome
---@field per_item (boolean|number)[] One per item that was asked.
---@field items Items? What was asked; by default what `ctx:items` gave last.
---@field answers string[]? What the model said.
---@field truths string[]? What would have been right; the chance level follows from them.
---@field chance number? What blind guessing scores.
---@field metric string? Its name; by default the probe's. `…_rank` is a rank: lower is better.
---@field scale string? `share` for fractions of something: intervals stay in 0 ... 1 and exist also
---  where all outcomes are equal. `binary` (0 or 1), `rank` and `real` need not be stated.
---@field parts eidetic.ProbePart[]? Further outcomes of the same people, such as one per block.
---@field scores eidetic.ProbeScore[]? Numbers of the whole group that have no value per person.

---@class eidetic.ProbePart
---@field name string
---@field per_item (boolean|number)[] One per item, like the outcome's.
---@field chance number?
---@field scale string? As the outcome's.

---@class eidetic.ProbeScore
---@field name string
---@field value number
---@field low number? Ends of its interval.
---@field high number?
---@field note string? What limits it.

-- What a field must be, and an example of it. `entry` is what the workbench calls.
local common = {
  name = { type = "string", required = true, example = "name = \"my-probe\"" },
  summary = { type = "string", required = true, example = "summary = \"What it tells.\"" },
  api = { type = "string", example = "api = \">=1.0\"" },
  params = { type = "table", example = "params = { steps = 100 }" },
  help = { type = "string", example = "help = \"What it measures, and how to read it.\"" },
}

-- Fields of one kind alone.
local own = {
  probe = { needs = { type = "table", example = "needs = { \"hooks\" }" } },
}

--- What a probe may need of a model: activations by name and their replacement; parameters and
--- derivatives; copies that are trained further, which takes long.
M.abilities = { "hooks", "gradients", "training" }

local example = "%s = function(ctx) ... end"
local entries = {
  probe = { "run" }, method = { "loss", "run" }, dataset = { "make" }, model = { "build" },
}

-- Every method has these parameters; one may declare them anew with other defaults.
local standard = {
  method = {
    steps = { type = "integer", default = 60, min = 1, summary = "Steps of training, at most." },
    lr = { type = "number", default = 1e-3, min = 0, summary = "The highest learning rate." },
    modality = {
      type = "string", one_of = { "image", "text", "both" }, default = "both",
      summary = "How those to forget are shown.",
    },
    keep = {
      type = "string", one_of = { "same", "image", "text", "both" }, default = "same",
      summary = "How those to keep are shown; `same` is as those to forget.",
    },
    train = { type = "string", default = "decoder.*", summary = "Which parameters learn." },
    batch = {
      type = "integer", default = 32, min = 1, summary = "People of each group per step, at most.",
    },
    stop = {
      type = "boolean", default = true,
      summary = "Ends once some are forgotten and the others known as before; needs retain_weight.",
    },
  },
}

--- The kinds of plug-ins.
M.kinds = { "probe", "method", "dataset", "model" }

local function fields(kind)
  local result = {}
  for name, field in pairs(common) do result[name] = field end
  for name, field in pairs(own[kind] or {}) do result[name] = field end
  for _, name in ipairs(entries[kind]) do
    result[name] = {
      type = "function", required = #entries[kind] == 1, example = example:format(name),
    }
  end
  return result
end

local function article(kind) return (kind:match "^[aeiou]" and "an " or "a ") .. kind end

-- Exactly one of several entry points.
local function check_entry(kind, value, report)
  if #entries[kind] == 1 then return end
  local given = {}
  for _, name in ipairs(entries[kind]) do
    if rawget(value, name) ~= nil then given[#given + 1] = name end
  end
  if #given == 1 then return end
  local names = table.concat(entries[kind], "' or '")
  report(table.concat(entries[kind], "/"), ("either '%s'"):format(names),
         #given == 0 and "neither" or "both", "keep one of them: " .. example:format(given[1]
           or entries[kind][1]))
end

local function check_fields(kind, value, report)
  local known = fields(kind)
  for _, name in ipairs(params.names(known)) do
    local field, given = known[name], rawget(value, name)
    if given == nil and field.required then
      report(name, article(field.type), "nothing", "add " .. field.example)
    elseif given ~= nil and type(given) ~= field.type then
      report(name, article(field.type), type(given), "write it as " .. field.example)
    end
  end
  local unknown = {}
  for name in next, value do
    if not known[name] then unknown[#unknown + 1] = tostring(name) end
  end
  table.sort(unknown)
  for _, name in ipairs(unknown) do
    report(name, "one of " .. table.concat(params.names(known), ", "), "an unknown field",
           "remove or rename it")
  end
end

local function check_name(value, file_name, report)
  local name = rawget(value, "name")
  if type(name) == "string" and name:gsub("_", "-") ~= file_name then
    report("name", ("'%s', as the file is called"):format(file_name), ("'%s'"):format(name),
           "rename the file or change the name")
  end
end

local function check_api(value, report)
  local demand = rawget(value, "api")
  if type(demand) ~= "string" then return end
  local fits = api.fits(demand)
  if fits == nil then
    report("api", "a demand such as '>=1.0' or '1.2'", ("'%s'"):format(demand))
  elseif not fits then
    report("api", "one that fits this Eidetic, whose API is " .. api.version,
           ("'%s'"):format(demand), "use another version of the plug-in or of Eidetic")
  end
end

local function check_needs(value, report)
  local needs = rawget(value, "needs")
  if type(needs) ~= "table" then return end
  for i, need in ipairs(needs) do
    local is_known = false
    for _, ability in ipairs(M.abilities) do is_known = is_known or need == ability end
    if not is_known then
      report(("needs[%d]"):format(i), "one of " .. table.concat(M.abilities, ", "),
             params.shown(need))
    end
  end
end

--- Checks what a plug-in's file returned.
---@param kind string
---@param value any
---@param file { name: string, path: string }
---@return table? plugin name, summary, params and the entry points; nil when something is wrong
---@return string[] violations One message each.
function M.check(kind, value, file)
  local violations = {}
  local function report(field, expected, got, next_step)
    violations[#violations + 1] = ("%s: field '%s': expected %s, got %s%s"):format(
      file.path, field, expected, got, next_step and "; " .. next_step or "")
  end
  if type(value) ~= "table" then
    violations[1] = ("%s: expected the file to return a table, got %s; end it with `return { name "
      .. "= \"%s\", ... }`"):format(file.path, type(value), file.name)
    return nil, violations
  end
  check_fields(kind, value, report)
  check_entry(kind, value, report)
  check_name(value, file.name, report)
  check_api(value, report)
  if kind == "probe" then check_needs(value, report) end
  local given = rawget(value, "params")
  local declared = params.declare(type(given) == "table" and given or {}, report)
  for name, param in pairs(standard[kind] or {}) do declared[name] = declared[name] or param end
  if #violations > 0 then return nil, violations end
  local plugin = { name = file.name, summary = value.summary, params = declared, api = value.api,
                   page = value.help, needs = value.needs or {}, entry = {} }
  for _, name in ipairs(entries[kind]) do plugin.entry[name] = rawget(value, name) end
  return plugin, violations
end

return M
