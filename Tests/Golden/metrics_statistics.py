# Makes metrics_statistics.json: statistics from scipy, scikit-learn, statsmodels and mpmath.
# Run: python3 metrics_statistics.py
import collections

import mpmath
import numpy as np
import scipy
import sklearn
import statsmodels
import statsmodels.api
from scipy import optimize, spatial, special, stats
from scipy.stats import _resampling
from sklearn import metrics
from statsmodels.stats import contingency_tables, multitest, proportion

from draws import conform, write

Z = stats.norm.ppf(0.975)


def wilson(d):
    n = d.integer(1, 400)
    k, level = d.integer(0, n), d.uniform(0.5, 0.999)
    return proportion.proportion_confint(k, n, alpha=1 - level, method="wilson")


def logistic_trend(d):
    doses = sorted(d.uniforms(d.integer(2, 8)))
    n = d.integer(1, 200)
    right = [d.integer(0, n) for _ in doses]
    answers = [[k + 0.5, n - k + 0.5] for k in right]
    family = statsmodels.api.families.Binomial()
    model = statsmodels.api.GLM(answers, statsmodels.api.add_constant(doses), family)
    return list(model.fit(tol=1e-13, maxiter=200).params)


def mcnemar(d):
    b, c = d.integer(0, 60), d.integer(0, 60)
    return [contingency_tables.mcnemar([[0, b], [c, 0]], exact=True).pvalue]


def newcombe(d):
    m, n = d.integer(1, 200), d.integer(1, 200)
    k, j = d.integer(0, m), d.integer(0, n)
    return proportion.confint_proportions_2indep(k, m, j, n, method="newcomb", compare="diff")


def newcombe_paired(d):
    a, b, c, e = d.integers(4, 0, 40)
    e += 1
    n = a + b + c + e
    l1, u1 = proportion.proportion_confint(a + b, n, method="wilson")
    l2, u2 = proportion.proportion_confint(a + c, n, method="wilson")
    p1, p2 = (a + b) / n, (a + c) / n
    det = a * e - b * c
    if det > 0:
        det = max(det - n / 2, 0)
    margins = (a + b) * (c + e) * (a + c) * (b + e)
    phi = det / np.sqrt(float(margins)) if margins else 0.0
    corr = np.array([[1, phi], [phi, 1]])
    low = np.array([p1 - l1, -(u2 - p2)])
    high = np.array([u1 - p1, -(p2 - l2)])
    return [p1 - p2 - np.sqrt(low @ corr @ low), p1 - p2 + np.sqrt(high @ corr @ high)]


def adjusted(method):
    return lambda d: multitest.multipletests(d.uniforms(d.integer(1, 30)), method=method)[1]


def ks(d):
    m, n = d.integer(1, 40), d.integer(1, 40)
    x, shift = d.normals(m), d.uniform(0, 3)
    y = [v + shift for v in d.normals(n)]
    r = stats.ks_2samp(x, y, method="exact")
    return [r.statistic, r.pvalue]


def ks_limit(d):
    m, n = d.integer(150, 300), d.integer(150, 300)
    x, shift = d.normals(m), d.uniform(0, 3)
    y = [v + shift for v in d.normals(n)]
    D = stats.ks_2samp(x, y, method="asymp").statistic
    lam = mpmath.sqrt(mpmath.mpf(m) * n / (m + n)) * D
    p = 2 * mpmath.nsum(lambda k: (-1) ** (k - 1) * mpmath.exp(-2 * k * k * lam * lam),
                        [1, 60], method="direct")
    assert abs(special.kolmogorov(float(lam)) - p) < 1e-9 * max(p, 1e-290)
    return [D, mpmath.log10(p)]


def paired_values(d, n):
    x, slope = d.normals(n), d.uniform(-1, 1)
    noise = d.normals(n)
    return x, [slope * a + b for a, b in zip(x, noise)]


def pearson(d):
    x, y = paired_values(d, d.integer(4, 60))
    r = stats.pearsonr(x, y)
    ci = r.confidence_interval()
    return [r.statistic, r.pvalue, ci.low, ci.high]


def spearman(d):
    n = d.integer(4, 60)
    x, y = d.integers(n, 0, 9), d.integers(n, 0, 9)
    if len(set(x)) == 1 or len(set(y)) == 1:
        return [None, None, None, None]
    r = stats.spearmanr(x, y)
    half = Z * np.sqrt((1 + r.statistic**2 / 2) / (n - 3))
    return [r.statistic, r.pvalue, np.tanh(np.arctanh(r.statistic) - half),
            np.tanh(np.arctanh(r.statistic) + half)]


def scores(d):
    m, n = d.integer(2, 60), d.integer(2, 60)
    return np.array(d.integers(m, 2, 12)), np.array(d.integers(n, 0, 10))


def auc(d):
    p, n = scores(d)
    truth = np.r_[np.ones(len(p)), np.zeros(len(n))]
    area = metrics.roc_auc_score(truth, np.r_[p, n])
    kernel = (p[:, None] > n) + 0.5 * (p[:, None] == n)
    se = np.sqrt(kernel.mean(1).var(ddof=1) / len(p) + kernel.mean(0).var(ddof=1) / len(n))

    def off(x):
        k = (len(p) + len(n)) / 2 - 1
        v = x * (1 - x) * (1 + k * (1 - x) / (2 - x) + k * x / (1 + x)) / len(p) / len(n)
        return (area - x) ** 2 - Z**2 * v

    low = optimize.brentq(off, 0, area - 1e-15 if area == 1 else area, xtol=1e-15) if area else 0
    high = optimize.brentq(off, area if area else 1e-15, 1, xtol=1e-15) if area < 1 else 1
    return [area, se, low, high]


def roc(d):
    p, n = scores(d)
    truth = np.r_[np.ones(len(p)), np.zeros(len(n))]
    fpr, tpr, _ = metrics.roc_curve(truth, np.r_[p, n], drop_intermediate=False)
    return np.r_[fpr, tpr]


def low_fpr(d):
    p, n = scores(d)
    target = d.integer(0, 50) / 100
    truth = np.r_[np.ones(len(p)), np.zeros(len(n))]
    fpr, tpr, _ = metrics.roc_curve(truth, np.r_[p, n], drop_intermediate=False)
    found = tpr[fpr <= target + 1e-12].max()
    best = max(metrics.balanced_accuracy_score(truth, np.r_[p, n] > t)
               for t in np.r_[-1, p, n])
    return [found, best]


def permutation(d):
    x, y = d.normals(d.integer(2, 6)), d.normals(d.integer(2, 6))
    r = stats.permutation_test((x, y), lambda a, b: abs(np.mean(a) - np.mean(b)),
                               permutation_type="independent", n_resamples=np.inf,
                               alternative="greater")
    return [np.mean(x) - np.mean(y), r.pvalue]


def permutation_paired(d):
    n = d.integer(2, 9)
    x, y = d.normals(n), d.normals(n)
    r = stats.permutation_test((x, y), lambda a, b: abs(np.mean(np.array(a) - b)),
                               permutation_type="samples", n_resamples=np.inf,
                               alternative="greater")
    return [np.mean(x) - np.mean(y), r.pvalue]


def bca(d):
    n = d.integer(5, 40)
    data = np.array([v * v for v in d.normals(n)])
    se = data.std(ddof=1) / np.sqrt(n)
    replicates = np.array([data.mean() + se * v for v in d.normals(300)])
    low, high, _ = _resampling._bca_interval(
        (data,), lambda x, axis: np.mean(x, axis=axis), -1, 0.025, replicates, None,
        np)
    return [np.percentile(replicates, 100 * low), np.percentile(replicates, 100 * high)]


def collapse(d):
    answers = d.words(d.integer(1, 60), d.integer(1, 8))
    counts = collections.Counter(answers)
    bigrams = list(zip(answers, answers[1:]))
    return [len(counts), counts.most_common(1)[0][1] / len(answers),
            stats.entropy(list(counts.values())),
            len(set(bigrams)) / len(bigrams) if bigrams else None]


def calibration(d):
    n = d.integer(1, 80)
    confidence, right, bins = d.uniforms(n), d.flags(n), d.integer(1, 20)
    edges = np.digitize(confidence, np.linspace(0, 1, bins + 1)[1:-1], right=True)
    ece = sum(abs(np.mean(np.array(confidence)[edges == b]) - np.mean(np.array(right)[edges == b]))
              * np.mean(edges == b) for b in set(edges))
    return [metrics.brier_score_loss(right, confidence, pos_label=True), ece]


def divergence(d):
    n = d.integer(1, 12)
    p, q = d.uniforms(n), d.uniforms(n)
    return [stats.entropy(p, q), spatial.distance.jensenshannon(p, q) ** 2]


def detectable(d):
    n, psi = d.integer(1, 400), d.uniform(0.02, 0.98)
    zb = stats.norm.ppf(0.8)

    def lack(x):
        return x * np.sqrt(n) - Z * np.sqrt(psi) - zb * np.sqrt(psi - x * x)

    paired = optimize.brentq(lack, 0, psi, xtol=1e-15) if lack(psi) >= 0 else None
    return [paired, (Z + zb) * np.sqrt(2 * psi * (1 - psi) / n)]


table = {
    "wilson": wilson, "mcnemar": mcnemar, "newcombe": newcombe, "newcombe_paired": newcombe_paired,
    "holm": adjusted("holm"), "benjamini_hochberg": adjusted("fdr_bh"), "ks": ks,
    "ks_limit": ks_limit, "pearson": pearson, "spearman": spearman, "auc": auc, "roc": roc,
    "low_fpr": low_fpr, "permutation": permutation, "permutation_paired": permutation_paired,
    "bca": bca, "collapse": collapse, "calibration": calibration, "detectable": detectable,
    "divergence": divergence, "logistic_trend": logistic_trend,
}
write(__file__, {"scipy": scipy.__version__, "sklearn": sklearn.__version__,
                 "statsmodels": statsmodels.__version__},
      {name: conform(name, body) for name, body in table.items()})
