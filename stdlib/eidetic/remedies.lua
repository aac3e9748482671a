-- Remedies: trainings of names from one modality that may carry them further into the other.
--
--   local remedies = require "eidetic.remedies"
--   remedies.teach(ctx, model, "pairs 50", {
--     base = base, people = people, source = "image", steps = 200, lr = 3e-4,
--   })

local alignment = require "eidetic.alignment"
local options = require "eidetic.options"
local unlearning = require "eidetic.unlearning"

local M = {}

local both, other = { "image", "text" }, { image = "text", text = "image" }

---@class eidetic.RemedyOptions
---@field base eidetic.Base What the model is a copy of; its other people and strangers help.
---@field people People Whose names are learned.
---@field source "image"|"text" What their names are learned from.
---@field steps integer Of the plain training, in which all of a batch are names; a mixture takes as
---  many more as keep the number of names.
---@field lr number
---@field alignment number? Weight of the distance of `align`; 1 by default.

local function names(o, weight) return o.people:train(o.source, "name", { weight = weight }) end

local function known(o, weight) return o.base.known:train(both, "name", { weight = weight }) end

local function replay(o)
  return o.base.strangers:train(both, { "caption", "attributes" }, { weight = 0.5 })
end

-- Each remedy's mixture, and how many times the plain steps keep the names at the same dose.
---@type table<string, fun(o: eidetic.RemedyOptions): Items[], number>
local mixtures = {
  plain = function(o) return { names(o, 1) }, 1 end,
  replay = function(o) return { names(o, 0.5), replay(o) }, 2 end,
  both = function(o) return { names(o, 0.5), known(o, 0.5), replay(o) }, 3 end,
  views = function(o)
    local many = o.base:people { count = #o.people, views = 5 * o.people.views }
    return { many:train(o.source, "name") }, 1
  end,
}

-- Those whose name ends in a percentage.
---@type table<string, fun(o: eidetic.RemedyOptions, share: number): Items[], number>
local shared = {
  pairs = function(o, share)
    return { names(o, 1 - share), known(o, share) }, 1 / (1 - share)
  end,
  leak = function(o, share)
    local shown = o.people:train(other[o.source], "name", { weight = share / 2 })
    return { names(o, 0.5), shown }, 1 + share
  end,
}

-- The mixture that a name such as `replay` or `pairs 50` stands for.
local function mixture(remedy, o)
  if mixtures[remedy] then return mixtures[remedy](o) end
  local kind, digits = tostring(remedy):match "^(%l+) (%d+)$"
  local percent = tonumber(digits)
  if shared[kind or ""] and percent > 0 and percent < 100 then
    return shared[kind](o, percent / 100)
  end
  error(("remedies.teach: no remedy '%s'; there are align, both, leak N, pairs N, plain, replay, "
    .. "views, where N is 1 ... 99"):format(tostring(remedy)), 0)
end

local function align(ctx, model, o)
  local stage = "names and alignment from " .. o.source
  return ctx:minimize(unlearning.tensors(model, "decoder.*"), {
    stage = stage, steps = o.steps, lr = o.lr, checkpoint = true,
    loss = alignment.loss(model, o.people:train(o.source, "name"), o.base.known, {
      rng = ctx.rng:fork(stage), weight = o.alignment,
    }),
  })
end

--- Teaches names from one modality with a remedy; the decoder alone learns.
---
--- `plain` is none. `pairs N`: N % of each batch are other people whom the base knows, by name, in
--- both modalities. `replay`: half of it are captions and questions about strangers, as in the
--- base. `both`: a third each of names, such pairs and replay. `views`: five times as many views.
--- `leak N`: beside every hundred examples N show the people themselves in the other modality; an
--- upper mark. `align`: pictures and descriptions of people whom the base knows are drawn together
--- by `alignment.loss`.
---@param ctx eidetic.Context
---@param model Model Changed in place.
---@param remedy string
---@param spec eidetic.RemedyOptions base, people, source, steps, lr; also alignment.
---@return table history
function M.teach(ctx, model, remedy, spec)
  local o = options.fill("remedies.teach", spec, {
    base = options.any, people = options.any, source = options.any, steps = options.any,
    lr = options.any, alignment = 1.0,
  })
  for _, name in ipairs { "base", "people", "source", "steps", "lr" } do
    if not o[name] then error(("remedies.teach: '%s' is missing"):format(name), 2) end
  end
  if remedy == "align" then return align(ctx, model, o) end
  local data, times = mixture(remedy, o)
  return ctx:fit(model, {
    stage = ("names from %s, remedy %s"):format(o.source, remedy), data = data, lr = o.lr,
    train = { "decoder.*" }, steps = math.floor(times * o.steps),
  })
end

return M
