-- How does what crosses between the modalities depend on the recipe of the base?
--
--   eidetic run scripts/experiments/recipe.lua --seeds 5
--
-- Two knobs. Alignment: the steps in which pictures learn to stand for words, from hardly any to
-- the usual 2000. Both: the share of the people whom the base knows that it knows in both
-- modalities; by default none, their names come from text alone. The names are learned and asked as
-- in cross_modal.lua. Beside them, before anything is learned: `reads`, whether all attributes of
-- a person are named right, and `crossed`, names that the base knows from text and recalls from
-- pictures.
--
-- Measured with five seeds (mean, brackets 95 % over seeds and people; home is 0.97 to 1.00):
--
--                    alignment steps                   share known in both
--                    20     100    500    2000         0      0.5    1
--   image to text    0.00   0.01   0.12   0.20         0.23   0.64   0.70
--   text to image    0.00   0.02   0.20   0.41         0.39   0.94   0.97
--   reads pictures   0.00   0.18   0.92   0.97         0.97   0.96   0.95
--   crossed          0.00   0.02   0.27   0.53         0.53   0.99   0.99
--
-- So the base decides: from nothing to 0.70 [0.58, 0.81] and 0.97 [0.94, 0.99]. That pictures are
-- read is not enough: 500 alignment steps read 0.92 of the people, and carry 0.12 of the names.
-- Time: about 13 minutes a seed, bases included, on two cores of an EPYC (Zen 4).

local eidetic = require "eidetic"

local shown, other = { "image", "text" }, { image = "text", text = "image" }

local statements = {
  alignment = "After %s alignment steps more crosses from %s to %s than after %s",
  both = "With a share %s of known people known in both, more crosses from %s to %s than with %s",
}

local function claims(params)
  local result = {}
  for _, knob in ipairs { "alignment", "both" } do
    local low, high = params[knob]:match "(%S+).*%s(%S+)"
    for _, source in ipairs(low and shown or {}) do
      local function keys(level)
        return { source = source, target = other[source], [knob] = level }
      end
      result[#result + 1] = {
        claim = statements[knob]:format(high, source, other[source], low),
        higher = keys(high), lower = keys(low),
      }
    end
  end
  return result
end

return eidetic.experiment {
  name = "recipe",
  summary = "How does what crosses between the modalities depend on the recipe of the base?",
  params = {
    personas = 100, views = 20, steps = 200, lr = 3e-4, base = "tiny", effort = 1.0,
    alignment = "20 100 500 2000", both = "0 0.5 1",
  },
  quick = {
    base = "nano", effort = 0.3, personas = 30, steps = 100, alignment = "100 2000", both = "0 1",
  },
  claims = claims,

  run = function(ctx)
    local p = ctx.params
    local function measure(knob, level, spec)
      spec.effort = p.effort
      local base = ctx:base(p.base, spec)
      local people = base:people { count = p.personas, views = p.views }
      ctx:about(people)
      local keys = { [knob] = level }
      local function record(metric, target, items)
        local values = eidetic.probes.exact(base.model, items).values
        ctx:record({ target = target, [knob] = level },
          { metric = metric, items = items, values = values })
      end
      for _, target in ipairs(shown) do record("reads", target, people:test(target, "caption")) end
      record("crossed", "image", base.known:part(1, 100):test("image", "name"))
      for _, source in ipairs(shown) do
        ctx:teach(base:clone(), people, source, { keys = keys, steps = p.steps, lr = p.lr })
      end
    end
    for level in p.alignment:gmatch "%S+" do
      measure("alignment", level, { align_steps = math.tointeger(tonumber(level)) })
    end
    for level in p.both:gmatch "%S+" do
      measure("both", level, { paired = tonumber(level) })
    end
  end,
}
