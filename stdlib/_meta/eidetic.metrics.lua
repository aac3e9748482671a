---@meta eidetic.metrics

--- Numbers from what models say and hold; what is undefined is nil, absent, or false in a list.
---@class eidetic.metrics
local eidetic_metrics = {}

---@class eidetic.metrics.alignment.Options
---@field rng? Rng Adds the permutation null; the stream is forked, not advanced.
---@field permutations? integer Random pairings of the null. Default 1000.

--- The mean squared distance of pairs on the unit sphere; lower is closer.
---
--- ```lua
--- metrics.alignment(image_features, text_features).value
--- ```
---@param x Tensor|number[][] One row per item.
---@param y Tensor|number[][] The same items in the same order.
---@param options? eidetic.metrics.alignment.Options
---@return table # value, paired_cosine; unpaired_cosine where defined; null when rng is given
function eidetic_metrics.alignment(x, y, options) end

--- Which personas no modality brings back, and where others leak.
---
--- ```lua
--- metrics.all_modal_forgetting({ image = { 1 }, text = { 1 } }, { image = { 0 }, text = { 1 } }).leak.text   -- 1
--- ```
---@param before table Right or wrong per persona, by modality: { image = {..} }.
---@param after table The same modalities and personas after unlearning.
---@return table # eligible (known in all before), forgotten, silent, count; rate = forgotten / eligible where defined; leak by modality where it was known
function eidetic_metrics.all_modal_forgetting(before, after) end

---@class eidetic.metrics.chance_level.Options
---@field part? "full"|"first"|"last" Which words count. Default "full".

--- The accuracy of the best answer that ignores the question.
---
--- ```lua
--- metrics.chance_level { "Ada Blake", "Ada Cole", "Bo Dunn" }
--- ```
---@param truths string[] What is right.
---@param options? eidetic.metrics.chance_level.Options
---@return number? # nil when there are no truths
function eidetic_metrics.chance_level(truths, options) end

--- The probability of the first of several choices.
---
--- ```lua
--- metrics.choice_probability { -1, -2, -3 }
--- ```
---@param log_scores Tensor|number[] Log-probabilities, the right choice first.
---@return number
function eidetic_metrics.choice_probability(log_scores) end

---@class eidetic.metrics.cka.Options
---@field unbiased? boolean Song's estimator, for few items. Default true.
---@field kernel? "linear"|"rbf" Similarity of items. Default "linear".
---@field bandwidth? number Of rbf, in median distances. Default 1.
---@field rng? Rng Adds the permutation null; the stream is forked, not advanced.
---@field permutations? integer Random pairings of the null. Default 1000.

--- Centered kernel alignment of two representations.
---
--- ```lua
--- metrics.cka(image_features, text_features, { rng = rng.new(1) }).null.z
--- ```
---@param x Tensor|number[][] One row per item.
---@param y Tensor|number[][] The same items in the same order.
---@param options? eidetic.metrics.cka.Options
---@return table # value where defined; null with mean, deviation, z, p, permutations when rng is given
function eidetic_metrics.cka(x, y, options) end

---@class eidetic.metrics.consistency.Options
---@field truths? string[] What is right: adds the split by correctness.

--- Agreement of the answers in two modalities, right or wrong, and beyond chance.
---
--- ```lua
--- metrics.consistency({ "Ada", "Bo" }, { "Ada", "Cy" })
--- ```
---@param first string[] Answers in one modality.
---@param second string[] Answers to the same questions in the other.
---@param options? eidetic.metrics.consistency.Options
---@return table # value, chance, count; kappa where defined; with truths also first_accuracy, second_accuracy, bound, same_and_right, same_and_wrong
function eidetic_metrics.consistency(first, second, options) end

---@class eidetic.metrics.continual.Options
---@field baseline? Tensor|number[] On each task before any training.
---@field joint? Tensor|number[] On each task, trained on all at once.

--- What is kept, helped and lost over tasks learned one after the other.
---
--- ```lua
--- metrics.continual { { 1, 0 }, { 0.5, 1 } }
--- ```
---@param accuracy Tensor|number[][] Square: on task i after learning task t, [t][i].
---@param options? eidetic.metrics.continual.Options
---@return table # average; backward_transfer and forgetting with two tasks or more; forward_transfer with baseline; intransigence with joint
function eidetic_metrics.continual(accuracy, options) end

---@class eidetic.metrics.contrastive_loss.Options
---@field temperature? number Divides the cosines. Default 0.07.

--- InfoNCE of pairs, the mean of both directions, in nats; lower is closer.
---
--- ```lua
--- metrics.contrastive_loss(image_features, text_features, { temperature = 0.1 })
--- ```
---@param x Tensor|number[][] One row per item.
---@param y Tensor|number[][] The same items in the same order.
---@param options? eidetic.metrics.contrastive_loss.Options
---@return number
function eidetic_metrics.contrastive_loss(x, y, options) end

--- What models score on questions because they were trained on examples.
---
--- ```lua
--- metrics.counterfactual_influence(text_scores, pictures_included)
--- ```
---@param scores Tensor|number[][] Of each model on each question: [model][question].
---@param included Tensor|(boolean|number)[][] Whether each model was trained on each example: [model][example].
---@return any[][] # [example][question]; false for an example that all or no models had
function eidetic_metrics.counterfactual_influence(scores, included) end

--- What models score because they were trained on an example.
---
--- ```lua
--- metrics.counterfactual_memorization(text_scores, pictures_included)[1]
--- ```
---@param scores Tensor|number[][] Of each model on each example: [model][example].
---@param included Tensor|(boolean|number)[][] Whether each model was trained on each example: [model][example].
---@return table[] # value, inside, outside, inside_count, outside_count; standard_error where defined. Just `undefined` for an example that all or no models had
function eidetic_metrics.counterfactual_memorization(scores, included) end

--- The share of a dataset that was trained on, from what an attack flags.
---
--- ```lua
--- metrics.dataset_usage(0.4, 0.9, 0.1)
--- ```
---@param flagged number The share of the dataset that is flagged.
---@param tpr number The attack's true positive rate.
---@param fpr number Its false positive rate.
---@return number? # nil when the attack separates nothing
function eidetic_metrics.dataset_usage(flagged, tpr, fpr) end

--- 1 minus the edit distance over the longer length, in characters.
---
--- ```lua
--- metrics.edit_similarity("Ada Blake", "Ada Black")
--- ```
---@param answer string What the model said.
---@param reference string What is right.
---@return number
function eidetic_metrics.edit_similarity(answer, reference) end

---@class eidetic.metrics.exact_match.Options
---@field normalizer? "name"|"none" How texts are compared. Default "name".
---@field level? number Coverage of the interval. Default 0.95.

--- The share of answers that are the truth, whole text with whole text.
---
--- ```lua
--- metrics.exact_match({ "Ada", "Bo" }, { "Ada", "Cy" })
--- ```
---@param answers string[] What the model said.
---@param truths string[] What is right.
---@param options? eidetic.metrics.exact_match.Options
---@return table # value, Wilson's low and high, correct as a list, normalizer
function eidetic_metrics.exact_match(answers, truths, options) end

--- The share of tokens that are the model's first choice.
---
--- ```lua
--- metrics.exact_memorization({ 4, 8, 2 }, { 4, 8, 3 })   -- 2/3
--- ```
---@param predicted Tensor|integer[] The model's first choice at each position, given the true prefix.
---@param labels Tensor|integer[] The true tokens.
---@return number
function eidetic_metrics.exact_memorization(predicted, labels) end

--- log2 of the candidates minus log2 of the rank, in bits (Carlini et al. 2019).
---
--- ```lua
--- metrics.exposure(1, 8)   -- 3
--- ```
---@param rank integer Of the secret, from 1.
---@param candidates integer How many there are.
---@return number
function eidetic_metrics.exposure(rank, candidates) end

--- Exposure from a sample of candidates, whose losses a skew-normal distribution describes.
---
--- ```lua
--- metrics.exposure_skew_normal(0.1, { 2.1, 2.9, 3.2, 4.4 }).value
--- ```
---@param loss number Of the secret, such as nats per token; lower is liked more.
---@param others Tensor|number[] Those of candidates drawn at random, without the secret.
---@return table # shape, location and scale of the distribution; distance, the largest of the sample from it; value, in bits, where defined
function eidetic_metrics.exposure_skew_normal(loss, others) end

--- The probability of seeing a text at least once in so many samples.
---
--- ```lua
--- metrics.extraction_probability(-3, 10)
--- ```
---@param log_probability number Of the whole text, in nats.
---@param queries integer 1 or more.
---@return number
function eidetic_metrics.extraction_probability(log_probability, queries) end

--- 1 minus the shortest prefix, as a share, that draws out the rest.
---
--- ```lua
--- metrics.extraction_strength({ 1, 1, 7 }, { 5, 2, 7 })   -- 1/3
--- ```
---@param predicted Tensor|integer[] The model's first choice at each position, given the true prefix.
---@param labels Tensor|integer[] The true tokens.
---@return number
function eidetic_metrics.extraction_strength(predicted, labels) end

--- Whether truth ratios of the unlearned and the retrained model differ.
---
--- ```lua
--- metrics.forget_quality({ 0.2, 0.4, 0.9 }, { 0.3, 0.5, 0.8 }).statistic
--- ```
---@param unlearned Tensor|number[] Truth ratios of the unlearned model.
---@param retained Tensor|number[] Those of the model trained without the forget set.
---@return table # statistic, p, log10_p, exact, count1, count2; a high p is no proof
function eidetic_metrics.forget_quality(unlearned, retained) end

---@class eidetic.metrics.gradient_norm_score.Options
---@field p? number Order of the norm; math.huge is the largest magnitude. Default 2.
---@field aggregate? "global"|"mean" One norm, or the mean of the tensors' norms. Default "global".

--- Minus the norm of the loss's gradient.
---
--- ```lua
--- metrics.gradient_norm_score { { 3, 4 }, { 0 } }
--- ```
---@param gradients (Tensor|number[])[] One list or tensor per parameter.
---@param options? eidetic.metrics.gradient_norm_score.Options
---@return number
function eidetic_metrics.gradient_norm_score(gradients, options) end

--- The share of ranks up to k.
---
--- ```lua
--- metrics.hits({ 1, 3, 7 }, 5)   -- 2/3
--- ```
---@param ranks Tensor|number[] From 1.
---@param k? integer Limit.
---@return number
function eidetic_metrics.hits(ranks, k) end

---@class eidetic.metrics.label_memorization.Options
---@field level? number Coverage of the interval. Default 0.95.

--- Feldman and Zhang's memorization, from right and wrong answers.
---
--- ```lua
--- metrics.label_memorization(text_scores, pictures_included)[1]
--- ```
---@param correct Tensor|(boolean|number)[][] Right or wrong: [model][example].
---@param included Tensor|(boolean|number)[][] Whether each model was trained on each example: [model][example].
---@param options? eidetic.metrics.label_memorization.Options
---@return table[] # value, low, high, standard_error, inside_count, outside_count. Just `undefined` for an example that all or no models had
function eidetic_metrics.label_memorization(correct, included, options) end

--- When an example was learned and how often it was forgotten.
---
--- ```lua
--- metrics.learning_history { 0, 1, 0, 1, 1 }
--- ```
---@param correct Tensor|(boolean|number)[] Right or wrong at successive checks.
---@return table # forgetting_events; first_learned and learned_for_good, checks from 1, where they occur
function eidetic_metrics.learning_history(correct) end

---@class eidetic.metrics.leave_one_out.Options
---@field level? number Coverage of the interval. Default 0.95.

--- What leaving a persona out of training costs its score, paired by seed.
---
--- ```lua
--- metrics.leave_one_out({ 0.9, 0.8, 0.7 }, { 0.2, 0.1, 0.3 })
--- ```
---@param with Tensor|number[] Its score per seed, trained on everyone.
---@param without Tensor|number[] Its score per seed, trained without it.
---@param options? eidetic.metrics.leave_one_out.Options
---@return table # value, seeds; low, high, standard_error with two seeds or more
function eidetic_metrics.leave_one_out(with, without, options) end

--- What a model thinks of an answer, from its tokens.
---
--- ```lua
--- metrics.likelihood({ -0.5, -1.5 }).perplexity   -- 2.718
--- ```
---@param log_probabilities Tensor|number[] Of the answer's tokens, in nats.
---@return table # log_probability, nll, mean, perplexity, answer_probability, tokens
function eidetic_metrics.likelihood(log_probabilities) end

---@class eidetic.metrics.linear_separability.Options
---@field rng Rng Which items are tested together; forked.
---@field folds? integer Parts, each tested once. Default 5.
---@field c? number Weight of the data against the penalty. Default 1.
---@field permutations? integer Of the null; 0 for none, each trains all folds again. Default 0.

--- How well a linear classifier tells modalities apart on unseen items.
---
--- ```lua
--- metrics.linear_separability(image_features, text_features, { rng = rng.new(1) })
--- ```
---@param x Tensor|number[][] One row per item.
---@param y Tensor|number[][] The same items in the same order.
---@param options eidetic.metrics.linear_separability.Options
---@return table # value; null when permutations are asked for
function eidetic_metrics.linear_separability(x, y, options) end

---@class eidetic.metrics.lira.Options
---@field inside_deviation? number Pooled, for fewer than about 16 models.
---@field outside_deviation? number Pooled, for fewer than about 16 models.

--- The likelihood-ratio attack on one example, online and offline.
---
--- ```lua
--- metrics.lira(3, { 0.5, 1, 0.8 }, { 2.5, 3, 2.8 })
--- ```
---@param confidence number Logit confidence of the model under attack.
---@param outside Tensor|number[] Of models trained without the example.
---@param inside? Tensor|number[] Of models trained with it.
---@param options? eidetic.metrics.lira.Options
---@return table # offline; log_ratio with inside
function eidetic_metrics.lira(confidence, outside, inside, options) end

--- The logit of a probability from its logarithm.
---
--- ```lua
--- metrics.logit_confidence(-0.1)
--- ```
---@param log_probability number At most 0, in nats.
---@return number
function eidetic_metrics.logit_confidence(log_probability) end

--- The mean log-probability of the tokens.
---
--- ```lua
--- metrics.loss_score { -0.5, -1.5 }
--- ```
---@param log_probabilities Tensor|number[] Of the answer's tokens, in nats.
---@return number
function eidetic_metrics.loss_score(log_probabilities) end

--- The mean of 1/rank.
---
--- ```lua
--- metrics.mean_reciprocal_rank { 1, 2, 4 }   -- 7/12
--- ```
---@param ranks Tensor|number[] From 1.
---@return number
function eidetic_metrics.mean_reciprocal_rank(ranks) end

---@class eidetic.metrics.min_k_plus_plus_score.Options
---@field k? number The share of tokens, in (0, 1]. Default 0.2.

--- As min_k_score, each token taken against the model's own distribution.
---
--- ```lua
--- metrics.min_k_plus_plus_score(tensor.from({ { 0.9, 0.1 }, { 0.5, 0.5 } }):log(), { 0, 1 })
--- ```
---@param distributions Tensor|number[][] Log-probabilities of the vocabulary per position.
---@param tokens Tensor|integer[] The true token ids, from 0.
---@param options? eidetic.metrics.min_k_plus_plus_score.Options
---@return number
function eidetic_metrics.min_k_plus_plus_score(distributions, tokens, options) end

---@class eidetic.metrics.min_k_score.Options
---@field k? number The share of tokens, in (0, 1]. Default 0.2.

--- The mean of the least likely tokens' log-probabilities, at least one.
---
--- ```lua
--- metrics.min_k_score({ -0.1, -3 })   -- -3
--- ```
---@param log_probabilities Tensor|number[] Of the answer's tokens, in nats.
---@param options? eidetic.metrics.min_k_score.Options
---@return number
function eidetic_metrics.min_k_score(log_probabilities, options) end

---@class eidetic.metrics.modality_gap.Options
---@field rng? Rng Adds the permutation null; the stream is forked, not advanced.
---@field permutations? integer Random pairings of the null. Default 1000.

--- The distance of the modalities' centers on the unit sphere.
---
--- ```lua
--- metrics.modality_gap(image_features, text_features)
--- ```
---@param x Tensor|number[][] One row per item.
---@param y Tensor|number[][] Items of the other modality.
---@param options? eidetic.metrics.modality_gap.Options
---@return table # value, direction as a list; null of random halves when rng is given
function eidetic_metrics.modality_gap(x, y, options) end

--- Which modality drives each neuron, from -1 (second) to 1 (first).
---
--- ```lua
--- metrics.modality_selectivity(image_features, text_features)[1]
--- ```
---@param first Tensor|number[][] Activations: examples of one modality by neurons.
---@param second Tensor|number[][] Examples of the other by the same neurons.
---@return any[] # one number per neuron; false where it is silent in both
function eidetic_metrics.modality_selectivity(first, second) end

--- The harmonic mean of scores; 0 if any is 0.
---
--- ```lua
--- metrics.model_utility { 0.9, 0.8, 0.85 }
--- ```
---@param scores Tensor|number[] 0 or more.
---@return number
function eidetic_metrics.model_utility(scores) end

--- Recall over two hops beside recall of each hop.
---
--- ```lua
--- metrics.multi_hop({ 1, 1, 0 }, { 1, 0, 1 }, { 1, 0, 0 })
--- ```
---@param first_hop Tensor|(boolean|number)[] Right or wrong, per persona.
---@param second_hop Tensor|(boolean|number)[] The same personas.
---@param joined Tensor|(boolean|number)[] The question over both hops.
---@return table # first_hop, second_hop, joined, independent (their product), deficit, both_hops, count; joined_given_both where defined
function eidetic_metrics.multi_hop(first_hop, second_hop, joined) end

---@class eidetic.metrics.mutual_knn.Options
---@field k? integer How many neighbours. Default 10.
---@field rng? Rng Adds the permutation null; the stream is forked, not advanced.
---@field permutations? integer Random pairings of the null. Default 1000.

--- The share of nearest neighbours in common.
---
--- ```lua
--- metrics.mutual_knn(image_features, text_features, { k = 2 }).value
--- ```
---@param x Tensor|number[][] One row per item.
---@param y Tensor|number[][] The same items in the same order.
---@param options? eidetic.metrics.mutual_knn.Options
---@return table # value, chance; null when rng is given
function eidetic_metrics.mutual_knn(x, y, options) end

--- Whether full, first and last name of an answer are right; never a substring.
---
--- ```lua
--- metrics.names("Ada Abbott", "Ada Adler").first   -- true
--- ```
---@param answer string What the model said.
---@param truth string The whole name.
---@return table # full, first, last
function eidetic_metrics.names(answer, truth) end

--- A text's log-probability minus the mean of its neighbours'.
---
--- ```lua
--- metrics.neighbourhood_score(-3, { -4, -5 })
--- ```
---@param log_probability number Of the text.
---@param neighbours Tensor|number[] Of its variants.
---@return number
function eidetic_metrics.neighbourhood_score(log_probability, neighbours) end

---@class eidetic.metrics.neuron_entropy.Options
---@field method? "binned"|"neighbours" Equal bins over the layer, or k nearest. Default "binned".
---@field bins? integer Of the binned estimate. Default 10.
---@field k? integer Of the neighbours estimate. Default 3.

--- How varied each neuron's activation is, in nats.
---
--- ```lua
--- metrics.neuron_entropy(image_features, { bins = 4 })
--- ```
---@param activations Tensor|number[][] One row per example, one column per neuron.
---@param options? eidetic.metrics.neuron_entropy.Options
---@return table # values, a list with false where undefined; mean of the defined ones
function eidetic_metrics.neuron_entropy(activations, options) end

---@class eidetic.metrics.neuron_mutual_information.Options
---@field method? "binned"|"neighbours" Equal bins over the layer, or k nearest. Default "binned".
---@field bins? integer Of the binned estimate. Default 10.
---@field k? integer Of the neighbours estimate. Default 3.

--- How much each two neurons say the same, in nats.
---
--- ```lua
--- metrics.neuron_mutual_information(image_features, { bins = 4 })
--- ```
---@param activations Tensor|number[][] One row per example, one column per neuron.
---@param options? eidetic.metrics.neuron_mutual_information.Options
---@return table # mean over pairs where there are two neurons; pairs; values[i][j], i below j
function eidetic_metrics.neuron_mutual_information(activations, options) end

--- A name as it is compared: NFC, case folded, trimmed, single spaces, no final mark.
---
--- ```lua
--- metrics.normalize("  Ada   BLAKE. ")
--- ```
---@param text string Any text.
---@return string
function eidetic_metrics.normalize(text) end

--- Over how many directions the variance is spread.
---
--- ```lua
--- metrics.participation_ratio(image_features)
--- ```
---@param x Tensor|number[][] One row per item.
---@return number? # nil when all items are equal
function eidetic_metrics.participation_ratio(x) end

--- The standard deviation within groups, all groups pooled.
---
--- ```lua
--- metrics.pooled_deviation { { 0.5, 1, 0.8 }, { 2.5, 3 } }
--- ```
---@param groups (Tensor|number[])[] Confidences, one group per example.
---@return number? # nil when no group has two values
function eidetic_metrics.pooled_deviation(groups) end

--- How many sequences come out word for word, for several prefix lengths.
---
--- ```lua
--- metrics.prefix_extraction({ { 4, 8, 2 } }, { { 4, 8, 2 } }, { 1, 2 })
--- ```
---@param predicted (Tensor|integer[])[] For each sequence, the first choices.
---@param labels (Tensor|integer[])[] For each sequence, the true tokens.
---@param prefixes integer[] Numbers of tokens given, 0 or more.
---@return table[] # prefix, count, extracted; share where defined
function eidetic_metrics.prefix_extraction(predicted, labels, prefixes) end

--- ReCaLL: log-probability after a prefix of non-members over without.
---
--- ```lua
--- metrics.prefix_recall_score({ -3, -4 }, { -1, -2 })
--- ```
---@param log_probabilities Tensor|number[] Of the answer's tokens, in nats.
---@param after_prefix Tensor|number[] The same tokens after the prefix.
---@return number? # nil when the text is certain
function eidetic_metrics.prefix_recall_score(log_probabilities, after_prefix) end

--- How far the attack's area is from that on the retrained model, in percent.
---
--- ```lua
--- metrics.privleak(0.8, 0.5)   -- 60: too little was unlearned
--- ```
---@param unlearned number stats.auc of forget set against held-out, higher = member.
---@param retained number The same for the retrained model.
---@return number? # nil when the retrained model's area is 0
function eidetic_metrics.privleak(unlearned, retained) end

--- How often one must sample to see a text once with a probability.
---
--- ```lua
--- metrics.queries_to_extract(-3, 0.9)
--- ```
---@param log_probability number Of the whole text, in nats.
---@param probability? number In (0, 1).
---@return number? # nil when the text's probability underflows
function eidetic_metrics.queries_to_extract(log_probability, probability) end

---@class eidetic.metrics.rank.Options
---@field ties? "pessimistic"|"middle" Against the candidate, or the mean rank. Default "pessimistic".

--- The rank of one score among all, 1 being the highest.
---
--- ```lua
--- metrics.rank({ 0.1, 0.5, 0.5 }, 2)   -- 2
--- ```
---@param scores Tensor|number[] One per candidate.
---@param position integer Of the true candidate, from 1.
---@param options? eidetic.metrics.rank.Options
---@return number
function eidetic_metrics.rank(scores, position, options) end

--- Ranks over many questions.
---
--- ```lua
--- metrics.rank_summary { 1, 3, 7 }
--- ```
---@param ranks Tensor|number[] From 1.
---@return table # mean_reciprocal_rank, median_rank, hits_at_1, hits_at_5, hits_at_10
function eidetic_metrics.rank_summary(ranks) end

--- Log perplexity under the reference, or of the lowercased text, over that under the model.
---
--- ```lua
--- metrics.reference_ratio_score({ -1, -2 }, { -2, -4 })
--- ```
---@param log_probabilities Tensor|number[] Of the answer's tokens, in nats.
---@param reference Tensor|number[] Log-probabilities of the tokens under the reference.
---@return number? # nil when the text is certain
function eidetic_metrics.reference_ratio_score(log_probabilities, reference) end

--- The mean log-probability minus that under a reference model.
---
--- ```lua
--- metrics.reference_score({ -1, -2 }, { -2, -4 })
--- ```
---@param log_probabilities Tensor|number[] Of the answer's tokens, in nats.
---@param reference Tensor|number[] Log-probabilities of the tokens under the reference.
---@return number
function eidetic_metrics.reference_score(log_probabilities, reference) end

---@class eidetic.metrics.relearning.Options
---@field threshold? number Recall that counts as learned. Default 0.5.

--- How fast a forgotten fact is learned again.
---
--- ```lua
--- metrics.relearning({ 0, 10, 20 }, { 0, 0.4, 1 }, { threshold = 0.5 })
--- ```
---@param steps Tensor|number[] Rising.
---@param recall Tensor|number[] Recall at each step.
---@param options? eidetic.metrics.relearning.Options
---@return table # area, the mean recall; steps to the threshold where it is reached
function eidetic_metrics.relearning(steps, recall, options) end

--- How much of the recall beyond chance is left.
---
--- ```lua
--- metrics.residual_leak(0.9, 0.3, 0.1)
--- ```
---@param before number Recall before unlearning.
---@param after number Recall after.
---@param chance? number What blind guessing scores.
---@return number? # nil when recall before was not above chance
function eidetic_metrics.residual_leak(before, after, chance) end

---@class eidetic.metrics.retrieval.Options
---@field k? integer[] Limits of recall. Default { 1, 5, 10 }.
---@field rng? Rng Adds the permutation null; the stream is forked, not advanced.
---@field permutations? integer Random pairings of the null. Default 1000.

--- Finding each item's partner by cosine, both ways; ties count against it.
---
--- ```lua
--- metrics.retrieval(image_features, text_features, { k = { 1, 2 } })
--- ```
---@param x Tensor|number[][] One row per item.
---@param y Tensor|number[][] The same items in the same order.
---@param options? eidetic.metrics.retrieval.Options
---@return table # value, recall at 1 both ways; forward and backward with ranks, median_rank, mean_reciprocal_rank and recall, a list as long as k; null when rng is given
function eidetic_metrics.retrieval(x, y, options) end

---@class eidetic.metrics.rmia_ratio.Options
---@field a? number Offline only: how much training raises it. Default 0.3.

--- How much likelier an example is under the model than in general.
---
--- ```lua
--- metrics.rmia_ratio(0.8, { 0.2, 0.3 }, { 0.7, 0.9 })
--- ```
---@param probability number Under the model under attack.
---@param outside Tensor|number[] Under models trained without it.
---@param inside? Tensor|number[] Under models trained with it.
---@param options? eidetic.metrics.rmia_ratio.Options
---@return number? # nil when the probability in general is 0
function eidetic_metrics.rmia_ratio(probability, outside, inside, options) end

---@class eidetic.metrics.rmia_score.Options
---@field gamma? number At least 1. Default 1.

--- The share of the population that the example dominates.
---
--- ```lua
--- metrics.rmia_score(1.5, { 0.5, 1, 2 })
--- ```
---@param ratio number The example's rmia_ratio.
---@param population Tensor|number[] Those of population examples.
---@param options? eidetic.metrics.rmia_score.Options
---@return number
function eidetic_metrics.rmia_score(ratio, population, options) end

--- Words in common, as the longest subsequence.
---
--- ```lua
--- metrics.rouge_l("the red hat", "a red hat").f1
--- ```
---@param answer string What the model said.
---@param reference string What is right.
---@return table # precision, recall, f1
function eidetic_metrics.rouge_l(answer, reference) end

--- Runs of n words in common.
---
--- ```lua
--- metrics.rouge_n("the red hat", "a red hat", 2)
--- ```
---@param answer string What the model said.
---@param reference string What is right.
---@param n? integer Length of the runs.
---@return table # precision, recall, f1
function eidetic_metrics.rouge_n(answer, reference, n) end

---@class eidetic.metrics.rsa.Options
---@field distance? "euclidean"|"cosine"|"correlation" Of two items. Default "cosine".
---@field rng? Rng Adds the permutation null; the stream is forked, not advanced.
---@field permutations? integer Random pairings of the null. Default 1000.

--- Spearman's correlation of pairwise distances.
---
--- ```lua
--- metrics.rsa(image_features, text_features)
--- ```
---@param x Tensor|number[][] One row per item.
---@param y Tensor|number[][] The same items in the same order.
---@param options? eidetic.metrics.rsa.Options
---@return table # value where defined; null with mean, deviation, z, p, permutations when rng is given
function eidetic_metrics.rsa(x, y, options) end

--- Each neuron's largest group mean over the mean of the groups.
---
--- ```lua
--- metrics.selectivity(image_features, { 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6 })[1]
--- ```
---@param activations Tensor|number[][] One row per example, one column per neuron.
---@param groups Tensor|integer[] The persona of each example.
---@return any[] # one number per neuron; false where the mean is not above 0
function eidetic_metrics.selectivity(activations, groups) end

--- Both modalities moved towards each other and brought to length 1 again.
---
--- ```lua
--- local moved = metrics.shift_gap(image_features, text_features, 0.5)
--- ```
---@param x Tensor|number[][] One row per item.
---@param y Tensor|number[][] Items of the other modality.
---@param lambda number 1 closes the gap before the rows are brought to length 1.
---@return table # x and y as lists of rows
function eidetic_metrics.shift_gap(x, y, lambda) end

--- How much of a metric is kept after stress such as quantization, at most 1.
---
--- ```lua
--- metrics.stress_retention(0.8, 0.6)
--- ```
---@param before number The metric before.
---@param after number The metric after.
---@return number? # nil when the metric was 0 before
function eidetic_metrics.stress_retention(before, after) end

---@class eidetic.metrics.svcca.Options
---@field variance? number The share of variance to keep. Default 0.99.
---@field directions? integer How many to keep, instead of a share.
---@field rng? Rng Adds the permutation null; the stream is forked, not advanced.
---@field permutations? integer Random pairings of the null. Default 1000.

--- The mean canonical correlation of the leading directions.
---
--- ```lua
--- metrics.svcca(image_features, text_features, { directions = 2 })
--- ```
---@param x Tensor|number[][] One row per item.
---@param y Tensor|number[][] The same items in the same order.
---@param options? eidetic.metrics.svcca.Options
---@return table # value where defined, directions kept as directions_x, directions_y; null
function eidetic_metrics.svcca(x, y, options) end

---@class eidetic.metrics.tracin.Options
---@field cosine? boolean Bring gradients to length 1 first. Default false.

--- Which examples moved the model towards which answers, from gradients.
---
--- ```lua
--- metrics.tracin({ { { 1, 0 }, { 0, 1 } } }, { { { 1, 1 } } }, { 0.1 })
--- ```
---@param training (Tensor|number[][])[] Per checkpoint, one gradient row per example.
---@param questions (Tensor|number[][])[] Per checkpoint, one gradient row per question.
---@param rates Tensor|number[] The learning rate at each checkpoint.
---@param options? eidetic.metrics.tracin.Options
---@return number[][] # [example][question]; above 0 helped
function eidetic_metrics.tracin(training, questions, rates, options) end

--- Gap and ratios of recall in the source and the target modality.
---
--- ```lua
--- metrics.transfer(0.9, 0.45, 0.01).chance_corrected   -- 0.494
--- ```
---@param source number Recall in the modality that was trained.
---@param target number Recall in the other.
---@param chance? number What blind guessing scores.
---@return table # gap; ratio and chance_corrected, absent when nothing was memorized
function eidetic_metrics.transfer(source, target, chance) end

--- Whether wrong answers are preferred, in the paper's form and in its code's.
---
--- ```lua
--- metrics.truth_ratio(-1, { -2, -3 })
--- ```
---@param paraphrase number Mean loss of the true paraphrase, nats per token.
---@param perturbed Tensor|number[] The same of each wrong answer.
---@return table # arithmetic (paper), geometric (open-unlearning), arithmetic_share, geometric_share
function eidetic_metrics.truth_ratio(paraphrase, perturbed) end

--- The mean of min(R, 1/R): higher means truth and error look alike.
---
--- ```lua
--- metrics.truth_ratio_forget { 0.5, 2 }
--- ```
---@param ratios Tensor|number[] Truth ratios, one per question.
---@return number
function eidetic_metrics.truth_ratio_forget(ratios) end

--- The mean of max(0, 1 - R): higher means the truth is preferred.
---
--- ```lua
--- metrics.truth_ratio_retain { 0.5, 0.2 }
--- ```
---@param ratios Tensor|number[] Truth ratios, one per question.
---@return number
function eidetic_metrics.truth_ratio_retain(ratios) end

---@class eidetic.metrics.uniformity.Options
---@field t? number Sharpness, above 0. Default 2.

--- The logarithm of the mean Gaussian potential on the unit sphere.
---
--- ```lua
--- metrics.uniformity(image_features)
--- ```
---@param x Tensor|number[][] One row per item.
---@param options? eidetic.metrics.uniformity.Options
---@return number
function eidetic_metrics.uniformity(x, options) end

--- The size of a text after zlib at level 6.
---
--- ```lua
--- metrics.zlib_bytes("Ada Blake, Ada Blake")
--- ```
---@param text string Any text.
---@return integer
function eidetic_metrics.zlib_bytes(text) end

--- The mean log-probability over the compressed size of the text.
---
--- ```lua
--- metrics.zlib_score({ -1, -2 }, "Ada Blake")
--- ```
---@param log_probabilities Tensor|number[] Of the answer's tokens, in nats.
---@param text string The text that was scored.
---@return table # value, compressed_bytes, short (below 100 bytes the size says little)
function eidetic_metrics.zlib_score(log_probabilities, text) end

return eidetic_metrics
