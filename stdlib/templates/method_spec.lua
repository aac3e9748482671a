-- Checks of {{name}}, on a model so small that they take seconds:
--
--   eidetic test methods/{{name}}_spec.lua

local personas, models, rng = eidetic.personas, eidetic.models, eidetic.rng

describe("{{name}}", function()
  it("forgets some and keeps the others", function()
    local people = personas.people { count = 6, views = 20, rng = rng.new(1) }
    local forget, retain = people:part(1, 2), people:part(3)
    local model = models.vlm { preset = "nano", rng = rng.new(2) }
    eidetic.training.fit(model, {
      data = people:train("text", "name"), rng = rng.new(3), steps = 150, batch = 10, lr = 4e-3,
    })
    local function loss(who) return model:loss(who:test("text", "name")):item() end
    local before = { forget = loss(forget), retain = loss(retain) }
    eidetic.method("{{name}}"):run {
      model = model, forget = forget, retain = retain,
      params = { modality = "text", steps = 20, lr = 1e-3 },
    }
    expect(loss(forget) > before.forget + 0.5):equals(true)
    expect(loss(retain)):between(0, before.retain + 0.5)
  end)
end)
