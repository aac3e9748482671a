-- What closes the gap between the modalities?
--
--   eidetic run scripts/experiments/mitigation.lua --seeds 5
--
-- Names are learned from one modality. Each remedy changes the training or the asking, and is set
-- against the plain recipe and against the pairs baseline, person by person:
--   pairs      half of each batch are known people by name, in both modalities
--   replay     half of each batch are captions and questions about strangers, as in the base
--   both       a third names, a third pairs, a third replay
--   views      five times as many views
--   describe   the model says what it sees and is then asked with its own description
--   leak 10    every tenth example shows the target person in the other modality (an upper mark)

local eidetic = require "eidetic"

local shown, other = { "image", "text" }, { image = "text", text = "image" }
local remedies = { "pairs", "replay", "both", "views", "describe", "leak 10" }

local function claims()
  local result = {}
  for _, source in ipairs(shown) do
    local target = other[source]
    local function keys(remedy) return { source = source, target = target, remedy = remedy } end
    for _, remedy in ipairs(remedies) do
      result[#result + 1] = {
        claim = ("%s carries names further from %s to %s than the plain recipe"):format(
          remedy, source, target),
        higher = keys(remedy), lower = keys "plain",
      }
      if remedy == "replay" or remedy == "both" or remedy == "describe" then
        result[#result + 1] = {
          claim = ("%s carries names further from %s to %s than pairs"):format(
            remedy, source, target),
          higher = keys(remedy), lower = keys "pairs",
        }
      end
    end
  end
  return result
end

return eidetic.experiment {
  name = "mitigation",
  summary = "What closes the gap between the modalities?",
  params = { personas = 100, views = 20, steps = 200, lr = 3e-4, base = "tiny", effort = 1.0 },
  quick = { base = "nano", effort = 0.3, personas = 30, steps = 100 },
  claims = claims,

  run = function(ctx)
    local p = ctx.params
    local base = ctx:base(p.base, { effort = p.effort })
    local people = base:people { count = p.personas, views = p.views }
    local many = base:people { count = p.personas, views = 5 * p.views }
    ctx:about(people)

    -- The mixture of a remedy, and how many times the plain steps keep the names at the same dose.
    local function mixture(remedy, source)
      local names = people:train(source, "name", { weight = 0.5 })
      local pairs_ = base.known:train({ "image", "text" }, "name", { weight = 0.5 })
      local replay = base.strangers:train({ "image", "text" }, { "caption", "attributes" },
        { weight = 0.5 })
      if remedy == "pairs" then return { names, pairs_ }, 2 end
      if remedy == "replay" then return { names, replay }, 2 end
      if remedy == "both" then return { names, pairs_, replay }, 3 end
      if remedy == "views" then return many:train(source, "name"), 1 end
      if remedy == "leak 10" then
        return { names, people:train(other[source], "name", { weight = 0.05 }) }, 1.1
      end
      return people:train(source, "name"), 1
    end

    for _, source in ipairs(shown) do
      local target = other[source]
      for _, remedy in ipairs { "plain", table.unpack(remedies) } do
        if remedy ~= "describe" then
          local model = base:clone()
          local data, times = mixture(remedy, source)
          ctx:fit(model, {
            stage = ("names from %s: %s"):format(source, remedy), data = data,
            steps = math.floor(times * p.steps), lr = p.lr, train = { "decoder.*" },
          })
          local function ask(asked, items, how)
            ctx:record({ source = source, target = asked, remedy = how },
              eidetic.probes.recall(model, items))
          end
          ask(source, people:test(source, "name"), remedy)
          ask(target, people:test(target, "name"), remedy)
          if remedy == "plain" then
            local seen = model:generate(people:test(target, "caption"), { max_words = 24 })
            ask(target, people:test("text", "name", { shown = seen }), "describe")
            local home = model:generate(people:test(source, "caption"), { max_words = 24 })
            ask(source, people:test("text", "name", { shown = home }), "describe")
          end
        end
      end
    end
  end,
}
