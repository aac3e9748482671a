-- Checks of {{name}}, on a model so small that they take seconds:
--
--   eidetic test probes/{{name}}_spec.lua

local personas, models, rng = eidetic.personas, eidetic.models, eidetic.rng

describe("{{name}}", function()
  local people = personas.people { count = 5, views = 20, rng = rng.new(1) }

  local function ask(model, modality)
    return eidetic.probe("{{name}}"):run {
      model = model, people = people, params = { modality = modality },
    }
  end

  it("answers for every person, in both modalities", function()
    local model = models.vlm { preset = "nano", rng = rng.new(2) }
    for _, modality in ipairs { "image", "text" } do
      local result = ask(model, modality)
      expect(#result.per_item):equals(5)
      expect(result.mean):between(0, 1)
      expect(result.control.n):equals(5)
    end
  end)

  it("finds what a model was taught", function()
    local model = models.vlm { preset = "nano", rng = rng.new(2) }
    eidetic.training.fit(model, {
      data = people:train("text", "name"), rng = rng.new(3), steps = 150, batch = 10, lr = 4e-3,
    })
    local result = ask(model, "text")
    expect(result.mean):between(0.8, 1)
    expect(result.control.mean):between(0, 0.4)
  end)

  it("refuses what it does not take", function()
    local model = models.vlm { preset = "nano", rng = rng.new(2) }
    expect(function() ask(model, "sound") end):fails "one of 'image', 'text'"
  end)
end)
