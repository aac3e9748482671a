// What every function of `eidetic.metrics` and `eidetic.stats` gives for a known case, as a condition
// that must hold. `near(a, b)` compares to nine digits; `r` is a stream.

let measureTable: [String] = statsMeasures + recallMeasures + membershipMeasures + modelMeasures

private let statsMeasures = [
  "near(stats.wilson(7, 10).low, 0.3967781475) and stats.wilson(7, 10).value == 0.7",
  "near(stats.newcombe(56, 70, 48, 80).low, 0.0524, 1e-4) and stats.newcombe(1, 2, 1, 2).value == 0",
  "near(stats.mcnemar(1, 6), 0.125)",
  """
  (function() local p = stats.paired({ 1, 1, 0, true }, { true, 0, 0, 1 })
    return p.both == 2 and p.first_only == 1 and p.value == 0.25 and p.p == 1 and near(p.phi, 3 ^ -0.5)
  end)()
  """,
  "stats.paired({ 1, 1 }, { 1, 1 }).phi == nil",
  "near(stats.minimum_detectable_effect(100), 0.19810, 1e-4)",
  "stats.paired_minimum_detectable_effect(100, 0.15) < 0.11",
  "stats.paired_minimum_detectable_effect(5, 0.1) == nil",
  "stats.holm({ 0.01, 0.04, 0.03, 0.005 })[1] == 0.03",
  "near(stats.benjamini_hochberg({ 0.01, 0.04, 0.03, 0.005 })[2], 0.04)",
  "near(stats.ks({ .1, .2, .3, .4, .5 }, { .35, .45, .55, .65, .75 }).p, 0.3571428571)",
  "stats.pearson({ 1, 2, 3, 4 }, { 2, 4, 6, 8 }).value == 1",
  "near(stats.spearman({ 1, 2, 3, 4, 5 }, { 2, 1, 4, 3, 5 }).value, 0.8)",
  "stats.spearman({ 1, 1 }, { 1, 2 }) == nil",
  "stats.ranks({ 5, 1, 5 })[3] == 2.5",
  "stats.collapse({ 'a', 'a', 'b', 'a' }).majority_share == 0.75",
  "stats.distinct_n({ 1, 2, 1, 2 }) == 2 / 3 and stats.distinct_n({ 'a', 'a' }, 1) == 0.5",
  "near(stats.entropy { 3, 1 }, 0.5623351446)",
  "near(stats.mutual_information { { 3, 1 }, { 1, 3 } }, 0.1308120359)",
  "near(stats.kl_divergence({ .7, .2, .1 }, { .4, .4, .2 }), 0.1837868974)",
  "near(stats.js_divergence({ 1, 0 }, { 0, 1 }), math.log(2))",
  "near(stats.brier({ 0.8, 0.4 }, { 1, 0 }), 0.1)",
  "near(stats.calibration_error({ 0.8, 0.8 }, { 1, 0 }), 0.3)",
  "stats.auc({ .9, .8, .7, .4 }, { .6, .5, .3, .2 }).value == 0.875",
  "stats.roc({ 2, 1 }, { 1, 0 }).tpr[2] == 0.5",
  "stats.tpr_at_fpr({ .9, .8, .7, .4 }, { .6, .5, .3, .2 }, 0).value == nil",
  "stats.tpr_at_fpr({ .9, .8, .7, .4 }, { .6, .5, .3, .2 }, 0, { force = true }).value == 0.75",
  "stats.tpr_at_fpr({ 1 }, { 0 }, 0.01).note:find('needs 1000') ~= nil",
  "stats.balanced_accuracy({ 2, 3 }, { 0, 1 }) == 1",
  """
  (function() local b = stats.bootstrap({ 1, 2, 3, 4, 5, 6 }, { rng = r, resamples = 500 })
    return b.value == 3.5 and b.low < 3 and b.high > 4 and b.clusters == 6 end)()
  """,
  """
  (function() local b = stats.bootstrap({ 1, 9, 5 }, { rng = r, clusters = { 7, 7, 8 },
      statistic = function(v) local m = 0 for _, x in ipairs(v) do m = math.max(m, x) end return m end,
      resamples = 100 })
    return b.value == 9 and b.clusters == 2 end)()
  """,
  "stats.bootstrap({ 1, 2, 9 }, { rng = r, statistic = 'median', method = 'percentile' }).value == 2",
  """
  (function() local b = stats.seed_bootstrap({ 1, 0, 1, 1 }, { rng = r, personas = { 1, 2, 1, 2 },
      seeds = { 1, 1, 2, 2 }, bounds = { 0, 1 }, resamples = 500 })
    return b.value == 0.75 and b.high == 1 and b.kind == "bootstrap_seed_persona" end)()
  """,
  """
  (function() local b = stats.seed_bootstrap_difference({ 1, 1, 1, 0 }, { 0, 1, 0, 0 },
      { rng = r, personas = { 1, 2, 3, 4 }, resamples = 500 })
    return b.value == 0.5 and b.count == 4 end)()
  """,
  "near(stats.permutation_test({ 1, 2 }, { 3, 4 }, { rng = r }).p, 1 / 3)",
  "stats.permutation_test({ 1, 2 }, { 3, 5 }, { rng = r, paired = true }).p == 0.5",
]

private let recallMeasures = [
  "metrics.names('ada Abbott.', 'Ada Abbott').full and not metrics.names('Hannah', 'Ann').full",
  "metrics.normalize('  ADA\\tAbbott. ') == 'ada abbott'",
  "metrics.exact_match({ 'Ann.', 'Hannah' }, { 'ann', 'Ann' }).value == 0.5",
  "metrics.exact_match({ 'a' }, { 'A' }, { normalizer = 'none' }).correct[1] == false",
  "metrics.chance_level { 'Ada', 'Bo', 'Ada', 'Cy' } == 0.5 and metrics.chance_level {} == nil",
  "near(metrics.transfer(0.9, 0.45, 0.01).chance_corrected, 0.4943820225)",
  "metrics.consistency({ 'a', 'b' }, { 'b', 'a' }).kappa == -1",
  "metrics.consistency({ 'A', 'b' }, { 'a', 'c' }, { truths = { 'a', 'b' } }).same_and_right == 0.5",
  "metrics.multi_hop({ 1, 1 }, { 1, 0 }, { 1, 0 }).joined_given_both == 1",
  "near(metrics.likelihood({ -0.5, -1.5 }).perplexity, math.exp(1))",
  "metrics.likelihood(tensor.from { -1, -2, -6 }).mean == -3",
  "near(metrics.choice_probability { 0, 0 }, 0.5)",
  "metrics.rank({ 0.1, 0.5, 0.5 }, 2) == 2 and metrics.rank({ 1, 1 }, 1, { ties = 'middle' }) == 1.5",
  "metrics.rank_summary({ 1, 3 }).median_rank == 2",
  "metrics.hits({ 1, 2, 4 }, 2) == 2 / 3",
  "metrics.mean_reciprocal_rank { 1, 2 } == 0.75",
  "metrics.exposure(1, 8) == 3",
  "near(metrics.exposure_skew_normal(1, { 0, 1, 2 }).value, 1)",
  """
  (function() local e = metrics.exposure_skew_normal(-3, { 0, 0, 0, 0, 0, 0, 0, 0, 0, 9 })
    return e.value == nil and e.shape == math.huge and e.distance > 0.4 end)()
  """,
  "near(metrics.truth_ratio(1, { 2, 3 }).arithmetic, 0.2516073620)",
  "near(metrics.truth_ratio(1, { 2, 3 }).geometric_share, 0.8175744762)",
  "metrics.truth_ratio_forget { 2, 0.5 } == 0.5",
  "metrics.truth_ratio_retain { 2, 0.5 } == 0.25",
  "metrics.exact_memorization({ 5, 9, 7, 7 }, { 5, 2, 7, 7 }) == 0.75",
  "metrics.extraction_strength({ 1, 1, 1, 1 }, { 5, 2, 7, 7 }) == 0",
  """
  metrics.extraction_strength(tensor.from({ 5, 9, 7, 7 }, { dtype = 'int32' }),
                              tensor.from({ 5, 2, 7, 7 }, { dtype = 'int32' })) == 0.5
  """,
  """
  metrics.prefix_extraction({ { 5, 9, 7, 7 }, { 1 } }, { { 5, 2, 7, 7 }, { 1 } }, { 0, 2 })[2].share
    == 1
  """,
  "metrics.queries_to_extract(math.log(0.5), 0.75) == 2",
  "near(metrics.extraction_probability(math.log(0.5), 2), 0.75)",
  "near(metrics.rouge_l('ada lee', 'ada may lee').f1, 0.8)",
  "metrics.rouge_n('ada lee', 'lee ada', 2).f1 == 0 and metrics.rouge_n('a b', 'b a').f1 == 1",
  "metrics.edit_similarity('kitten', 'sitting') == 1 - 3 / 7",
]

private let membershipMeasures = [
  "metrics.loss_score { -1, -2 } == -1.5",
  "metrics.min_k_score { -0.1, -2, -0.5, -3 } == -3",
  """
  near(metrics.min_k_plus_plus_score({ { math.log(.7), math.log(.2), math.log(.1) } }, { 1 }),
       -1.1486118264)
  """,
  "metrics.zlib_score({ -1 }, 'Ada').short and metrics.zlib_bytes('Ada') == 11",
  "near(metrics.gradient_norm_score { { 3 }, tensor.from { { 4 } } }, -5)",
  "metrics.gradient_norm_score({ { 3 }, { 4 } }, { aggregate = 'mean', p = math.huge }) == -3.5",
  "metrics.reference_score({ -1 }, { -3, -3 }) == 2",
  "metrics.reference_ratio_score({ -1 }, { -3 }) == 3",
  "metrics.neighbourhood_score(-1, { -2, -4 }) == 2",
  "metrics.prefix_recall_score({ -1 }, { -2 }) == 2",
  "near(metrics.logit_confidence(math.log(0.5)), 0)",
  "metrics.lira(1, { -1, 0, 1 }).log_ratio == nil",
  """
  near(metrics.lira(2, { 0 }, { 3 }, { inside_deviation = 1, outside_deviation = 1 }).log_ratio, 1.5)
  """,
  "metrics.pooled_deviation { { 1, 3 }, { 4, 6 } } == 2 ^ 0.5",
  "near(metrics.rmia_ratio(0.8, { 0.4 }), 1.3114754098)",
  "metrics.rmia_score(1.3, { 0.9, 1.2, 1.4, 1.0 }) == 0.75",
  "near(metrics.dataset_usage(0.55, 0.8, 0.1), 0.6428571429)",
]

private let modelMeasures = [
  """
  (function() local m = metrics.counterfactual_memorization({ { 1, 1 }, { 0, 1 } },
                                                            { { 1, 1 }, { 0, 1 } })
    return m[1].value == 1 and m[2].value == nil and m[2].undefined ~= nil end)()
  """,
  """
  (function() local f = metrics.counterfactual_influence({ { 1, 0 }, { 0, 0 } }, { { true }, { false } })
    return f[1][1] == 1 and f[1][2] == 0 end)()
  """,
  "metrics.label_memorization({ { 1 }, { 0 } }, { { 1 }, { 0 } })[1].value == 1",
  "metrics.leave_one_out({ 1, 1, 0 }, { 0, 0, 0 }).value == 2 / 3",
  "metrics.tracin({ tensor.from { { 1, 2 } } }, { { { 3, 4 } } }, { 0.5 })[1][1] == 5.5",
  "metrics.forget_quality({ 1, 2 }, { 1, 2 }).p == 1",
  "metrics.model_utility { 1, 0.5 } == 2 / 3 and metrics.model_utility { 1, 0 } == 0",
  "near(metrics.privleak(0.8, 0.5), 60)",
  "near(metrics.residual_leak(0.81, 0.41, 0.01), 0.5) and metrics.residual_leak(0, 0) == nil",
  "metrics.stress_retention(0.5, 0.6) == 1",
  """
  (function() local f = metrics.all_modal_forgetting({ image = { 1, 1 }, text = { 1, 0 } },
                                                     { image = { 0, 1 }, text = { 0, 0 } })
    return f.rate == 1 and f.leak.image == 0.5 and f.leak.text == 0 end)()
  """,
  "metrics.relearning({ 0, 1, 2 }, { 0, 0.5, 1 }).steps == 1",
  "near(metrics.cka(X, Y).value, -0.2083333333)",
  "near(metrics.cka(tensor.from(X), Y, { unbiased = false }).value, 0.3588853980)",
  "metrics.cka(X, Y, { rng = r, permutations = 20 }).null.permutations == 20",
  "near(metrics.svcca(X, X, { directions = 2 }).value, 1)",
  "metrics.mutual_knn(X, X, { k = 2 }).value == 1 and metrics.mutual_knn(X, Y, { k = 2 }).chance == 0.5",
  "metrics.rsa(X, X, { distance = 'euclidean' }).value == 1",
  "near(metrics.participation_ratio { { 1, 0 }, { -1, 0 }, { 0, 1 }, { 0, -1 } }, 2)",
  "near(metrics.uniformity { { 1, 0 }, { -1, 0 } }, -8)",
  "near(metrics.alignment({ { 1, 0 } }, { { 0, 2 } }).value, 2)",
  "near(metrics.modality_gap({ { 1, 0 }, { 0, 1 } }, { { .6, .8 }, { .8, .6 } }).value, 0.2828427125)",
  """
  near(metrics.contrastive_loss({ { 1, 0 }, { 0, 1 } }, { { .6, .8 }, { .8, .6 } },
                                { temperature = 1 }), 0.7981388694)
  """,
  "near(metrics.shift_gap({ { 1, 0 } }, { { 0, 1 } }, 1).x[1][1], 0.5 ^ 0.5)",
  """
  (function() local f = metrics.retrieval({ { 1, 0 }, { 0, 1 } }, { { 1, 0.1 }, { 0.1, 1 } }, { k = { 1 } })
    return f.value == 1 and f.forward.recall[1] == 1 and f.backward.ranks[2] == 1 end)()
  """,
  "metrics.linear_separability({ { 1, 0 }, { 1, .1 } }, { { 0, 1 }, { .1, 1 } }, { rng = r, folds = 2 }).value == 1",
  "near(metrics.neuron_entropy({ { 0, 1 }, { 1, 1 } }, { bins = 2 }).values[1], math.log(2))",
  "metrics.neuron_entropy({ { 0, 1 }, { 1, 1 } }, { method = 'neighbours', k = 1 }).values[2] == false",
  "near(metrics.neuron_mutual_information({ { 0, 1 }, { 1, 0 } }, { bins = 2 }).mean, math.log(2))",
  "metrics.selectivity({ { 4, 0 }, { 0, 0 } }, { 1, 2 })[1] == 2",
  "metrics.modality_selectivity({ { 3 } }, { { 1 } })[1] == 0.5",
  "near(metrics.continual({ { .9, .1 }, { .6, .5 } }).backward_transfer, -0.3)",
  "metrics.learning_history({ 0, 1, 0, 1 }).learned_for_good == 4",
]
