# Makes metrics_recall.json: recall, likelihood and membership scores from scikit-learn, scipy,
# rouge-score, rapidfuzz and zlib. Run: python3 metrics_recall.py
import collections
import unicodedata
import zlib

import numpy as np
import rapidfuzz
import scipy
import sklearn
from rouge_score import rouge_scorer
from scipy import special, stats
from sklearn import metrics

from draws import conform, write


NAMES = ["Ada Abbott", "Zo\u00eb Mu\u00f1oz", "Zoe\u0308 Mun\u0303oz", "Ann Lee", "Hannah Lee",
         "Anna Leeds", "Jean-Luc Picard", "J. R. Smith", "Stra\u00dfe Gro\u00df"]


def spelled(d, name):
    forms = [name, name.upper(), name.lower(), f"  {name} ", f"{name}.", name.replace(" ", "\t  "),
             f"x{name}", name.split(" ")[-1]]
    return forms[d.integer(0, 7)]


def words(text):
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    return text.strip().rstrip(".").split()


def exact_match(d):
    said, meant = [], []
    for _ in range(d.integer(1, 12)):
        truth = NAMES[d.integer(0, 8)]
        said.append(spelled(d, NAMES[d.integer(0, 8)] if d.uniform() < 0.3 else truth))
        meant.append(truth)
    pairs = [(words(a), words(b)) for a, b in zip(said, meant)]
    plain_pairs = [[unicodedata.normalize("NFC", t) for t in p] for p in zip(said, meant)]
    most = collections.Counter(" ".join(b) for _, b in pairs).most_common(1)[0][1]
    return [np.mean([a == b for a, b in pairs]), np.mean([a[0] == b[0] for a, b in pairs]),
            np.mean([a[-1] == b[-1] for a, b in pairs]),
            np.mean([a == b for a, b in plain_pairs]), most / len(pairs)]


def transfer(d):
    source, target, chance = d.uniform(), d.uniform(), d.uniform(0, 0.3)
    gap = np.diff([target, source])[0]
    if source <= chance:
        return [gap, None, None]
    return [gap, 1 - gap / source, 1 - gap / (source - chance)]


def rank_summary(d):
    found, k = d.integers(d.integer(1, 30), 1, 20), d.integer(1, 20)
    return [1 / stats.hmean(found), np.median(found),
            *(stats.percentileofscore(found, at, kind="weak") / 100 for at in [1, 5, 10, k])]


def consistency(d):
    n, kinds = d.integer(1, 60), d.integer(1, 6)
    a, b, t = np.array(d.words(n, kinds)), np.array(d.words(n, kinds)), np.array(d.words(n, kinds))
    same = a == b
    kappa = metrics.cohen_kappa_score(a, b) if len(set(a) | set(b)) > 1 else None
    return [same.mean(), kappa, (same & (a == t)).mean(), (same & (a != t)).mean(),
            1 - abs((a == t).mean() - (b == t).mean())]


def multi_hop(d):
    n = d.integer(1, 40)
    a, b, c = (np.array(d.flags(n, 0.7)) for _ in range(3))
    return [a.mean() * b.mean() - c.mean(), c[a & b].mean() if (a & b).any() else None]


def paired(d):
    n = d.integer(2, 60)
    a, b = np.array(d.flags(n, 0.6)), np.array(d.flags(n, 0.4))
    table = metrics.confusion_matrix(a, b, labels=[True, False])
    phi = metrics.matthews_corrcoef(a, b) if 0 < a.sum() < n and 0 < b.sum() < n else None
    return [*table.ravel(), phi, a.mean() - b.mean(), b[a].mean() if a.any() else None]


def likelihood(d):
    x = np.array(d.log_probabilities(d.integer(1, 40)))
    return [x.sum(), x.mean(), 1 / stats.gmean(np.exp(x)), special.softmax(x)[0]]


def ranks(d):
    n = d.integer(1, 40)
    scores, place = np.array(d.integers(n, 0, 9)), d.integer(0, n - 1)
    low, mid = (stats.rankdata(-scores, method=m)[place] for m in ["max", "average"])
    return [low, mid, np.log2(n / low)]


def tokens(d):
    labels = np.array(d.integers(d.integer(1, 12), 0, 4))
    said = [y if u < 0.75 else (y + 1) % 5 for y, u in zip(labels, d.uniforms(len(labels)))]
    return np.array(said), labels


def extraction(d):
    pred, labels = tokens(d)
    n = len(labels)
    strength = 1 - min(k for k in range(n + 1) if (pred[k:] == labels[k:]).all()) / n
    return [metrics.accuracy_score(labels, pred), strength]


def prefixes(d):
    pairs = [tokens(d) for _ in range(6)]
    result = []
    for k in [0, 1, 2, 4, 8]:
        longer = [(p, y) for p, y in pairs if len(y) > k]
        result += [len(longer), sum((p[k:] == y[k:]).all() for p, y in longer)]
    return result


def discoverable(d):
    s, p = -d.uniform(0.001, 12), d.uniform(0.01, 0.99)
    n = d.integer(1, 500)
    return [max(1, np.ceil(np.log(1 - p) / np.log1p(-np.exp(s)))), stats.binom.sf(0, n, np.exp(s))]


SCORER = rouge_scorer.RougeScorer(["rouge1", "rouge2", "rougeL"])


def overlap(d):
    ref = " ".join(d.words(d.integer(2, 14), 9))
    said = " ".join(d.words(d.integer(1, 14), 9))
    result = []
    for score in SCORER.score(ref, said).values():
        result += [score.precision, score.recall, score.fmeasure]
    return result + [rapidfuzz.distance.Levenshtein.normalized_similarity(said, ref)]


def truth_ratio(d):
    para, pert = d.uniform(0, 4), np.array(d.uniforms(d.integer(1, 6), 0, 5))
    arith = np.exp(-pert).mean() / np.exp(-para)
    geo = stats.gmean(np.exp(-pert)) / np.exp(-para)
    ratios = np.array(d.uniforms(d.integer(1, 20), 0.01, 3))
    return [arith, geo, np.exp(-para) / (np.exp(-para) + stats.gmean(np.exp(-pert))),
            np.where(ratios < 1, ratios, 1 / ratios).mean(), np.clip(1 - ratios, 0, None).mean()]


def min_k(d):
    x, k = np.array(d.log_probabilities(d.integer(1, 40))), d.integer(1, 100) / 100
    count = max(1, -(-int(round(k * 100)) * len(x) // 100))
    return [np.partition(x, count - 1)[:count].mean()]


def min_k_plus_plus(d):
    n, v = d.integer(1, 12), d.integer(2, 9)
    rows = special.log_softmax(np.array(d.matrix(n, v)), axis=1)
    ids, k = d.integers(n, 0, v - 1), d.integer(1, 100) / 100
    p = np.exp(rows)
    mu = (p * rows).sum(1)
    sigma = np.sqrt((p * rows**2).sum(1) - mu**2)
    z = (rows[np.arange(n), ids] - mu) / sigma
    count = max(1, -(-int(round(k * 100)) * n // 100))
    return [np.sort(z)[:count].mean()]


def references(d):
    x, y = np.array(d.log_probabilities(d.integer(1, 20))), np.array(
        d.log_probabilities(d.integer(1, 20)))
    text = " ".join(d.words(d.integer(1, 40), 30))
    size = len(zlib.compress(text.encode(), 6))
    others = np.array(d.log_probabilities(5))
    return [x.mean() - y.mean(), np.log(np.exp(-y.mean())) / np.log(np.exp(-x.mean())),
            size, x.mean() / size, x[0] - others.mean()]


def familiarity(d):
    x, y = (np.exp(d.log_probabilities(d.integer(1, 20))) for _ in range(2))
    own, after = np.log(stats.gmean(x)), np.log(stats.gmean(y))
    return [own, after / own if own < 0 else None]


def gradient_norm(d):
    parts = [np.array(d.normals(d.integer(1, 9))) for _ in range(d.integer(1, 4))]
    p = [1, 2, 3, np.inf][d.integer(0, 3)]
    return [-np.linalg.norm(np.concatenate(parts), p),
            -np.mean([np.linalg.norm(g, p) for g in parts])]


def lira(d):
    inside, outside = np.array(d.normals(d.integer(2, 9))) + 2, np.array(d.normals(d.integer(2, 9)))
    s = -d.uniform(0.0001, 5)
    phi = special.logit(np.exp(s))
    f, g = (stats.norm(x.mean(), x.std(ddof=1)) for x in [inside, outside])
    pooled = np.sqrt((inside.var(ddof=1) * (len(inside) - 1) + outside.var(ddof=1)
                      * (len(outside) - 1)) / (len(inside) + len(outside) - 2))
    return [phi, f.logpdf(phi) - g.logpdf(phi), g.cdf(phi), pooled]


def rmia(d):
    p, out, ins = d.uniform(), d.uniforms(4), d.uniforms(3)
    a, gamma = d.uniform(), d.uniform(1, 2)
    population = np.array(d.uniforms(20, 0, 2))
    offline = p / (0.5 * ((1 + a) * np.mean(out) + (1 - a)))
    online = p / (0.5 * (np.mean(ins) + np.mean(out)))
    rates = d.uniforms(3)
    return [offline, online, np.mean(offline / population > gamma),
            (rates[0] - rates[2]) / (rates[1] - rates[2])]


table = {f.__name__: f for f in [
    exact_match, transfer, rank_summary, familiarity, consistency, multi_hop, paired, likelihood, ranks, extraction, prefixes, discoverable, overlap,
    truth_ratio, min_k, min_k_plus_plus, references, gradient_norm, lira, rmia]}
write(__file__, {"scipy": scipy.__version__, "sklearn": sklearn.__version__,
                 "rapidfuzz": rapidfuzz.__version__, "rouge_score": "0.1.2"},
      {name: conform(name, body) for name, body in table.items()})
