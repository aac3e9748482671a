-- Linear probes per block: what a linear classifier reads off the residual stream where the answer
-- begins, beside a control task and asked in the other modality.

local reading = require "eidetic.reading"

---@type eidetic.Probe
return {
  name = "linear-probe",
  summary = "What does a linear classifier read off each decoder block?",
  api = ">=1.0", needs = { "hooks" },
  help = [[
Measures: a multinomial logistic classifier on the state where the answer begins. `person` learns
from some held-out views and is tested on another; an attribute is tested on people that the
classifier never saw (folds). `other modality`: the same classifier on the other way of showing the
same people. `control task`: the same with labels shuffled among examples or people (Hewitt and
Liang 2019, arXiv 1909.03368); task minus control is the selectivity.
Read it: what can be read is not always used. People look different, so identity is read for never-
trained people too: memory is what members have beyond them. A high `other modality` is a shared
code.
Chance: the commonest class. Control: the same on never-trained people.]],
  params = {
    modality = { type = "string", one_of = { "image", "text" }, default = "text",
                 summary = "How people are shown." },
    label = { type = "string", default = "person", summary = "`person`, or an attribute." },
    views = { type = "integer", default = 3, min = 1, summary = "Views to learn from." },
    folds = { type = "integer", default = 5, min = 2, summary = "Of people, for attributes." },
    steps = { type = "integer", default = 80, min = 1, summary = "Steps of each classifier." },
  },
  run = function(ctx)
    local p, people, model, parts = ctx.params, ctx.people, ctx.model, {}
    local classes, count, chance = reading.classes(people, p.label)
    local is_person, order = p.label == "person", ctx.rng:sample(#people, #people)
    local function states(modality, view)
      return reading.states(model, people:test(modality, "name", { view = view }))
    end
    local learned, tested = {}, states(p.modality, 1)
    for view = 1, p.views do learned[view] = states(p.modality, view + 1) end
    local other = states(p.modality == "image" and "text" or "image", 1)
    -- A person is in one fold, except where persons are the classes: then all are in all.
    local function is_in(k, fold) return is_person or k % p.folds == fold - 1 end
    local function outcomes(block, truth, y, is_mixed)
      local rows, hits = {}, {}
      for view = 1, p.views do rows[view] = learned[view][block]:layer_norm() end
      local x = require("eidetic.tensor").cat(rows)
      for fold = 1, is_person and 1 or p.folds do
        local places, labels = {}, {}
        for row = 1, p.views * #people do
          local k = (row - 1) % #people + 1
          if is_person or not is_in(k, fold) then
            places[#places + 1] = (row - 1) // #people * #people + order[k]
            labels[#labels + 1] = truth[order[k]]
          end
        end
        if is_mixed then labels = ctx.rng:fork("labels"):shuffle(labels) end
        local said = reading.classifier(x:rows(places), labels, count, p.steps)(y:layer_norm())
        for k, i in ipairs(order) do
          if is_in(k, fold) then hits[i] = said[i] == truth[i] end
        end
      end
      return hits
    end
    local mixed = is_person and classes or ctx.rng:fork("control"):shuffle(classes)
    local function add(name, per_item)
      parts[#parts + 1] = { name = name, per_item = per_item, chance = chance }
      return per_item
    end
    local last
    for b = 1, model.sizes.decoder_blocks do
      last = add(("block %d"):format(b), outcomes(b, classes, tested[b]))
      add(("block %d, control task"):format(b), outcomes(b, mixed, tested[b], is_person))
      add(("block %d, other modality"):format(b), outcomes(b, classes, other[b]))
    end
    ctx:items(p.modality)
    return { per_item = last, chance = chance, parts = parts }
  end,
}
