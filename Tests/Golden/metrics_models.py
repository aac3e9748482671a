# Makes metrics_models.json: retraining, unlearning, representations, neurons and continual learning
# from numpy, scipy and scikit-learn. Run: python3 metrics_models.py
import warnings

import numpy as np
import scipy
import sklearn
from scipy import linalg, spatial, special, stats
from sklearn import feature_selection, linear_model, metrics, neighbors

from draws import conform, write

warnings.filterwarnings("ignore")


def views(d, least=5, most=14):
    """Two representations that share a part."""
    n, p, q = d.integer(least, most), d.integer(2, 6), d.integer(2, 6)
    x, y = np.array(d.matrix(n, p)), np.array(d.matrix(n, q))
    y[:, 0] += 2 * x[:, 0]
    return x, y


def same_space(d):
    n, p = d.integer(2, 14), d.integer(2, 6)
    x, y = np.array(d.matrix(n, p)), np.array(d.matrix(n, p))
    return x, y + 1.5 * x + 0.25


def unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def hsic_unbiased(k, l):
    n = len(k)
    k, l = k - np.diag(np.diag(k)), l - np.diag(np.diag(l))
    one = np.ones(n)
    return (np.trace(k @ l) + (one @ k @ one) * (one @ l @ one) / (n - 1) / (n - 2)
            - 2 / (n - 2) * one @ k @ l @ one) / n / (n - 3)


def hsic_biased(k, l):
    n = len(k)
    h = np.eye(n) - 1 / n
    return np.trace(k @ h @ l @ h)


def cka(d):
    x, y = views(d)
    def rbf(z):
        r = spatial.distance.squareform(spatial.distance.pdist(z))
        sigma = 0.8 * np.median(spatial.distance.pdist(z))
        return np.exp(-r**2 / (2 * sigma**2))
    out = []
    for k, l in [(x @ x.T, y @ y.T), (rbf(x), rbf(y))]:
        for h in [hsic_biased, hsic_unbiased]:
            out.append(h(k, l) / np.sqrt(h(k, k) * h(l, l)))
    return out


def svcca(d):
    x, y = views(d, 8, 20)
    x, y = x - x.mean(0), y - y.mean(0)
    def keep(z, count):
        u, s, _ = linalg.svd(z, full_matrices=False)
        if count is None:
            count = int(np.argmax(np.cumsum(s**2) / (s**2).sum() >= 0.9 - 1e-12)) + 1
        return u[:, :count] * s[:count]
    out = []
    for count in [2, None]:
        a, b = keep(x, count), keep(y, count)
        # Canonical correlations are the cosines of the angles between the spans.
        out.append(np.cos(linalg.subspace_angles(a, b)).mean())
    return out


def mutual_knn(d):
    x, y = views(d)
    k = d.integer(1, 4)
    idx = [neighbors.NearestNeighbors(n_neighbors=k, metric="cosine", algorithm="brute").fit(z)
           .kneighbors(return_distance=False) for z in [x, y]]
    return [np.mean([len(set(a) & set(b)) / k for a, b in zip(*idx)])]


def rsa(d):
    x, y = views(d)
    return [stats.spearmanr(spatial.distance.pdist(x, m), spatial.distance.pdist(y, m)).statistic
            for m in ["euclidean", "cosine"]]


def rsa_correlation(d):
    n = d.integer(4, 12)
    x, y = np.array(d.matrix(n, 5)), np.array(d.matrix(n, 4))
    return [stats.spearmanr(spatial.distance.pdist(x, "correlation"),
                            spatial.distance.pdist(y, "correlation")).statistic]


def retrieval(d):
    x, y = same_space(d)
    s = metrics.pairwise.cosine_similarity(x, y)
    ranks = [stats.rankdata(-t, axis=1, method="max").diagonal() for t in [s, s.T]]
    return [v for r in ranks for v in [np.mean(r <= 1), np.mean(r <= 3), np.median(r)]]


def geometry(d):
    x, y = same_space(d)
    u, v = unit(x), unit(y)
    cosines = u @ v.T
    n = len(u)
    sq = spatial.distance.pdist(u, "sqeuclidean")
    lam = np.linalg.eigvalsh(np.cov(x.T))
    off = cosines[~np.eye(n, dtype=bool)].mean() if n > 1 else None
    a = unit(u - 0.5 * (u.mean(0) - v.mean(0)) / 2)
    b = unit(v + 0.5 * (u.mean(0) - v.mean(0)) / 2)
    return [np.linalg.norm(u.mean(0) - v.mean(0)), ((u - v) ** 2).sum(1).mean(),
            cosines.diagonal().mean(), off, special.logsumexp(-2 * sq) - np.log(len(sq)),
            lam.sum() ** 2 / (lam**2).sum(), np.linalg.norm(a.mean(0) - b.mean(0))]


def contrastive(d):
    x, y = same_space(d)
    s = unit(x) @ unit(y).T / d.uniform(0.05, 2)
    ids = np.arange(len(s))
    return [-(special.log_softmax(s, 1)[ids, ids] + special.log_softmax(s, 0)[ids, ids]).mean() / 2]


def logistic(d):
    n, p = d.integer(6, 30), d.integer(1, 4)
    x, y = np.array(d.matrix(n, p)), np.array(d.flags(n))
    c = d.uniform(0.1, 5)
    if y.all() or not y.any():
        return [None] * (p + 1)
    fit = linear_model.LogisticRegression(C=c, tol=1e-12, max_iter=100000, solver="newton-cholesky"
                                          ).fit(x, y)
    return [*fit.coef_[0], fit.intercept_[0]]


def separability(d):
    x, y = same_space(d)
    n = len(x)
    z, labels = np.r_[unit(x), unit(y)], np.r_[np.ones(n), np.zeros(n)]
    fold = np.tile(np.arange(n) % 2, 2)
    right = 0
    for f in [0, 1]:
        fit = linear_model.LogisticRegression(C=1, tol=1e-10, solver="newton-cholesky").fit(
            z[fold != f], labels[fold != f])
        right += (fit.predict(z[fold == f]) == labels[fold == f]).sum()
    return [right / (2 * n)]


def counterfactual(d):
    m, n = d.integer(4, 20), d.integer(1, 5)
    s, inside = np.array(d.matrix(m, n)), np.array([d.flags(n) for _ in range(m)])
    out = []
    for j in range(n):
        a, b = s[inside[:, j], j], s[~inside[:, j], j]
        if len(a) < 2 or len(b) < 2:
            out += [None, None]
            continue
        w = stats.ttest_ind(a, b, equal_var=False)
        out += [a.mean() - b.mean(), (a.mean() - b.mean()) / w.statistic]
    return out


def influence(d):
    m, n, q = d.integer(4, 12), d.integer(1, 4), d.integer(1, 4)
    s, inside = np.array(d.matrix(m, q)), np.array([d.flags(n) for _ in range(m)])
    return [s[inside[:, i], j].mean() - s[~inside[:, i], j].mean()
            if 0 < inside[:, i].sum() < m else None for i in range(n) for j in range(q)]


def label_memorization(d):
    m = d.integer(4, 40)
    right, inside = np.array(d.flags(m, 0.6)), np.array(d.flags(m, 0.7))
    if inside.all() or not inside.any():
        return [None, None]
    p = right.mean()
    return [right[inside].mean() - right[~inside].mean(),
            np.sqrt(p * (1 - p) * (1 / inside.sum() + 1 / (~inside).sum()))]


def leave_one_out(d):
    n = d.integer(2, 12)
    a, b = np.array(d.normals(n)), np.array(d.normals(n))
    r = stats.ttest_rel(a, b)
    ci = r.confidence_interval()
    return [(a - b).mean(), ci.low, ci.high]


def tracin(d):
    c, n, m, p = d.integer(1, 3), d.integer(1, 3), d.integer(1, 3), d.integer(1, 5)
    g, h = np.array([d.matrix(n, p) for _ in range(c)]), np.array([d.matrix(m, p) for _ in range(c)])
    rates = np.array(d.uniforms(c))
    plain = np.einsum("c,cnp,cmp->nm", rates, g, h)
    cosine = sum(r * metrics.pairwise.cosine_similarity(a, b) for r, a, b in zip(rates, g, h))
    return [*plain.ravel(), *cosine.ravel()]


def unlearning(d):
    scores = d.uniforms(d.integer(1, 9), 0.05, 1)
    before, after, chance = d.uniforms(3)
    steps, recall = np.cumsum(d.uniforms(6, 0.1, 1)), d.uniforms(6)
    reached = [s for s, r in zip(steps, recall) if r >= 0.5]
    return [stats.hmean(scores), 100 * (after / before - 1),
            (after - chance) / (before - chance) if before > chance else None,
            np.clip(after / before, 0, 1), np.trapezoid(recall, steps) / np.ptp(steps),
            reached[0] if reached else None]


def all_modal(d):
    n = d.integer(1, 40)
    b, a = np.array([d.flags(n, 0.8) for _ in range(2)]), np.array([d.flags(n, 0.3) for _ in range(2)])
    known, silent = b.all(0), ~a.any(0)
    leaks = [a[i][b[i]].mean() if b[i].any() else None for i in range(2)]
    return [silent[known].mean() if known.any() else None, silent.sum(), *leaks]


def neurons(d):
    n = d.integer(5, 80)
    x = np.array(d.normals(n))
    y = 0.7 * x + np.array(d.normals(n))
    bins = d.integer(2, 12)
    edges = np.linspace(min(x.min(), y.min()), max(x.max(), y.max()), bins + 1)
    # Edges of linspace and of a division can differ in the last bit: skip draws that near.
    both = np.r_[x, y]
    inner = both[(both > edges[0]) & (both < edges[-1])]
    assert np.abs(inner[:, None] - edges).min() > 1e-12
    bx, by = (np.clip(np.digitize(v, edges) - 1, 0, bins - 1) for v in [x, y])
    return [stats.entropy(np.bincount(bx)), metrics.mutual_info_score(bx, by)]


def nearest(d):
    n, k = d.integer(6, 60), d.integer(1, 4)
    x = np.array(d.normals(n))
    y = 0.7 * x + np.array(d.normals(n))
    distance = spatial.cKDTree(x[:, None]).query(x[:, None], k + 1)[0][:, -1]
    entropy = special.digamma(n) - special.digamma(k) + np.log(2) + np.log(distance).mean()
    mi = feature_selection._mutual_info._compute_mi_cc(x, y, k)
    return [entropy, mi]


def selective(d):
    n = d.integer(4, 40)
    x, g = np.array(d.uniforms(n)), np.array(d.integers(n, 0, 4))
    means = np.array([x[g == i].mean() for i in set(g)])
    a, b = np.array(d.normals(n)), np.array(d.normals(n))
    return [means.max() / means.mean(),
            (abs(a).mean() - abs(b).mean()) / (abs(a).mean() + abs(b).mean())]


def continual(d):
    t = d.integer(2, 7)
    r = np.array([d.uniforms(t) for _ in range(t)])
    base, joint = np.array(d.uniforms(t)), np.array(d.uniforms(t))
    flips = np.array(d.flags(20))
    return [r[-1].mean(), (r[-1] - r.diagonal())[:-1].mean(),
            (r.diagonal(1) - base[1:]).mean(), (r.max(0) - r[-1])[:-1].mean(),
            (joint - r.diagonal()).mean(), (np.diff(flips.astype(int)) == -1).sum(),
            flips.argmax() if flips.any() else None]


table = {f.__name__: f for f in [
    cka, svcca, mutual_knn, rsa, rsa_correlation, retrieval, geometry, contrastive, logistic, separability,
    counterfactual, influence, label_memorization, leave_one_out, tracin, unlearning, all_modal,
    neurons, nearest, selective, continual]}
write(__file__, {"numpy": np.__version__, "scipy": scipy.__version__,
                 "sklearn": sklearn.__version__},
      {name: conform(name, body) for name, body in table.items()})
