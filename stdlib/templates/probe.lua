-- {{name}}: what does it ask of a model? Say it here, and in `summary` below.
--
--   eidetic probe run {{name}} --model tiny
--   eidetic test probes/{{name}}_spec.lua
--
-- A probe gets a context and returns one outcome per person. The workbench adds the mean with its
-- interval, the chance level, and the same probe on people whom no model was trained on.

---@type eidetic.Probe
return {
  -- As the file is called, without `.lua`.
  name = "{{name}}",
  summary = "Is at least the last name recalled?",
  -- The API that this file was written for.
  api = ">={{api}}",
  -- What a user can set, checked before `run` sees it: --param modality=image
  params = {
    modality = {
      type = "string", one_of = { "image", "text" }, default = "text",
      summary = "How people are shown.",
    },
  },
  -- ctx.model, ctx.people, ctx.params, ctx.seed, ctx.rng; ctx:items(modality, question) asks.
  run = function(ctx)
    -- One question per person, in a view that training never showed.
    local items = ctx:items(ctx.params.modality, "name")
    -- All at once: a model is fast on many questions, slow on one after the other.
    local answers = ctx.model:generate(items)
    local outcomes, truths = {}, {}
    for i, item in items do
      truths[i] = item.answer:match "%S+$"
      outcomes[i] = answers[i]:match "%S+$" == truths[i]
    end
    -- `truths` give the chance level: the share of the most frequent one. Outcomes that are
    -- fractions want `scale = "share"`, so that their interval knows its ends.
    return { per_item = outcomes, answers = answers, truths = truths }
  end,
}
