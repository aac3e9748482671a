# Makes metrics_studies.json: standard errors, bootstraps and detectable effects of studies over seeds
# and personas, and nulls over all pairings, from statsmodels, scipy and numpy.
# Run: python3 metrics_studies.py
import itertools

import numpy as np
import pandas
import scipy
import statsmodels
import statsmodels.formula.api as formula
from scipy import spatial, stats
from statsmodels.stats.anova import anova_lm

from draws import conform, write

rng = np.random.default_rng(20250605)


def study(d, seeds, personas):
    """Values of personas that differ, in seeds that differ: [seed, persona]."""
    effect = np.array(d.normals(seeds))[:, None] * d.uniform(0, 1.5)
    who = np.array(d.normals(personas)) * d.uniform(0, 1.5)
    return np.array(d.matrix(seeds, personas)) + effect + who


def error(x, shared):
    """Standard error and degrees of freedom of the mean, from the analysis of variance."""
    s, p = x.shape
    if s == 1:
        return stats.sem(x[0]), p - 1
    frame = pandas.DataFrame({"y": x.ravel(), "seed": np.repeat(np.arange(s), p),
                              "who": np.tile(np.arange(p), s)})
    if not shared:
        ms = anova_lm(formula.ols("y ~ C(seed)", frame).fit())["mean_sq"]
        return np.sqrt(max(ms["C(seed)"], ms["Residual"]) / x.size), s - 1
    ms = anova_lm(formula.ols("y ~ C(seed) + C(who)", frame).fit())["mean_sq"]
    a, b, e = ms["C(seed)"], ms["C(who)"], ms["Residual"]
    total = max(a + b - e, a, b, e)
    freedom = total**2 / (a**2 / (s - 1) + b**2 / (p - 1) + e**2 / ((s - 1) * (p - 1)))
    return np.sqrt(total / x.size), max(1, freedom)


def standard_error(d):
    shared = d.integer(0, 1) == 1
    x = study(d, d.integer(1, 6), d.integer(3, 9))
    return [x.mean(), *error(x, shared)]


def seed_bootstrap(d):
    """Ends of the interval, in standard errors from the mean."""
    shared = d.integer(0, 1) == 1
    s, p = [1, 7, 9][d.integer(0, 2)], d.integer(8, 14)
    x = study(d, s, p)
    se, df = error(x, shared)
    count = 50_000
    seeds = rng.integers(0, s, (count, s)) if s > 1 else np.zeros((count, 1), int)
    people = rng.integers(0, p, (count, 1 if shared else s, p))
    means = x[seeds[:, :, None], people].mean(axis=(1, 2))
    wanted = stats.t.ppf(0.975, df) * se / means.std(ddof=1)
    used = min(wanted, -stats.norm.ppf(5 / 10_000))
    ends = np.quantile(means, stats.norm.cdf([-used, used])) - x.mean()
    return ends * wanted / used / se


def cluster_bootstrap(d):
    """Ends of the BCa interval of the mean over all values, in standard errors from it."""
    n = d.integer(8, 20)
    parts = [np.array(d.normals(d.integer(1, 4))) ** 2 for _ in range(n)]
    sums, counts = np.array([x.sum() for x in parts]), np.array([len(x) for x in parts])

    def mean(who, axis):
        return sums[who].sum(axis=axis) / counts[who].sum(axis=axis)

    r = stats.bootstrap((np.arange(n),), mean, n_resamples=50_000, rng=rng)
    value, ci = mean(np.arange(n), 0), r.confidence_interval
    return [value, (ci.low - value) / r.standard_error, (ci.high - value) / r.standard_error]


def study_effect(d):
    se, df = d.uniform(0, 3), d.uniform(1, 200)
    level, power = d.uniform(0.5, 0.999), d.uniform(0.5, 0.99)
    t = stats.t(df)
    return [se * (t.isf((1 - level) / 2) + t.isf(1 - power))]


def unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def against(value, drawn, higher=True):
    """Mean and deviation over all pairings, and the share at least as extreme."""
    drawn = np.array(drawn)
    extreme = drawn >= value - 1e-12 if higher else drawn <= value + 1e-12
    return [drawn.mean(), drawn.std(), extreme.mean()]


def nulls(d):
    n = 5
    x = np.array(d.matrix(n, 3))
    y = np.array(d.matrix(n, 3)) + d.uniform(0, 2) * x
    u, v = unit(x), unit(y)
    cosines = u @ v.T
    near = [np.argsort(-(z @ z.T - 9 * np.eye(n)), axis=1)[:, :2] for z in [u, v]]
    k, l = x @ x.T, y @ y.T
    h = np.eye(n) - 1 / n
    k, l = h @ k @ h, h @ l @ h
    distances = [spatial.distance.squareform(stats.rankdata(spatial.distance.pdist(z)))
                 for z in [x, y]]
    pairs = np.triu_indices(n, 1)

    def measures(order):
        order = np.array(order)
        paired = cosines[np.arange(n), order]
        place = np.argsort(order)
        found = ((cosines >= paired[:, None]).sum(1) == 1).mean() / 2 + (
            (cosines >= paired[place]).sum(0) == 1).mean() / 2
        other = [set(place[near[1][order[i]]]) for i in range(n)]
        shared = np.mean([len(set(near[0][i]) & other[i]) / 2 for i in range(n)])
        swapped = np.ix_(order, order)
        return [2 - 2 * paired.mean(), found, shared,
                (k * l[swapped]).sum() / np.sqrt((k * k).sum() * (l * l).sum()),
                np.corrcoef(distances[0][pairs], distances[1][swapped][pairs])[0, 1]]

    every = [measures(order) for order in itertools.permutations(range(n))]
    own = measures(range(n))
    result = []
    for place, drawn in enumerate(zip(*every)):
        result += against(own[place], drawn, higher=place > 0)
    both = np.r_[u, v]
    gaps = [np.linalg.norm(both[list(part)].mean(0) - np.delete(both, part, 0).mean(0))
            for part in itertools.combinations(range(2 * n), n)]
    return result + against(np.linalg.norm(u.mean(0) - v.mean(0)), gaps)


table = {f.__name__: f for f in [
    standard_error, seed_bootstrap, cluster_bootstrap, study_effect, nulls]}
write(__file__, {"numpy": np.__version__, "scipy": scipy.__version__,
                 "statsmodels": statsmodels.__version__},
      {name: conform(name, body) for name, body in table.items()})
