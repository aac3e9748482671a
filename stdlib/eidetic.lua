-- Everything a script needs in one table: `local eidetic = require "eidetic"`.

---@class eidetic
local M = {
  tensor = require "eidetic.tensor",
  rng = require "eidetic.rng",
  personas = require "eidetic.personas",
  models = require "eidetic.models",
  training = require "eidetic.training",
  metrics = require "eidetic.metrics",
  stats = require "eidetic.stats",
  plot = require "eidetic.plot",
  probes = require "eidetic.probes",
  base = require("eidetic.base").get,
  experiment = require("eidetic.experiment").define,
  study = require("eidetic.experiment").study,
  sweep = require("eidetic.sweep").define,
  version = require("eidetic.host").version,
  api_version = require("eidetic.host").api_version,
}

-- Plug-ins are looked for when one is named, so that the library starts fast. The prompt completes
-- what these types name.

---@alias eidetic.ProbeName string
---@alias eidetic.MethodName string
---@alias eidetic.DatasetName string
---@alias eidetic.ModelName string

--- A probe by name, built in or plugged in; `probe:run { model =, people = }`.
---@param name eidetic.ProbeName
---@return eidetic.LoadedProbe
function M.probe(name) return require("eidetic.plugins").get("probe", name) end

--- An unlearning method by name; `method:run { model =, forget =, retain = }`.
---@param name eidetic.MethodName
---@return eidetic.LoadedMethod
function M.method(name) return require("eidetic.plugins").get("method", name) end

--- People from a dataset, such as `eidetic.dataset "personas:count=50"`.
---@param word eidetic.DatasetName `NAME` or `NAME:key=value,key=value`.
---@param seed integer?
---@return People
function M.dataset(word, seed) return require("eidetic.sources").people(word, seed) end

--- A model and the people it knows: a safetensors file, a model plug-in such as
--- `base:preset=nano`, or a preset's base.
---@param word eidetic.ModelName
---@param seed integer?
---@return Model model
---@return People? people
---@return (fun(people: People): Model)? retrain Makes it anew for other people, if it says how.
function M.model(word, seed) return require("eidetic.sources").model(word, seed) end

--- Every plug-in of a kind that can be used, by name.
---@param kind "probe"|"method"|"dataset"|"model"
---@return string[]
function M.plugins(kind)
  local names = {}
  for _, file in ipairs(require("eidetic.plugins").files(kind)) do
    if not file.shadowed_by then names[#names + 1] = file.name end
  end
  return names
end

return setmetatable(M, {
  __index = function(_, name)
    error(("eidetic has no field '%s'"):format(tostring(name)), 2)
  end,
})
