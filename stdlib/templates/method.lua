-- {{name}}: how does it make a model forget? Say it here, and in `summary` below.
--
--   eidetic method run {{name}} --model tiny --forget 0.1
--   eidetic test methods/{{name}}_spec.lua
--
-- A method gives a loss to make small, and the workbench takes the steps (parameters `steps`, `lr`,
-- `train` and `modality` come by themselves). One that needs steps of its own has
-- `run = function(ctx)` in place of `loss`, and may call `ctx:minimize(function(step) ... end)`.

---@type eidetic.Method
return {
  -- As the file is called, without `.lua`.
  name = "{{name}}",
  summary = "Raises the loss of those to forget up to a bound, and keeps the others.",
  -- The API that this file was written for.
  api = ">={{api}}",
  params = {
    bound = { type = "number", default = 4.0, min = 0, summary = "Loss in nats that is enough." },
  },
  -- ctx.model, ctx.forget, ctx.retain, ctx.params, ctx.seed, ctx.rng
  loss = function(ctx, step)
    local forget = ctx.model:loss(ctx:forget_items(step))
    local keep = ctx.model:loss(ctx:retain_items(step))
    if forget:item() >= ctx.params.bound then return keep end
    return keep - forget
  end,
}
