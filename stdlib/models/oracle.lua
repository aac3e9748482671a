-- Models whose memory is known by construction: what a probe scores on them can be worked out.

---@type eidetic.Model
return {
  name = "oracle",
  summary = "A model in Lua that knows exactly so many names: a check of probes.",
  api = ">=1.0",
  help = [[
lookup knows the names of the first `know` people, however they are shown, and says nothing about
others; image-only knows them from pictures alone; guess says one of the names of these people at
random, each as likely; collapsed says the first person's name to everybody.
It has no activations, parameters or training: probes that need those are left out.]],
  params = {
    kind = {
      type = "string", one_of = { "lookup", "image-only", "guess", "collapsed" },
      default = "lookup", summary = "What it knows.",
    },
    count = { type = "integer", default = 100, min = 1, summary = "People." },
    know = { type = "integer", default = 50, min = 0, summary = "How many of them it knows." },
  },
  build = function(ctx)
    local p = ctx.params
    local people = require("eidetic.personas").people { count = p.count, views = 20,
                                                        rng = ctx.rng:fork "people" }
    local known, guesses = {}, {}
    for i, item in people:test("text", "name") do
      if i <= p.know then known[item.person] = true end
      guesses[i] = { text = item.answer, p = 1 / p.count }
    end
    local beliefs = {
      lookup = function(item)
        return { { text = known[item.person] and item.answer or "", p = 1 } }
      end,
      ["image-only"] = function(item)
        local sees = item.modality == "image" and known[item.person]
        return { { text = sees and item.answer or "", p = 1 } }
      end,
      guess = function() return guesses end,
      collapsed = function() return { { text = guesses[1].text, p = 1 } } end,
    }
    local model = require("eidetic.oracle").new {
      label = ("%s %d of %d"):format(p.kind, p.know, p.count), belief = beliefs[p.kind],
      rng = p.kind == "guess" and ctx.rng:fork "answers" or nil,
    }
    return model, people
  end,
}
