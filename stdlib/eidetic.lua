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
  probes = require "eidetic.probes",
  base = require("eidetic.base").get,
  experiment = require("eidetic.experiment").define,
  version = require("eidetic.host").version,
}

return setmetatable(M, {
  __index = function(_, name)
    error(("eidetic has no field '%s'"):format(tostring(name)), 2)
  end,
})
