-- Does a more capable model close the gap between the modalities?
--
--   eidetic run scripts/experiments/capability.lua --seeds 5
--
-- Two ladders. Size: the presets nano, tiny, mini and small, 0.3 to 8 M parameters, each pretrained
-- with the same recipe (`--set sizes="nano tiny mini small base"` adds 25 M and 40 minutes a seed).
-- Training: the tiny base after a tenth, a third and all of its pretraining, which changes how well
-- it reads attributes. The names are learned and asked as in cross_modal.lua.

local eidetic = require "eidetic"

local shown, other = { "image", "text" }, { image = "text", text = "image" }

local function words(text)
  local result = {}
  for word in text:gmatch "%S+" do result[#result + 1] = word end
  return result
end

local statements = {
  sizes = "The gap from %s to %s is smaller in a %s model than in a %s one",
  efforts = "The gap from %s to %s is smaller after %s of the pretraining than after %s",
}

local function claims(params)
  local result = {}
  for _, ladder in ipairs { "sizes", "efforts" } do
    local steps = words(params[ladder])
    for _, source in ipairs(shown) do
      local target = other[source]
      local function keys(asked, step)
        return { source = source, target = asked, [ladder] = steps[step] }
      end
      result[#result + 1] = {
        claim = statements[ladder]:format(source, target, steps[#steps], steps[1]),
        terms = {
          { 1, keys(source, 1) }, { -1, keys(target, 1) },
          { -1, keys(source, #steps) }, { 1, keys(target, #steps) },
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
    personas = 100, views = 20, steps = 200, lr = 3e-4, sizes = "nano tiny mini small",
    efforts = "0.1 0.3 1.0", base = "tiny", effort = 1.0,
  },
  quick = {
    base = "nano", effort = 0.3, personas = 30, steps = 100,
    sizes = "nano tiny", efforts = "0.3 1.0",
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
        local model = base:clone()
        ctx:fit(model, {
          stage = ("%s %s: names from %s"):format(ladder, step, source),
          data = people:train(source, "name"), steps = p.steps, lr = p.lr, train = { "decoder.*" },
        })
        for _, target in ipairs(shown) do
          ctx:record({ source = source, target = target, [ladder] = step },
            eidetic.probes.recall(model, people:test(target, "name")))
        end
      end
    end
    for _, size in ipairs(words(p.sizes)) do measure("sizes", size, size, p.effort) end
    for _, share in ipairs(words(p.efforts)) do
      measure("efforts", share, p.base, tonumber(share) * p.effort)
    end
  end,
}
