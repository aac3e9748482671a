-- Copies of a model, each trained on a random half of some people, every second one on the other
-- half, and what each then answers about everybody. Copies are remembered: probes that ask for the
-- same ones share them, several processes train them together, a stopped run goes on.

local host = require "eidetic.host"
local metrics = require "eidetic.metrics"

local M = {}

--- Parameters of the training, for probes that retrain.
M.params = {
  models = { type = "integer", default = 8, min = 2, summary = "How many; an even number." },
  source = { type = "string", one_of = { "image", "text" }, default = "image",
             summary = "How people are shown in training." },
  steps = { type = "integer", default = 150, min = 1, summary = "Steps of each training." },
  lr = { type = "number", default = 3e-4, min = 1e-12, summary = "The highest learning rate." },
  train = { type = "string", default = "decoder.*", summary = "Which parameters learn." },
}

--- Who is in the training of which copy; copies 2 k - 1 and 2 k have opposite halves.
---@param root Rng
---@param people integer How many.
---@param models integer
---@return boolean[][] had By copy and person.
function M.halves(root, people, models)
  local had = {}
  for k = 1, models do
    had[k] = {}
    for place, i in ipairs(root:fork((k + 1) // 2):sample(people, people)) do
      had[k][i] = (place * 2 <= people) == (k % 2 == 1)
    end
  end
  return had
end

-- Whether each name is said and its log-probability, asked in both modalities.
local function answers(model, people)
  local result = {}
  for _, modality in ipairs { "image", "text" } do
    local items, right, logs = people:test(modality, "name"), {}, {}
    local said, scores = model:generate(items), model:log_probabilities(items, people.names)
    for i, item in items do
      right[i], logs[i] = metrics.names(said[i], item.answer).full and 1 or 0, scores[i][i]
    end
    result[modality] = { right = right, logs = logs }
  end
  return result
end

---@class eidetic.Copy What one copy answers: by modality whether each name is right, and its
---  log-probability in nats.
---@field member table<string, { right: integer[], logs: number[] }> About those of the run.
---@field control table<string, { right: integer[], logs: number[] }> About never-trained people.

--- Trains the copies, or remembers them.
---@param ctx eidetic.ProbeContext Of a probe with the parameters `M.params`.
---@return eidetic.Copy[] copies
---@return boolean[][] had By copy and person of the run.
function M.copies(ctx)
  local p, members = ctx.params, ctx.members
  local twins = ctx.group == "member" and ctx:others() or ctx.people
  if p.models % 2 == 1 then error("models: expected an even number, got " .. p.models, 0) end
  if #twins ~= #members then
    error(("control: expected as many people as the run has, %d, got %d"):format(
      #members, #twins), 0)
  end
  local root = require("eidetic.rng").new(ctx.seed):fork "counterfactual"
  local had, recipe = M.halves(root, #members, p.models), {}
  for name in pairs(M.params) do recipe[name] = p[name] end
  local function trained(k)
    local model, data = ctx.model:clone(), {}
    for i, is_in in ipairs(had[k]) do
      if is_in then data[#data + 1] = members:part(i, i):train(p.source, "name") end
    end
    require("eidetic.training").fit(model, { data = data, rng = root:fork("fit"):fork(k),
                                             steps = p.steps, lr = p.lr, train = { p.train } })
    return { member = answers(model, members), control = answers(model, twins) }
  end
  recipe.models = nil -- the first ones of more are the same
  local key = host.hash { ctx.model.hash, members.hash, twins.hash, recipe, ctx.seed, host.version }
  return require("eidetic.together").map("retrained/" .. key, p.models, trained,
                                         "models trained"), had
end

return M
