-- The pretrained base: a model that reads pictures and descriptions of people, made in three stages
-- like a real vision-language model, and kept in a cache under the hash of all that decides it.
--
--   1. read    the image encoder learns to tell the attributes of strangers
--   2. talk    the decoder learns from text alone: captions, questions, names of known people
--   3. align   encoder and projector learn, through the frozen decoder, to stand in for words
--
-- Staging is what lets a name learned from pictures be recalled from words: a prototype that was
-- trained jointly kept each name apart per modality.

local host = require "eidetic.host"
local models = require "eidetic.models"
local options = require "eidetic.options"
local personas = require "eidetic.personas"
local probes = require "eidetic.probes"
local rng = require "eidetic.rng"
local tensor = require "eidetic.tensor"
local training = require "eidetic.training"

local M = {}

--- What a base is made of; every value is part of the cache key.
M.defaults = {
  preset = "tiny",
  seed = 0,
  known = 300, -- people whose names the decoder learns from text
  register = "mixed",
  read_steps = 1000,
  talk_steps = 1200,
  align_steps = 2000,
  paired = 0.0, -- share of the known people who are also named in pictures, in stage 3
  effort = 1.0, -- multiplies the steps of all three stages
  batch = 64,
  lr = 1e-3,
}

---@class eidetic.Base
---@field model Model
---@field known People People whose names it knows from text.
---@field strangers Strangers
---@field hash string Hash of its parameters.
local Base = {}
Base.__index = Base

--- A copy of the model to train.
---@return Model
function Base:clone() return self.model:clone() end

--- People that the base does not know, from the generator of those it knows.
---@param spec { count: integer, views: integer? }
---@return People
function Base:people(spec)
  local o = options.fill("base:people", spec, { count = 100, views = 20 })
  return self.known:next(o.count, { views = o.views })
end

--- How well the base reads strangers, and whether names that it knows from text cross to pictures.
---@param stream Rng Decides the strangers.
---@return { image: number, text: number, known_from_image: number } shares of right answers
function Base:skill(stream)
  local function right(items) return probes.mean(probes.exact(self.model, items)) end
  local function asked(modality)
    return self.strangers:test(modality, "attributes", { count = 210, rng = stream:fork(modality) })
  end
  return {
    image = right(asked "image"), text = right(asked "text"),
    known_from_image = right(self.known:test("image", "name")),
  }
end

local function steps(o, stage)
  return math.max(1, math.floor(o[stage .. "_steps"] * o.effort + 0.5))
end

local function report(label, seed)
  return function(step)
    host.progress(("base %d: %s"):format(seed, label), step.step, step.steps, step.loss)
  end
end

-- Stage 1: one linear head per attribute reads the query token of the same position.
local function read(model, strangers, o, root, checkpoint)
  local stream, learned, heads = root:fork "read", {}, {}
  for _, parameter in ipairs(model:parameters "vision.*") do
    learned[#learned + 1] = parameter.tensor
  end
  for i, attribute in ipairs(strangers.attributes) do
    local weight = tensor.zeros({ #attribute.values, model.sizes.width }):requires_grad()
    local bias = tensor.zeros({ #attribute.values }):requires_grad()
    heads[i] = { name = attribute.name, weight = weight, bias = bias }
    learned[#learned + 1], learned[#learned + 2] = weight, bias
  end
  training.minimize(learned, {
    steps = steps(o, "read"), lr = o.lr, on_step = report("read", o.seed),
    checkpoint = checkpoint:stage "read",
    loss = function(step)
      local images, labels = strangers:sample(stream:fork(step), o.batch, {
        size = model.sizes.image_size,
      })
      local features, total = model:image_features(images), nil
      for i, head in ipairs(heads) do
        local logits = features:select(2, i):linear(head.weight, head.bias)
        local loss = logits:cross_entropy(labels[head.name]):mean()
        total = total and total + loss or loss
      end
      return total
    end,
  })
end

-- Stage 2: text alone.
local function talk(model, known, strangers, o, root, checkpoint)
  training.fit(model, {
    data = {
      known:train("text", "name", { weight = 4 }),
      strangers:train("text", "caption", { weight = 3 }),
      strangers:train("text", "attributes", { weight = 3 }),
    },
    rng = root:fork "talk", steps = steps(o, "talk"), lr = o.lr, batch = o.batch,
    train = { "decoder.*" }, on_step = report("talk", o.seed),
    checkpoint = checkpoint:stage "talk",
  })
end

-- Stage 3: pictures through the frozen decoder.
local function align(model, known, strangers, o, root, checkpoint)
  local data = {
    strangers:train("image", "caption", { weight = 6 }),
    strangers:train("image", "attributes", { weight = 4 }),
  }
  local paired = math.floor(o.paired * #known + 0.5)
  if paired > 0 then
    data[3] = known:part(1, paired):train("image", "name", { weight = 4 })
  end
  training.fit(model, {
    data = data,
    rng = root:fork "align", steps = steps(o, "align"), lr = o.lr, batch = o.batch,
    train = { "vision.*", "projector.*" }, on_step = report("align", o.seed),
    checkpoint = checkpoint:stage "align",
  })
end

-- The model after two stages; bases that differ in the third alone share it.
local function before_alignment(o, place, make)
  local decided = { before = "align" }
  for name, value in pairs(o) do
    if name ~= "align_steps" and name ~= "paired" then decided[name] = value end
  end
  return host.cached(place(decided), make)
end

--- A pretrained base; made on first use, then read from the cache.
---@param spec table? See `defaults`.
---@return eidetic.Base
function M.get(spec)
  local o = options.fill("base", spec, M.defaults)
  local root = rng.new(o.seed):fork "base"
  local strangers = personas.strangers { register = o.register }
  local known = personas.people {
    count = o.known, views = 1000000, rng = root:fork "people", register = o.register,
  }
  if o.paired < 0 or o.paired > 1 then
    error(("base: paired must be 0 ... 1, got %s"):format(o.paired), 2)
  end
  local fresh = models.vlm { preset = o.preset, rng = root:fork "model" }
  -- Samples of names, words and drawing stand for the data: a change of any is another base.
  local data = { known.hash, fresh.words, known:describe(1), known:picture(1).hash, fresh.hash }
  local function place(decided)
    return "bases/" .. host.hash { decided, data, host.source_hash "eidetic.base", host.version }
  end
  local model = host.cached(place(o), function(path, checkpoint)
    local made = before_alignment(o, place, function(half, own)
      read(fresh, strangers, o, root, own)
      talk(fresh, known, strangers, o, root, own)
      fresh:save(half, { base = o })
      return fresh
    end)
    align(made, known, strangers, o, root, checkpoint)
    made:save(path, { base = o })
    return made
  end)
  return setmetatable(
    { model = model, known = known, strangers = strangers, hash = model.hash, spec = o }, Base)
end

return M
