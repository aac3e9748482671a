-- Does a more capable model close the gap between the modalities?
--
--   eidetic run scripts/experiments/capability.lua --seeds 5
--
-- Two ladders. Size: the presets micro, nano, tiny and mini, 0.16 to 4.2 M parameters (27 times),
-- each pretrained with the same recipe (`--set sizes="micro nano tiny mini small"` adds 8 M).
-- Training: the tiny base after a tenth, a third and all of its pretraining, which changes how well
-- it reads attributes. Each learns until the names are learned, at most `steps`: after equal steps
-- a small model knows less in either modality, and its gap is small for want of anything to lose.

local eidetic = require "eidetic"

local shown, other = { "image", "text" }, { image = "text", text = "image" }

local statements = {
  sizes = "The gap from %s to %s is smaller in a %s model than in a %s one",
  efforts = "The gap from %s to %s is smaller after %s of the pretraining than after %s",
}

local function claims(params)
  local result = {}
  for _, ladder in ipairs { "sizes", "efforts" } do
    local first, last = params[ladder]:match "(%S+).*%s(%S+)"
    for _, source in ipairs(first and shown or {}) do
      local target = other[source]
      local function keys(asked, step)
        return { source = source, target = asked, [ladder] = step }
      end
      result[#result + 1] = {
        claim = statements[ladder]:format(source, target, last, first),
        terms = {
          { 1, keys(source, first) }, { -1, keys(target, first) },
          { -1, keys(source, last) }, { 1, keys(target, last) },
        },
      }
    end
  end
  return result
end

return eidetic.experiment {
  name = "capability",
  summary = "Does a more capable model close the gap between the modalities?",
  params = {
    personas = 100, views = 20, steps = 1500, lr = 3e-4, learned = 0.05,
    sizes = "micro nano tiny mini", efforts = "0.1 0.3 1.0", base = "tiny", effort = 1.0,
  },
  quick = {
    base = "nano", effort = 0.3, personas = 30, steps = 300,
    sizes = "micro nano", efforts = "0.3 1.0",
  },
  claims = claims,

  run = function(ctx)
    local p = ctx.params
    local function measure(ladder, step, preset, effort)
      local base = ctx:base(preset, { effort = effort })
      local people = base:people { count = p.personas, views = p.views }
      ctx:about(people)
      local skill = base:skill(ctx.rng:fork "skill")
      ctx:note(("%s %s: reads pictures at %.2f, descriptions at %.2f; names it knows from text it "
        .. "recalls from pictures at %.2f"):format(
        ladder, step, skill.image, skill.text, skill.known_from_image))
      for _, source in ipairs(shown) do
        ctx:teach(base:clone(), people, source, {
          keys = { [ladder] = step }, steps = p.steps, lr = p.lr, checkpoint = true,
          on_step = function(at)
            if at.loss < p.learned then at:stop "the names are learned" end
          end,
        })
      end
    end
    for size in p.sizes:gmatch "%S+" do measure("sizes", size, size, p.effort) end
    for share in p.efforts:gmatch "%S+" do
      measure("efforts", share, p.base, tonumber(share) * p.effort)
    end
  end,
}
