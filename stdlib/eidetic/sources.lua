-- Plug-ins that work starts from: datasets make people, models build a model. One word,
-- `NAME:key=value,…`, says which and how, as the command line needs it.

local models = require "eidetic.models"
local personas = require "eidetic.personas"
local plugins = require "eidetic.plugins"
local rng = require "eidetic.rng"

local M = {}

---@class eidetic.LoadedDataset: eidetic.LoadedPlugin
local Dataset = {}

--- Makes the people.
---@param o { params: table?, seed: integer? }?
---@return People
function Dataset:people(o)
  local people = self:call("make", self:context(o or {}))
  return plugins.need(self:label() .. ": what make returns", people, "People")
end

---@class eidetic.LoadedModel: eidetic.LoadedPlugin
local Model = {}

--- Builds the model.
---@param o { params: table?, seed: integer? }?
---@return Model model
---@return People? people Those whom it knows, if it says so.
---@return (fun(people: People): Model)? retrain Makes it anew for other people, if it says how.
function Model:model(o)
  local model, people, retrain = self:call("build", self:context(o or {}))
  plugins.need(self:label() .. ": what build returns", model, "Model")
  if people ~= nil then
    plugins.need(self:label() .. ": the second value that build returns", people, "People")
  end
  if retrain == nil then return model, people end
  if type(retrain) ~= "function" then
    error(("%s: the third value that build returns must be a function, got %s"):format(
      self:label(), plugins.class_of(retrain)), 0)
  end
  return model, people, function(other)
    return plugins.need(self:label() .. ": what its third value returns", retrain(other), "Model")
  end
end

plugins.class("dataset", Dataset)
plugins.class("model", Model)

-- `base:preset=nano,effort=0.1` as name and texts.
local function parsed(word)
  local name, rest = word:match "^([^:]+):?(.*)$"
  local texts = {}
  for pair in (rest or ""):gmatch "[^,]+" do
    local key, value = pair:match "^([^=]+)=(.*)$"
    if not key then
      error(("'%s': expected NAME:key=value,key=value, got '%s'"):format(word, pair), 0)
    end
    texts[key] = value
  end
  return name or word, texts
end

--- People from a dataset by name, such as `personas:count=50`.
---@param word string
---@param seed integer?
---@return People
function M.people(word, seed)
  local name, texts = parsed(word)
  return plugins.get("dataset", name):people { texts = texts, seed = seed }
end

-- Whom a saved model knows: its notes say so when it was made here.
local function known(notes)
  if type(notes) ~= "table" then return nil end
  if type(notes.dataset) == "string" then return M.people(notes.dataset, notes.seed) end
  local spec = notes.base
  if type(spec) ~= "table" or not (spec.seed and spec.known and spec.register) then return nil end
  return M.known(spec)
end

--- The people whose names a base knows, without making the base.
---@param spec { seed: integer, known: integer, register: string }
---@return People
function M.known(spec)
  return personas.people {
    count = spec.known, views = 1000000, register = spec.register,
    rng = rng.new(spec.seed):fork("base"):fork "people",
  }
end

local function is_preset(name)
  for _, preset in ipairs(models.presets) do
    if preset == name then return true end
  end
  return false
end

--- Whether nothing that a user plugged in makes it.
---@param kind "model"|"dataset"
---@param word string As for `model` and `people`.
---@return boolean
function M.is_shipped(kind, word)
  if word:match "%.safetensors$" then return true end
  local name = parsed(word)
  for _, file in ipairs(plugins.files(kind)) do
    if file.name == name:gsub("_", "-") then return file.origin == "shipped" end
  end
  return true -- a preset, or a name that nothing has
end

--- A model: a safetensors file, a model plug-in such as `base:preset=nano`, or a preset's base.
---@param word string
---@param seed integer?
---@return Model model
---@return People? people Those whom it knows.
---@return (fun(people: People): Model)? retrain Makes it anew for other people.
function M.model(word, seed)
  if word:match "%.safetensors$" then
    local model, notes = models.load(word)
    return model, known(notes)
  end
  local name, texts = parsed(word)
  if is_preset(name) and not plugins.exists("model", name) then
    texts.preset, name = name, "base"
  end
  if not plugins.exists("model", name) then
    local presets = {}
    for i, preset in ipairs(models.presets) do presets[i] = preset end
    error(("there is no model '%s'; name a preset (%s), a model plug-in (see `eidetic plugin list "
      .. "model`) or a .safetensors file"):format(name, table.concat(presets, ", ")), 0)
  end
  return plugins.get("model", name):model { texts = texts, seed = seed }
end

return M
