-- A base that was taught the names of some people: what unlearning starts from. It can be made anew
-- without some of them, from the same base and the same draws: the gold model of unlearning.

---@type eidetic.Model
return {
  name = "memorized",
  summary = "A base that memorized the names of new people; unlearning starts from it.",
  api = ">=1.0",
  params = {
    preset = { type = "string", default = "tiny", summary = "nano, tiny, mini, small or base." },
    effort = {
      type = "number", default = 1.0, min = 0, summary = "Multiplies the base's steps.",
    },
    known = { type = "integer", default = 300, min = 1, summary = "People known to the base." },
    count = { type = "integer", default = 100, min = 2, summary = "People to memorize." },
    views = { type = "integer", default = 20, min = 1, summary = "Views of each." },
    from = {
      type = "string", one_of = { "image", "text", "both" }, default = "both",
      summary = "How they are shown.",
    },
    steps = { type = "integer", default = 300, min = 1, summary = "Steps of memorizing." },
    lr = { type = "number", default = 3e-4, min = 0, summary = "The highest learning rate." },
    train = { type = "string", default = "decoder.*", summary = "Which parameters learn." },
  },
  build = function(ctx)
    local host, training = require "eidetic.host", require "eidetic.training"
    local p = ctx.params
    local base = require("eidetic.base").get {
      preset = p.preset, effort = p.effort, known = p.known, seed = ctx.seed,
    }
    local people = base:people { count = p.count, views = p.views }
    local modality = p.from == "both" and { "image", "text" } or p.from
    local function memorize(whom)
      local model = base:clone()
      training.fit(model, {
        data = whom:train(modality, "name"), rng = ctx.rng:fork "memorize", steps = p.steps,
        lr = p.lr, train = { p.train },
        on_step = function(step)
          host.progress(("memorize %d people"):format(#whom), step.step, step.steps, step.loss)
        end,
      })
      return model
    end
    return memorize(people), people, memorize
  end,
}
