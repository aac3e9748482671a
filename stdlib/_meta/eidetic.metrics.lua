---@meta eidetic.metrics

--- Numbers from outcomes; each has one printed definition.
---@class eidetic.metrics
local eidetic_metrics = {}

--- p-values adjusted to control the false discovery rate.
---@param p_values number[]
---@return number[]
function eidetic_metrics.benjamini_hochberg(p_values) end

--- log2 of the candidates minus log2 of the rank, in bits (Carlini et al. 2019).
---@param rank integer
---@param candidates integer
---@return number
function eidetic_metrics.exposure(rank, candidates) end

--- The share of ranks up to k.
---@param ranks number[] From 1.
---@param k? integer
---@return number
function eidetic_metrics.hits(ranks, k) end

--- p-values adjusted for their number by Holm's method, in the given order.
---@param p_values number[]
---@return number[]
function eidetic_metrics.holm(p_values) end

--- Exact two-sided McNemar p-value from the two counts of pairs that disagree.
---@param first_only integer
---@param second_only integer
---@return number
function eidetic_metrics.mcnemar(first_only, second_only) end

--- The mean of 1/rank.
---@param ranks number[] From 1.
---@return number
function eidetic_metrics.mean_reciprocal_rank(ranks) end

---@class eidetic.metrics.minimum_detectable_effect.Options
---@field share? number The share to start from. Default 0.5.
---@field level? number Coverage. Default 0.95.
---@field power? number How often a true effect is found. Default 0.8.

--- The smallest difference of two independent shares that so many personas per group can show.
---@param personas integer
---@param options? eidetic.metrics.minimum_detectable_effect.Options
---@return number
function eidetic_metrics.minimum_detectable_effect(personas, options) end

--- Whether full, first and last name of an answer are right; never a substring.
---
--- ```lua
--- metrics.names("Ada Abbott", "Ada Adler").first   -- true
--- ```
---@param answer string
---@param truth string
---@return table # full, first, last
function eidetic_metrics.names(answer, truth) end

--- A name as it is compared: NFC, case folded, trimmed, single spaces, no final mark.
---@param text string
---@return string
function eidetic_metrics.normalize(text) end

--- The rank of one score among all, 1 being the highest; ties count against it.
---@param scores number[]
---@param position integer From 1.
---@return integer
function eidetic_metrics.rank(scores, position) end

--- Gap and ratios of recall in the source and the target modality.
---@param source number
---@param target number
---@param chance? number
---@return table # gap; ratio and chance_corrected, absent when nothing was memorized
function eidetic_metrics.transfer(source, target, chance) end

---@class eidetic.metrics.wilson.Options
---@field level? number Coverage. Default 0.95.

--- Wilson's score interval of a share of independent successes.
---@param successes integer
---@param trials integer
---@param options? eidetic.metrics.wilson.Options
---@return number # Lower end.
---@return number # Upper end.
function eidetic_metrics.wilson(successes, trials, options) end

return eidetic_metrics
