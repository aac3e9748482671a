-- The losses of unlearning methods, on numbers: what a model makes of answers goes in, one number
-- to make small comes out. Which answers, and what else is added, stands in `methods/`.
--
-- Two kinds of input: rows, one per answer word (`logits` [words, vocabulary], `labels` [words]
-- with ids from 0, `log_probabilities` [words]), and sequences, one per answer (`nll` [answers],
-- the sum over its words). Prompts never come in, so that no mean runs over them.

local tensor = require "eidetic.tensor"

local M = {}

-- log(1 + e^x) without overflow; its derivative at 0, where NPO starts, is 1/2.
local function softplus(x) return tensor.stack({ x, x * 0 }, 1):logsumexp(1) end

-- -(2/β) log σ(β · margin), averaged: what preference losses have in common.
local function preference(margin, beta) return softplus(margin * -beta):mean() * (2 / beta) end

-- True at each row's label.
local function at_labels(logits, labels)
  local ids = tensor.arange(0, logits.shape[2]):to "int32"
  return labels:unsqueeze(2):eq(ids)
end

-- Cross-entropy with targets that are distributions, averaged over rows.
---@return Tensor
local function soft_cross_entropy(targets, logits)
  return (targets:detach() * logits:log_softmax(2)):sum(2):mean():neg()
end

--- Negative preference optimization, -(2/β) log σ(β (NLL - NLL₀)): starts at (2/β) log 2, falls as
--- the answers become less likely than the reference finds them, and flattens out there. β → 0 is
--- gradient ascent. Zhang et al. 2024, arXiv 2404.05868.
---@param nll Tensor [answers], sums over words: a mean over words would be another β per length.
---@param reference_nll Tensor [answers] of the frozen model.
---@param beta number Above 0.
---@return Tensor
function M.npo(nll, reference_nll, beta)
  return preference(nll - reference_nll, beta)
end

--- SimNPO, -(2/β) log σ(β (NLL/L - δ)): no reference, and every word counts alike. Fan et al. 2024,
--- arXiv 2410.07163.
---@param mean_nll Tensor [answers], means over words.
---@param beta number Above 0.
---@param delta number The loss in nats per word at which the slope is half.
---@return Tensor
function M.sim_npo(mean_nll, beta, delta)
  return preference(mean_nll - delta, beta)
end

--- Direct preference optimization with a wanted answer against the one to forget,
--- -(2/β) log σ(β [log π/π₀(wanted) - log π/π₀(unwanted)]). Rafailov et al. 2023, arXiv 2305.18290;
--- with the factor 2/β in Maini et al. 2024, arXiv 2401.06121.
---@param wanted { nll: Tensor, reference_nll: Tensor } [answers] each, sums over words.
---@param unwanted { nll: Tensor, reference_nll: Tensor }
---@param beta number Above 0.
---@return Tensor
function M.dpo(wanted, unwanted, beta)
  local margin = (wanted.reference_nll - wanted.nll) - (unwanted.reference_nll - unwanted.nll)
  return preference(margin, beta)
end

--- KL(reference ‖ model) of the next word, in nats, averaged over rows; with a temperature T both
--- are softened and the result is multiplied by T² (Hinton et al. 2015, arXiv 1503.02531).
---@param reference_logits Tensor [words, vocabulary] Constant.
---@param logits Tensor [words, vocabulary]
---@param temperature number? 1 by default.
---@return Tensor
function M.kl(reference_logits, logits, temperature)
  local t = temperature or 1
  local target = (reference_logits:detach() / t):log_softmax(2)
  local own = (logits / t):log_softmax(2)
  return (target:exp() * (target - own)):sum(2):mean() * (t * t)
end

--- UNDIAL: cross-entropy with the reference's distribution after its logit of the true word was
--- lowered. Dong et al. 2024, arXiv 2402.10052.
---@param logits Tensor [words, vocabulary]
---@param reference_logits Tensor [words, vocabulary] Constant.
---@param labels Tensor [words], ids from 0.
---@param strength number By how much.
---@return Tensor
function M.undial(logits, reference_logits, labels, strength)
  local z = reference_logits:detach()
  local lowered = tensor.where(at_labels(z, labels), z - strength, z)
  return soft_cross_entropy(lowered:softmax(2), logits)
end

--- CE-U: cross-entropy with the model's own distribution without the true word. Yang 2025,
--- arXiv 2503.01224.
---@param logits Tensor [words, vocabulary]
---@param labels Tensor [words], ids from 0.
---@return Tensor
function M.ce_u(logits, labels)
  local z = logits:detach()
  return soft_cross_entropy(tensor.where(at_labels(z, labels), -1e9, z):softmax(2), logits)
end

--- Weighted gradient ascent, E[p^β log p], the weight p^β being constant: words that are already
--- unlikely pull less. Wang et al. 2025, arXiv 2502.19301.
---@param log_probabilities Tensor [words]
---@param beta number 0 is gradient ascent.
---@return Tensor
function M.wga(log_probabilities, beta) return M.sat_imp(log_probabilities, beta, 0) end

--- SatImp, E[p^β₁ (1 - p)^β₂ log p], the weights being constant: saturation times importance. Yang
--- et al. 2025, arXiv 2505.11953.
---@param log_probabilities Tensor [words]
---@param beta1 number Weight of what the model still knows.
---@param beta2 number Weight of what it does not know for certain.
---@return Tensor
function M.sat_imp(log_probabilities, beta1, beta2)
  local p = log_probabilities:detach():exp()
  return (p:pow(beta1) * (1 - p):pow(beta2) * log_probabilities):mean()
end

--- How far the highest logit stands above the mean one, squared: 0 when all words are alike, so
--- making it small raises the entropy. The forget loss of PDU, as open-unlearning has it.
---@param logits Tensor [words, vocabulary]
---@return Tensor
function M.flatness(logits) return (logits:max(2) - logits:mean(2)):square():mean() end

--- Mean squared distance, over all rows and numbers, of states from a target: the same for every
--- row, or one per row. The two terms of RMU, Li et al. 2024, arXiv 2403.03218.
---@param states Tensor [rows, width]
---@param target Tensor [width] or [rows, width] Constant.
---@return Tensor
function M.distance(states, target) return (states - target:detach()):square():mean() end

return M
