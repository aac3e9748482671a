-- Checks of {{name}} at a size that takes seconds:
--
--   eidetic test experiments/{{name}}_spec.lua

-- The folder that this spec lies in.
local folder = (...):match "^(.*)/[^/]*$" or "."

describe("{{name}}", function()
  local experiment = dofile(folder .. "/{{name}}.lua")

  it("records recall from pictures and from words, with controls", function()
    local records = experiment:rehearse {
      params = { base = "nano", effort = 0.01, personas = 4, views = 2, steps = 2 },
    }
    expect(#records):equals(4)
    for _, record in ipairs(records) do
      expect(record.keys.source):equals "image"
      expect(#record.outcomes.answers):equals(4)
    end
  end)
end)
