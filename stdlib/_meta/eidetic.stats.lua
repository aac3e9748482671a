---@meta eidetic.stats

--- Intervals, tests and effect sizes; what is undefined is nil or absent.
---@class eidetic.stats
local eidetic_stats = {}

---@class eidetic.stats.auc.Options
---@field level? number Coverage of the interval. Default 0.95.

--- The area under the ROC curve with Newcombe's interval and DeLong's standard error.
---
--- ```lua
--- stats.auc({ 0.9, 0.8, 0.7, 0.4 }, { 0.6, 0.5, 0.3, 0.2 }).value   -- 0.875
--- ```
---@param members Tensor|number[] Their scores, one per persona; higher means member.
---@param non_members Tensor|number[] Scores of what was not trained on.
---@param options? eidetic.stats.auc.Options
---@return table # value, low, high, standard_error where defined, members, non_members
function eidetic_stats.auc(members, non_members, options) end

--- The best balanced accuracy over all thresholds, chosen on the same scores.
---
--- ```lua
--- stats.balanced_accuracy({ 0.9, 0.8 }, { 0.1, 0.2 })
--- ```
---@param members Tensor|number[] Their scores, one per persona; higher means member.
---@param non_members Tensor|number[] Scores of what was not trained on.
---@return number
function eidetic_stats.balanced_accuracy(members, non_members) end

--- p-values adjusted to control the false discovery rate.
---
--- ```lua
--- stats.benjamini_hochberg { 0.01, 0.04, 0.3 }
--- ```
---@param p_values number[] One per test of the family.
---@return number[]
function eidetic_stats.benjamini_hochberg(p_values) end

---@class eidetic.stats.bootstrap.Options
---@field rng Rng All randomness.
---@field clusters? integer[] The persona of each value; each alone without it.
---@field statistic? "mean"|"median"|function A name, or a function of a list of numbers that gives a number. Default "mean".
---@field method? "bca"|"percentile" Of the interval. Default "bca".
---@field resamples? integer How many. Default 10000.
---@field level? number Coverage of the interval. Default 0.95.

--- The bootstrap of a statistic; with `clusters`, whole personas are resampled.
---
--- ```lua
--- stats.bootstrap({ 1, 0, 1 }, { clusters = { 1, 1, 2 }, rng = rng.new(1) })
--- ```
---@param values Tensor|number[] Numbers.
---@param options eidetic.stats.bootstrap.Options
---@return table # value, standard_error, bias, clusters; low and high where there is a spread
function eidetic_stats.bootstrap(values, options) end

--- The mean squared distance of confidence and outcome.
---
--- ```lua
--- stats.brier({ 0.9, 0.2 }, { 1, 0 })
--- ```
---@param confidences Tensor|number[] In [0, 1].
---@param correct Tensor|(boolean|number)[] Whether each answer was right.
---@return number
function eidetic_stats.brier(confidences, correct) end

---@class eidetic.stats.calibration_error.Options
---@field bins? integer How many. Default 10.

--- The expected calibration error over bins of equal width.
---
--- ```lua
--- stats.calibration_error({ 0.9, 0.2 }, { 1, 0 }, { bins = 2 })
--- ```
---@param confidences Tensor|number[] In [0, 1].
---@param correct Tensor|(boolean|number)[] Whether each answer was right.
---@param options? eidetic.stats.calibration_error.Options
---@return number
function eidetic_stats.calibration_error(confidences, correct, options) end

--- How varied answers are: the signs of a model that gives one answer to all.
---
--- ```lua
--- stats.collapse { "Ada", "Ada", "Bo" }
--- ```
---@param answers string[] What the model said.
---@return table # distinct, distinct_share, majority, majority_share, entropy in nats, count
function eidetic_stats.collapse(answers) end

--- The share of different n-grams of a sequence; 1 minus it is repetition.
---
--- ```lua
--- stats.distinct_n({ "a", "red", "hat", "a", "red" }, 2)
--- ```
---@param tokens string[]|Tensor|integer[] Words or token ids.
---@param n? integer Length of the runs.
---@return number? # nil when the sequence is shorter than n
function eidetic_stats.distinct_n(tokens, n) end

--- The entropy of a distribution given by counts, in nats.
---
--- ```lua
--- stats.entropy { 3, 1 }   -- 0.562
--- ```
---@param counts Tensor|number[] 0 or more, not all 0.
---@return number
function eidetic_stats.entropy(counts) end

--- p-values adjusted for their number by Holm's method, in the given order.
---
--- ```lua
--- stats.holm { 0.01, 0.04, 0.3 }
--- ```
---@param p_values number[] One per test of the family.
---@return number[]
function eidetic_stats.holm(p_values) end

--- The Jensen-Shannon divergence, symmetric, in nats.
---
--- ```lua
--- stats.js_divergence({ 0.5, 0.5 }, { 0.9, 0.1 })
--- ```
---@param p Tensor|number[] What is true: probabilities or counts.
---@param q Tensor|number[] What is believed, for the same kinds.
---@return number
function eidetic_stats.js_divergence(p, q) end

--- How badly q explains samples of p, in nats; the order matters.
---
--- ```lua
--- stats.kl_divergence({ 0.7, 0.3 }, { 0.5, 0.5 })
--- ```
---@param p Tensor|number[] What is true: probabilities or counts.
---@param q Tensor|number[] What is believed, for the same kinds.
---@return number? # nil when q lacks a kind that p has
function eidetic_stats.kl_divergence(p, q) end

---@class eidetic.stats.ks.Options
---@field method? "auto"|"exact"|"asymptotic" How the p-value is found; auto is exact up to 10,000 pairs of values. Default "auto".

--- The two-sample test of Kolmogorov and Smirnov.
---
--- ```lua
--- stats.ks({ 1, 2, 3 }, { 2, 3, 4 }).statistic
--- ```
---@param first Tensor|number[] A sample.
---@param second Tensor|number[] Another sample.
---@param options? eidetic.stats.ks.Options
---@return table # statistic, p, log10_p, exact, count1, count2
function eidetic_stats.ks(first, second, options) end

--- Exact two-sided McNemar p-value from the two counts of pairs that disagree.
---
--- ```lua
--- stats.mcnemar(1, 6)   -- 0.125
--- ```
---@param first_only integer Right only the first time.
---@param second_only integer Right only the second time.
---@return number
function eidetic_stats.mcnemar(first_only, second_only) end

---@class eidetic.stats.minimum_detectable_effect.Options
---@field share? number The share to start from. Default 0.5.
---@field level? number Coverage of the interval. Default 0.95.
---@field power? number How often a true effect is found. Default 0.8.

--- The smallest difference of two independent shares that so many personas per group can show.
---
--- ```lua
--- stats.minimum_detectable_effect(100)
--- ```
---@param personas integer In each group.
---@param options? eidetic.stats.minimum_detectable_effect.Options
---@return number
function eidetic_stats.minimum_detectable_effect(personas, options) end

--- The mutual information of a table of joint counts, in nats.
---
--- ```lua
--- stats.mutual_information { { 0.4, 0.1 }, { 0.1, 0.4 } }
--- ```
---@param joint Tensor|number[][] Counts of 0 or more, not all 0.
---@return number
function eidetic_stats.mutual_information(joint) end

---@class eidetic.stats.newcombe.Options
---@field level? number Coverage of the interval. Default 0.95.

--- Newcombe's interval of the difference of two independent shares.
---
--- ```lua
--- stats.newcombe(56, 70, 48, 80)
--- ```
---@param successes1 integer Of the first group.
---@param trials1 integer Of the first group.
---@param successes2 integer Of the second group.
---@param trials2 integer Of the second group.
---@param options? eidetic.stats.newcombe.Options
---@return table # value, first minus second; low, high
function eidetic_stats.newcombe(successes1, trials1, successes2, trials2, options) end

---@class eidetic.stats.paired.Options
---@field level? number Coverage of the interval. Default 0.95.

--- The same personas asked twice: counts, difference with Newcombe's interval, tests.
---
--- ```lua
--- stats.paired({ 1, 1, 0 }, { 1, 0, 0 }).second_given_first   -- 0.5
--- ```
---@param first Tensor|(boolean|number)[] Right or wrong, per persona.
---@param second Tensor|(boolean|number)[] The same personas in the same order.
---@param options? eidetic.stats.paired.Options
---@return table # both, first_only, second_only, neither; value, first minus second, with low and high; p of exact McNemar; phi, second_given_first, second_given_not_first where defined
function eidetic_stats.paired(first, second, options) end

---@class eidetic.stats.paired_minimum_detectable_effect.Options
---@field level? number Coverage of the interval. Default 0.95.
---@field power? number How often a true effect is found. Default 0.8.

--- The smallest difference of two shares of the same personas that so many pairs can show.
---
--- ```lua
--- stats.paired_minimum_detectable_effect(100, 0.3)
--- ```
---@param pairs integer Personas asked twice.
---@param discordant number The share of pairs that disagree.
---@param options? eidetic.stats.paired_minimum_detectable_effect.Options
---@return number? # nil when no difference can be shown
function eidetic_stats.paired_minimum_detectable_effect(pairs, discordant, options) end

---@class eidetic.stats.pearson.Options
---@field level? number Coverage of the interval. Default 0.95.

--- Pearson's correlation with Fisher's interval.
---
--- ```lua
--- stats.pearson({ 1, 2, 3, 4 }, { 2, 1, 4, 3 })
--- ```
---@param x Tensor|number[] Numbers.
---@param y Tensor|number[] Numbers paired with x.
---@param options? eidetic.stats.pearson.Options
---@return table? # value, low, high, p, count; nil when a column is constant
function eidetic_stats.pearson(x, y, options) end

---@class eidetic.stats.permutation_test.Options
---@field rng Rng All randomness.
---@field paired? boolean Whether both hold the same personas in order. Default false.
---@field permutations? integer All relabellings when there are no more, else so many random ones. Default 10000.

--- Whether two means differ by more than the luck of relabelling.
---
--- ```lua
--- stats.permutation_test({ 1, 2, 3 }, { 2, 3, 4 }, { rng = rng.new(1) })
--- ```
---@param first Tensor|number[] Numbers.
---@param second Tensor|number[] Numbers.
---@param options eidetic.stats.permutation_test.Options
---@return table # value, first minus second; p, exact, permutations
function eidetic_stats.permutation_test(first, second, options) end

--- Ranks from 1, lowest first; tied values share the mean of their ranks.
---
--- ```lua
--- stats.ranks { 0.3, 0.1, 0.3 }   -- { 2.5, 1, 2.5 }
--- ```
---@param values Tensor|number[] Numbers.
---@return number[]
function eidetic_stats.ranks(values) end

--- The ROC curve, from nothing flagged to everything flagged.
---
--- ```lua
--- stats.roc({ 0.9, 0.8 }, { 0.1, 0.85 })
--- ```
---@param members Tensor|number[] Their scores, one per persona; higher means member.
---@param non_members Tensor|number[] Scores of what was not trained on.
---@return table # lists fpr, tpr, threshold; flagged is what lies above the threshold
function eidetic_stats.roc(members, non_members) end

---@class eidetic.stats.seed_bootstrap.Options
---@field rng Rng All randomness.
---@field personas integer[] The persona of each value.
---@field seeds? integer[] The training seed of each value; one seed without it.
---@field shared? boolean Whether all seeds train on the same people. Default false.
---@field bounds? number[] The metric's range, such as { 0, 1 }; the interval stays inside.
---@field resamples? integer How many. Default 10000.
---@field level? number Coverage of the interval. Default 0.95.

--- A mean over seeds and personas, both resampled, with calibrated percentiles.
---
--- ```lua
--- stats.seed_bootstrap(values, { rng = rng.new(1), personas = persons, seeds = seeds })
--- ```
---@param values Tensor|number[] One per answer; a persona's answers are averaged.
---@param options eidetic.stats.seed_bootstrap.Options
---@return table # value, standard_error, degrees_of_freedom, count, kind; low, high and p where defined
function eidetic_stats.seed_bootstrap(values, options) end

---@class eidetic.stats.seed_bootstrap_difference.Options
---@field rng Rng All randomness.
---@field personas integer[] The persona of each value.
---@field seeds? integer[] The training seed of each value; one seed without it.
---@field shared? boolean Whether all seeds train on the same people. Default false.
---@field bounds? number[] The metric's range, such as { 0, 1 }; the interval stays inside.
---@field resamples? integer How many. Default 10000.
---@field level? number Coverage of the interval. Default 0.95.

--- The paired difference of two metrics over seeds and personas, first minus second.
---
--- ```lua
--- stats.seed_bootstrap_difference(values, others, { rng = rng.new(1), personas = persons })
--- ```
---@param first Tensor|number[] One per answer.
---@param second Tensor|number[] The same seeds and personas in the same order.
---@param options eidetic.stats.seed_bootstrap_difference.Options
---@return table # value, standard_error, degrees_of_freedom, count, kind; low, high and p where defined
function eidetic_stats.seed_bootstrap_difference(first, second, options) end

---@class eidetic.stats.spearman.Options
---@field level? number Coverage of the interval. Default 0.95.

--- Spearman's rank correlation with the interval of Bonett and Wright.
---
--- ```lua
--- stats.spearman({ 1, 2, 3, 4 }, { 2, 1, 4, 3 })
--- ```
---@param x Tensor|number[] Numbers.
---@param y Tensor|number[] Numbers paired with x.
---@param options? eidetic.stats.spearman.Options
---@return table? # value, low, high, p, count; nil when a column is constant
function eidetic_stats.spearman(x, y, options) end

---@class eidetic.stats.tpr_at_fpr.Options
---@field force? boolean Give the number unresolved too. Default false.

--- The share of members found at a false positive rate the sample can resolve.
---
--- ```lua
--- stats.tpr_at_fpr({ 0.9, 0.8 }, { 0.1, 0.85 }, 0.5)
--- ```
---@param members Tensor|number[] Their scores, one per persona; higher means member.
---@param non_members Tensor|number[] Scores of what was not trained on.
---@param fpr number At most this share of non-members may be flagged.
---@param options? eidetic.stats.tpr_at_fpr.Options
---@return table # value, low, high, threshold, fpr reached; resolved, smallest_resolvable, note. Without value when fewer than ten non-members may be flagged
function eidetic_stats.tpr_at_fpr(members, non_members, fpr, options) end

---@class eidetic.stats.wilson.Options
---@field level? number Coverage of the interval. Default 0.95.

--- Wilson's score interval of a share of independent successes.
---
--- ```lua
--- stats.wilson(7, 10).low   -- 0.397
--- ```
---@param successes integer How many succeeded.
---@param trials integer How many there were.
---@param options? eidetic.stats.wilson.Options
---@return table # value, low, high
function eidetic_stats.wilson(successes, trials, options) end

return eidetic_stats
