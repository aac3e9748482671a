-- TracIn: does a step on one person's example move the answer about that very person?

local reading = require "eidetic.reading"

---@type eidetic.Probe
return {
  name = "tracin",
  summary = "Does learning a person's example move the answer about that person most?",
  api = ">=1.0", needs = { "gradients" },
  help = [[
Measures: the gradient of the loss of each training example (a seen view) times the gradient of the
loss of each question (a held-out view), over the parameters in `parameters`: how far a small step
on the example lowers the loss of the question (Pruthi et al. 2020, arXiv 2002.08484, at the one
checkpoint that the model is). Outcome: the share of other people's examples that move a person's
answer less than the person's own example does. Examples are shown in the other modality than the
questions (`across`) and in the same one (`within`).
Read it: 1 learning is about the person, also across modalities; 0.5 no more about this person than
about anybody. `cosine` leaves out the lengths: examples with a large loss have long gradients.
Chance: 0.5. Control: never-trained people, whose looks alone make gradients alike.]],
  params = {
    modality = { type = "string", one_of = { "image", "text" }, default = "text",
                 summary = "How people are shown in the question." },
    parameters = { type = "string", default = "decoder.block.*.mlp.down.*",
                   summary = "A pattern of parameters." },
    cosine = { type = "boolean", default = true, summary = "Bring gradients to length 1 first." },
  },
  run = function(ctx)
    local tensor, metrics = require "eidetic.tensor", require "eidetic.metrics"
    local p, people = ctx.params, ctx.people
    local function gradients(modality, options)
      local items = people:test(modality, "name", options)
      return tensor.stack(reading.gradients(ctx.model, items, p.parameters, function(flat)
        return tensor.cat(flat):clone()
      end))
    end
    local questions = gradients(p.modality, {})
    local function own(modality)
      local examples, result = gradients(modality, { seen = true }), {}
      local influence = metrics.tracin({ examples }, { questions }, { 1 }, { cosine = p.cosine })
      for i = 1, #people do
        local others = {}
        for k = 1, #people do if k ~= i then others[#others + 1] = influence[k][i] end end
        result[i] = #others > 0 and reading.placements({ influence[i][i] }, others)[1] or 0.5
      end
      return result
    end
    local across = own(p.modality == "image" and "text" or "image")
    local within = own(p.modality)
    ctx:items(p.modality)
    return {
      per_item = across, chance = 0.5, scale = "share",
      parts = {
        { name = "across", per_item = across, chance = 0.5, scale = "share" },
        { name = "within", per_item = within, chance = 0.5, scale = "share" },
      },
    }
  end,
}
