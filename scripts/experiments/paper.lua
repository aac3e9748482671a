-- Each claim of the paper that can be tested here, as one study: what is shown, what is not.
--
--   eidetic run scripts/experiments/paper.lua --seeds 5 --out paper
--
-- Runs every experiment of this folder in a folder of its own; stopped at any point, the same
-- command goes on. --quick takes a few minutes and says little. Question: Wen et al. 2025,
-- arXiv 2506.05198; we know its abstract, and no number of it is used here.
--
-- Measured with five seeds: of 70 claims 21 are shown and 49 not, after Holm over all of them; the
-- README has the table, each script what it found.
-- Time: 43 minutes a seed from nothing on two cores of an EPYC (Zen 4), with --quick 4 minutes.

local eidetic = require "eidetic"

return eidetic.study {
  name = "paper",
  summary = "A fact learned in one modality: how much is recalled in the other, and what changes "
    .. "it?",
  experiments = {
    "cross_modal.lua", "matrix.lua", "views.lua", "recipe.lua", "multihop.lua",
    "mitigation.lua", "unlearning.lua", "capability.lua",
  },
  limits = {
    "The models have a few million parameters and learned from drawings and a closed language: "
      .. "sizes of effects here say nothing about large models, only directions can be compared.",
    "A face is told by seven attributes; people who share all of them cap the score.",
    "Not shown means that this many seeds and people did not resolve an effect.",
  },
}
