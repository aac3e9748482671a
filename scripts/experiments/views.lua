-- Do more views of a person, or more repetitions, carry a name further into the other modality?
--
--   eidetic run scripts/experiments/views.lua --seeds 5
--
-- The number of distinct training views goes from 1 to 100 at the same number of steps; then the
-- steps go from a quarter to double at 20 views. Each condition is its own copy of the base.

local eidetic = require "eidetic"

local shown, other = { "image", "text" }, { image = "text", text = "image" }

-- "1 10 100" as { 1, 10, 100 }.
local function numbers(text)
  local result = {}
  for word in text:gmatch "%d+" do result[#result + 1] = math.tointeger(tonumber(word)) end
  return result
end

local function claims(params)
  local views, result = numbers(params.view_counts), {}
  local few, many = tostring(views[1]), tostring(views[#views])
  for _, source in ipairs(shown) do
    local target = other[source]
    local function keys(count) return { source = source, target = target, views = count } end
    result[#result + 1] = {
      claim = ("More views in %s carry names further into %s (%s against %s)"):format(
        source, target, many, few),
      higher = keys(many), lower = keys(few),
    }
    local home = { source = source, target = source, views = many }
    result[#result + 1] = {
      claim = ("With %s views in %s the gap to %s is still there"):format(many, source, target),
      higher = home, lower = keys(many),
    }
  end
  return result
end

return eidetic.experiment {
  name = "views",
  summary = "Do more views, or more repetitions, carry a name further into the other modality?",
  params = {
    personas = 100, view_counts = "1 2 5 10 20 50 100", step_counts = "50 100 400", steps = 200,
    lr = 3e-4, base = "tiny", effort = 1.0,
  },
  quick = {
    base = "nano", effort = 0.3, personas = 30, steps = 100,
    view_counts = "1 5 20", step_counts = "50",
  },
  claims = claims,

  run = function(ctx)
    local p = ctx.params
    local base = ctx:base(p.base, { effort = p.effort })
    local function measure(factor, count, views, steps)
      local people = base:people { count = p.personas, views = views }
      ctx:about(people)
      for _, source in ipairs(shown) do
        ctx:teach(base:clone(), people, source, {
          keys = { [factor] = tostring(count) }, steps = steps, lr = p.lr,
        })
      end
    end
    for _, views in ipairs(numbers(p.view_counts)) do measure("views", views, views, p.steps) end
    for _, steps in ipairs(numbers(p.step_counts)) do measure("steps", steps, 20, steps) end
  end,
}
