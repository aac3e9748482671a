-- Do more views of a person, or more steps, help names to cross over? A grid of conditions, three
-- seeds each; what is done is not done again when the lists grow.
--
--   eidetic sweep scripts/sweeps/steps.lua --jobs 2
--   eidetic sweep scripts/sweeps/steps.lua --quick --seeds 1

local eidetic = require "eidetic"

return eidetic.sweep {
  name       = "steps",
  summary    = "Names recalled from the other modality, by views and steps of learning.",
  experiment = "../experiments/cross_modal.lua",
  parameters = {
    views = { values = { 5, 20 } },
    steps = { values = { 100, 200, 400 } },
  },
  seeds      = 3,
}
