# Makes metrics.json: the numbers of Metrics from statsmodels, scipy and numpy, which share no code
# with it. Run: python3 metrics.py (numpy 2.x, scipy 1.17, statsmodels 0.15).
# Bootstrap intervals come from 200,000 resamples with another generator; compare to about 0.01.
import json
import pathlib
import unicodedata

import numpy as np
import pandas
import scipy
import statsmodels
import statsmodels.formula.api as formula
from scipy import special, stats
from statsmodels.stats.anova import anova_lm
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

rng = np.random.default_rng(20250605)
out = {
    "generator": "metrics.py",
    "numpy": np.__version__, "scipy": scipy.__version__, "statsmodels": statsmodels.__version__,
}

out["normal_quantile"] = [[p, stats.norm.ppf(p)] for p in
                          [1e-12, 1e-5, 0.00096, 0.025, 0.3, 0.5, 0.7, 0.975, 0.9999]]
out["t_quantile"] = [[p, df, stats.t.ppf(p, df)] for p in [0.025, 0.6, 0.8, 0.975, 0.9995]
                     for df in [1, 2, 4, 5.7, 99, 4000]]
out["t_tail"] = [[t, df, 2 * stats.t.sf(abs(t), df)] for t in [-3.1, 0.0, 0.4, 2.5, 9.0, 40.0]
                 for df in [1, 4, 5.7, 99, 4000]]
out["beta"] = [[a, b, x, special.betainc(a, b, x)] for a, b in
               [(0.5, 0.5), (2, 7), (60, 41), (500, 400), (3000, 0.5)]
               for x in [0.001, 0.3, 0.5, 0.56, 0.999]]

out["wilson"] = [[k, n, level, *proportion_confint(k, n, alpha=1 - level, method="wilson")]
                 for k, n in [(7, 10), (0, 100), (100, 100), (1, 500), (499, 500), (33, 97), (0, 1)]
                 for level in [0.8, 0.95, 0.99]]
out["mcnemar"] = [[b, c, float(mcnemar([[3, b], [c, 5]], exact=True).pvalue)] for b, c in
                  [(1, 6), (6, 1), (0, 0), (0, 1), (4, 4), (2, 30), (0, 71), (180, 240),
                   (700, 900)]]
families = [[0.01, 0.04, 0.03, 0.005], [0.5], [0.9, 0.8, 0.02, 0.02, 0.2],
            rng.uniform(0, 0.1, 12).tolist()]
out["multiple"] = [[ps, multipletests(ps, method="holm")[1].tolist(),
                    multipletests(ps, method="fdr_bh")[1].tolist()] for ps in families]

TERMINAL = ".,;:!?…。，！？"


def normalize(text):
    text = unicodedata.normalize("NFC", text).casefold()
    words = unicodedata.normalize("NFC", text).split()
    while words:
        words[-1] = words[-1].rstrip(TERMINAL)
        if words[-1]:
            break
        words.pop()
    return " ".join(words)


out["normalize"] = [[t, normalize(t)] for t in [
    "  ADA\tAbbott. ", "Zoe\u0308 Muñoz", "Zoë Muñoz", "STRASSE", "Straße", "ﬁnn", "Ann", "Anna",
    "O'Brien", "Jean-Luc Picard!!", "Ada Abbott ...", "Ada\nAbbott", "…", "", "ΣΊΣΥΦΟΣ", "İpek",
    "Ada\u00a0Abbott", "J. R. Smith", "(Ada)", "Å", "A\u030a", "李小龙。"]]

ties = [[0.1, 0.5, 0.5, 0.9], [1.0] * 100, [3, 2, 1, 2, 3], (rng.integers(0, 5, 20)).tolist()]
out["ranks"] = [[s, stats.rankdata(-np.array(s, float), method="max").astype(int).tolist()]
                for s in ties]
ranks = rng.integers(1, 40, 21)
out["rank_summary"] = [ranks.tolist(), (1 / ranks).mean(), float(np.median(ranks)),
                       (ranks <= 1).mean(), (ranks <= 5).mean(), (ranks <= 10).mean()]

a, b = rng.integers(0, 2, 60), rng.integers(0, 2, 60)
b = np.where(rng.random(60) < 0.6, a, b)
out["paired"] = [a.tolist(), b.tolist(), np.corrcoef(a, b)[0, 1], b[a == 1].mean(),
                 b[a == 0].mean()]

out["unpaired_mde"] = [[n, (stats.norm.ppf(0.975) + stats.norm.ppf(0.8)) * np.sqrt(0.5 / n)]
                       for n in [20, 50, 100, 200, 500]]
out["mde"] = [[se, df, se * (stats.t.ppf(0.975, df) + stats.t.ppf(0.8, df))]
              for se, df in [(0.05, 4), (0.01, 99), (0.2, 1.5)]]


def standard_error(x, shared):
    """Standard error and degrees of freedom of the mean of a seed × persona table."""
    s, p = x.shape
    frame = pandas.DataFrame({"y": x.ravel(), "seed": np.repeat(np.arange(s), p),
                              "who": np.tile(np.arange(p), s)})
    if s == 1:
        return x.std(ddof=1) / np.sqrt(p), p - 1
    if not shared:
        table = anova_lm(formula.ols("y ~ C(seed)", frame).fit())
        ms = table["mean_sq"]
        return np.sqrt(max(ms["C(seed)"], ms["Residual"]) / x.size), s - 1
    table = anova_lm(formula.ols("y ~ C(seed) + C(who)", frame).fit())
    ms = table["mean_sq"]
    a, b, e = ms["C(seed)"], ms["C(who)"], ms["Residual"]
    total = max(a + b - e, a, b, e)
    df = max(1, total**2 / (a**2 / (s - 1) + b**2 / (p - 1) + e**2 / ((s - 1) * (p - 1))))
    return np.sqrt(total / x.size), df


def resampled_means(tables, shared, count=200_000):
    s, p = tables[0].shape
    result = np.empty((len(tables), count))
    for first in range(0, count, 2000):
        seeds = rng.integers(0, s, (2000, s)) if s > 1 else np.zeros((2000, 1), int)
        people = rng.integers(0, p, (2000, 1, p) if shared and s > 1 else (2000, s, p))
        for k, x in enumerate(tables):
            result[k, first:first + 2000] = x[seeds[:, :, None], people].mean(axis=(1, 2))
    return result


def calibrated(replicates, value, se, df, low, high):
    wanted = stats.t.ppf(0.975, df) * se / replicates.std(ddof=1)
    used = min(wanted, -stats.norm.ppf(5 / 10_000))
    q = np.quantile(replicates, [stats.norm.cdf(-used), stats.norm.cdf(used)])
    ends = value + (q - value) * wanted / used
    return [max(low, ends[0]), min(high, ends[1])]


def people(s, p, mean, seed_sd, who_sd):
    logit = np.log(mean / (1 - mean)) + rng.normal(0, seed_sd, (s, 1))
    logit = logit + rng.normal(0, who_sd, (1, p))
    return (rng.random((s, p)) < 1 / (1 + np.exp(-logit))).astype(float)


out["bootstrap"] = []
for name, s, p, shared in [("five seeds", 5, 100, False), ("shared people", 5, 100, True),
                           ("one seed", 1, 80, False), ("two seeds", 2, 60, False),
                           ("ten seeds", 10, 30, True)]:
    source, target = people(s, p, 0.9, 0.3, 0.5), people(s, p, 0.3, 0.5, 0.8)
    chance = 0.01
    means = resampled_means([source, target], shared)
    case = {"name": name, "shared": shared, "seeds": s, "personas": p, "chance": chance,
            "source": "".join(map(str, source.astype(int).ravel())),
            "target": "".join(map(str, target.astype(int).ravel()))}
    ratio = (target.mean() - chance) / (source.mean() - chance)
    influence = ((target - chance) - ratio * (source - chance)) / (source.mean() - chance) + ratio
    for key, values, draws, low, high in [
            ("mean", target, means[1], 0, 1),
            ("difference", source - target, means[0] - means[1], -1, 1),
            ("ratio", influence, (means[1] - chance) / (means[0] - chance),
             -chance / (source.mean() - chance), np.inf)]:
        se, df = standard_error(values, shared)
        case[key] = [values.mean(), float(se), float(df),
                     *map(float, calibrated(draws, values.mean(), se, df, low, high))]
    out["bootstrap"].append(case)

path = pathlib.Path(__file__).with_suffix(".json")
lines = [f" {json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in out.items()]
path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
